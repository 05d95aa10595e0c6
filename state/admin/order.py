"""One order on the operator's side: paid, reminded, kept, served from stock, noted, or ended.

Several people may have it open. What somebody else did first refuses what no longer fits, and says
what happened; forms carry what they showed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import (
    chosen_stock,
    message_actions,
    money_back,
    order_holds,
    order_notes,
    order_pages,
    order_units,
    payment_reminders,
    payments,
    replacements,
    waiting_orders,
)
from domain.errors import Conflict, DomainError
from domain.texts import CHANNELS, ORDER_STATES
from infra.clock import today
from infra.database import reading, unit_of_work
from infra.messaging.reach import usable
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.order_batches import HOLD_DAYS
from state.admin.order_messages import notices_of
from state.admin.order_parts import (
    MISSING,
    AdminOrderView,
    NotesView,
    cancel_wish,
    last_step,
    order_view,
    payment_notice,
    payment_outcome,
)
from state.admin.order_picking import PickView, pick_view, picked
from state.admin.order_units import UnitView
from state.live import live
from state.outcomes import Outcomes, told

TO_TOP = "window.scrollTo(0, 0)"  # where the outcome stands
TO_PART = """requestAnimationFrame(() =>
  document.getElementById(location.hash.slice(1) || "-")?.scrollIntoView())"""
CLOSE = "document.querySelector('dialog[open]')?.close()"
SERVED = {"delivered": "Los accesos ya se entregaron.", "processing": "Se entregó una parte."}


class AdminOrder(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed.

    `changing` is the unit whose access is about to be changed, `picking` what there is for a line,
    `noting` the notes as they were when somebody began to change them.
    """

    order: AdminOrderView = AdminOrderView()
    phase: str = "loading"
    said: str = ""
    tone: str = "success"
    changing: UnitView = UnitView()
    picking: PickView = PickView()
    noting: NotesView = NotesView()
    _seen_status: str | None = None

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[EventSpec | None]:
        """A socket that comes back loads again: what is being typed then stays.

        An order that was not on screen opens at the part its address names.
        """
        self.said, number = "", asked.order_number(self)
        arriving = number != self.order.number
        if arriving:
            self.order, self.phase = AdminOrderView(), "loading"
            yield None
        async with told(self):
            live.watch(self, f"order:{number}")  # watched first: no change is missed
            self.order, self.phase = await _found(number)
        if arriving:
            yield rx.call_script(TO_PART)

    @rx.event
    @allow(Gate.OPERATOR)
    async def confirm(self, form: dict[str, Any]) -> EventSpec | None:
        said, number = forms.fields(form), self.order.number
        async with self._acting():
            notice = payment_notice(said, needs_reference=self.order.reference_used)
            seen = forms.whole(said["seen"], "seen", least=0, most=9999) if "seen" in said else None
            async with unit_of_work() as session:
                done = await payments.confirm_payment(
                    session, actor(), order_id=number, notice=notice, seen_payments=seen
                )
            self.order, self.phase = await _found(number)
            self.said, self.tone = payment_outcome(done, self.order)
            return rx.call_script(TO_TOP)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin_cancel(self) -> None:
        """What is cancelled is the order as it stood when the question was asked."""
        self.errors, self.notice, self._seen_status = {}, "", self.order.status

    @rx.event
    @allow(Gate.OPERATOR)
    async def cancel(self, form: dict[str, Any]) -> EventSpec | None:
        async with self._acting():
            wish = cancel_wish(forms.fields(form), held=self.order.money.held)
            async with unit_of_work() as session:
                await money_back.cancel(
                    session,
                    actor(),
                    order_id=self.order.number,
                    wish=wish,
                    seen_status=self._seen_status,
                )
            return await self._did("El pedido se canceló y su stock quedó libre.")
        return rx.call_script(f"{CLOSE};{TO_TOP}") if self.notice and not self.errors else None

    @rx.event
    @allow(Gate.OPERATOR)
    async def remind(self) -> EventSpec:
        async with self._acting():
            async with unit_of_work() as session:
                await payment_reminders.remind_to_pay(session, actor(), order_id=self.order.number)
            return await self._did("El recordatorio va en camino.")
        return rx.call_script(TO_TOP)

    @rx.event
    @allow(Gate.OPERATOR)
    async def extend(self, form: dict[str, Any]) -> EventSpec | None:
        async with self._acting():
            days = forms.choice(forms.fields(form).get("days"), "days", HOLD_DAYS)
            async with unit_of_work() as session:
                await order_holds.extend_hold(
                    session,
                    actor(),
                    order_id=self.order.number,
                    until=today() + timedelta(days=int(days)),
                )
            return await self._did("Ampliamos su apartado.")
        return rx.call_script(TO_TOP) if not self.errors else None

    @rx.event
    @allow(Gate.OPERATOR)
    async def fill(self) -> EventSpec:
        """Give it what there is now, before its turn."""
        async with self._acting():
            async with unit_of_work() as session:
                status = await waiting_orders.fill_order(
                    session, actor(), order_id=self.order.number
                )
            return await self._did(SERVED[status])
        return rx.call_script(TO_TOP)

    @rx.event
    @allow(Gate.OPERATOR)
    async def pick(self, item: int) -> AsyncGenerator[EventSpec | None]:
        """Show what is free for a line that waits."""
        self.errors, self.picking = {}, PickView()
        yield None  # what was picked for before leaves at once
        async with self._acting():
            async with reading() as session:
                line = await chosen_stock.waiting_line(
                    session, actor(), order_id=self.order.number, item_id=forms.row_id(item)
                )
            self.picking = pick_view(line)
        if self.notice:
            yield rx.call_script(f"{CLOSE};{TO_TOP}")

    @rx.event
    @allow(Gate.OPERATOR)
    async def give(self, form: dict[str, Any]) -> EventSpec | None:
        said, line = forms.fields(form), self.picking
        async with self._acting():
            units = picked(line, said)
            async with unit_of_work() as session:
                status = await chosen_stock.give_chosen(
                    session,
                    actor(),
                    order_id=self.order.number,
                    item_id=line.item,
                    units=units,
                )
            self.picking = PickView()
            await self._did(SERVED[status])
            return rx.call_script(f"{CLOSE};{TO_TOP}")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin_notes(self) -> None:
        """Others may write meanwhile: what is being changed is what stood here now."""
        self.errors, self.notice, self.noting = {}, "", self.order.notes

    @rx.event
    @allow(Gate.OPERATOR)
    async def save_notes(self, form: dict[str, Any]) -> EventSpec | None:
        said = forms.fields(form)
        async with self._acting():
            notes = forms.text(said.get("notes"), "notes", longest=order_notes.LONGEST)
            day = said.get("follow_up")
            async with unit_of_work() as session:
                await order_notes.keep_notes(
                    session,
                    actor(),
                    order_id=self.order.number,
                    notes=notes,
                    follow_up_on=forms.day(day, "follow_up") if day else None,
                    seen=self.noting.seen,
                )
            self.order, self.phase = await _found(self.order.number)
            self.noting = NotesView()
            return rx.call_script(CLOSE)
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

    @asynccontextmanager
    async def _acting(self) -> AsyncGenerator[None]:
        """As `told`; who comes too late also reads what happened last, and sees it."""
        self.said = ""
        async with told(self):
            try:
                yield
            except Conflict as refusal:
                if refusal.code != "order_state":
                    raise
                self.order, self.phase = await _found(self.order.number)
                status, last = ORDER_STATES[self.order.status], last_step(self.order)
                raise Conflict("order_moved", status=status, last=last) from refusal

    async def _did(self, said: str) -> EventSpec:
        return await did(self, said)

    async def _look_again(self) -> None:
        if self.phase == "ready":
            self.order, self.phase = await _found(self.order.number)


async def did(state: rx.State, said: str) -> EventSpec:
    """Say on the order's page what another State has done, and show how the order is now."""
    page = await state.get_state(AdminOrder)
    page.order, page.phase = await _found(page.order.number)
    page.said, page.tone = said, "success"
    return rx.call_script(TO_TOP)


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
