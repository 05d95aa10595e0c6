"""Changing one's own password, and setting the first one."""

import reflex as rx

from pages.components.buttons import submit_button
from pages.components.cards import card
from pages.components.feedback import error_region, status_region
from pages.components.forms import text_field
from pages.components.kinds import Child, Text
from state.admin.password import AdminPassword


def password_card() -> rx.Component:
    return rx.el.div(
        card(
            status_region(AdminPassword.said),
            error_region(AdminPassword.notice),
            rx.el.form(
                _field(
                    "Contraseña actual",
                    "current",
                    AdminPassword.errors["current"],
                    auto_complete="current-password",
                ),
                *new_password("new", AdminPassword.errors["new"], AdminPassword.errors["again"]),
                submit_button("Cambiar contraseña"),
                on_submit=AdminPassword.change.throttle(1000),
                no_validate=True,
                key=AdminPassword.changes,
                class_name="cu-stack",
            ),
            title="Contraseña",
        ),
        on_mount=AdminPassword.load,
        custom_attrs={"id": "contrasena"},
    )


def new_password(name: str, error: Text, again: Text) -> list[Child]:
    return [
        _field(
            "Contraseña nueva",
            name,
            error,
            hint="Al menos 15 caracteres. Varias palabras sin relación funcionan bien.",
            auto_complete="new-password",
        ),
        _field("Escríbela otra vez", "again", again, auto_complete="new-password"),
    ]


def _field(label: str, name: str, error: Text, **props: str) -> rx.Component:
    return text_field(label, name, error=error, type="password", **props)
