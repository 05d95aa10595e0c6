"""How somebody wants their accesses: asked at checkout, at the welcome and in the profile."""

import reflex as rx

from pages.components.forms import choice, choices
from pages.components.icons import icon
from pages.components.kinds import Handler, Text

WAYS = (
    ("whatsapp", "WhatsApp", "Al número con el que entras"),
    ("email", "Correo electrónico", "A la dirección que nos digas"),
    ("web", "Solo en este sitio", "En «Mis cuentas», cuando tú quieras"),
)


def delivery_choices(chosen: Text, *, error: Text, on_change: Handler) -> rx.Component:
    return rx.el.div(
        choices(
            "¿Cómo quieres recibir tus accesos?",
            *(
                choice(
                    rx.el.span(name, class_name="block font-bold"),
                    rx.el.span(detail, class_name="block cu-muted cu-small"),
                    name="delivery_preference",
                    value=value,
                    default_checked=chosen == value,
                    on_change=on_change,
                )
                for value, name, detail in WAYS
            ),
        ),
        field_error(error),
        class_name="grid gap-2",
    )


def field_error(error: Text) -> rx.Component:
    """For what has no field of its own to stand beneath."""
    return rx.el.div(
        rx.cond(error, rx.el.p(icon("warning"), error, class_name="cu-error")),
        custom_attrs={"aria-live": "polite"},
        class_name="empty:hidden",
    )
