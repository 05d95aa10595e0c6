"""Where an invitation leads: the one who was invited chooses a password, and is in."""

import reflex as rx

from pages import routes
from pages.admin.password_parts import new_password
from pages.components.buttons import submit_button
from pages.components.feedback import alert, error_region, skeleton
from pages.components.links import button_link
from pages.frames import plain_page
from state.admin.invitation import InvitationPage


def invitation() -> rx.Component:
    return plain_page(
        rx.cond(
            InvitationPage.ready,
            _ready(),
            rx.cond(
                InvitationPage.loaded,
                rx.cond(InvitationPage.name, _form(), _spent()),
                skeleton("h-40"),
            ),
        ),
        title="Únete al equipo",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            "Tu usuario es ",
            rx.el.strong(InvitationPage.name),
            " y entras como ",
            InvitationPage.role,
            ". Elige tu contraseña: nadie más la conoce.",
        ),
        error_region(InvitationPage.notice),
        rx.el.input(
            type="hidden",
            name="username",
            value=InvitationPage.name,
            read_only=True,
            auto_complete="username",
        ),
        *new_password(
            "password", InvitationPage.errors["password"], InvitationPage.errors["again"]
        ),
        submit_button("Guardar y entrar"),
        on_submit=InvitationPage.accept.throttle(1500),
        no_validate=True,
        class_name="cu-stack",
    )


def _spent() -> rx.Component:
    return rx.el.div(
        alert(InvitationPage.notice, tone="warning"),
        button_link("Ir a la entrada", to=routes.ADMIN_SIGN_IN, kind="quiet"),
        role="alert",
        class_name="cu-stack",
    )


def _ready() -> rx.Component:
    """Whoever has a second factor still shows it."""
    return rx.el.div(
        alert("Tu contraseña quedó guardada. Entra con ella y con tu código.", tone="success"),
        button_link("Entrar", to=routes.ADMIN_SIGN_IN),
        role="status",
        class_name="cu-stack",
    )
