"""The operator's orders: filters, a table on a wide screen, a card per order on a phone."""

import reflex as rx

from pages import routes
from pages.admin.order_batch_parts import actions, batch_dialog
from pages.admin.order_drawer import drawer
from pages.admin.order_filter_parts import filters
from pages.admin.order_list_parts import COLUMNS, card, line
from pages.admin.result_parts import results
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.table import table
from pages.components.tabs import tab, tabs
from pages.frames import admin_page
from state.admin.order_rows import TabView
from state.admin.orders import AdminOrders


def admin_orders() -> rx.Component:
    return admin_page(
        filters(),
        rx.cond(
            AdminOrders.loaded,
            _list(),
            until_ready(AdminOrders.notice, on_retry=AdminOrders.load, waiting=_loading()),
        ),
        title="Pedidos",
        active=routes.ADMIN_ORDERS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            tabs("Estado de los pedidos", [rx.foreach(AdminOrders.tabs, _tab)]),
            export_menu(("pedidos", "Pedidos"), ("pagos", "Pagos de estos pedidos")),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        results(AdminOrders),
        error_region(AdminOrders.notice),
        rx.cond(
            AdminOrders.orders,
            rx.el.div(_orders(), actions(), class_name="cu-stack"),
            _none(),
        ),
        rx.cond(
            AdminOrders.paged,
            pagination(previous=AdminOrders.newer, following=AdminOrders.older),
        ),
        batch_dialog(),
        drawer(),
        class_name="cu-stack",
    )


def _orders() -> rx.Component:
    """A phone's card says in four lines what the table's row says in eight cells."""
    return rx.fragment(
        rx.el.div(rx.foreach(AdminOrders.orders, card), class_name="cu-stack !gap-3 lg:hidden"),
        rx.el.div(
            table("Pedidos", COLUMNS, rx.foreach(AdminOrders.orders, line), numeric={"Total"}),
            class_name="hidden lg:block",
        ),
    )


def _tab(one: TabView) -> rx.Component:
    return tab(one.label, to=one.address, active=one.active)


def _none() -> rx.Component:
    back = button_link("Ver todos los pedidos", to=routes.ADMIN_ORDERS, kind="quiet")
    return rx.cond(
        AdminOrders.q,
        empty_state(
            "Ningún pedido coincide",
            "Busca por el número del pedido, el nombre, los últimos 4 dígitos del celular o más, "
            "o la referencia o clave de rastreo completa de un pago.",
            action=back,
        ),
        rx.cond(
            AdminOrders.filters.count > 0,
            empty_state("Ningún pedido cumple con estos filtros", action=back),
            empty_state(
                "No hay pedidos aquí",
                "Cuando un cliente haga uno, aparecerá solo en esta lista.",
            ),
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
