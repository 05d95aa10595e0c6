"""Files of stock are imported; a run that was lost is begun again, old previews are forgotten."""

from __future__ import annotations

from functools import partial

from domain import import_runs, imports, waiting_orders
from infra.database import reading, unit_of_work
from infra.queue import queue


@queue().task(name="imports.run")
async def run(batch_id: int) -> None:
    """Import a batch, then serve the paid orders that waited for it. Twice is harmless."""
    async with unit_of_work() as session:
        if not await import_runs.take(session, batch_id):
            return
    async with unit_of_work() as session:
        services = await import_runs.carry_out(
            session, batch_id=batch_id, progress=partial(_report, batch_id)
        )
    for service_id in sorted(services):
        async with unit_of_work() as session:
            await waiting_orders.fill_waiting(session, service_id)


async def _report(batch_id: int, done: int) -> None:
    async with unit_of_work() as session:
        await import_runs.report(session, batch_id, done)


@queue().periodic(cron="* * * * *")
@queue().task(name="imports.resume")
async def resume(timestamp: int) -> None:
    del timestamp
    async with reading() as session:
        lost = await import_runs.stranded(session)
    for batch_id in lost:
        await run(batch_id)


@queue().periodic(cron="41 * * * *")
@queue().task(name="imports.sweep")
async def sweep(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await imports.sweep(session)
