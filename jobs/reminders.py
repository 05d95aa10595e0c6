"""Customers hear of the end of a subscription before it comes."""

from __future__ import annotations

from domain import reminders
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/15 * * * *")
@queue().task(name="reminders.send", lock="reminders.send")
async def send(timestamp: int) -> None:
    """In small transactions, until nothing is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await reminders.send_due(session):
                return
