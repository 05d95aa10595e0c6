"""Whether anybody still needs a message that waits to be sent."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.reminder_times import occasion
from domain.sql import fetch_one, scalar
from domain.ticket_notices import entry_of, ticket_of
from infra.clock import today

CODE_MINUTES, OTHER_HOURS = 10, 24  # after which nobody waits for it any more
ASKS_FOR_MONEY = frozenset({"order_placed", "payment_partial", "payment_due"})


async def why_not(session: AsyncSession, message: Any) -> str:
    """Why it should not go out any more, as a code; empty when it should.

    Only an attempt makes a message too old: what a budget or the night kept back goes out late.
    """
    if message.kind == "login_code":
        return "code_expired" if await _older(session, message, minutes=CODE_MINUTES) else ""
    if message.kind == "reminder":
        return "" if await _still_fits(session, message) else "not_needed"
    if message.kind == "ticket_reply" and await _was_read(session, message.occasion):
        return "not_needed"
    if message.kind in ASKS_FOR_MONEY and not await _still_owed(session, message.order_id):
        return "not_needed"
    if message.attempts and await _older(session, message, minutes=60 * OTHER_HOURS):
        return message.error_code or "expired"
    return ""


async def _older(session: AsyncSession, message: Any, *, minutes: int) -> bool:
    return bool(
        await scalar(
            session,
            "SELECT %(made)s < now() - make_interval(mins => %(minutes)s)",
            made=message.created_at,
            minutes=minutes,
        )
    )


async def _was_read(session: AsyncSession, occasion: str) -> bool:
    """Whoever had the ticket open when it was answered needs no telephone to ring."""
    return bool(
        await scalar(
            session,
            "SELECT customer_seen >= %(entry)s FROM tickets WHERE id = %(ticket)s",
            entry=entry_of(occasion),
            ticket=ticket_of(occasion),
        )
    )


async def _still_owed(session: AsyncSession, order_id: int) -> bool:
    return bool(
        await scalar(
            session,
            "SELECT status = 'pending_payment' FROM orders WHERE id = %(id)s",
            id=order_id,
        )
    )


async def _still_fits(session: AsyncSession, reminder: Any) -> bool:
    """Whether nothing has happened since it was written that makes it wrong or late."""
    live = await fetch_one(
        session,
        """SELECT a.ends_on FROM assignments a JOIN customers c ON c.id = a.customer_id
           WHERE a.id = %(id)s AND a.released_at IS NULL AND c.reminders AND NOT EXISTS (
               SELECT 1 FROM renewals r WHERE r.assignment_id = a.id AND r.undone_at IS NULL
                 AND r.at >= %(written)s)""",
        id=reminder.assignment_id,
        written=reminder.created_at,
    )
    if live is None:
        return False
    return reminder.occasion in {f"asked:{today()}", occasion(live.ends_on)}
