"""Money on its way back to a card, and what the provider refused to give back."""

import reflex as rx

from pages.components.buttons import ghost_button, quiet_button
from pages.components.feedback import alert
from state.admin.card_refund_rows import CardRefundRow
from state.admin.order import AdminOrder
from state.admin.order_money import OrderMoney
from state.session import Visitor

CARDS = AdminOrder.order.money.cards


def card_refunds() -> rx.Component:
    """Nothing of it where nothing is on its way."""
    return rx.el.div(
        rx.foreach(CARDS.refunds, _refund), role="status", class_name="cu-stack empty:hidden"
    )


def _refund(row: CardRefundRow) -> rx.Component:
    failed = alert(
        rx.el.p(row.said),
        rx.cond(
            Visitor.is_owner,
            rx.el.div(
                quiet_button(
                    "Intentar otra vez",
                    icon_name="refresh",
                    on_click=OrderMoney.refund_again(row.id).throttle(1500),
                    class_name="grow sm:grow-0",
                ),
                ghost_button(
                    "Ya no devolverlo",
                    on_click=OrderMoney.drop_refund(row.id).throttle(1500),
                    class_name="grow sm:grow-0",
                ),
                class_name="mt-3 flex flex-wrap gap-3",
            ),
        ),
        tone="error",
    )
    return rx.cond(row.failed, failed, alert(row.said))
