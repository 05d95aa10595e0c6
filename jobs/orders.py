"""Unpaid orders give their stock back when their time is over."""

from __future__ import annotations

from domain import orders
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="* * * * *")
@queue().task(name="orders.expire", lock="orders.expire")
async def expire(timestamp: int) -> None:
    """Each minute, in small transactions, until nothing is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await orders.expire_due(session):
                return
