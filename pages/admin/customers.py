"""The shop's customers: found by phone, name or e-mail, and sorted into tabs."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.links import button_link, link
from pages.components.pagination import pagination
from pages.components.search import search_form
from pages.components.table import cell, row, table
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.customers import AdminCustomers, CustomerRow

SHOWN = AdminCustomers.shown
COLUMNS = ("Cliente", "Celular", "Pedidos", "Total pagado", "Última compra", "Suscripciones")
NUMERIC = {"Pedidos", "Total pagado", "Suscripciones"}


def customers() -> rx.Component:
    return admin_page(
        search_form(
            "Buscar cliente por celular, nombre o correo",
            "q",
            rx.cond(SHOWN.tab, rx.el.input(type="hidden", name="tab", value=SHOWN.tab)),
            action=routes.ADMIN_CUSTOMERS,
            value=SHOWN.q,
            placeholder="Celular, nombre o correo",
        ),
        until_ready(
            AdminCustomers.notice,
            on_retry=AdminCustomers.load,
            waiting=rx.cond(SHOWN.loaded, _list(), _loading()),
        ),
        title="Clientes",
        active=routes.ADMIN_CUSTOMERS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            tabs("Clientes", [rx.foreach(SHOWN.tabs, counted_tab)]),
            export_menu(("clientes", "Clientes")),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.cond(SHOWN.rows, _customers(), _none()),
        rx.cond(
            SHOWN.paged,
            pagination(previous=SHOWN.newer, following=SHOWN.older),
        ),
        class_name="cu-stack",
    )


def _customers() -> rx.Component:
    return rx.fragment(
        rx.el.div(rx.foreach(SHOWN.rows, _card), class_name="cu-stack !gap-3 md:hidden"),
        rx.el.div(
            table("Clientes", COLUMNS, rx.foreach(SHOWN.rows, _row), numeric=NUMERIC),
            class_name="hidden md:block",
        ),
    )


def _card(one: CustomerRow) -> rx.Component:
    return link(
        rx.el.div(
            rx.el.h2(one.name, class_name="text-lg min-w-0 [overflow-wrap:anywhere]"),
            rx.cond(one.note, badge(one.note, tone=one.tone)),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.p(one.phone, class_name="cu-muted cu-small cu-num"),
        rx.el.div(
            rx.el.span(one.spent, class_name="cu-price"),
            rx.el.span(f"Pedidos: {one.orders} · Suscripciones: {one.live}", class_name="cu-small"),
            class_name="mt-2 flex flex-wrap items-baseline justify-between gap-x-3",
        ),
        rx.el.p(one.last, class_name="cu-muted cu-small cu-num"),
        key=one.id,
        to=routes.admin_customer(one.id),
        class_name="cu-card !p-4",
    )


def _row(one: CustomerRow) -> rx.Component:
    return row(
        cell(
            "Cliente",
            link(
                one.name,
                to=routes.admin_customer(one.id),
                class_name="cu-link inline-flex items-center min-h-11 [overflow-wrap:anywhere]",
            ),
            rx.cond(one.note, badge(one.note, tone=one.tone)),
        ),
        cell("Celular", rx.el.span(one.phone, class_name="cu-num whitespace-nowrap")),
        cell("Pedidos", one.orders, numeric=True),
        cell("Total pagado", rx.el.span(one.spent, class_name="cu-price"), numeric=True),
        cell("Última compra", rx.el.span(one.last, class_name="cu-muted cu-small cu-num")),
        cell("Suscripciones", one.live, numeric=True),
        key=one.id,
    )


def _none() -> rx.Component:
    return rx.cond(
        SHOWN.q,
        empty_state(
            "Ningún cliente coincide",
            "Busca por los últimos 4 dígitos del celular o más, el nombre, o el correo.",
            action=button_link("Ver todos los clientes", to=routes.ADMIN_CUSTOMERS, kind="quiet"),
        ),
        empty_state("No hay clientes aquí", "Cuando alguien entre por primera vez, aparecerá."),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
