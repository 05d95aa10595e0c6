"""The page of one order, for the customer it belongs to. It changes by itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import order_endings, order_pages, payments
from domain.errors import DomainError
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.live import live
from state.outcomes import Outcomes, told
from state.storefront import card
from state.storefront.order_parts import MISSING, OrderView, order_view


class OrderStatusPage(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed."""

    order: OrderView = OrderView()
    phase: str = "loading"

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: what is being typed then stays."""
        number = asked.order_number(self)
        if number != self.order.number:
            self.order, self.phase = OrderView(), "loading"
            yield
        async with told(self):
            live.watch(self, f"order:{number}")  # watched first: no change is missed
            self.order, self.phase = await _found(self, number)
            if card.back_of(self) and self.order.payable:
                await card.came_back(number)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def pay_by_card(self) -> EventSpec | None:
        """Off to the provider's page, for exactly what the order lacks."""
        async with told(self):
            return rx.redirect(await card.way_to_pay(self.order.number))
        return None

    @rx.event
    @allow(Gate.CUSTOMER)
    async def cancel(self, form: dict[str, Any]) -> None:
        async with told(self):
            reason = forms.text(forms.fields(form).get("reason"), "reason", longest=200)
            number = self.order.number
            async with unit_of_work() as session:
                await order_endings.cancel(session, actor(), order_id=number, reason=reason)
            self.order, self.phase = await _found(self, number)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def pay_with_credit(self) -> None:
        """As much of the credit as the order still lacks."""
        async with told(self):
            number = self.order.number
            async with unit_of_work() as session:
                await payments.pay_with_credit(session, actor(), order_id=number)
            self.order, self.phase = await _found(self, number)

    async def _look_again(self) -> None:
        if self.phase == "ready":
            self.order, self.phase = await _found(self, self.order.number)


async def _found(state: OrderStatusPage, number: int) -> tuple[OrderView, str]:
    """Somebody else's order looks like one that does not exist."""
    try:
        async with reading() as session:
            order = await order_pages.order_page(session, actor(), order_id=number)
    except DomainError:
        return MISSING, "missing"
    by_card = card.card_view(order, standing=await card.standing(order), back=card.back_of(state))
    return order_view(order, by_card), "ready"
