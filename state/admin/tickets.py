"""The queue of support: tickets by what they wait for, and the contact page's inbox."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import contact, ticket_pages
from domain.errors import InvalidInput
from domain.texts import TICKET_PRIORITIES
from domain.ticket_pages import MOST_COUNTED, NOBODY, PAGE, TABS, Filters
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.orders import SHOW_TAB
from state.admin.ticket_rows import ContactRow, TicketRow, contact_row, ticket_row
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/soporte"
CONTACT, ANSWERED = "contacto", "atendidos"
TAB_NAMES = {
    "abiertos": "Abiertos",
    "esperan": "Esperan al cliente",
    "resueltos": "Resueltos",
    "todos": "Todos",
    CONTACT: "Contacto",
}
UNASSIGNED = "nadie"


@dataclass(frozen=True)
class QueueTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class Choice:
    value: str
    name: str


@dataclass(frozen=True)
class QueueView:
    """`contacts` are shown on their own tab; `answered`: those that are settled.

    `filter_key` changes when the filters must be drawn anew.
    """

    tab: str = "abiertos"
    tabs: list[QueueTab] = field(default_factory=list)
    rows: list[TicketRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    answered: bool = False
    team: list[Choice] = field(default_factory=list)
    assignee: str = ""
    priority: str = ""
    filter_key: str = ""
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False


class AdminTickets(Outcomes, rx.State):
    view: QueueView = QueueView()
    said: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        self.said = ""
        async with told(self):
            live.watch(self, "tickets", "contact")  # watched first: no change is missed
            await self._show()
        return rx.call_script(SHOW_TAB)

    @rx.event
    @allow(Gate.OPERATOR)
    async def answered(self, contact_id: int) -> None:
        """Somebody wrote or called back by other means."""
        self.said = ""
        async with told(self):
            number = forms.row_id(contact_id)
            async with unit_of_work() as session:
                await contact.mark_answered(session, actor(), contact_id=number)
            self.said = "Quedó como atendido."
        await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def to_ticket(self, contact_id: int) -> EventSpec | None:
        self.said = ""
        async with told(self):
            number = forms.row_id(contact_id)
            async with unit_of_work() as session:
                ticket = await contact.to_ticket(session, actor(), contact_id=number)
            return rx.redirect(f"{PATH}/{ticket}")
        await self._show()  # what happened to it meanwhile
        return None

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    async def _show(self) -> None:
        tab, place = _tab(self), Place.of(self)
        async with reading() as session:
            counts = await ticket_pages.counts(session, actor())
            counts[CONTACT] = await contact.waiting(session)
            self.view = (
                await self._inbox(session, counts, place)
                if tab == CONTACT
                else await self._queue(session, counts, tab, place)
            )

    async def _queue(
        self, session: AsyncSession, counts: dict[str, int], tab: str, place: Place
    ) -> QueueView:
        assignee, priority = _filters(self)
        wanted = Filters(tab, _assignee(assignee), priority)
        found = await ticket_pages.queue(
            session, actor(), wanted, after=place.before, limit=PAGE + 1
        )
        team = await ticket_pages.team(session, actor())
        kept = {"asignado": assignee, "prioridad": priority}
        at = {"tab": "" if tab == "abiertos" else tab, **kept}
        newer, older = place.around(PATH, at, [one.turn for one in found], PAGE)
        return QueueView(
            tab=tab,
            tabs=_tabs(tab, counts, kept),
            rows=[ticket_row(one) for one in found[:PAGE]],
            team=[Choice(UNASSIGNED, "Sin asignar")]
            + [Choice(str(n), f"{name} (yo)" if n == actor().id else name) for n, name in team],
            assignee=assignee,
            priority=priority,
            filter_key=f"{assignee}:{priority}:{len(team)}",
            newer=newer,
            older=older,
            paged=bool(newer or older),
            loaded=True,
        )

    async def _inbox(
        self, session: AsyncSession, counts: dict[str, int], place: Place
    ) -> QueueView:
        answered = asked.query(self).get("ver") == ANSWERED
        found = await contact.inbox(
            session, actor(), answered=answered, after=place.before, limit=PAGE + 1
        )
        at = {"tab": CONTACT, "ver": ANSWERED if answered else ""}
        newer, older = place.around(PATH, at, [one.id for one in found], PAGE)
        return QueueView(
            tab=CONTACT,
            tabs=_tabs(CONTACT, counts, {}),
            contacts=[contact_row(one) for one in found[:PAGE]],
            answered=answered,
            newer=newer,
            older=older,
            paged=bool(newer or older),
            loaded=True,
        )


def _tab(state: rx.State) -> str:
    tab = asked.query(state).get("tab", "abiertos")
    return tab if tab in TAB_NAMES else "abiertos"


def _filters(state: rx.State) -> tuple[str, str]:
    """Who and how urgent, as the address says; what it mangles is no filter."""
    said = asked.query(state)
    assignee, priority = said.get("asignado", ""), said.get("prioridad", "")
    if assignee != UNASSIGNED:
        try:
            assignee = str(forms.row_id(assignee))
        except InvalidInput:
            assignee = ""
    return assignee, priority if priority in TICKET_PRIORITIES else ""


def _assignee(said: str) -> int | None:
    if said == UNASSIGNED:
        return NOBODY
    return int(said) if said else None


def _tabs(active: str, counts: dict[str, int], kept: dict[str, str]) -> list[QueueTab]:
    return [
        QueueTab(
            label=label,
            address=asked.address(
                PATH,
                {"tab": "" if name == "abiertos" else name, **(kept if name in TABS else {})},
            ),
            active=name == active,
            count=_count(counts.get(name, 0)),
        )
        for name, label in TAB_NAMES.items()
    ]


def _count(n: int) -> str:
    return f"{MOST_COUNTED - 1}+" if n >= MOST_COUNTED else str(n or "")
