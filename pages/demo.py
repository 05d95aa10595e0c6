"""The messages a demonstration keeps instead of sending; any other shop has no such page."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import copy_button, quiet_button
from pages.components.feedback import empty_state, skeleton_cards, until_ready
from pages.components.links import button_link
from pages.components.search import search_form
from pages.frames import shop_page
from state.demo import KEPT, DemoMessages


def demo() -> rx.Component:
    return shop_page(
        rx.match(
            DemoMessages.phase,
            ("ready", _messages()),
            (
                "missing",
                empty_state(
                    "Aquí no hay nada",
                    "Puede que el enlace esté incompleto o que la página ya no exista.",
                    action=button_link("Volver al inicio", to=routes.HOME, icon_name="home"),
                ),
            ),
            until_ready(DemoMessages.notice, on_retry=DemoMessages.load, waiting=skeleton_cards(2)),
        ),
        title=rx.cond(
            DemoMessages.phase == "missing", "No encontramos esta página", "Mensajes de la demo"
        ),
        narrow=True,
    )


def _messages() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "En la demostración ningún mensaje sale: los códigos de acceso y los avisos se "
            "quedan aquí.",
            class_name="cu-muted",
        ),
        rx.el.div(
            search_form(
                "Ver los mensajes de un celular",
                "to",
                action=routes.DEMO_MESSAGES,
                value=DemoMessages.to,
                placeholder="Celular",
            ),
            quiet_button("Actualizar", icon_name="refresh", on_click=DemoMessages.load),
            class_name="flex flex-wrap gap-2",
        ),
        rx.cond(
            DemoMessages.none,
            empty_state(
                rx.cond(DemoMessages.to, "Nada para ese celular", "Aún no hay mensajes"),
                "Pide un código al iniciar sesión y toca Actualizar.",
            ),
            rx.el.ol(
                rx.foreach(KEPT.value.to(list[dict[str, str]]), _message), class_name="cu-stack"
            ),
        ),
        class_name="cu-stack",
    )


def _message(message: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            badge(message["channel"], tone="info"),
            rx.el.span(message["to"], class_name="font-semibold cu-num"),
            rx.el.span(message["when"], class_name="ml-auto cu-muted cu-small cu-num"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.p(message["body"], class_name="mt-2 [overflow-wrap:anywhere]"),
        rx.cond(
            message["code"],
            rx.el.div(
                rx.el.code(message["code"], class_name="cu-price text-2xl tracking-widest"),
                copy_button(message["code"], description="Copiar código"),
                class_name="mt-2 flex items-center justify-between gap-3",
            ),
        ),
        class_name="cu-card",
    )
