"""An order beside the list: enough to know what it needs, and the ways to do it on its page."""

import reflex as rx

from pages import order_parts, routes
from pages.admin.order_money import movement
from pages.components.badges import badge, order_state_badge
from pages.components.buttons import icon_button
from pages.components.dialog import dismiss_dialog
from pages.components.feedback import skeleton
from pages.components.icons import icon
from pages.components.kinds import Child, Text
from pages.components.links import button_link, link
from state.admin.order_drawer import DrawerView, StepLink
from state.admin.order_parts import AdminOrderView
from state.admin.orders import AdminOrders

DRAWER = "vistazo"
CALL = "btn btn-outline btn-sm grow sm:grow-0"


def drawer() -> rx.Component:
    """Its head stays while the order comes: what has the focus keeps it."""
    return rx.el.dialog(
        _head(rx.cond(AdminOrders.peek, AdminOrders.peek[0].order.title, "Pedido")),
        rx.cond(AdminOrders.peek, rx.foreach(AdminOrders.peek, _order), _loading()),
        class_name="cu-drawer",
        custom_attrs={"id": DRAWER, "aria-labelledby": f"{DRAWER}-title", "closedby": "any"},
    )


def _head(title: Text) -> rx.Component:
    return rx.el.div(
        rx.el.h2(title, class_name="text-2xl", custom_attrs={"id": f"{DRAWER}-title"}),
        icon_button("Cerrar", "close", on_click=dismiss_dialog(DRAWER)),
        class_name="flex items-center justify-between gap-3",
    )


def _order(view: DrawerView) -> rx.Component:
    order = view.order
    return rx.el.div(
        rx.el.div(
            order_state_badge(order.status),
            badge(order.payment, tone=order.payment_tone),
            rx.cond(order.missing, rx.el.span(f"Faltan {order.missing}", class_name="cu-num")),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        rx.el.p(order.placed, class_name="cu-muted cu-small cu-num"),
        _customer(order),
        _part(
            "Qué se puede hacer",
            rx.el.ul(rx.foreach(view.steps, _step), class_name="cu-lines"),
            button_link("Abrir el pedido", to=routes.admin_order(order.number)),
        ),
        _part("Artículos", order_parts.lines(order.lines, order.total, order.discount)),
        rx.cond(
            order.money.rows,
            _part(
                "Dinero", rx.el.ul(rx.foreach(order.money.rows, movement), class_name="cu-lines")
            ),
        ),
        _part("Lo último", order_parts.steps(order.timeline)),
        key=order.number,
        class_name="mt-2 cu-stack",
    )


def _customer(order: AdminOrderView) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            link(
                order.customer,
                to=routes.admin_customer(order.customer_id),
                class_name="cu-link font-semibold inline-flex items-center min-h-11",
            ),
            rx.el.p(order.phone, class_name="cu-muted cu-small cu-num"),
            class_name="min-w-0 w-full sm:w-auto sm:grow",
        ),
        rx.el.a("Llamar", href=order.phone_link, class_name=CALL),
        rx.el.a(
            "WhatsApp",
            href=order.chat_link,
            target="_blank",
            rel="noopener noreferrer",
            class_name=CALL,
        ),
        class_name="flex flex-wrap items-center gap-3 border-y border-base-300 py-3",
    )


def _part(title: str, *children: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="text-lg font-semibold"), *children, class_name="grid gap-2"
    )


def _step(one: StepLink) -> rx.Component:
    return rx.el.li(
        link(
            one.label,
            icon("right", "size-4 cu-muted"),
            to=one.address,
            class_name="flex items-center justify-between gap-3 min-h-11 py-2 font-semibold",
        )
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-6 max-w-40"),
        skeleton("h-64 rounded-box"),
        class_name="mt-4 cu-stack",
    )
