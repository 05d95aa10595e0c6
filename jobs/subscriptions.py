"""What time does to subscriptions: those that lapsed and outlived their grace are released."""

from __future__ import annotations

from domain import subscriptions
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/10 * * * *")
@queue().task(name="subscriptions.release", lock="subscriptions.release")
async def release(timestamp: int) -> None:
    """In small transactions, until nothing is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await subscriptions.release_lapsed(session):
                return
