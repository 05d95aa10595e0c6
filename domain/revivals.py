"""Whether an expired order can be taken up again: late money may find its stock sold."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import coupons
from domain.sql import driver, fetch
from domain.stock import claim, need_of

HOLD_HOURS = 1  # the same transaction gives what is held


async def again(session: AsyncSession, order: Any) -> bool:
    """Hold anew all that an expired order lacks, its row locked by the caller; else nothing of it.

    A line that renews a live subscription needs no stock. A coupon is taken again as well, or the
    order cannot be had for what it cost.
    """
    lines = await fetch(session, LACKING, order=order.id)
    link = driver(session)
    await link.execute("SAVEPOINT again")
    if await coupons.take_again(session, order.id) and not await claim(
        session, [need_of(line) for line in lines], order.id, HOLD_HOURS
    ):
        await link.execute("RELEASE SAVEPOINT again")
        return True
    await link.execute("ROLLBACK TO SAVEPOINT again")
    return False


LACKING = """SELECT i.* FROM order_items i LEFT JOIN assignments a ON a.id = i.renews_id
    WHERE i.order_id = %(order)s AND (a.id IS NULL OR a.released_at IS NOT NULL) ORDER BY i.id"""
