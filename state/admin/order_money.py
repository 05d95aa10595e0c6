"""Money of an order that goes elsewhere: to the customer's credit, or back to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import card_refunds, money_back, settlements
from domain.refund_notices import RefundNotice
from infra.clock import today
from infra.database import unit_of_work
from models.money import RefundMethod
from state import forms
from state.access import Gate, actor, allow
from state.admin.order import CLOSE, SERVED, AdminOrder, did
from state.outcomes import Outcomes, told

LONGEST = 200
RECORDED = "Registramos la devolución y le avisamos al cliente."
ASKED = "Le pedimos a Mercado Pago que lo devuelva a su tarjeta. Aquí verás cuando quede."


class OrderMoney(Outcomes, rx.State):
    """What it refuses stands beside the button or in the dialog that asked for it."""

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        self.errors, self.notice = {}, ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def to_credit(self) -> EventSpec | None:
        """All that has no destination, as the button said it."""
        async with told(self):
            order = (await self.get_state(AdminOrder)).order
            async with unit_of_work() as session:
                await money_back.move_to_credit(
                    session, actor(), order_id=order.number, seen=Decimal(order.money.seen)
                )
            return await did(self, f"{order.money.loose} pasaron a su saldo a favor.")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def refund(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            order = (await self.get_state(AdminOrder)).order
            notice = refund_notice(forms.fields(form))
            async with unit_of_work() as session:
                by_provider = await money_back.refund(
                    session,
                    actor(),
                    order_id=order.number,
                    notice=notice,
                    seen=Decimal(order.money.remains),
                )
            await did(self, ASKED if by_provider else RECORDED)
            return rx.call_script(f"{CLOSE};window.scrollTo(0, 0)")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def refund_again(self, number: int) -> EventSpec | None:
        """Of a card, once more, after the provider refused."""
        async with told(self):
            refund_id = forms.row_id(number)
            async with unit_of_work() as session:
                await card_refunds.again(session, actor(), refund_id=refund_id)
            return await did(self, ASKED)
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def drop_refund(self, number: int) -> EventSpec | None:
        async with told(self):
            refund_id = forms.row_id(number)
            async with unit_of_work() as session:
                await card_refunds.drop(session, actor(), refund_id=refund_id)
            return await did(self, "Esa devolución ya no se intenta: el dinero sigue en el pedido.")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def revive(self) -> EventSpec | None:
        """Take an expired order up again; what is out of stock waits."""
        async with told(self):
            number = (await self.get_state(AdminOrder)).order.number
            async with unit_of_work() as session:
                status = await settlements.revive(session, actor(), order_id=number)
            waits = "El pedido se reactivó y espera stock."
            return await did(self, SERVED["delivered"] if status == "delivered" else waits)
        return None


def refund_notice(said: dict[str, object]) -> RefundNotice:
    """A refund as its form says it; each field's mistake stands beside it."""
    day = said.get("refunded_on")
    return RefundNotice(
        amount=forms.money(said.get("refund_amount"), "amount"),
        method=forms.choice(said.get("method"), "method", set(RefundMethod)),
        reason=forms.text(said.get("refund_reason"), "refund_reason", longest=LONGEST),
        reference=forms.text(said.get("refund_reference"), "refund_reference", longest=LONGEST),
        refunded_on=forms.day(day, "refunded_on") if day else today(),
        release=forms.flag(said.get("release")),
    )
