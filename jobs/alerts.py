"""Alerts close when their reason is gone, and every day the shop is reconciled."""

from __future__ import annotations

from domain import alerts, code_conversion, doctor
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="*/10 * * * *")
@queue().task(name="alerts.settle", lock="alerts.settle")
async def settle(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await alerts.settle(session)
        await code_conversion.watch(session)
        await alerts.tell_open(session)


@queue().periodic(cron="40 5 * * *")
@queue().task(name="doctor.watch", lock="doctor.watch")
async def watch(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await doctor.watch(session)
