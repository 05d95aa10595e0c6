"""Paid orders that wait for stock are looked at again: some came back, or a fill was missed."""

from __future__ import annotations

from domain import waiting_orders
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/2 * * * *")
@queue().task(name="assignments.fill", lock="assignments.fill")
async def fill(timestamp: int = 0) -> None:
    del timestamp
    async with unit_of_work() as session:
        await waiting_orders.fill_waiting(session)
