"""One customer on the operator's side; the owner alone merges and erases."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec, run_script

from domain import (
    customer_changes,
    customer_erasures,
    customer_merges,
    customer_pages,
    customers,
    message_pages,
    ticket_pages,
)
from domain.customer_merges import Moving
from domain.errors import NotFound
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.customer_view import CustomerView, MergeView, customer_view, merge_view
from state.outcomes import Outcomes, told

CLOSE = "document.querySelectorAll('dialog[open]').forEach((one) => one.close()); scrollTo(0, 0)"


class AdminCustomer(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`. `said` is what was just done."""

    customer: CustomerView = CustomerView()
    merging: MergeView = MergeView()
    phase: str = "loading"
    said: str = ""
    _moving: Moving | None = None

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[EventSpec | None]:
        """A number that was merged leads to who took over."""
        number = asked.order_number(self)
        self.said, self.merging = "", MergeView()
        if number != self.customer.id:
            self.customer, self.phase = CustomerView(), "loading"
            yield None
        async with told(self):
            async with reading() as session:
                into = await customer_pages.merged_into(session, actor(), customer_id=number)
            if into:
                yield rx.redirect(f"/admin/clientes/{into}", replace=True)
            else:
                await self._show(number)

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            sent = forms.fields(form)
            async with unit_of_work() as session:
                await customer_changes.edit(
                    session,
                    actor(),
                    customer_id=self.customer.id,
                    name=forms.text(sent.get("name"), "name", longest=400),
                    email=forms.text(sent.get("email"), "email", longest=400),
                    delivery_preference=forms.choice(
                        sent.get("preference"), "preference", customers.PREFERENCES
                    ),
                    notes=forms.text(sent.get("notes"), "notes", longest=2000),
                )
            return await self._done("Guardamos los cambios.")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def block(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                await customer_changes.block(session, actor(), customer_id=self.customer.id)
            return await self._done("Quedó bloqueado y se cerraron sus sesiones.")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def unblock(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                await customer_changes.unblock(session, actor(), customer_id=self.customer.id)
            return await self._done("Ya puede entrar y comprar otra vez.")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def change_phone(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            phone = forms.text(forms.fields(form).get("phone"), "phone", longest=30)
            async with unit_of_work() as session:
                await customer_changes.change_phone(
                    session, actor(), customer_id=self.customer.id, phone=phone
                )
            return await self._done("Cambió su celular. Entrará con el código que llegue ahí.")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def preview(self, form: dict[str, Any]) -> None:
        """Who the duplicate is, by its phone, whole; the one on screen stays or goes."""
        self.merging = MergeView()
        async with told(self):
            sent = forms.fields(form)
            phone = forms.text(sent.get("duplicate"), "duplicate", longest=30, required=True)
            keep = forms.choice(sent.get("keep"), "keep", {"this", "other"})
            async with reading() as session:
                other = await customer_pages.by_phone(session, actor(), phone=phone)
                pair = (self.customer.id, other) if keep == "this" else (other, self.customer.id)
                found = await customer_merges.preview(
                    session, actor(), stays_id=pair[0], goes_id=pair[1]
                )
            self.merging, self._moving = merge_view(found), found.moving

    @rx.event
    @allow(Gate.OWNER)
    async def merge(self) -> EventSpec | None:
        async with told(self):
            if self._moving is None:
                raise NotFound
            pair = self.merging.stays_id, self.merging.goes_id
            async with unit_of_work() as session:
                await customer_merges.merge(
                    session, actor(), stays_id=pair[0], goes_id=pair[1], seen=self._moving
                )
            if pair[0] != self.customer.id:
                return rx.redirect(f"/admin/clientes/{pair[0]}")
            return await self._done("Ahora son un solo cliente.")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def erase(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            sent = forms.fields(form)
            async with unit_of_work() as session:
                await customer_erasures.erase(
                    session,
                    actor(),
                    customer_id=self.customer.id,
                    typed=forms.text(sent.get("typed"), "typed", longest=10),
                    end_subscriptions=forms.flag(sent.get("end")),
                )
            return await self._done("Sus datos se borraron. Los registros de dinero se quedan.")
        return None

    async def _done(self, said: str) -> EventSpec:
        await self._show(self.customer.id)
        self.said, self.merging, self._moving = said, MergeView(), None
        return run_script(CLOSE)

    async def _show(self, number: int) -> None:
        try:
            async with reading() as session:
                found = customer_view(
                    await customer_pages.customer(session, actor(), customer_id=number),
                    await customer_pages.orders_of(session, actor(), customer_id=number),
                    await customer_pages.subscriptions_of(session, actor(), customer_id=number),
                    await ticket_pages.of_customer(session, actor(), customer_id=number),
                    await message_pages.of_customer(session, actor(), customer_id=number),
                    await customer_pages.phones_of(session, actor(), customer_id=number),
                )
        except NotFound:
            self.customer, self.phase = CustomerView(), "missing"
            return
        self.customer, self.phase = found, "ready"
