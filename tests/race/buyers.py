"""Buyers, many at once, each filling a cart with plan 1 and ordering it.

The `unguarded` ones switch the row locks off: the control that shows what they are for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, orders, stock
from domain.actors import Actor
from domain.errors import Conflict
from domain.sql import fetch
from infra.database import close, unit_of_work


async def unguarded(session: AsyncSession, need: stock.Need, _used: Any, **_: Any) -> list[int]:
    """What a shop without locks does: look, then take."""
    rows = await fetch(
        session,
        """SELECT id FROM profiles WHERE service_id = %(service)s AND status = 'free'
             AND reserved_until IS NULL ORDER BY id LIMIT %(n)s""",
        service=need.service_id,
        n=need.missing,
    )
    await asyncio.sleep(0.002)
    return [row.id for row in rows]


async def hasty(
    session: AsyncSession, needs: list[stock.Need], order_id: int, hours: float | None
) -> bool:
    """Believe the first look: what is locked is called gone."""
    complete = await stock._claim_all(session, needs, wait=False)
    await stock._hold(session, needs, order_id, hours)
    return complete


async def buy(customer: int, quantity: int) -> str:
    actor = Actor(kind="customer", id=customer)
    async with unit_of_work() as session:
        await carts.add(session, actor, plan_id=1, quantity=quantity)
    try:
        async with unit_of_work() as session:
            await orders.place(session, actor)
    except Conflict as refusal:
        return refusal.code
    return "placed"


async def everybody(first: int, count: int, quantity: int, *, guarded: bool) -> Counter[str]:
    """What became of the customers with the ids from `first` on."""
    if not guarded:
        stock._single_profiles = unguarded
    try:
        everyone = range(first, first + count)
        return Counter(await asyncio.gather(*(buy(customer, quantity) for customer in everyone)))
    finally:
        await close()
