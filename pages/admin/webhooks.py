"""The programs the shop tells what happens, and a new one."""

from typing import Any

import reflex as rx

from pages import routes
from pages.admin.webhook_parts import event_check, form, new_secret
from pages.components.badges import badge
from pages.components.buttons import primary_button
from pages.components.cards import card
from pages.components.dialog import open_dialog
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.icons import icon
from pages.components.links import link
from pages.frames import admin_page
from state.admin.webhook_rows import NEW_SECRET, HookRow
from state.admin.webhooks import ADD, EVENT_NAMES, AdminWebhooks

VIEW = AdminWebhooks.view
ERRORS: Any = AdminWebhooks.errors


def webhooks() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Avisa a tus programas en cuanto pasa algo en la tienda: un pedido pagado, una "
            "suscripción por vencer, un plan que se acaba.",
            class_name="cu-muted max-w-prose",
        ),
        rx.cond(
            VIEW.loaded,
            rx.el.div(
                primary_button(
                    "Nueva integración",
                    on_click=open_dialog(ADD),
                    class_name="w-full sm:w-auto justify-self-start",
                ),
                _secret(),
                rx.cond(
                    VIEW.rows,
                    rx.el.ul(rx.foreach(VIEW.rows, _hook), class_name="grid gap-3 lg:grid-cols-2"),
                    empty_state(
                        "Todavía no hay integraciones",
                        "Agrega la dirección de un programa tuyo y elige qué quieres que sepa.",
                    ),
                ),
                form(
                    ADD,
                    "Nueva integración",
                    *(event_check(kind, said) for kind, said in EVENT_NAMES),
                    key=VIEW.made,
                    errors=ERRORS,
                    notice=AdminWebhooks.notice,
                    on_save=AdminWebhooks.create.throttle(1000),
                ),
                class_name="cu-stack",
            ),
            until_ready(
                AdminWebhooks.notice,
                on_retry=AdminWebhooks.load,
                waiting=skeleton("h-72 rounded-box"),
            ),
        ),
        title="Integraciones",
        active=routes.ADMIN_INTEGRATIONS,
    )


def _secret() -> rx.Component:
    """The card is there only while there is something in it."""
    return rx.el.div(
        rx.cond(NEW_SECRET.value, card(new_secret(), title="El secreto de tu integración")),
        class_name="empty:hidden",
    )


def _hook(one: HookRow) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.div(
                rx.el.h2(one.title, class_name="!text-base min-w-0 [overflow-wrap:anywhere]"),
                icon("right", "cu-muted flex-none"),
                class_name="flex items-center justify-between gap-3",
            ),
            rx.el.p(one.url, class_name="cu-small [overflow-wrap:anywhere]"),
            rx.el.div(badge(one.state, tone=one.tone), class_name="mt-1"),
            rx.cond(one.why, rx.el.p(one.why, class_name="cu-small")),
            rx.el.p(f"{one.hears} · {one.detail}", class_name="cu-muted cu-small"),
            to=routes.admin_integration(one.id),
            class_name="cu-card h-full flex flex-col gap-1",
        ),
        key=one.id,
    )
