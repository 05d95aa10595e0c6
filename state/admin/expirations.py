"""What ends, by when: chosen rows are reminded, renewed, released, rotated or paid, one by one.

Doing it again changes nothing that was done.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import expirations, reminders, rotations, subscriptions
from domain.expirations import LAPSED, MOST_COUNTED, PAGE, SUPPLIER, TABS, TO_ROTATE
from infra.database import reading
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.admin.expiration_rows import ExpirationRow, ending_row, rotation_row, supplier_row
from state.admin.one_by_one import OneByOne, Work
from state.admin.orders import SHOW_TAB
from state.asked import Place
from state.outcomes import Outcomes, told

PATH = "/admin/vencimientos"
TAB_NAMES = {
    "hoy": "Hoy",
    "manana": "Mañana",
    "7": "7 días",
    "15": "15 días",
    "30": "30 días",
    LAPSED: "Vencidas",
    TO_ROTATE: "Por rotar",
    SUPPLIER: "Pagos a proveedor",
}


@dataclass(frozen=True)
class ExpirationTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class ServiceChoice:
    slug: str
    name: str


class Expirations(OneByOne, Outcomes, rx.State):
    """`kind` is `ending`, `rotate` or `supplier`. Of the chosen only those on the page count.

    `filter_key` changes when the filter's select must be drawn anew.
    """

    rows: list[ExpirationRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tabs: list[ExpirationTab] = []  # noqa: RUF012
    services: list[ServiceChoice] = []  # noqa: RUF012
    chosen: list[int] = []  # noqa: RUF012
    tab: str = "hoy"
    kind: str = "ending"
    service: str = ""
    filter_key: str = ""
    may_release: bool = False
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False
    # What the rows showed when they were chosen: a date that moved since refuses the row.
    _days: dict[int, date] = {}  # noqa: RUF012

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            self.results, self.progress, self.running = [], "", False
            await self._show()
        return rx.call_script(SHOW_TAB)

    @rx.event
    @allow(Gate.OPERATOR)
    async def toggle(self, row: int) -> None:
        async with told(self):
            row = forms.row_id(row, "row")
            if row in self.chosen:
                self.chosen = [one for one in self.chosen if one != row]
            elif row in self._days:
                self.chosen = [*self.chosen, row]

    @rx.event
    @allow(Gate.OPERATOR)
    async def toggle_all(self) -> None:
        everything = [row.id for row in self.rows]
        self.chosen = [] if len(self.chosen) == len(everything) else everything

    @rx.event
    @allow(Gate.OPERATOR)
    async def remind(self) -> AsyncGenerator[EventSpec | None]:
        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            await reminders.remind(session, actor(), assignment_id=row)
            return "Recordado", 0

        async for event in self._chosen("ending", work):
            yield event

    @rx.event
    @allow(Gate.OPERATOR)
    async def renew(self, form: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        said = forms.fields(form)
        reference: str | None = None
        async with told(self):
            if forms.choice(said.get("how"), "how", {"ask", "paid"}) == "paid":
                reference = forms.text(
                    said.get("reference"), "reference", longest=40, required=True
                )

        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            done = await expirations.renew(
                session,
                actor(),
                assignment_id=row,
                seen_end=self._days[row],
                reference=reference,
            )
            if done.status == "delivered":
                return f"Renovado y pagado: pedido #{done.order_id}", done.order_id
            return f"Renovado, por pagar: pedido #{done.order_id}", done.order_id

        if not self.errors:
            async for event in self._chosen("ending", work):
                yield event

    @rx.event
    @allow(Gate.OPERATOR)
    async def release(self) -> AsyncGenerator[EventSpec | None]:
        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            await subscriptions.release(session, actor(), assignment_id=row)
            return "Liberado: el cliente ya no ve el acceso", 0

        async for event in self._chosen("ending", work):
            yield event

    @rx.event
    @allow(Gate.OPERATOR)
    async def rotate(self) -> AsyncGenerator[EventSpec | None]:
        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            await rotations.mark_rotated(session, actor(), profile_id=row)
            return "Rotado: se puede vender otra vez", 0

        async for event in self._chosen("rotate", work):
            yield event

    @rx.event
    @allow(Gate.OPERATOR)
    async def pay(self, form: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        said = forms.fields(form)
        months, cost = 1, None
        async with told(self):
            months = forms.whole(said.get("months"), "months", least=1, most=36)
            if said.get("cost") not in (None, ""):
                cost = forms.money(said.get("cost"), "cost")

        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            until = await expirations.pay_supplier(
                session,
                actor(),
                account_id=row,
                seen_until=self._days[row],
                months=months,
                cost=cost,
            )
            return f"Pagada hasta el {views.day(until)}", 0

        if not self.errors:
            async for event in self._chosen("supplier", work):
                yield event

    async def _chosen(self, kind: str, work: Work) -> AsyncGenerator[EventSpec | None]:
        """Work through the chosen rows."""
        titles = {row.id: f"{row.title} · {row.detail}" for row in self.rows}
        chosen = [row for row in self.chosen if row in self._days] if kind == self.kind else []
        self.results, self.notice = [], "" if chosen else "Elige al menos un renglón."
        if not chosen:
            return
        async for event in self._each([(row, titles[row]) for row in chosen], work):
            yield event
        self.chosen = []
        async with told(self):
            await self._show()

    async def _show(self) -> None:
        tab, service, place = _filters(self)
        async with reading() as session:
            found, rows = await _read(session, tab, service, place)
            counts = await expirations.counts(session, actor(), service=service)
            if not self.services:
                named = await expirations.services(session, actor())
                self.services = [ServiceChoice(slug, name) for slug, name in named]
        kept = {"tab": "" if tab == "hoy" else tab, "servicio": service}
        self.newer, self.older = place.around(PATH, kept, [one.mark for one in found], PAGE)
        self.tabs = [_tab(name, counts[name], tab, service) for name in TABS]
        self.tab, self.service, self.loaded = tab, service, True
        self.filter_key = f"{service}:{len(self.services)}"
        self.kind = {TO_ROTATE: "rotate", SUPPLIER: "supplier"}.get(tab, "ending")
        self.may_release = tab == LAPSED
        self.paged, self.chosen = bool(self.newer or self.older), []
        self._days = {one.id: _seen(one) for one in found[:PAGE]}
        self.rows = rows[:PAGE]


async def _read(
    session: AsyncSession, tab: str, service: str, place: Place
) -> tuple[list[Any], list[ExpirationRow]]:
    asked_for: dict[str, Any] = {"service": service, "after": place.before, "limit": PAGE + 1}
    if tab == TO_ROTATE:
        waiting = await expirations.to_rotate(session, actor(), **asked_for)
        return list(waiting), [rotation_row(one) for one in waiting]
    if tab == SUPPLIER:
        due = await expirations.supplier_due(session, actor(), **asked_for)
        return list(due), [supplier_row(one) for one in due]
    ending = await expirations.ending(session, actor(), tab=tab, **asked_for)
    return list(ending), [ending_row(one) for one in ending]


def _seen(one: Any) -> date:
    return getattr(one, "ends_on", None) or getattr(one, "paid_until", None) or date.min


def _filters(state: rx.State) -> tuple[str, str, Place]:
    said = asked.query(state)
    tab = said.get("tab", "hoy")
    return tab if tab in TABS else "hoy", said.get("servicio", "")[:60], Place.of(state)


def _tab(name: str, count: int, active: str, service: str) -> ExpirationTab:
    return ExpirationTab(
        label=TAB_NAMES[name],
        address=asked.address(PATH, {"tab": "" if name == "hoy" else name, "servicio": service}),
        active=name == active,
        count=f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or ""),
    )
