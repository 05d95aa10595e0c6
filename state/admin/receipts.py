"""The queue of receipts: one at a time beside what it should show; deciding leads to the next.

Of two who look at the same one, the second sees what the first decided.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import receipt_pages, receipt_reviews
from domain.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.payments import PaymentConfirmed, PaymentNotice
from domain.receipts import TOPIC
from infra.database import reading, unit_of_work
from models.payments import PaymentKind, PaymentSource
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.receipt_view import ReviewView, review_view
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/admin/pagos"
CLOSE = "document.querySelector('dialog[open]')?.close();window.scrollTo(0, 0)"
OTHER = "otro"
NO_PLACE = "Abre el pedido para pasarlo a saldo o devolverlo."


class ReceiptReview(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `empty`; with a notice, `loading` has failed."""

    receipt: ReviewView = ReviewView()
    phase: str = "loading"
    said: str = ""
    tone: str = "success"

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        """The receipt the address names, or the one that has waited longest."""
        self.said = ""
        async with told(self):
            live.watch(self, TOPIC)  # watched first: no change is missed
            await self._show(_asked(self))

    @rx.event
    @allow(Gate.OPERATOR)
    async def go(self, receipt: int) -> None:
        self.said = ""
        async with told(self):
            await self._show(forms.row_id(receipt, "receipt"))

    @rx.event
    @allow(Gate.OPERATOR)
    async def accept(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given = forms.fields(form)
            receipt_id = forms.row_id(given.get("receipt"), "receipt")
            notice = _notice(given, receipt_id)
            seen = forms.whole(given.get("seen"), "seen", least=0, most=9999)
            try:
                async with unit_of_work() as session:
                    done = await receipt_reviews.accept(
                        session, actor(), receipt_id=receipt_id, notice=notice, seen_payments=seen
                    )
            except Conflict:
                await self._show(receipt_id)
                raise
            return await self._did(receipt_id, *_accepted(done))
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def reject(self, form: dict[str, Any]) -> EventSpec | None:
        said = "rechazado; el cliente sabe por qué."
        return await self._refuse(form, "rejected", receipt_reviews.reject, said)

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask_again(self, form: dict[str, Any]) -> EventSpec | None:
        said = "le pedimos otro al cliente."
        return await self._refuse(form, "asked_again", receipt_reviews.ask_again, said)

    async def _refuse(self, form: object, name: str, decide: Any, said: str) -> EventSpec | None:
        """The field is named as its outcome: both forms are on the page."""
        async with told(self):
            given = forms.fields(form)
            receipt_id = forms.row_id(given.get("receipt"), "receipt")
            chosen = forms.text(given.get("chosen"), "reason", longest=200)
            other = forms.text(given.get(name), "reason", longest=200)
            reason = other if chosen in {"", OTHER} else chosen
            try:
                async with unit_of_work() as session:
                    await decide(session, actor(), receipt_id=receipt_id, reason=reason)
            except Conflict:
                await self._show(receipt_id)
                raise
            return await self._did(receipt_id, said, "success")
        if "reason" in self.errors:
            self.errors = {name: self.errors["reason"]}
            return None
        return rx.call_script(CLOSE)

    async def _did(self, receipt_id: int, said: str, tone: str) -> EventSpec:
        """On to the next."""
        done = f"Pedido #{self.receipt.order}: {said}" if self.receipt.id == receipt_id else said
        async with reading() as session:
            around = await receipt_pages.neighbours(session, actor(), receipt_id=receipt_id)
        await self._show(around.after)
        self.said, self.tone = done, tone
        return rx.call_script(CLOSE)

    async def _look_again(self) -> None:
        if actor().staff and self.router.url.path.rstrip("/") == PATH:
            await self._show(self.receipt.id)

    async def _show(self, receipt_id: int) -> None:
        """This one, while it is there; else the one that has waited longest."""
        async with reading() as session:
            try:
                found = await receipt_pages.to_review(session, actor(), receipt_id=receipt_id)
            except NotFound:
                found = await _first(session)
            if found is None:
                self.receipt, self.phase = ReviewView(), "empty"
                return
            around = await receipt_pages.neighbours(session, actor(), receipt_id=found.receipt.id)
        self.receipt, self.phase = review_view(found, around), "ready"


async def _first(session: Any) -> receipt_pages.ReceiptToReview | None:
    try:
        first = await receipt_pages.first_waiting(session, actor())
        return await receipt_pages.to_review(session, actor(), receipt_id=first)
    except DomainError:
        return None


def _asked(state: rx.State) -> int:
    try:
        return forms.row_id(asked.query(state).get("comprobante", ""))
    except InvalidInput:
        return 0


def _notice(form: dict[str, object], receipt_id: int) -> PaymentNotice:
    key = forms.text(form.get("tracking_key"), "tracking_key", longest=60)
    return PaymentNotice(
        amount=forms.money(form.get("amount"), "amount"),
        paid_on=forms.day(form.get("paid_on"), "paid_on"),
        reference=receipt_reviews.reference_for(receipt_id, key),
        tracking_key=key,
        bank=forms.text(form.get("bank"), "bank", longest=60),
        source=PaymentSource.RECEIPT,
    )


def _accepted(done: PaymentConfirmed) -> tuple[str, str]:
    if done.repeated:
        return "ese pago ya estaba registrado; no se contó dos veces.", "info"
    if done.kind is PaymentKind.PARTIAL:
        return "pago parcial registrado; el cliente sabe lo que falta.", "warning"
    if done.status == "cancelled":
        return f"pago tardío registrado; el pedido sigue cancelado. {NO_PLACE}", "warning"
    if done.kind is PaymentKind.OVER:
        return f"pago confirmado con dinero de más. {NO_PLACE}", "warning"
    if done.status == "delivered":
        return "pago confirmado y accesos entregados.", "success"
    return "pago confirmado; el pedido espera stock.", "warning"
