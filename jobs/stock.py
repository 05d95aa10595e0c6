"""The owner hears of plans that have little left."""

from __future__ import annotations

from domain import stock_levels
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/5 * * * *")
@queue().task(name="stock.watch", lock="stock.watch")
async def watch(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await stock_levels.watch(session)
