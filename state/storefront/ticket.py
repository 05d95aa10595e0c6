"""One ticket of a customer: what was said, and what they add. Answers appear by themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from domain import ticket_pages, tickets
from domain.errors import DomainError
from domain.ticket_entries import LONGEST_WORDS
from domain.ticket_pages import ENTRIES, Thread
from infra.database import reading, unit_of_work
from infra.settings import settings
from state import asked, forms, ticket_parts, views
from state.access import Gate, actor, allow
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told
from state.storefront.tickets import PATH
from state.ticket_parts import Bubble


@dataclass(frozen=True)
class TicketView:
    """`what_next` says what happens now, or what the customer can still do."""

    number: int = 0
    title: str = "Ticket"
    about: str = ""
    order: int = 0
    broken: bool = False
    state: str = ""
    tone: str = ""
    opened: str = ""
    what_next: str = ""
    may_write: bool = False
    may_settle: bool = False
    newest: bool = True
    bubbles: list[Bubble] = field(default_factory=list)
    newer: str = ""
    older: str = ""


MISSING = TicketView(title="No encontramos este ticket")


class TicketPage(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed.

    `times` counts what was sent from here: the field is emptied then, and at no other time.
    """

    ticket: TicketView = TicketView()
    phase: str = "loading"
    times: int = 0

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: what is being typed then stays."""
        number = asked.order_number(self)
        if number != self.ticket.number:
            self.ticket, self.phase = TicketView(), "loading"
            yield
        async with told(self):
            live.watch(self, f"ticket:{number}")  # watched first: no change is missed
            self.ticket, self.phase = await _found(number, Place.of(self))

    @rx.event
    @allow(Gate.CUSTOMER)
    async def write(self, form: dict[str, Any]) -> None:
        async with told(self):
            body = forms.text(forms.fields(form).get("body"), "body", longest=20 * LONGEST_WORDS)
            number = self.ticket.number
            async with unit_of_work() as session:
                await tickets.write(session, actor(), ticket_id=number, body=body)
            self.ticket, self.phase = await _found(number, Place.of(self))
            self.times += 1

    @rx.event
    @allow(Gate.CUSTOMER)
    async def settle(self) -> None:
        async with told(self):
            number = self.ticket.number
            async with unit_of_work() as session:
                await tickets.settle(session, actor(), ticket_id=number)
            self.ticket, self.phase = await _found(number, Place.of(self))

    async def _look_again(self) -> None:
        if actor().kind == "customer" and self.phase == "ready":
            self.ticket, self.phase = await _found(self.ticket.number, Place.of(self))


async def _found(number: int, place: Place) -> tuple[TicketView, str]:
    """Somebody else's ticket looks like one that does not exist. What is shown is read."""
    try:
        async with reading() as session:
            thread = await ticket_pages.thread(
                session, actor(), ticket_id=number, before=place.before, limit=ENTRIES + 1
            )
    except DomainError:
        return MISSING, "missing"
    if place.before is None and thread.line.unread:
        async with unit_of_work() as session:
            await tickets.mark_read(
                session, actor(), ticket_id=number, entry_id=thread.entries[0].id
            )
    return _view(thread, place), "ready"


def _view(thread: Thread, place: Place) -> TicketView:
    line, entries = thread.line, thread.entries
    state, tone = ticket_parts.FOR_CUSTOMERS[line.state]
    newer, older = place.around(f"{PATH}/{line.id}", {}, [one.id for one in entries], ENTRIES)
    return TicketView(
        number=line.id,
        title=line.subject,
        about=ticket_parts.about(line),
        order=line.order_id or 0,
        broken=line.assignment_id is not None and line.state in {"open", "waiting_customer"},
        state=state,
        tone=tone,
        opened=views.moment(line.created_at),
        what_next=_what_next(line.state),
        may_write=line.state != "closed",
        may_settle=line.state in {"open", "waiting_customer"},
        newest=place.before is None,
        bubbles=[ticket_parts.for_customer(one) for one in reversed(entries[:ENTRIES])],
        newer=newer,
        older=older,
    )


def _what_next(state: str) -> str:
    rule = settings()
    hours = "1 hora" if rule.support_reply_hours == 1 else f"{rule.support_reply_hours} horas"
    days = "1 día" if rule.support_reopen_days == 1 else f"{rule.support_reopen_days} días"
    return {
        "open": f"Te respondemos aquí mismo en menos de {hours}.",
        "waiting_customer": "Lee la respuesta y cuéntanos si quedó.",
        "solved": f"¿Volvió a pasar? Escribe aquí en los siguientes {days} y lo reabrimos.",
        "closed": "Si necesitas algo más, abre un ticket nuevo.",
    }[state]
