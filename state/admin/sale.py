"""The sales desk: an operator orders for whoever calls or writes, at once or by a draft.

Plans and prices are the shelf's; what the operator saw as the total is what is agreed to.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import counter, drafts, order_pages, shelf
from domain.counter import Sale
from domain.customers import LONGEST_NAME, PREFERENCES
from domain.errors import Conflict, InvalidInput, NotFound
from domain.texts import ORDER_STATES
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.order import TO_TOP
from state.admin.order_parts import last_step, order_view
from state.admin.sale_parts import (
    BasketView,
    BuyerView,
    DraftView,
    ShelfView,
    SoldView,
    basket,
    buyer_view,
    draft_view,
    kept_view,
    shelves,
    sold_view,
    still_on_sale,
)
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/admin/vender"


class SalesDesk(Outcomes, rx.State):
    """Nothing is held for anybody until it is sold: the stock beside each plan is what there is.

    `sold` is what became of the last order or draft.
    """

    buyer: BuyerView = BuyerView()
    services: list[ShelfView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    basket: BasketView = BasketView()
    draft: DraftView = DraftView()
    sold: SoldView = SoldView()
    loaded: bool = False
    _units: dict[int, int] = {}  # noqa: RUF012
    _total: Decimal = Decimal(0)
    _seen: str = ""  # the draft as it was opened

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        """A socket that comes back loads again: what was being sold stays."""
        async with told(self):
            live.watch(self, "orders", "inventory", "catalog")
            if (number := _draft_number(self)) != self.draft.number:
                self._clear()
                if number:
                    await self._open(number)
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def find(self, form: dict[str, Any]) -> None:
        async with told(self):
            phone = forms.text(forms.fields(form).get("phone"), "phone", longest=40, required=True)
            async with reading() as session:
                buyer = await counter.find_buyer(session, actor(), phone=phone)
            self.buyer, self.sold = buyer_view(buyer), SoldView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> EventSpec | None:
        """Somebody else buys."""
        self._clear()
        async with told(self):
            await self._show()
        return rx.redirect(PATH) if _draft_number(self) else None

    @rx.event
    @allow(Gate.OPERATOR)
    async def change(self, plan_id: int, units: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id, "plan")
            many = forms.whole(units, "quantity", least=0, most=counter.MOST_UNITS)
            self._units = {**self._units, plan: many}
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def sell(self, form: dict[str, Any]) -> list[EventSpec] | EventSpec | None:
        """Whatever refuses it, the shelf is shown as it is now."""
        said, drafted = forms.fields(form), self.draft.number > 0
        async with self._acting():
            paid = forms.choice(said.get("how", "ask"), "how", {"ask", "paid"}) == "paid"
            reference = forms.text(said.get("reference"), "reference", longest=40, required=paid)
            name, preference = _who(said)
            async with unit_of_work() as session:
                sale = await (
                    self._send(session, preference)
                    if drafted
                    else counter.sell(
                        session,
                        actor(),
                        phone=self.buyer.phone,
                        name=name or self.buyer.name,
                        lines=self._lines(),
                        delivery_preference=preference,
                        seen_total=self._total,
                        reference=reference if paid else None,
                    )
                )
            self._clear()
            self.sold = sold_view(sale)
        shelf.forget()
        await self._show()
        if drafted and self.sold.number:
            return _to()
        return rx.call_script(TO_TOP) if self.sold.number or self.notice else None

    @rx.event
    @allow(Gate.OPERATOR)
    async def keep(self, form: dict[str, Any]) -> list[EventSpec] | EventSpec:
        """As a draft: the one on the desk, or a new one."""
        number = self.draft.number
        async with self._acting():
            name, preference = _who(forms.fields(form))
            kept: dict[str, Any] = {"lines": self._lines(), "delivery_preference": preference}
            async with unit_of_work() as session:
                if number:
                    await drafts.change(session, actor(), order_id=number, seen=self._seen, **kept)
                else:
                    name = name or self.buyer.name
                    number = await drafts.keep(
                        session, actor(), phone=self.buyer.phone, name=name, **kept
                    )
            await self._open(number)
            self.sold = kept_view(number)
        await self._show()
        if self.draft.number and not self.notice:
            return _to(f"?borrador={number}")
        return rx.call_script(TO_TOP)

    @rx.event
    @allow(Gate.OPERATOR)
    async def give_up(self) -> list[EventSpec] | None:
        number = self.draft.number
        async with self._acting():
            async with unit_of_work() as session:
                await drafts.give_up(session, actor(), order_id=number)
            self._clear()
            self.sold = SoldView(number, f"Descartamos el borrador #{number}.")
        await self._show()
        return None if self.notice else _to()

    async def _send(self, session: AsyncSession, preference: str) -> Sale:
        return await drafts.send(
            session,
            actor(),
            order_id=self.draft.number,
            lines=self._lines(),
            delivery_preference=preference,
            seen_total=self._total,
            seen=self._seen,
        )

    def _lines(self) -> dict[int, int]:
        return {plan: many for plan, many in self._units.items() if many}

    @asynccontextmanager
    async def _acting(self) -> AsyncGenerator[None]:
        """As `told`; who comes too late to a draft sees what others made of it."""
        self.sold = SoldView()
        async with told(self):
            try:
                yield
            except Conflict as refusal:
                if refusal.code == "order_state" and self.draft.number:
                    await self._moved(self.draft.number)
                    return
                if refusal.code == "draft_changed":
                    await self._open(self.draft.number)
                raise

    async def _open(self, number: int) -> None:
        """Put a draft on the desk, as it is now."""
        try:
            async with reading() as session:
                draft = await drafts.draft(session, actor(), order_id=number)
                buyer = await counter.find_buyer(session, actor(), phone=draft.phone)
        except NotFound as refusal:
            self.notice = refusal.message
            return
        except Conflict:
            await self._moved(number)
            return
        units = still_on_sale(await shelf.services(), draft.lines)
        self.buyer = replace(buyer_view(buyer), preference=draft.delivery_preference)
        self.draft, self._seen, self._units = draft_view(draft, units), draft.version, units

    async def _moved(self, number: int) -> None:
        """It is no draft any more: say what happened, and by whom."""
        async with reading() as session:
            order = await order_pages.order_page(session, actor(), order_id=number)
        status, last = ORDER_STATES[order.status], last_step(order_view(order))
        self._clear()
        said = f"El borrador #{number} ya está {status}. Lo último: {last}."
        self.sold = SoldView(number, said, "warning")

    def _clear(self) -> None:
        self.buyer, self.draft, self.sold = BuyerView(), DraftView(), SoldView()
        self._units, self._seen = {}, ""

    async def _look_again(self) -> None:
        if not actor().staff or self.router.url.path.rstrip("/") != PATH:
            return
        if self.draft.number and not await _still_draft(self.draft.number):
            await self._moved(self.draft.number)
        await self._show()

    async def _show(self) -> None:
        on_sale = await shelf.services()
        self.basket, self._total = basket(on_sale, self._units)
        self.services, self.loaded = shelves(on_sale, self._units), True


def _who(said: dict[str, Any]) -> tuple[str, str]:
    """A name, where one was asked for, and how they want to hear of it."""
    name = forms.text(said.get("name"), "name", longest=LONGEST_NAME)
    field = "delivery_preference"
    return name, forms.choice(said.get(field), field, set(PREFERENCES))


async def _still_draft(number: int) -> bool:
    try:
        async with reading() as session:
            await drafts.draft(session, actor(), order_id=number)
    except Conflict:
        return False
    return True


def _to(query: str = "") -> list[EventSpec]:
    """The desk's own address, to where the outcome stands."""
    return [rx.redirect(PATH + query, replace=True), rx.call_script(TO_TOP)]


def _draft_number(state: rx.State) -> int:
    """The draft the address names; 0 where it names none."""
    try:
        return forms.row_id(asked.query(state).get("borrador", ""))
    except InvalidInput:
        return 0
