"""The operator's list of accounts: a tab, a service and a page of it, all of them in the address.

A search is not in the address: what is typed may be a login, which is a secret of the stock. It
goes to the server in an event, only its keyed hash meets the database, and this State keeps what
was found, never what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import inventory_pages
from domain.errors import InvalidInput
from domain.inventory_pages import MOST_COUNTED, PAGE, AccountLine
from infra.database import reading
from models.inventory import AccountStatus
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.admin.account_view import STATUSES, Option, supplier_note
from state.admin.orders import SHOW_TAB
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/inventario"
LONGEST_SEARCH = 256
# As the export reads them from this address, too.
TABS = {
    "": ("Todas", None),
    "activas": ("Activas", "active"),
    "mantenimiento": ("En mantenimiento", "maintenance"),
    "caidas": ("Caídas", "down"),
    "retiradas": ("Retiradas", "retired"),
}


@dataclass(frozen=True)
class InventoryTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class AccountRow:
    """`places` is free of all; `unsold` says that the free ones are not for sale."""

    id: int
    service: str
    slug: str
    initials: str
    plan: str
    status: str
    tone: str
    paid_until: str
    paid_note: str
    paid_tone: str
    places: str
    unsold: bool
    held: int
    to_rotate: int


class Inventory(Outcomes, rx.State):
    """`found` is true while the rows are what a search found, and not the list of the address.

    `filter_key` changes when the filter's select must be drawn anew.
    """

    rows: list[AccountRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tabs: list[InventoryTab] = []  # noqa: RUF012
    services: list[Option] = []  # noqa: RUF012
    tab: str = ""
    service: str = ""
    filter_key: str = ""
    found: bool = False
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            live.watch(self, "inventory", "orders")
            await self._show()
        return rx.call_script(SHOW_TAB)

    @rx.event
    @allow(Gate.OPERATOR)
    async def search(self, form: dict[str, Any]) -> None:
        """By exact login or by number, whatever the filters; nothing typed shows the list again."""
        async with told(self):
            q = forms.text(forms.fields(form).get("q"), "q", longest=LONGEST_SEARCH)
            if not q:
                await self._show()
                return
            async with reading() as session:
                lines = await inventory_pages.find(session, actor(), q)
            self.newer = self.older = ""
            self.found, self.paged = True, False
            self.rows = [_row(line) for line in lines]

    async def _look_again(self) -> None:
        """What a search found stays as it was found: what was asked is not kept."""
        if not self.found and staff_at(self, PATH):
            await self._show()

    async def _show(self) -> None:
        tab, service, place = _filters(self)
        async with reading() as session:
            lines = await inventory_pages.account_list(
                session,
                actor(),
                status=TABS[tab][1],
                service_id=service,
                before=place.before,
                limit=PAGE + 1,
            )
            counts = await inventory_pages.counts(session, actor(), service_id=service)
            services = await inventory_pages.services(session, actor())
        chosen = str(service or "")
        kept = {"estado": tab, "servicio": chosen}
        self.newer, self.older = place.around(PATH, kept, [line.id for line in lines], PAGE)
        self.paged = bool(self.newer or self.older)
        self.tabs = [_tab(name, counts, tab, chosen) for name in TABS]
        self.services = [Option(str(one.id), one.name) for one in services]
        self.tab, self.service, self.found, self.loaded = tab, chosen, False, True
        self.filter_key = f"{chosen}:{len(services)}"
        self.rows = [_row(line) for line in lines[:PAGE]]


def _filters(state: rx.State) -> tuple[str, int | None, Place]:
    """Tab, service and place; an unknown tab and a mangled service show everything."""
    said = asked.query(state)
    tab = said.get("estado", "")
    try:
        service = forms.row_id(said["servicio"]) if said.get("servicio") else None
    except InvalidInput:
        service = None
    return tab if tab in TABS else "", service, Place.of(state)


def _tab(name: str, counts: dict[str, int], active: str, service: str) -> InventoryTab:
    label, status = TABS[name]
    count = counts.get(status, 0) if status else sum(counts.values())
    return InventoryTab(
        label=label,
        address=asked.address(PATH, {"estado": name, "servicio": service}),
        active=name == active,
        count=f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or ""),
    )


def _row(line: AccountLine) -> AccountRow:
    status, tone = STATUSES[line.status]
    retired = line.status == AccountStatus.RETIRED
    note, paid_tone = supplier_note(None if retired else line.paid_until)
    return AccountRow(
        id=line.id,
        service=line.service_name,
        slug=line.service_slug,
        initials=views.initials(line.service_name),
        plan=f"Solo {line.plan_name}" if line.plan_name else "Compartida",
        status=status,
        tone=tone,
        paid_until=views.day(line.paid_until) if line.paid_until else "Sin fecha",
        paid_note=note,
        paid_tone=paid_tone,
        places=f"{line.free} de {line.profiles}",
        unsold=bool(line.free) and line.status != AccountStatus.ACTIVE,
        held=line.held,
        to_rotate=line.to_rotate,
    )
