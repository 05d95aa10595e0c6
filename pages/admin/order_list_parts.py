"""An order in the list: the row of a table, or a card on a phone."""

import reflex as rx

from pages import routes
from pages.components.badges import badge, order_state_badge
from pages.components.buttons import copy_text
from pages.components.icons import icon
from pages.components.links import link
from pages.components.table import cell, row
from state.admin.order_rows import OrderRow
from state.admin.orders import AdminOrders

COLUMNS = (
    "Elegir",
    "Pedido",
    "Cliente",
    "Productos",
    "Total",
    "Pago y entrega",
    "Actualizado",
)


def line(order: OrderRow) -> rx.Component:
    return row(
        cell("Elegir", _choose(order)),
        cell(
            "Pedido",
            rx.el.div(
                rx.el.div(
                    link(
                        f"#{order.number}",
                        to=_page(order),
                        class_name="cu-link cu-num font-semibold inline-flex items-center min-h-6",
                    ),
                    _copy_number(order),
                    class_name="flex items-center gap-2",
                ),
                order_state_badge(order.status),
                _follow_up(order),
                class_name="grid gap-1 justify-items-start",
            ),
        ),
        cell(
            "Cliente",
            rx.el.p(order.customer, class_name="font-semibold leading-tight"),
            rx.el.div(_phone(order), class_name="cu-muted cu-small"),
        ),
        cell("Productos", _look(order, "cu-small leading-snug")),
        cell(
            "Total",
            rx.el.span(order.total, class_name="cu-price whitespace-nowrap"),
            numeric=True,
        ),
        cell(
            "Pago y entrega",
            rx.el.div(
                badge(order.payment, tone=order.payment_tone),
                _delivery(order),
                class_name="grid gap-1 justify-items-start",
            ),
        ),
        cell(
            "Actualizado",
            rx.el.p(order.updated, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
            rx.cond(
                order.age,
                rx.el.p(f"Espera {order.age}", class_name="cu-small cu-num whitespace-nowrap"),
            ),
        ),
        key=order.number,
    )


def card(order: OrderRow) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _choose(order),
            link(
                rx.el.h2(f"#{order.number} · {order.customer}", class_name="text-lg"),
                to=_page(order),
                class_name="min-w-0 grow py-2",
            ),
            order_state_badge(order.status),
            class_name="flex items-center gap-2",
        ),
        _look(order, "min-h-11 w-full"),
        rx.el.div(
            rx.el.span(order.total, class_name="cu-price"),
            badge(order.payment, tone=order.payment_tone),
            rx.cond(order.status != "pending_payment", _delivery(order)),
            _follow_up(order),
            class_name="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.div(
            _phone(order),
            _copy_number(order),
            rx.el.span(
                rx.cond(order.age, f"Espera {order.age}", order.updated), class_name="ml-auto"
            ),
            class_name="mt-1 flex flex-wrap items-center gap-x-3 cu-muted cu-small cu-num",
        ),
        key=order.number,
        class_name="cu-card !p-4",
    )


def _page(order: OrderRow) -> rx.Var[str]:
    """A draft is opened where it is finished."""
    draft, placed = routes.admin_draft(order.number), routes.admin_order(order.number)
    return rx.cond(order.status == "pending", draft, placed)


def _choose(order: OrderRow) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            class_name="checkbox checkbox-primary",
            checked=rx.Var.create(AdminOrders.chosen).to(list).contains(order.number),
            disabled=AdminOrders.running,
            on_change=lambda _: AdminOrders.toggle(order.number),
            custom_attrs={"aria-label": f"Elegir el pedido {order.number}"},
        ),
        class_name="grid place-items-center size-11 -m-2 flex-none",
    )


def _look(order: OrderRow, class_name: str) -> rx.Component:
    """What it is about opens it beside the list."""
    return rx.el.button(
        rx.el.span(order.products, class_name="min-w-0 group-hover:underline underline-offset-4"),
        icon("right", "size-4 cu-muted flex-none"),
        type="button",
        on_click=AdminOrders.look(order.number),
        class_name=f"group flex items-center justify-between gap-2 text-left {class_name}",
        custom_attrs={
            "aria-label": f"Vistazo al pedido {order.number}: {order.products}",
            "aria-haspopup": "dialog",
        },
    )


def _copy_number(order: OrderRow) -> rx.Component:
    return copy_text(
        f"{order.number}",
        description=f"Copiar el número {order.number}",
        shown=icon("copy", "size-4 cu-muted"),
    )


def _phone(order: OrderRow) -> rx.Component:
    return copy_text(order.phone, description=f"Copiar el celular {order.phone}")


def _delivery(order: OrderRow) -> rx.Component:
    return rx.cond(order.delivery, badge(order.delivery, tone=order.delivery_tone))


def _follow_up(order: OrderRow) -> rx.Component:
    tone = rx.cond(order.late, "warning", "neutral")
    return rx.cond(order.follow_up, badge(f"Ver el {order.follow_up}", tone=tone))
