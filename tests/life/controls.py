"""Protections switched off, to see that somebody notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import renewals, stock_returns, waiting_orders
from domain.sql import run
from infra.clock import today

extend_by = renewals._longer


async def give_back_unrotated(
    session: AsyncSession, assignment_ids: Sequence[int], reason: str
) -> list[Any]:
    rows = await stock_returns.give_back(session, assignment_ids, reason)
    await run(
        session,
        "UPDATE profiles SET status = 'free' WHERE id = ANY(%(ids)s)",
        ids=[row.profile_id for row in rows],
    )
    return rows


async def give_back_half(
    session: AsyncSession, assignment_ids: Sequence[int], reason: str
) -> list[Any]:
    """The subscription ends, its profile stays assigned."""
    rows = await stock_returns.give_back(session, assignment_ids, reason)
    await run(
        session,
        "UPDATE profiles SET status = 'assigned' WHERE id = ANY(%(ids)s)",
        ids=[row.profile_id for row in rows],
    )
    return rows


def twice_the_time(held: Any, months: int) -> Any:
    return extend_by(held, 2 * months)


async def nothing(session: AsyncSession, most: int = 0) -> int:
    del session, most
    return 0


def a_reminder_a_day(ends_on: date) -> str:
    return f"ends:{ends_on}:{today()}"


LAST_PAID_FIRST = waiting_orders.WAITING.replace(
    "ORDER BY o.paid_at, o.id", "ORDER BY o.paid_at DESC, o.id DESC"
)
