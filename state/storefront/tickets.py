"""A customer's tickets, and the form that opens one: about an access, an order, or anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import my_accounts, order_pages, ticket_pages, tickets
from domain.errors import InvalidInput
from domain.my_accounts import Subscription
from domain.ticket_entries import LONGEST_SUBJECT, LONGEST_WORDS
from domain.ticket_pages import PAGE, TicketLine
from infra.database import reading, unit_of_work
from state import asked, forms, ticket_parts, views
from state.access import Gate, actor, allow
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/soporte"
ACCESS, ORDER = "acceso", "pedido"
RECENT_ORDERS = 8


@dataclass(frozen=True)
class TicketRow:
    id: int
    subject: str
    about: str
    state: str
    tone: str
    when: str
    last_words: str
    unread: bool


@dataclass(frozen=True)
class AboutChoice:
    """Something a ticket may be about; `value` names it in the form and in the address."""

    value: str
    name: str


@dataclass(frozen=True)
class SupportView:
    """`writing`: the form is shown in place of the list.

    `broken`: it is about an access, whose warranty has a quicker way.
    """

    rows: list[TicketRow] = field(default_factory=list)
    abouts: list[AboutChoice] = field(default_factory=list)
    about: str = ""
    writing: bool = False
    broken: bool = False
    has_tickets: bool = False
    newer: str = ""
    older: str = ""
    loaded: bool = False


class MyTickets(Outcomes, rx.State):
    view: SupportView = SupportView()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        async with told(self):
            live.watch(self, f"tickets:{actor().id}")  # watched first: no change is missed
            self.view = await _read(asked.query(self), Place.of(self))

    @rx.event
    @allow(Gate.CUSTOMER)
    async def ask(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form)
            subject, body = _words(said)
            assignment_id, order_id = _about(said.get("about"))
            async with unit_of_work() as session:
                number = await tickets.open_ticket(
                    session,
                    actor(),
                    subject=subject,
                    body=body,
                    assignment_id=assignment_id,
                    order_id=order_id,
                )
            return rx.redirect(f"{PATH}/{number}")
        return None

    async def _look_again(self) -> None:
        """The form stays as it is while something is being written in it."""
        if actor().kind == "customer" and self.view.loaded and not self.view.writing:
            self.view = await _read(asked.query(self), Place.of(self))


def _words(said: dict[str, object]) -> tuple[str, str]:
    """Both fields; how long each may be the domain says, beside the other's fault."""
    return (
        forms.text(said.get("subject"), "subject", longest=20 * LONGEST_SUBJECT),
        forms.text(said.get("body"), "body", longest=20 * LONGEST_WORDS),
    )


def _about(raw: object) -> tuple[int | None, int | None]:
    """A subscription, or an order, or neither."""
    if not raw:
        return None, None
    kind, _, number = str(raw).partition("-")
    if kind not in {ACCESS, ORDER}:
        raise InvalidInput({"about": "value_invalid"})
    named = forms.row_id(number, "about")
    return (named, None) if kind == ACCESS else (None, named)


async def _read(query: Mapping[str, str], place: Place) -> SupportView:
    async with reading() as session:
        found = await ticket_pages.mine(session, actor(), before=place.before, limit=PAGE + 1)
        wanted = query.get(ACCESS) or query.get(ORDER) or query.get("nuevo")
        writing = bool(wanted) or not (found or place.before)
        held = await my_accounts.held_by(session, actor()) if writing else []
        bought = (
            await order_pages.my_orders(session, actor(), limit=RECENT_ORDERS) if writing else []
        )
    abouts = [AboutChoice(f"{ACCESS}-{one.id}", _access(one)) for one in held]
    abouts += [
        AboutChoice(f"{ORDER}-{one.id}", f"Pedido #{one.id} · {one.products}") for one in bought
    ]
    newer, older = place.around(PATH, {}, [one.turn for one in found], PAGE)
    about = _named(query, abouts)
    return SupportView(
        rows=[_row(one) for one in found[:PAGE]],
        abouts=abouts,
        about=about,
        writing=writing,
        broken=about.startswith(ACCESS),
        has_tickets=bool(found),
        newer=newer,
        older=older,
        loaded=True,
    )


def _named(query: Mapping[str, str], abouts: list[AboutChoice]) -> str:
    """What the address names, if it is the customer's."""
    asked_for = {f"{kind}-{query[kind]}" for kind in (ACCESS, ORDER) if query.get(kind)}
    return next((one.value for one in abouts if one.value in asked_for), "")


def _access(one: Subscription) -> str:
    return f"{one.service_name} · {one.plan_name} · {one.profile_label}"


def _row(line: TicketLine) -> TicketRow:
    state, tone = ticket_parts.FOR_CUSTOMERS[line.state]
    return TicketRow(
        id=line.id,
        subject=line.subject,
        about=ticket_parts.about(line),
        state=state,
        tone=tone,
        when=views.moment(line.since).capitalize(),
        last_words=line.last_words,
        unread=line.unread,
    )
