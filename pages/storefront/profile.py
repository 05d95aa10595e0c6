"""The customer's data; right after the first sign-in, two optional questions."""

import reflex as rx

from pages import routes
from pages.components.buttons import ghost_button, submit_button
from pages.components.cards import card, line, lines
from pages.components.feedback import error_region, error_state, skeleton, status_region
from pages.components.forms import checkbox, text_field
from pages.components.links import button_link
from pages.frames import shop_page
from pages.storefront.delivery_parts import delivery_choices
from pages.storefront.my_data_parts import my_data
from state.session import Visitor
from state.storefront.profile import ProfilePage


def profile() -> rx.Component:
    return shop_page(
        rx.cond(
            ProfilePage.ready,
            rx.cond(
                ProfilePage.failed,
                error_state(on_retry=ProfilePage.load, detail=ProfilePage.notice),
                rx.cond(ProfilePage.welcome, _welcome(), _profile()),
            ),
            rx.el.div(
                rx.el.p("Cargando…", role="status", class_name="sr-only"),
                skeleton("h-96 rounded-box"),
            ),
        ),
        title=rx.cond(ProfilePage.welcome, "¡Ya estás dentro!", "Tu perfil"),
        active=routes.PROFILE,
        narrow=True,
    )


def _welcome() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Dos preguntas para atenderte mejor. Puedes cambiarlas después en tu perfil.",
            class_name="cu-muted",
        ),
        _form(
            _name(),
            _preference(),
            rx.cond(ProfilePage.preference == "email", _email()),
            button="Guardar y continuar",
        ),
        ghost_button("Ahora no", on_click=ProfilePage.skip, class_name="btn-block"),
        class_name="cu-stack",
    )


def _profile() -> rx.Component:
    return rx.el.div(
        _form(
            lines(
                line("Celular", ProfilePage.phone),
                rx.cond(ProfilePage.credit, line("Saldo a favor", ProfilePage.credit)),
            ),
            _name(),
            _email(),
            _preference(),
            button="Guardar cambios",
        ),
        _reminders(),
        my_data(),
        card(
            rx.el.div(
                button_link("Mis pedidos", to=routes.MY_ORDERS, kind="quiet", icon_name="orders"),
                button_link("Mis cuentas", to=routes.MY_ACCOUNTS, kind="quiet", icon_name="key"),
                button_link("Ayuda", to=routes.HELP, kind="quiet", icon_name="help"),
                ghost_button("Cerrar sesión", icon_name="exit", on_click=Visitor.sign_out),
                class_name="grid grid-cols-2 gap-2",
            ),
        ),
        class_name="cu-stack",
    )


def _reminders() -> rx.Component:
    return card(
        checkbox(
            rx.el.span(
                "Avisos antes de que termine una suscripción", class_name="block font-semibold"
            ),
            rx.el.span(
                "Cinco días antes, un día antes, el último día y dos días después. Nunca de noche.",
                class_name="block cu-muted cu-small",
            ),
            name="reminders",
            checked=ProfilePage.reminders,
            on_change=ProfilePage.want_reminders,
        ),
        status_region(ProfilePage.said),
        title="Recordatorios",
    )


def _form(*fields: rx.Component, button: str) -> rx.Component:
    return card(
        rx.el.form(
            *fields,
            error_region(ProfilePage.notice),
            submit_button(button),
            key=ProfilePage.shown,
            on_submit=ProfilePage.save,
            no_validate=True,
            class_name="cu-stack",
        ),
        status_region(ProfilePage.saved),
    )


def _name() -> rx.Component:
    return text_field(
        "¿Cómo te llamas?",
        "name",
        auto_complete="name",
        default_value=ProfilePage.name,
        error=ProfilePage.errors.get("name", ""),
    )


def _email() -> rx.Component:
    return text_field(
        "Correo electrónico",
        "email",
        hint="Solo para enviarte tus accesos y avisos de tus pedidos.",
        type="email",
        input_mode="email",
        auto_complete="email",
        placeholder="ana@correo.mx",
        default_value=ProfilePage.email,
        error=ProfilePage.errors.get("email", ""),
    )


def _preference() -> rx.Component:
    return delivery_choices(
        ProfilePage.known_preference,
        error=ProfilePage.errors.get("delivery_preference", ""),
        on_change=ProfilePage.prefer,
    )
