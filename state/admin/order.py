"""One order on the operator's side: its payment is confirmed, an access changed, or it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import message_actions, order_pages, order_units, orders, payments, replacements
from domain.errors import DomainError
from domain.payments import PaymentNotice
from domain.texts import CHANNELS
from infra.database import reading, unit_of_work
from infra.messaging.reach import usable
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.order_messages import notices_of
from state.admin.order_parts import MISSING, AdminOrderView, order_view, payment_outcome
from state.admin.order_units import UnitView
from state.live import live
from state.outcomes import Outcomes, told

TO_TOP = "window.scrollTo(0, 0)"  # where the outcome stands


class AdminOrder(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed.

    `changing` is the unit whose access is about to be changed.
    """

    order: AdminOrderView = AdminOrderView()
    phase: str = "loading"
    said: str = ""
    tone: str = "success"
    changing: UnitView = UnitView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: what is being typed then stays."""
        self.said, number = "", asked.order_number(self)
        if number != self.order.number:
            self.order, self.phase = AdminOrderView(), "loading"
            yield
        async with told(self):
            live.watch(self, f"order:{number}")  # watched first: no change is missed
            self.order, self.phase = await _found(number)

    @rx.event
    @allow(Gate.OPERATOR)
    async def confirm(self, form: dict[str, Any]) -> EventSpec | None:
        self.said, number = "", self.order.number
        async with told(self):
            notice = _notice(forms.fields(form), needs_reference=self.order.reference_used)
            async with unit_of_work() as session:
                done = await payments.confirm_payment(
                    session, actor(), order_id=number, notice=notice
                )
            self.order, self.phase = await _found(number)
            self.said, self.tone = payment_outcome(done, self.order)
            return rx.call_script(TO_TOP)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def cancel(self, form: dict[str, Any]) -> EventSpec | None:
        self.said, number = "", self.order.number
        async with told(self):
            reason = forms.text(forms.fields(form).get("reason"), "reason", longest=200)
            async with unit_of_work() as session:
                await orders.cancel(session, actor(), order_id=number, reason=reason)
            self.order, self.phase = await _found(number)
            self.said, self.tone = "El pedido se canceló y su stock quedó libre.", "success"
            return rx.call_script(TO_TOP)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def choose(self, unit: int) -> None:
        async with told(self):
            number = forms.row_id(unit)
            self.changing = next((u for u in self.order.units if u.id == number), UnitView())

    @rx.event
    @allow(Gate.OPERATOR)
    async def replace(self) -> EventSpec:
        """What the dialog showed is what is changed: a unit that moved since is refused."""
        self.said, unit = "", self.changing
        async with told(self):
            async with unit_of_work() as session:
                await replacements.replace(
                    session,
                    actor(),
                    assignment_id=unit.id,
                    claim_id=unit.claim or None,
                    from_account=unit.account,
                )
            self.order, self.phase = await _found(self.order.number)
            self.said, self.tone = "Tiene un acceso nuevo y ya le avisamos.", "success"
        return rx.call_script(TO_TOP)

    @rx.event
    @allow(Gate.OPERATOR)
    async def resend(self, form: dict[str, Any]) -> None:
        """What refuses it stands beside its button."""
        self.said, number = "", self.order.number
        async with told(self):
            channel = forms.echoed(forms.fields(form).get("channel"), longest=20)
            async with unit_of_work() as session:
                await message_actions.resend(
                    session, actor(), order_id=number, channel=channel, usable=usable()
                )
            self.order, self.phase = await _found(number)
            self.said, self.tone = f"Va en camino por {CHANNELS[channel]}.", "resent"
        if self.notice:
            self.errors = {"channel": self.errors.get("channel", self.notice)}
            self.notice = ""

    async def _look_again(self) -> None:
        if self.phase == "ready":
            self.order, self.phase = await _found(self.order.number)


async def _found(number: int) -> tuple[AdminOrderView, str]:
    """Only staff see this side of an order, even one of their own."""
    try:
        async with reading() as session:
            actor().require_staff()
            order = await order_pages.order_page(session, actor(), order_id=number)
            units = await order_units.of_order(session, actor(), order_id=number)
    except DomainError:
        return MISSING, "missing"
    return order_view(order, units, await notices_of(actor(), number)), "ready"


def _notice(form: dict[str, object], *, needs_reference: bool) -> PaymentNotice:
    return PaymentNotice(
        amount=forms.money(form.get("amount"), "amount"),
        paid_on=forms.day(form.get("paid_on"), "paid_on"),
        reference=forms.text(
            form.get("reference"), "reference", longest=200, required=needs_reference
        ),
        tracking_key=forms.text(form.get("tracking_key"), "tracking_key", longest=200),
        bank=forms.text(form.get("bank"), "bank", longest=60),
    )
