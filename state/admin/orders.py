"""The operator's list of orders: filters, order and page are in its address; rows can be chosen.

Chosen orders are paid, reminded, kept, cancelled, assigned or sent again, one by one: what it would
apply to is said before. Doing it again changes nothing that was done.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import expirations, order_batches, order_lists, order_pages
from domain.order_batches import Foretold
from domain.order_filters import Wanted
from infra.database import reading
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin import order_rows
from state.admin.one_by_one import OneByOne
from state.admin.order_batches import ACTIONS, BatchView, batch_view, title, work_of
from state.admin.order_drawer import DrawerView, drawer_view
from state.admin.order_rows import PATH, SIZES, FiltersView, OrderRow, TabView
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told

# A phone shows two or three tabs; the one that is open must be among them.
SHOW_TAB = """requestAnimationFrame(() => document.querySelector(".cu-tabs [aria-current=page]")
  ?.scrollIntoView({ inline: "center", block: "nearest" }))"""
CLOSE_BATCH = "document.getElementById('varios')?.close()"
OPEN_DRAWER = "document.getElementById('vistazo')?.showModal()"
CLOSE_DRAWER = "document.getElementById('vistazo')?.close()"


class AdminOrders(OneByOne, Outcomes, rx.State):
    """`tab` is empty while all orders are shown; `newer` and `older` are addresses.

    `chosen` may reach beyond the page; `batch` is what is about to be done with them. `peek` is the
    order looked at beside the list; as a list it weighs nothing in a tab that never looks.
    """

    orders: list[OrderRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tabs: list[TabView] = []  # noqa: RUF012
    filters: FiltersView = FiltersView()
    tab: str = ""
    q: str = ""
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False
    chosen: list[int] = []  # noqa: RUF012
    batch: BatchView = BatchView()
    peek: list[DrawerView] = []  # noqa: RUF012
    # How those it applies to stood when the action was foretold.
    _seen: dict[int, Foretold] = {}  # noqa: RUF012

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            live.watch(self, "orders", *(f"order:{one.order.number}" for one in self.peek))
            self.chosen, self.results, self.running = [], [], False
            await self._show()
            self.peek = [await _beside(one.order.number) for one in self.peek]
        return rx.call_script(SHOW_TAB)

    @rx.event
    @allow(Gate.OPERATOR)
    async def look(self, order: int) -> AsyncGenerator[EventSpec | None]:
        """Open one beside the list, which stays as it is; it follows what others do to it."""
        self.peek = []
        yield rx.call_script(OPEN_DRAWER)
        async with told(self):
            number = forms.row_id(order, "order")
            live.watch(self, "orders", f"order:{number}")  # watched first: no change is missed
            self.peek = [await _beside(number)]
        if self.notice:
            yield rx.call_script(CLOSE_DRAWER)

    @rx.event
    @allow(Gate.OPERATOR)
    async def toggle(self, order: int) -> None:
        async with told(self):
            order = forms.row_id(order, "order")
            if order in self.chosen:
                self.chosen = [one for one in self.chosen if one != order]
            elif any(row.number == order for row in self.orders):
                self.chosen = [*self.chosen, order][-order_batches.MOST :]

    @rx.event
    @allow(Gate.OPERATOR)
    async def toggle_page(self) -> None:
        page = [row.number for row in self.orders]
        self.chosen = [] if set(page) <= set(self.chosen) else page

    @rx.event
    @allow(Gate.OPERATOR)
    async def choose_all(self) -> None:
        """Everything the filters show, on other pages too, as far as it can be worked through."""
        async with told(self), reading() as session:
            self.chosen = await order_lists.order_ids(
                session, actor(), Wanted.of(asked.query(self)), most=order_batches.MOST
            )

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask(self, action: str) -> AsyncGenerator[None]:
        """Say what would be done, and to which of the chosen."""
        self.errors, self.batch = {}, BatchView(times=self.batch.times)
        yield  # what was asked for before leaves at once
        async with told(self):
            action = forms.choice(action, "action", ACTIONS)
            async with reading() as session:
                foretold = await order_batches.foretell(
                    session, actor(), action=action, order_ids=self.chosen
                )
            self._seen = {one.id: one for one in foretold if not one.why_not}
            self.batch = batch_view(action, foretold, self.batch.times + 1)

    @rx.event
    @allow(Gate.OPERATOR)
    async def run(self, form: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        """Work through those it applies to; what the dialog asked for is checked first."""
        work, rows = None, [(one.id, title(one)) for one in self._seen.values()]
        async with told(self):
            action = forms.choice(self.batch.action, "action", ACTIONS)
            work = work_of(action, forms.fields(form), {**self._seen})
        if work is None or not rows:
            return
        self.batch, self._seen = BatchView(times=self.batch.times), {}
        yield rx.call_script(CLOSE_BATCH)
        async for event in self._each(rows, work):
            yield event
        self.chosen = []
        async with told(self):
            await self._show()

    async def _look_again(self) -> None:
        """While rows are worked through, each of them changes something."""
        if actor().staff and not self.running and self.router.url.path.rstrip("/") == PATH:
            await self._show()
            self.peek = [await _beside(one.order.number) for one in self.peek]

    async def _show(self) -> None:
        wanted, size, place = Wanted.of(asked.query(self)), _size(self), Place.of(self)
        async with reading() as session:
            found = await order_lists.order_list(
                session, actor(), wanted, after=place.before, limit=size + 1
            )
            services = await expirations.services(session, actor())
        shown = "" if size == order_lists.PAGE else str(size)
        kept = {**wanted.said(), "por": shown}
        marks = [order_lists.mark_of(wanted, order) for order in found]
        self.newer, self.older = place.around(PATH, kept, marks, size)
        self.paged = bool(self.newer or self.older)
        self.tabs = order_rows.tabs(kept)
        self.filters = order_rows.filters_view(wanted, shown, services)
        self.tab, self.q, self.loaded = kept["tab"], wanted.q, True
        self.orders = [order_rows.row(order) for order in found[:size]]


async def _beside(number: int) -> DrawerView:
    async with reading() as session:
        return drawer_view(await order_pages.order_page(session, actor(), order_id=number))


def _size(state: rx.State) -> int:
    said = asked.query(state).get("por", "")
    return int(said) if said in SIZES else order_lists.PAGE
