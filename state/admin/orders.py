"""The operator's list of orders: a tab, a search and a page of it, all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from domain import order_pages
from domain.order_pages import LONGEST_SEARCH, PAGE, TABS, OrderLine
from infra.database import reading
from state import asked, views
from state.access import Gate, actor, allow
from state.admin.order_parts import PAYMENT_STATES
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/admin/pedidos"
EVERYTHING = "todos"
# A phone shows two or three tabs; the one that is open must be among them.
SHOW_TAB = """requestAnimationFrame(() => document.querySelector(".cu-tabs [aria-current=page]")
  ?.scrollIntoView({ inline: "center", block: "nearest" }))"""
TAB_NAMES = {
    "todos": "Todos",
    "por-confirmar": "Por confirmar",
    "en-proceso": "En proceso",
    "entregados": "Entregados",
    "cancelados": "Cancelados",
    "borradores": "Borradores",
}


@dataclass(frozen=True)
class TabView:
    label: str
    address: str
    active: bool


@dataclass(frozen=True)
class OrderRow:
    number: int
    customer: str
    phone: str
    products: str
    total: str
    status: str
    payment: str
    payment_tone: str
    updated: str


class AdminOrders(Outcomes, rx.State):
    """`tab` is empty while all orders are shown; `newer` and `older` are addresses."""

    orders: list[OrderRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tabs: list[TabView] = []  # noqa: RUF012
    tab: str = ""
    q: str = ""
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            live.watch(self, "orders")
            await self._show()
        return rx.call_script(SHOW_TAB)

    async def _look_again(self) -> None:
        if actor().staff and self.router.url.path.rstrip("/") == PATH:
            await self._show()

    async def _show(self) -> None:
        tab, q, place = _filters(self)
        async with reading() as session:
            found = await order_pages.order_list(
                session, actor(), tab=tab, q=q, before=place.before, limit=PAGE + 1
            )
        kept = {"tab": "" if tab == EVERYTHING else tab, "q": q}
        ids = [order.id for order in found]
        self.newer, self.older = place.around(PATH, kept, ids, PAGE)
        self.tabs = _tabs(tab, q)
        self.tab, self.q, self.loaded = kept["tab"], q, True
        self.paged = bool(self.newer or self.older)
        self.orders = [_row(order) for order in found[:PAGE]]


def _filters(state: rx.State) -> tuple[str, str, Place]:
    """Tab, search and place; an unknown tab shows everything."""
    said = asked.query(state)
    tab = said.get("tab", EVERYTHING)
    return tab if tab in TABS else EVERYTHING, said.get("q", "")[:LONGEST_SEARCH], Place.of(state)


def _tabs(active: str, q: str) -> list[TabView]:
    return [
        TabView(
            label=TAB_NAMES[name],
            address=asked.address(PATH, {"tab": "" if name == EVERYTHING else name, "q": q}),
            active=name == active,
        )
        for name in TABS
    ]


def _row(order: OrderLine) -> OrderRow:
    payment, tone = PAYMENT_STATES[order.payment_status]
    return OrderRow(
        number=order.id,
        customer=order.customer_name or "Sin nombre",
        phone=views.phone(order.customer_phone),
        products=order.products,
        total=views.pesos(order.total),
        status=order.status,
        payment=payment,
        payment_tone=tone,
        updated=views.moment(order.updated_at),
    )
