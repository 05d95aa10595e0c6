"""The operator's orders: a table on a wide screen, a card per order on a phone."""

import reflex as rx

from pages import routes
from pages.components.badges import badge, order_state_badge
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.links import button_link, link
from pages.components.pagination import pagination
from pages.components.search import search_form
from pages.components.table import cell, row, table
from pages.components.tabs import tab, tabs
from pages.frames import admin_page
from state.admin.orders import AdminOrders, OrderRow, TabView

COLUMNS = ("Pedido", "Cliente", "Productos", "Total", "Estado", "Pago", "Actualizado")


def admin_orders() -> rx.Component:
    return admin_page(
        rx.el.div(
            search_form(
                "Buscar por número de pedido o celular",
                "q",
                rx.cond(
                    AdminOrders.tab, rx.el.input(type="hidden", name="tab", value=AdminOrders.tab)
                ),
                action=routes.ADMIN_ORDERS,
                value=AdminOrders.q,
                placeholder="Pedido o celular",
            ),
            export_menu(("pedidos", "Pedidos"), ("pagos", "Pagos de estos pedidos")),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        until_ready(
            AdminOrders.notice,
            on_retry=AdminOrders.load,
            waiting=rx.cond(AdminOrders.loaded, _list(), _loading()),
        ),
        title="Pedidos",
        active=routes.ADMIN_ORDERS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        tabs("Estado de los pedidos", [rx.foreach(AdminOrders.tabs, _tab)]),
        rx.cond(
            AdminOrders.orders,
            _orders(),
            _none(),
        ),
        rx.cond(
            AdminOrders.paged,
            pagination(previous=AdminOrders.newer, following=AdminOrders.older),
        ),
        class_name="cu-stack",
    )


def _orders() -> rx.Component:
    """A phone's card says in four lines what the table's row says in seven cells."""
    return rx.fragment(
        rx.el.div(rx.foreach(AdminOrders.orders, _card), class_name="cu-stack !gap-3 md:hidden"),
        rx.el.div(
            table("Pedidos", COLUMNS, rx.foreach(AdminOrders.orders, _row), numeric={"Total"}),
            class_name="hidden md:block",
        ),
    )


def _card(order: OrderRow) -> rx.Component:
    return link(
        rx.el.div(
            rx.el.h2(f"#{order.number} · {order.customer}", class_name="text-lg min-w-0"),
            order_state_badge(order.status),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.p(order.phone, class_name="cu-muted cu-small cu-num"),
        rx.el.p(order.products, class_name="mt-1"),
        rx.el.div(
            rx.el.span(order.total, class_name="cu-price"),
            badge(order.payment, tone=order.payment_tone),
            rx.el.span(order.updated, class_name="ml-auto cu-muted cu-small cu-num"),
            class_name="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        key=order.number,
        to=routes.admin_order(order.number),
        class_name="cu-card !p-4",
    )


def _tab(one: TabView) -> rx.Component:
    return tab(one.label, to=one.address, active=one.active)


def _row(order: OrderRow) -> rx.Component:
    return row(
        cell(
            "Pedido",
            link(
                f"#{order.number}",
                to=routes.admin_order(order.number),
                class_name="cu-link cu-num inline-flex items-center min-h-11",
            ),
        ),
        cell(
            "Cliente",
            rx.el.p(order.customer, class_name="font-semibold leading-tight"),
            rx.el.p(order.phone, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
        ),
        cell("Productos", order.products),
        cell("Total", rx.el.span(order.total, class_name="cu-price"), numeric=True),
        cell("Estado", order_state_badge(order.status)),
        cell("Pago", badge(order.payment, tone=order.payment_tone)),
        cell("Actualizado", rx.el.span(order.updated, class_name="cu-muted cu-small cu-num")),
        key=order.number,
    )


def _none() -> rx.Component:
    return rx.cond(
        AdminOrders.q,
        empty_state(
            "Ningún pedido coincide",
            "Busca por el número del pedido o por los últimos 4 dígitos del celular, o más.",
            action=button_link("Ver todos los pedidos", to=routes.ADMIN_ORDERS, kind="quiet"),
        ),
        empty_state(
            "No hay pedidos aquí",
            "Cuando un cliente haga uno, aparecerá solo en esta lista.",
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
