"""A copy of one's data, and asking to be erased; both on the profile."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import alert, error_region
from state.storefront.my_data import MyData

ASK = "pedir-borrado"


def my_data() -> rx.Component:
    return card(
        rx.el.p(
            "Puedes llevarte una copia de lo que guardamos de ti, o pedir que lo borremos.",
            class_name="cu-muted",
        ),
        error_region(MyData.notice),
        rx.el.div(
            rx.cond(
                MyData.asked,
                alert(
                    f"Pediste borrar tus datos: {MyData.asked}. Te respondemos en un máximo de 20 "
                    "días hábiles.",
                    tone="info",
                ),
            ),
            role="status",
            class_name="empty:hidden",
        ),
        rx.el.div(
            quiet_button(
                "Descargar mis datos",
                on_click=in_browser("window.location.assign('/api/perfil/datos')"),
            ),
            rx.cond(
                MyData.asked,
                quiet_button("Ya no quiero borrarlos", on_click=MyData.withdraw),
                ghost_button(
                    "Borrar mis datos…", on_click=open_dialog(ASK), class_name="text-error"
                ),
            ),
            class_name="grid gap-2 sm:grid-cols-2",
        ),
        confirm_dialog(
            ASK,
            "¿Pedir que borremos tus datos?",
            rx.el.p(
                "Se borran tu nombre, tu celular y tu correo, y ya no podrás entrar. Si tienes "
                "suscripciones, las perderías: espera a que terminen. Conservamos los registros "
                "de tus pagos porque la ley lo exige."
            ),
            confirm="Sí, pedirlo",
            on_confirm=MyData.ask,
        ),
        title="Tus datos",
    )
