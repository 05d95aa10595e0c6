"""The log: who did what, when, from where, and what turned into what. Only an owner reads it."""

import reflex as rx

from pages import routes
from pages.admin import log_parts as parts
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.table import table
from pages.frames import admin_page
from state.admin.log import AdminLog

COLUMNS = ("Cuándo", "Quién", "Qué", "Cambio")


def log() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Todo lo que alguien hizo en la tienda. Nadie lo cambia ni lo borra sin que se note.",
            class_name="cu-muted",
        ),
        parts.filters(),
        rx.cond(
            AdminLog.view.loaded,
            _list(),
            until_ready(AdminLog.notice, on_retry=AdminLog.load, waiting=_loading()),
        ),
        title="Bitácora",
        active=routes.ADMIN_LOG,
    )


def _list() -> rx.Component:
    view = AdminLog.view
    return rx.el.div(
        error_region(AdminLog.notice),
        rx.cond(
            view.rows,
            rx.fragment(
                rx.el.div(
                    rx.foreach(view.rows, parts.card),
                    class_name="cu-card !p-0 cu-lines md:hidden",
                ),
                rx.el.div(
                    table("Bitácora", COLUMNS, rx.foreach(view.rows, parts.line)),
                    class_name="hidden md:block",
                ),
            ),
            _none(),
        ),
        rx.cond(
            (view.newer != "") | (view.older != ""),
            pagination(previous=view.newer, following=view.older),
        ),
        class_name="cu-stack",
    )


def _none() -> rx.Component:
    return rx.cond(
        AdminLog.view.filters.any,
        empty_state(
            "Nada con estos filtros",
            "Prueba con otros días, o con menos filtros.",
            action=button_link("Ver todo", to=routes.ADMIN_LOG, kind="quiet"),
        ),
        empty_state("Todavía no pasó nada", "Lo que se haga en la tienda aparecerá aquí."),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
