"""Where alerts reach a member of staff."""

import reflex as rx

from pages.components.buttons import primary_button
from pages.components.cards import card
from pages.components.forms import text_field
from pages.components.kinds import Handler, Text


def alert_addresses_card(
    *, email: Text, whatsapp: Text, errors: dict[str, str], on_save: Handler
) -> rx.Component:
    return card(
        rx.el.form(
            text_field(
                "Correo",
                "email",
                error=errors["email"],
                type="email",
                default_value=email,
                auto_complete="email",
            ),
            text_field(
                "WhatsApp",
                "whatsapp",
                error=errors["whatsapp"],
                type="tel",
                default_value=whatsapp,
                auto_complete="tel",
            ),
            primary_button("Guardar", type="submit"),
            on_submit=on_save,
            no_validate=True,
            key=f"{email} {whatsapp}",
            class_name="cu-stack",
        ),
        title="Avisos de la tienda",
    )
