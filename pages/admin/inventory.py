"""The accounts of the shop: a table on a wide screen, a card per account on a phone."""

import reflex as rx

from pages import routes
from pages.admin import inventory_parts as parts
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.table import table
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.inventory import Inventory

COLUMNS = ("Cuenta", "Estado", "Pagada hasta", "Libres", "En uso", "Por rotar")


def admin_inventory() -> rx.Component:
    return admin_page(
        parts.actions(),
        rx.el.div(
            parts.search(),
            parts.service_filter(),
            class_name="grid gap-3 lg:grid-cols-2",
        ),
        rx.cond(
            Inventory.loaded,
            rx.el.div(
                error_region(Inventory.notice),
                rx.cond(Inventory.found, _found(), _list()),
                class_name="cu-stack",
            ),
            until_ready(Inventory.notice, on_retry=Inventory.load, waiting=_loading()),
        ),
        title="Inventario",
        active=routes.ADMIN_INVENTORY,
    )


def _list() -> rx.Component:
    return rx.el.div(
        tabs("Estado de las cuentas", [rx.foreach(Inventory.tabs, counted_tab)]),
        rx.cond(Inventory.rows, _rows(), _none()),
        rx.cond(
            Inventory.paged,
            pagination(previous=Inventory.newer, following=Inventory.older),
        ),
        class_name="cu-stack",
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2("Resultado", class_name="text-xl mr-auto"),
            parts.back_to_list(),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            Inventory.rows,
            _rows(),
            empty_state(
                "Ninguna cuenta coincide",
                "Escribe el número de la cuenta, o su usuario completo, tal como entra al "
                "servicio.",
            ),
        ),
        role="status",
        class_name="cu-stack",
    )


def _rows() -> rx.Component:
    """A phone's card says in four lines what the table's row says in six cells."""
    return rx.fragment(
        rx.el.div(rx.foreach(Inventory.rows, parts.card), class_name="cu-stack !gap-3 lg:hidden"),
        rx.el.div(
            table(
                "Cuentas",
                COLUMNS,
                rx.foreach(Inventory.rows, parts.line),
                numeric={"Libres", "En uso", "Por rotar"},
            ),
            class_name="hidden lg:block",
        ),
    )


def _none() -> rx.Component:
    return rx.cond(
        (Inventory.tab == "") & (Inventory.service == ""),
        empty_state(
            "Todavía no hay cuentas",
            "Agrega la primera, o importa tu lista: lo que entre se vende de inmediato.",
            action=button_link("Agregar cuenta", to=routes.ADMIN_NEW_ACCOUNT),
        ),
        empty_state(
            "No hay cuentas así",
            "Ninguna cuenta cumple con estos filtros.",
            action=button_link("Ver todas", to=routes.ADMIN_INVENTORY, kind="quiet"),
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
