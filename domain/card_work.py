"""What is to be asked of the provider of card payments, taken by one worker at a time.

Taking a row sets its `due_at` ahead, further with every try: a question that fails, or whose worker
dies, is asked again, and none is ever given up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run

Table = Literal["card_checkouts", "card_payments", "card_refunds"]
AT_ONCE = 20
MOST_DOUBLINGS = 6  # an hour, in minutes


async def take(session: AsyncSession, table: Table, *, only: int | None = None) -> list[Any]:
    """The rows whose time has come, or the one asked for if it is among them."""
    return await fetch(
        session,
        f"""UPDATE {table} SET tries = tries + 1, asked_at = now(),
                due_at = now() + make_interval(mins => (2 ^ least(tries, %(most)s))::int)
            WHERE id IN (SELECT id FROM {table}
                         WHERE due_at <= now() AND (%(only)s::bigint IS NULL OR id = %(only)s)
                         ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
            RETURNING *""",  # noqa: S608  # one of three names
        only=only,
        most=MOST_DOUBLINGS,
        limit=AT_ONCE,
    )


async def settled(session: AsyncSession, table: Table, row_id: int, lease: datetime) -> None:
    """There is nothing to ask, unless somebody wanted it asked again since it was taken."""
    await run(
        session,
        f"UPDATE {table} SET due_at = NULL, tries = 0 WHERE id = %(id)s AND due_at = %(lease)s",  # noqa: S608
        id=row_id,
        lease=lease,
    )
