"""Changing one's own password."""

import reflex as rx

from pages.components.buttons import submit_button
from pages.components.feedback import error_region, status_region
from pages.components.forms import text_field
from pages.frames import admin_page
from state.admin.password import AdminPassword


def admin_password() -> rx.Component:
    return admin_page(
        rx.el.div(
            status_region(AdminPassword.said),
            error_region(AdminPassword.notice),
            rx.el.form(
                _password("Contraseña actual", "current", auto_complete="current-password"),
                _password(
                    "Contraseña nueva",
                    "new",
                    hint="Al menos 15 caracteres. Varias palabras sin relación funcionan bien.",
                    auto_complete="new-password",
                ),
                _password("Escríbela otra vez", "again", auto_complete="new-password"),
                submit_button("Cambiar contraseña"),
                on_submit=AdminPassword.change.throttle(1000),
                no_validate=True,
                key=AdminPassword.changes,
                class_name="cu-card cu-stack",
            ),
            on_mount=AdminPassword.load,
            class_name="cu-stack max-w-lg",
        ),
        title="Tu contraseña",
    )


def _password(label: str, name: str, *, hint: str = "", **props: str) -> rx.Component:
    return text_field(
        label, name, hint=hint, error=AdminPassword.errors[name], type="password", **props
    )
