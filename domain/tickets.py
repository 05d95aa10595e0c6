"""Tickets as customers make them: a question, more about it, and that it is settled."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, Forbidden, NotFound, TooManyRequests
from domain.messages import tell_staff
from domain.records import audit, tell
from domain.sql import fetch_one, run, scalar
from domain.ticket_entries import check_words, enter, enter_state, lock, turn, words
from domain.ticket_notices import occasion
from domain.webhook_events import announce_ticket
from infra.settings import settings


async def open_ticket(
    session: AsyncSession,
    actor: Actor,
    *,
    subject: str,
    body: str,
    order_id: int | None = None,
    assignment_id: int | None = None,
) -> int:
    """A customer asks, about an order, a subscription or anything else; the ticket's number.

    Raises `InvalidInput`, `NotFound` for another's order or subscription, `Forbidden` when blocked,
    `Conflict` (`tickets_limit`) and `TooManyRequests` beyond the limits.
    """
    customer_id = actor.customer_id()
    subject, body = check_words(subject, body)
    await _may_write(session, actor)
    await _check_room(session, customer_id)
    if assignment_id is not None:
        order_id = await scalar(
            session,
            """SELECT i.order_id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
               WHERE a.id = %(id)s AND a.customer_id = %(customer)s""",
            id=assignment_id,
            customer=customer_id,
        )
        if order_id is None:
            raise NotFound
    elif order_id is not None and not await scalar(
        session,
        """SELECT 1 FROM orders WHERE id = %(id)s AND customer_id = %(customer)s
             AND expires_at IS NOT NULL""",
        id=order_id,
        customer=customer_id,
    ):
        raise NotFound
    return await start(
        session,
        actor,
        customer_id=customer_id,
        subject=subject,
        body=body,
        order_id=order_id,
        assignment_id=assignment_id,
    )


async def start(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    subject: str,
    body: str,
    order_id: int | None = None,
    assignment_id: int | None = None,
) -> int:
    """Write a ticket whose words are those of `actor`; for rules that have checked who may."""
    ticket_id = int(
        await scalar(
            session,
            """INSERT INTO tickets (customer_id, order_id, assignment_id, subject)
               VALUES (%(customer)s, %(order)s, %(assignment)s, %(subject)s) RETURNING id""",
            customer=customer_id,
            order=order_id,
            assignment=assignment_id,
            subject=subject,
        )
    )
    ticket = await lock(session, SYSTEM, ticket_id)
    entry = await enter(session, actor, ticket, body=body)
    await turn(session, ticket, "open", entry)
    await audit(session, actor, "ticket.open", "ticket", ticket_id)
    await announce_ticket(session, "ticket.opened", ticket, actor.recorded_kind)
    await tell_staff(session, "staff_ticket", occasion=occasion(ticket_id, entry))
    return ticket_id


async def write(session: AsyncSession, actor: Actor, *, ticket_id: int, body: str) -> None:
    """The customer adds something: what waited for them or was solved is open again.

    Raises `NotFound`, `Conflict` (`ticket_closed`), and what `open_ticket` raises.
    """
    body = words(body, "body")
    await _may_write(session, actor)
    ticket = await lock(session, actor, ticket_id)
    if ticket.state == "closed":
        raise Conflict("ticket_closed")
    if ticket.state == "solved":
        await enter(session, actor, ticket, event="reopened")
    entry = await enter(session, actor, ticket, body=body)
    await announce_ticket(session, "ticket.replied", ticket, "customer")
    if ticket.state != "open":
        await turn(session, ticket, "open", entry)
        await tell_staff(session, "staff_ticket", occasion=occasion(ticket_id, entry))


async def settle(session: AsyncSession, actor: Actor, *, ticket_id: int) -> None:
    """The customer needs nothing more; saying it twice changes nothing."""
    actor.customer_id()
    ticket = await lock(session, actor, ticket_id)
    if ticket.state in {"open", "waiting_customer"}:
        await enter_state(session, actor, ticket, "solved")


async def mark_read(session: AsyncSession, actor: Actor, *, ticket_id: int, entry_id: int) -> None:
    """What is on somebody's screen is no news any more: to the customer, or to the staff."""
    if actor.staff:
        changed = await run(
            session,
            """UPDATE tickets SET staff_seen = %(entry)s
               WHERE id = %(id)s AND staff_seen < %(entry)s""",
            id=ticket_id,
            entry=entry_id,
        )
        if changed:
            await tell(session, "tickets")
        return
    changed = await run(
        session,
        """UPDATE tickets SET customer_seen = %(entry)s
           WHERE id = %(id)s AND customer_id = %(customer)s AND customer_seen < %(entry)s""",
        id=ticket_id,
        entry=entry_id,
        customer=actor.customer_id(),
    )
    if changed:
        await tell(session, f"ticket:{ticket_id}", f"tickets:{actor.id}")


async def _may_write(session: AsyncSession, actor: Actor) -> None:
    """One message of a customer at a time, so that what was counted stays true."""
    customer: Any = await fetch_one(
        session,
        "SELECT blocked_at FROM customers WHERE id = %(id)s FOR NO KEY UPDATE",
        id=actor.customer_id(),
    )
    if customer is None or customer.blocked_at is not None:
        raise Forbidden("customer_blocked")
    said = await scalar(
        session,
        """SELECT count(*) FROM ticket_entries WHERE actor_kind = 'customer'
             AND actor_id = %(id)s AND event = '' AND at > now() - interval '1 hour'""",
        id=actor.id,
    )
    if said >= settings().support_messages_per_hour:
        raise TooManyRequests("ticket_words_limit", retry_in=600)


async def _check_room(session: AsyncSession, customer_id: int) -> None:
    limit = settings().support_open_tickets
    has = await scalar(
        session,
        """SELECT count(*) FROM tickets WHERE customer_id = %(id)s
             AND status IN ('open', 'waiting_customer')""",
        id=customer_id,
    )
    if has >= limit:
        raise Conflict("tickets_limit", limit=limit)
