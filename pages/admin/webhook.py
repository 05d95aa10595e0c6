"""One program the shop tells what happens: how it is doing, what can be done, and its log."""

from typing import Any

import reflex as rx

from pages import routes
from pages.admin.webhook_log_parts import log
from pages.admin.webhook_parts import event_check, form, new_secret
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.cards import card, line
from pages.components.copyable import copyable
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import alert, refusal_region, skeleton_cards, toast, until_ready
from pages.components.icons import icon
from pages.frames import admin_page
from state.admin.webhook import EDIT, AdminWebhook, EventChoice

VIEW = AdminWebhook.view
HOOK = AdminWebhook.view.hook
ERRORS: Any = AdminWebhook.errors
ROTATE, REMOVE = "cambiar-secreto", "borrar-integracion"


def webhook() -> rx.Component:
    return admin_page(
        rx.cond(
            HOOK.id,
            rx.el.div(
                refusal_region(AdminWebhook.notice, ERRORS),
                rx.el.div(
                    _about(),
                    rx.el.div(_hears(), _secret(), class_name="cu-stack"),
                    class_name="grid gap-4 items-start lg:grid-cols-2",
                ),
                log(),
                _dialogs(),
                class_name="cu-stack",
            ),
            until_ready(AdminWebhook.notice, on_retry=AdminWebhook.load, waiting=skeleton_cards(2)),
        ),
        toast(AdminWebhook.said, times=AdminWebhook.said_times),
        title=rx.cond(HOOK.title, HOOK.title, "Integración"),
        active=routes.ADMIN_INTEGRATIONS,
        back=("Integraciones", routes.ADMIN_INTEGRATIONS),
    )


def _about() -> rx.Component:
    return card(
        rx.cond(
            HOOK.active,
            rx.cond(
                HOOK.why,
                alert(
                    HOOK.why,
                    " Seguimos intentando; a los tres días sin éxito la apagamos y te avisamos.",
                    tone="warning",
                ),
            ),
            alert(
                HOOK.why,
                " Mientras está apagada no le enviamos nada, y no guardamos lo que pasa para ella.",
            ),
        ),
        rx.el.dl(
            copyable("Dirección", HOOK.url, shown=rx.el.span(HOOK.url, class_name="font-semibold")),
            line("Última entrega", rx.cond(VIEW.delivered, VIEW.delivered, "Ninguna todavía")),
            line("En espera", VIEW.waiting),
            line("Agregada", VIEW.made),
            class_name="cu-lines",
        ),
        _actions(),
        title="Estado",
        aside=badge(HOOK.state, tone=HOOK.tone),
    )


def _actions() -> rx.Component:
    on = HOOK.active
    return rx.el.div(
        rx.cond(
            on,
            primary_button("Enviar prueba", on_click=AdminWebhook.test.throttle(1000)),
            primary_button(
                "Encender", icon_name="play", on_click=AdminWebhook.turn(True).throttle(1000)
            ),
        ),
        quiet_button("Cambiar", icon_name="edit", on_click=open_dialog(EDIT)),
        rx.cond(
            on,
            quiet_button(
                "Apagar", icon_name="pause", on_click=AdminWebhook.turn(False).throttle(1000)
            ),
        ),
        quiet_button(
            "Borrar",
            icon_name="trash",
            on_click=open_dialog(REMOVE),
            class_name="last:odd:col-span-2",
        ),
        class_name="grid grid-cols-2 gap-3",
    )


def _hears() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(VIEW.events, _heard), class_name="grid gap-1"),
        title="Qué le avisamos",
    )


def _heard(one: EventChoice) -> rx.Component:
    return rx.cond(
        one.heard,
        rx.el.li(
            icon("check", "size-4 flex-none text-success"),
            rx.el.span(one.said),
            class_name="flex items-center gap-2",
            key=one.kind,
        ),
    )


def _secret() -> rx.Component:
    return card(
        new_secret(
            rx.el.div(
                rx.el.p(
                    "Tu programa lo usa para comprobar que cada aviso viene de tu tienda. ",
                    rx.cond(
                        VIEW.former_until,
                        f"El anterior también firma hasta {VIEW.former_until}.",
                        "",
                    ),
                    class_name="cu-muted cu-small",
                ),
                quiet_button(
                    "Cambiar el secreto", icon_name="refresh", on_click=open_dialog(ROTATE)
                ),
                class_name="cu-stack justify-items-start",
            )
        ),
        title="Secreto",
    )


def _dialogs() -> rx.Component:
    return rx.fragment(
        form(
            EDIT,
            "Cambiar integración",
            rx.foreach(VIEW.events, _choice),
            key=VIEW.key,
            errors=ERRORS,
            notice=AdminWebhook.notice,
            on_save=AdminWebhook.save.throttle(1000),
            url=HOOK.url,
            description=HOOK.description,
        ),
        confirm_dialog(
            ROTATE,
            "¿Cambiar el secreto?",
            "Verás uno nuevo, una sola vez. El de hoy sigue firmando 24 horas, para que cambies "
            "tu programa con calma.",
            confirm="Sí, cambiarlo",
            on_confirm=AdminWebhook.rotate.throttle(1000),
            danger=False,
        ),
        confirm_dialog(
            REMOVE,
            "¿Borrar esta integración?",
            "Tu programa deja de recibir avisos, y se borra el registro de sus entregas. "
            "No se puede deshacer.",
            confirm="Sí, borrarla",
            on_confirm=AdminWebhook.remove,
        ),
    )


def _choice(one: EventChoice) -> rx.Component:
    return event_check(one.kind, one.said, default_checked=one.heard)
