"""Customers hear that a sold-out plan is back."""

from __future__ import annotations

from domain import restocks
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="* * * * *")
@queue().task(name="restocks.tell", lock="restocks.tell")
async def tell(timestamp: int = 0) -> None:
    """Each minute and whenever stock comes in, in small transactions, until nobody is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await restocks.tell_due(session):
                return
