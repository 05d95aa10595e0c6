"""An order's money for its customer: what came in, what is missing, what went back."""

import reflex as rx

from pages import routes
from pages.components.buttons import primary_button
from pages.components.cards import card, line, lines
from pages.components.feedback import alert
from pages.components.links import link
from state.storefront.order import OrderStatusPage
from state.storefront.order_money import MovementView

MONEY = OrderStatusPage.order.money


def money() -> rx.Component:
    return rx.cond(
        MONEY.rows,
        card(
            rx.el.ul(rx.foreach(MONEY.rows, _movement), class_name="cu-lines"),
            rx.cond(MONEY.missing, lines(line("Falta", MONEY.missing, strong=True))),
            rx.cond(
                MONEY.loose,
                alert(
                    rx.el.p(
                        f"{MONEY.loose} no son de este pedido. Te los dejamos como saldo a favor "
                        "o te los devolvemos: ",
                        link(
                            "escríbenos qué prefieres",
                            to=routes.support_about_order(OrderStatusPage.order.number),
                        ),
                        ".",
                    ),
                    tone="info",
                ),
            ),
            title="Tu dinero",
        ),
    )


def credit_offer() -> rx.Component:
    """Before the instructions: with it there may be nothing to transfer."""
    offer = card(
        rx.el.div(
            rx.el.p(
                "Tienes saldo a favor: puedes pagar ",
                rx.el.strong(MONEY.credit, class_name="cu-num"),
                " de este pedido con él.",
                class_name="grow",
            ),
            primary_button(
                "Usar mi saldo", on_click=OrderStatusPage.pay_with_credit.throttle(1500)
            ),
            class_name="flex flex-wrap items-center gap-3",
        )
    )
    return rx.cond(MONEY.credit, offer)


def _movement(row: MovementView) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(row.title),
            rx.el.span(row.amount, class_name="cu-price whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.p(row.detail, class_name="cu-muted cu-small cu-num [overflow-wrap:anywhere]"),
        class_name="py-3 first:pt-0 last:pb-0",
    )
