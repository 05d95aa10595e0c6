"""A statement's sure lines are applied, line by line, whoever is killed on the way.

Each line is a transaction, so a run that was lost is simply gone on with when its lease has
passed: what is applied is no longer to be applied.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit, tell
from domain.sql import fetch, fetch_one, run, scalar
from infra.queue import defer

LEASE = 60
MOST_ATTEMPTS = 5
BATCH = 20

TO_APPLY = """FROM statement_lines WHERE statement_id = %(id)s AND sure AND payment_id IS NULL"""


async def start(session: AsyncSession, actor: Actor, *, statement_id: int) -> int:
    """Let a worker apply all sure lines; how many.

    Raises `NotFound`, `Conflict`: `statement_state`, `statement_nothing`.
    """
    actor.require_staff()
    statement = await fetch_one(
        session, "SELECT status FROM statements WHERE id = %(id)s FOR UPDATE", id=statement_id
    )
    if statement is None:
        raise NotFound
    if statement.status != "open":
        raise Conflict("statement_state")
    wanted = int(await scalar(session, f"SELECT count(*) {TO_APPLY}", id=statement_id))
    if not wanted:
        raise Conflict("statement_nothing")
    await run(
        session,
        """UPDATE statements SET status = 'applying', wanted = %(wanted)s, done = 0, attempts = 0,
               applied_by = %(staff)s, lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s""",
        wanted=wanted,
        staff=actor.id,
        lease=LEASE,
        id=statement_id,
    )
    await audit(session, actor, "statement.apply", "statement", statement_id, count=wanted)
    await defer(session, "statements.apply", urgent=True, statement_id=statement_id)
    await tell(session, f"statement:{statement_id}")
    return wanted


async def take(session: AsyncSession, statement_id: int) -> Actor | None:
    """Count an attempt and hold the lease; for whom it is applied, or None if it is not to be.

    After too many attempts what is left stays sure, for a person to see what is wrong.
    """
    found = await fetch_one(
        session,
        """UPDATE statements SET attempts = attempts + 1,
               lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'applying' RETURNING attempts, applied_by""",
        lease=LEASE,
        id=statement_id,
    )
    if found is None:
        return None
    if found.attempts > MOST_ATTEMPTS:
        await _end(session, statement_id)
        return None
    return Actor(kind="staff", id=found.applied_by)


async def following(session: AsyncSession, statement_id: int, after: int) -> list[int]:
    """The next lines to apply."""
    rows = await fetch(
        session,
        f"SELECT id {TO_APPLY} AND id > %(after)s ORDER BY id LIMIT {BATCH}",  # constants
        id=statement_id,
        after=after,
    )
    return [row.id for row in rows]


async def report(session: AsyncSession, statement_id: int) -> None:
    """Write how far it got, and hold the lease; the last line ends it.

    Only attempts that got nowhere count.
    """
    left = int(await scalar(session, f"SELECT count(*) {TO_APPLY}", id=statement_id))
    await run(
        session,
        """UPDATE statements SET done = greatest(wanted - %(left)s, 0), attempts = 0,
               lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'applying'""",
        left=left,
        lease=LEASE,
        id=statement_id,
    )
    if not left:
        await _end(session, statement_id)
    await tell(session, f"statement:{statement_id}")


async def _end(session: AsyncSession, statement_id: int) -> None:
    await run(
        session,
        """UPDATE statements SET status = 'open', applied_at = now(), lease_until = NULL
           WHERE id = %(id)s AND status = 'applying'""",
        id=statement_id,
    )
    await tell(session, f"statement:{statement_id}", "statements")


async def stranded(session: AsyncSession) -> list[int]:
    """Statements whose runner has not been heard of for too long."""
    rows = await fetch(
        session,
        """SELECT id FROM statements WHERE status = 'applying' AND lease_until < now()
           ORDER BY id LIMIT 20""",
    )
    return [row.id for row in rows]
