"""The ways in which money comes for an order, and in which it does not."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import partial

from cuenty_app.simulation.ledger import Order
from cuenty_app.simulation.world import Person, Transfer, World
from domain import order_endings
from infra.database import unit_of_work
from infra.settings import settings

WAYS = {
    "at once": 58,
    "tomorrow": 12,
    "late": 14,
    "in parts": 4,
    "too much": 2,
    "twice": 2,
    "never": 4,
    "cancelled": 2,
    "cancelled and paid": 2,
}
FIRST_PART = Decimal(50)
DOUBLE_TAPS = 0.05


async def pay(world: World, person: Person, order: Order) -> None:
    """Draw a way, and let its transfers leave on their days."""
    way = world.drawn(WAYS)
    if way == "late":
        world.tally("paid late")
    elif way.startswith("cancelled"):
        await _cancel(world, person, order)
    for days, amount, reference in _transfers(world, way, order.total):
        tapped = world.chance(DOUBLE_TAPS)
        sent = partial(_send, world, Transfer(order.id, amount, reference, tapped))
        if days:
            world.later(days, sent)
        else:
            await sent()


def _transfers(world: World, way: str, total: Decimal) -> list[tuple[int, Decimal, str]]:
    """After how many days, how much, and what it says; a late one comes when the hold is over."""
    hold = math.ceil(settings().hold_hours / 24)
    return {
        "at once": [(0, total, "")],
        "tomorrow": [(1, total, "")],
        "late": [(hold + world.dice.randint(1, 5), total, "")],
        "in parts": [
            (0, FIRST_PART, "ABONO-1"),
            (world.dice.randint(1, 3), total - FIRST_PART, "ABONO-2"),
        ],
        "too much": [(0, total + 100, "")],
        "twice": [(0, total, ""), (1, total, "OTRA-VEZ")],
        "cancelled and paid": [(1, total, "")],
    }.get(way, [])


async def _send(world: World, transfer: Transfer) -> None:
    world.bank.append(transfer)


async def _cancel(world: World, person: Person, order: Order) -> None:
    async with unit_of_work() as session:
        await order_endings.cancel(
            session, person.actor, order_id=order.id, reason="Ya no lo quiero"
        )
    order.dropped = True
    world.tally("cancelled")
