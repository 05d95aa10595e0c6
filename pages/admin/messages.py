"""What became of every message, and why: one line each, with its way to unfold."""

import reflex as rx

from pages import routes
from pages.admin import message_parts as parts
from pages.admin.message_test_parts import test_dialog
from pages.components.buttons import quiet_button
from pages.components.dialog import open_dialog
from pages.components.export_menu import export_menu
from pages.components.feedback import (
    alert,
    empty_state,
    refusal_region,
    skeleton,
    toast,
    until_ready,
)
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.alerts import AlertView
from state.admin.messages import TEST, AdminMessages

VIEW = AdminMessages.view


def messages() -> rx.Component:
    return admin_page(
        rx.el.div(
            button_link("Plantillas", to=routes.ADMIN_TEMPLATES, kind="quiet"),
            quiet_button("Mandar una prueba", on_click=open_dialog(TEST)),
            class_name="flex flex-wrap gap-3 *:grow sm:*:grow-0",
        ),
        rx.cond(
            AdminMessages.loaded,
            _history(),
            until_ready(AdminMessages.notice, on_retry=AdminMessages.load, waiting=_loading()),
        ),
        test_dialog(),
        toast(AdminMessages.said, times=AdminMessages.said_times),
        title="Mensajes",
        active=routes.ADMIN_MESSAGES,
    )


def _history() -> rx.Component:
    return rx.el.div(
        rx.foreach(VIEW.held, _held),
        tabs("Mensajes", [rx.foreach(VIEW.tabs, counted_tab)]),
        rx.el.div(
            parts.filters(),
            export_menu(("mensajes", "Mensajes")),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        refusal_region(AdminMessages.notice, AdminMessages.errors),
        rx.cond(
            AdminMessages.rows,
            rx.el.ol(
                rx.foreach(AdminMessages.rows, parts.message),
                class_name="cu-card !p-0 divide-y divide-base-300",
                custom_attrs={"aria-label": "Historial de mensajes"},
            ),
            _none(),
        ),
        rx.cond(VIEW.paged, pagination(previous=VIEW.newer, following=VIEW.older)),
        class_name="cu-stack",
    )


def _held(one: AlertView) -> rx.Component:
    return alert(rx.el.p(one.said), tone="warning")


def _none() -> rx.Component:
    everything = button_link("Ver todos los mensajes", to=routes.ADMIN_MESSAGES, kind="quiet")
    return rx.cond(
        VIEW.filtered,
        empty_state(
            "Ningún mensaje coincide",
            "Busca por el número del pedido, el celular o el correo completos.",
            action=everything,
        ),
        rx.match(
            VIEW.tab,
            (
                "fallidos",
                empty_state("Todo llegó", "Ningún mensaje se quedó sin llegar por ningún canal."),
            ),
            (
                "en-cola",
                empty_state("Nada espera", "Los mensajes salen en cuanto se escriben."),
            ),
            empty_state(
                "Todavía no hay mensajes",
                "Cada código, aviso y recordatorio que mande la tienda aparecerá aquí.",
            ),
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-sm"),
        skeleton("h-11 max-w-3xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
