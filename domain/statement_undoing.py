"""A statement that was wrong is undone, as far as nothing was delivered for it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.payment_reversals import take_back_payment
from domain.records import audit, tell
from domain.sql import come_back_point, fetch, fetch_one, run, scalar


@dataclass(frozen=True, slots=True)
class Undone:
    """Lines that are as if never imported, and those whose payment stays."""

    taken_back: int
    kept: int


async def undo(session: AsyncSession, actor: Actor, *, statement_id: int) -> Undone:
    """Take back its payments; the lines whose order was delivered stay, and can be looked up.

    Raises `NotFound`, `Conflict` (`statement_state`) while it is applied, or for notices.
    """
    actor.require_staff()
    statement = await fetch_one(
        session, "SELECT status, kind FROM statements WHERE id = %(id)s FOR UPDATE", id=statement_id
    )
    if statement is None:
        raise NotFound
    if statement.status != "open" or statement.kind != "file":
        raise Conflict("statement_state")
    lines = await fetch(
        session,
        """SELECT id, payment_id, own_payment FROM statement_lines
           WHERE statement_id = %(id)s AND taken_back_at IS NULL
           ORDER BY order_id, id FOR UPDATE""",
        id=statement_id,
    )
    kept = 0
    for line in lines:
        back = await come_back_point(session)
        await _untie(session, line.id)
        try:
            if line.own_payment and not await _hand_over(session, line.payment_id):
                await take_back_payment(session, actor, line.payment_id)
        except Conflict:
            await back()
            kept += 1
    done = Undone(len(lines) - kept, kept)
    await run(
        session,
        """UPDATE statements SET status = 'undone', undone_at = now(), undone_by = %(staff)s
           WHERE id = %(id)s""",
        staff=actor.id,
        id=statement_id,
    )
    await audit(
        session,
        actor,
        "statement.undo",
        "statement",
        statement_id,
        count=done.taken_back,
        kept=done.kept,
    )
    await tell(session, f"statement:{statement_id}", "statements")
    return done


async def _untie(session: AsyncSession, line_id: int) -> None:
    await run(
        session,
        """UPDATE statement_lines SET payment_id = NULL, own_payment = false, sure = false,
               taken_back_at = now() WHERE id = %(id)s""",
        id=line_id,
    )


async def _hand_over(session: AsyncSession, payment_id: int) -> bool:
    """A payment that another line tells of, too, stays, and is that line's from now on."""
    other = await scalar(
        session,
        """SELECT id FROM statement_lines WHERE payment_id = %(id)s ORDER BY id LIMIT 1""",
        id=payment_id,
    )
    if other is None:
        return False
    await run(session, "UPDATE statement_lines SET own_payment = true WHERE id = %(id)s", id=other)
    return True
