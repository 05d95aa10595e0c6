"""Buyers, many at once, each filling a cart with plan 1 and ordering it.

The `unguarded` ones switch the row locks off: the control that shows what they are for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from domain import carts, orders
from domain.actors import Actor
from domain.errors import Conflict
from infra.database import close, unit_of_work

UNGUARDED = {
    rule: statement.replace("FOR UPDATE SKIP LOCKED", "").replace(
        "held AS (", "slow AS MATERIALIZED (SELECT pg_sleep(0.002)), held AS ("
    )
    for rule, statement in orders.PLACE_AND_CLAIM.items()
}


async def hasty(*_: Any) -> None:
    """Believe the first look: what is locked is called gone."""
    raise Conflict("out_of_stock", plans="")


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
        orders.PLACE_AND_CLAIM = UNGUARDED
    try:
        everyone = range(first, first + count)
        return Counter(await asyncio.gather(*(buy(customer, quantity) for customer in everyone)))
    finally:
        await close()
