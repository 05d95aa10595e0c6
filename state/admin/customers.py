"""The list of customers: a tab, a search and a page of it, all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx
from reflex_base.event import EventSpec

from domain import customer_pages
from domain.customer_pages import PAGE, TABS, CustomerLine
from infra.database import reading
from state import asked, views
from state.access import Gate, actor, allow
from state.admin.orders import SHOW_TAB
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/clientes"
EVERYBODY = "todos"
TAB_NAMES = {
    EVERYBODY: "Todos",
    "con-suscripcion": "Con suscripción",
    "sin-compra": "Sin compra",
    "bloqueados": "Bloqueados",
    "por-borrar": "Piden borrarse",
}


@dataclass(frozen=True)
class CustomerTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class CustomerRow:
    """`note` says what is out of the ordinary, with its tone."""

    id: int
    name: str
    phone: str
    email: str
    orders: str
    spent: str
    last: str
    live: str
    note: str
    tone: str


@dataclass(frozen=True)
class CustomersView:
    rows: list[CustomerRow] = field(default_factory=list)
    tabs: list[CustomerTab] = field(default_factory=list)
    tab: str = ""
    q: str = ""
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False


class AdminCustomers(Outcomes, rx.State):
    shown: CustomersView = CustomersView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            live.watch(self, "customers")
            await self._show()
        return rx.call_script(SHOW_TAB)

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    async def _show(self) -> None:
        tab, q = customer_pages.asked(asked.query(self))
        place = Place.of(self)
        async with reading() as session:
            found = await customer_pages.customers(
                session, actor(), tab=tab, q=q, before=place.before, limit=PAGE + 1
            )
            waiting = await customer_pages.waiting_erasures(session, actor())
        kept = {"tab": "" if tab == EVERYBODY else tab, "q": q}
        newer, older = place.around(PATH, kept, [one.id for one in found], PAGE)
        self.shown = CustomersView(
            rows=[_row(one) for one in found[:PAGE]],
            tabs=[_tab(name, tab, q, waiting) for name in TABS],
            tab=kept["tab"],
            q=q,
            newer=newer,
            older=older,
            paged=bool(newer or older),
            loaded=True,
        )


def _tab(name: str, active: str, q: str, waiting: int) -> CustomerTab:
    return CustomerTab(
        label=TAB_NAMES[name],
        address=asked.address(PATH, {"tab": "" if name == EVERYBODY else name, "q": q}),
        active=name == active,
        count=str(waiting or "") if name == "por-borrar" else "",
    )


def _row(one: CustomerLine) -> CustomerRow:
    note, tone = "", "neutral"
    if one.asked_at is not None:
        note, tone = f"Pidió borrarse {views.ago(one.asked_at)}", "warning"
    elif one.blocked:
        note, tone = "Bloqueado", "error"
    return CustomerRow(
        id=one.id,
        name=one.name or "Sin nombre",
        phone=views.phone(one.phone),
        email=one.email,
        orders=str(one.orders),
        spent=views.pesos(one.spent),
        last=views.moment(one.last_purchase) or "Aún no compra",
        live=str(one.live),
        note=note,
        tone=tone,
    )
