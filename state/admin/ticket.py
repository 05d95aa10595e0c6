"""One ticket on the staff's side: what was said, what to answer, whose it is and how it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx

from domain import canned_replies, ticket_desk, ticket_pages, tickets
from domain.errors import DomainError
from domain.texts import TICKET_PRIORITIES
from domain.ticket_entries import LONGEST_WORDS
from domain.ticket_pages import ENTRIES
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.ticket_view import MISSING, TicketView, ticket_view
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told

MOST_VERSIONS = 2**31 - 1
MOVED = {
    "open": "El ticket está abierto otra vez.",
    "solved": "El ticket quedó resuelto.",
    "closed": "El ticket quedó cerrado.",
}


class AdminTicket(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed.

    Every form says which version of the ticket it was drawn from. `times` counts the answers sent
    from here: only then the field is emptied; `noted` counts the notes.
    """

    ticket: TicketView = TicketView()
    phase: str = "loading"
    said: str = ""
    times: int = 0
    noted: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: the answer being typed then stays."""
        self.said, number = "", asked.order_number(self)
        if number != self.ticket.number:
            self.ticket, self.phase = TicketView(), "loading"
            yield
        async with told(self):
            live.watch(self, f"ticket:{number}")  # watched first: no change is missed
            self.ticket, self.phase = await _found(number, Place.of(self))

    @rx.event
    @allow(Gate.OPERATOR)
    async def answer(self, form: dict[str, Any]) -> None:
        said = forms.fields(form)
        solved = forms.flag(said.get("solved"))
        async with told(self):
            body = forms.text(said.get("body"), "body", longest=20 * LONGEST_WORDS)
            async with unit_of_work() as session:
                await ticket_desk.answer(
                    session,
                    actor(),
                    ticket_id=self.ticket.number,
                    seen=_version(said),
                    body=body,
                    solved=solved,
                )
            self.times += 1
        await self._show("Respuesta enviada; el ticket quedó resuelto." if solved else "")

    @rx.event
    @allow(Gate.OPERATOR)
    async def note(self, form: dict[str, Any]) -> None:
        async with told(self):
            body = forms.text(forms.fields(form).get("note"), "note", longest=20 * LONGEST_WORDS)
            async with unit_of_work() as session:
                await ticket_desk.note(session, actor(), ticket_id=self.ticket.number, body=body)
            self.noted += 1
        await self._show("")

    @rx.event
    @allow(Gate.OPERATOR)
    async def arrange(self, form: dict[str, Any]) -> None:
        said = forms.fields(form)
        async with told(self):
            assignee = forms.row_id(said["assignee"], "assignee") if said.get("assignee") else None
            priority = forms.choice(said.get("priority"), "priority", set(TICKET_PRIORITIES))
            async with unit_of_work() as session:
                await ticket_desk.arrange(
                    session,
                    actor(),
                    ticket_id=self.ticket.number,
                    seen=_version(said),
                    assignee_id=assignee,
                    priority=priority,
                )
        await self._show("Guardado.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def take(self, seen: int) -> None:
        async with told(self):
            version = forms.whole(seen, "seen", least=0, most=MOST_VERSIONS)
            async with unit_of_work() as session:
                await ticket_desk.arrange(
                    session,
                    actor(),
                    ticket_id=self.ticket.number,
                    seen=version,
                    assignee_id=actor().id,
                    priority=self.ticket.priority,
                )
        await self._show("Ahora es tuyo.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def move(self, status: str, seen: int) -> None:
        async with told(self):
            version = forms.whole(seen, "seen", least=0, most=MOST_VERSIONS)
            wanted = forms.choice(status, "status", set(MOVED))
            async with unit_of_work() as session:
                await ticket_desk.move(
                    session,
                    actor(),
                    ticket_id=self.ticket.number,
                    seen=version,
                    status=wanted,
                )
        await self._show(MOVED.get(str(status), ""))

    async def _look_again(self) -> None:
        if actor().staff and self.phase == "ready":
            self.ticket, self.phase = await _found(self.ticket.number, Place.of(self))

    async def _show(self, said: str) -> None:
        """What it has become, also after a refusal: whoever lost sees what the other did."""
        self.ticket, self.phase = await _found(self.ticket.number, Place.of(self))
        self.said = "" if self.notice else said


def _version(said: dict[str, object]) -> int:
    return forms.whole(said.get("seen"), "seen", least=0, most=MOST_VERSIONS)


async def _found(number: int, place: Place) -> tuple[TicketView, str]:
    """The ticket with what stands beside it. What is on the staff's screen is read."""
    try:
        async with reading() as session:
            thread = await ticket_pages.thread(
                session, actor(), ticket_id=number, before=place.before, limit=ENTRIES + 1
            )
            beside = await ticket_pages.beside(
                session, actor(), customer_id=thread.line.customer_id
            )
            team = await ticket_pages.team(session, actor())
            replies = await canned_replies.all_replies(session, actor())
    except DomainError:
        return MISSING, "missing"
    if place.before is None and thread.line.unread:
        async with unit_of_work() as session:
            await tickets.mark_read(
                session, actor(), ticket_id=number, entry_id=thread.entries[0].id
            )
    return ticket_view(thread, beside, team, replies, place, me=actor().id or 0), "ready"
