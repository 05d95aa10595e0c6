"""Paying an order with a card, beside the transfer."""

import reflex as rx

from pages.components.buttons import primary_button
from pages.components.cards import card
from pages.components.feedback import alert
from state.storefront.order import OrderStatusPage

CARD = OrderStatusPage.order.card


def card_offer() -> rx.Component:
    """Where the shop takes none there is nothing to see."""
    offer = card(
        rx.el.div(
            rx.cond(CARD.said, alert(CARD.said, tone="warning")),
            role="status",
            class_name="empty:hidden",
        ),
        rx.el.p("En la página segura de Mercado Pago. Tus accesos llegan en cuanto se apruebe."),
        primary_button(
            f"Pagar {CARD.amount} con tarjeta",
            icon_name="card",
            on_click=OrderStatusPage.pay_by_card.throttle(1500),
            class_name="btn-block",
        ),
        title="Paga con tarjeta",
    )
    return rx.cond(CARD.amount, offer)
