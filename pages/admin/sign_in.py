"""The door of the people who run the shop."""

import reflex as rx

from pages import routes
from pages.components.buttons import submit_button
from pages.components.feedback import alert, error_region
from pages.components.forms import text_field
from pages.components.links import button_link
from pages.frames import plain_page
from state.admin.sign_in import AdminSignIn
from state.session import Visitor


def admin_sign_in() -> rx.Component:
    return plain_page(
        rx.cond(
            Visitor.demo,
            alert(
                "Usuario ",
                rx.el.code("admin", class_name="font-bold"),
                ", contraseña ",
                rx.el.code("admin123", class_name="font-bold"),
                title="En la demostración",
            ),
        ),
        rx.cond(Visitor.is_staff, button_link("Ya entraste: ir al resumen", to=routes.ADMIN)),
        rx.el.form(
            error_region(AdminSignIn.notice),
            rx.el.div(
                text_field(
                    "Usuario",
                    "username",
                    error=AdminSignIn.errors["username"],
                    auto_complete="username",
                    auto_capitalize="none",
                    spell_check=False,
                ),
                text_field(
                    "Contraseña",
                    "password",
                    error=AdminSignIn.errors["password"],
                    type="password",
                    auto_complete="current-password",
                ),
                class_name=rx.cond(AdminSignIn.asks_code, "hidden", "cu-stack"),
            ),
            rx.cond(AdminSignIn.asks_code, _code()),
            submit_button("Entrar"),
            on_submit=AdminSignIn.sign_in.throttle(1000),
            no_validate=True,
            class_name="cu-stack",
        ),
        title="Administración",
        detail=rx.cond(
            AdminSignIn.asks_code,
            "Falta un paso: el código que cambia en tu teléfono.",
            "Entra con tu usuario y contraseña.",
        ),
    )


def _code() -> rx.Component:
    """The name and the password stay in the form, out of sight, and are sent with the code."""
    return rx.el.div(
        text_field(
            "Código de tu autenticador",
            "code",
            hint="Los 6 dígitos de tu app. Sin tu teléfono, escribe un código de recuperación.",
            error=AdminSignIn.errors["code"],
            auto_complete="one-time-code",
            auto_capitalize="none",
            auto_focus=True,
            max_length=20,
        ),
    )
