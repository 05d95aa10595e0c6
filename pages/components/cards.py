"""Cards: the pieces of paper everything on screen is written on."""

from typing import Any

import reflex as rx

from pages.components.badges import availability_badge, order_state_badge
from pages.components.icons import icon
from pages.components.kinds import Child, Count, Text
from pages.components.links import link
from pages.components.service_tile import service_tile


def card(
    *children: Child, title: Text = "", aside: Child = "", class_name: str = ""
) -> rx.Component:
    """Group what belongs together; `aside` stands at the right of the title."""
    head: list[Child] = []
    if not isinstance(title, str) or title:
        head = [
            rx.el.div(
                rx.el.h2(title, class_name="text-xl"),
                aside,
                class_name="flex items-center justify-between gap-3",
            )
        ]
    return rx.el.section(*head, *children, class_name=f"cu-card cu-stack {class_name}".strip())


def service_card(
    name: Text, initials: Text, *, tone: Text, to: Text, price_from: Text, available: Count
) -> rx.Component:
    """Present a service in the catalogue; the whole card is the link."""
    return link(
        rx.el.div(
            service_tile(initials, tone=tone),
            rx.el.div(
                rx.el.h2(name, class_name="text-lg"),
                rx.el.p(
                    "Desde ",
                    rx.el.span(price_from, class_name="cu-price"),
                    class_name="cu-muted cu-small",
                ),
                class_name="grow min-w-0",
            ),
            icon("right", "cu-muted"),
            class_name="flex items-center gap-3",
        ),
        rx.el.div(availability_badge(available), class_name="mt-3"),
        to=to,
        class_name="cu-card",
    )


def order_card(
    number: Text | Count, state: Text, *, to: Text, summary: Text, total: Text, date: Text
) -> rx.Component:
    """Show one order in a list: what it is, how it stands and what it costs."""
    return link(
        rx.el.div(
            rx.el.h2("Pedido #", number, class_name="text-lg"),
            order_state_badge(state),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(summary, class_name="mt-1"),
        rx.el.div(
            rx.el.span(date, class_name="cu-muted cu-small"),
            rx.el.span(total, class_name="cu-price"),
            class_name="mt-2 flex items-end justify-between gap-3",
        ),
        to=to,
        class_name="cu-card",
    )


def line(label: Child, value: Child, *, strong: bool = False, **props: Any) -> rx.Component:
    """Pair a name with its value; stack several inside `lines`."""
    weight = "cu-price text-xl" if strong else "cu-num font-semibold text-right"
    return rx.el.div(
        rx.el.dt(label, class_name="font-bold" if strong else "cu-muted"),
        rx.el.dd(value, class_name=f"{weight} min-w-0 [overflow-wrap:anywhere]"),
        class_name="flex items-center justify-between gap-4 min-h-11 py-2",
        **props,
    )


def lines(*pairs: Child) -> rx.Component:
    return rx.el.dl(*pairs, class_name="cu-lines")
