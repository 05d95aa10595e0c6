"""Tickets as the staff answers them.

Who decides something says which version of the ticket they had on their screen: about another it
is refused, and the refusal says what happened. So of two operators at once one wins, and nobody
closes what the customer has just written in.
"""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.messages import tell_customer
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from domain.texts import TICKET_EVENTS, TICKET_PRIORITIES, TICKET_STATES
from domain.ticket_entries import enter, enter_state, lock, turn, words
from domain.ticket_notices import occasion
from domain.webhook_events import announce_ticket

READING_SECONDS = 60  # who has the ticket open reads the answer in that time


async def answer(
    session: AsyncSession,
    actor: Actor,
    *,
    ticket_id: int,
    seen: int,
    body: str,
    solved: bool = False,
) -> None:
    """The staff answers. Who answers a ticket that is nobody's takes it.

    The customer hears of it by a message, unless one they have not followed says so already.
    Raises `NotFound`, `InvalidInput`, `Conflict`: `ticket_changed`, `ticket_closed`.
    """
    actor.require_staff()
    body = words(body, "body")
    ticket = await lock(session, actor, ticket_id)
    await _check_unchanged(session, ticket, seen)
    if ticket.state == "closed":
        raise Conflict("ticket_closed")
    if ticket.assignee_id is None:
        await _assign(session, actor, ticket, actor.id)
    knows_of_one = await _unread_answer(session, ticket)
    entry = await enter(session, actor, ticket, body=body)
    await turn(session, ticket, "waiting_customer", entry)
    await announce_ticket(session, "ticket.replied", ticket, "staff")
    if solved:
        await enter_state(session, actor, ticket, "solved")
    await audit(session, actor, "ticket.answer", "ticket", ticket_id, solved=solved)
    if not knows_of_one:
        await tell_customer(
            session,
            "ticket_reply",
            ticket.customer_id,
            occasion=occasion(ticket_id, entry),
            wait_seconds=READING_SECONDS,
        )


async def note(session: AsyncSession, actor: Actor, *, ticket_id: int, body: str) -> None:
    """Something among the staff, which no customer sees; it leaves the ticket in its state."""
    actor.require_staff()
    body = words(body, "note")
    ticket = await lock(session, actor, ticket_id)
    await enter(session, actor, ticket, body=body, internal=True)


async def arrange(
    session: AsyncSession,
    actor: Actor,
    *,
    ticket_id: int,
    seen: int,
    assignee_id: int | None,
    priority: str,
) -> None:
    """Whose it is, and how urgent. Raises `NotFound`, `InvalidInput`, `Conflict`."""
    actor.require_staff()
    if priority not in TICKET_PRIORITIES:
        raise InvalidInput({"priority": "value_invalid"})
    ticket = await lock(session, actor, ticket_id)
    await _check_unchanged(session, ticket, seen)
    if assignee_id != ticket.assignee_id:
        await _assign(session, actor, ticket, assignee_id)
    if priority != ticket.priority:
        await run(
            session,
            "UPDATE tickets SET priority = %(priority)s WHERE id = %(id)s",
            priority=priority,
            id=ticket_id,
        )
        name = TICKET_PRIORITIES[priority].lower()
        await enter(session, actor, ticket, event="priority", body=name, internal=True)
        await audit(
            session,
            actor,
            "ticket.priority",
            "ticket",
            ticket_id,
            before=ticket.priority,
            after=priority,
        )


async def move(
    session: AsyncSession, actor: Actor, *, ticket_id: int, seen: int, status: str
) -> None:
    """The staff calls it solved or closed, or opens it again.

    Raises `NotFound`, `InvalidInput`, `Conflict`: `ticket_changed`, `ticket_state`.
    """
    actor.require_staff()
    if status not in {"open", "solved", "closed"}:
        raise InvalidInput({"status": "value_invalid"})
    ticket = await lock(session, actor, ticket_id)
    await _check_unchanged(session, ticket, seen)
    if status == ticket.state:
        raise Conflict("ticket_state", status=TICKET_STATES[status])
    await enter_state(session, actor, ticket, status)
    await audit(
        session, actor, "ticket.move", "ticket", ticket_id, before=ticket.state, after=status
    )


async def _check_unchanged(session: AsyncSession, ticket: Any, seen: int) -> None:
    if ticket.version == seen:
        return
    last: Any = await fetch_one(
        session,
        """SELECT e.event, e.body, e.internal, CASE e.actor_kind
                  WHEN 'staff' THEN s.username WHEN 'customer' THEN 'el cliente'
                  ELSE 'el sistema' END AS who
           FROM ticket_entries e
           LEFT JOIN staff_users s ON e.actor_kind = 'staff' AND s.id = e.actor_id
           WHERE e.ticket_id = %(id)s ORDER BY e.id DESC LIMIT 1""",
        id=ticket.id,
    )
    event = "note" if last.internal and not last.event else last.event
    raise Conflict(
        "ticket_changed", what=f"{last.who} {TICKET_EVENTS[event].format(body=last.body)}"
    )


async def _assign(session: AsyncSession, actor: Actor, ticket: Any, staff_id: int | None) -> None:
    name = await scalar(
        session,
        "SELECT username FROM staff_users WHERE id = %(id)s AND disabled_at IS NULL",
        id=staff_id,
    )
    if staff_id is not None and name is None:
        raise InvalidInput({"assignee": "assignee_invalid"})
    await run(
        session,
        "UPDATE tickets SET assignee_id = %(staff)s WHERE id = %(id)s",
        staff=staff_id,
        id=ticket.id,
    )
    event = "taken" if staff_id == actor.id else "assigned" if name else "unassigned"
    await enter(session, actor, ticket, event=event, body=name or "", internal=True)
    await audit(
        session,
        actor,
        "ticket.assign",
        "ticket",
        ticket.id,
        before=ticket.assignee_id,
        after=staff_id,
    )


async def _unread_answer(session: AsyncSession, ticket: Any) -> bool:
    return bool(
        await scalar(
            session,
            """SELECT 1 FROM ticket_entries WHERE ticket_id = %(id)s AND id > %(seen)s
                 AND actor_kind = 'staff' AND NOT internal AND event = '' LIMIT 1""",
            id=ticket.id,
            seen=ticket.customer_seen,
        )
    )
