"""Days that are over are added up."""

from __future__ import annotations

from domain import statistics
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/10 * * * *")
@queue().task(name="statistics.settle", lock="statistics.settle")
async def settle(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await statistics.settle(session)
