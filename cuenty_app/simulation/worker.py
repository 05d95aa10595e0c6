"""The worker's jobs, the same functions at their cadence, and what others left in its queue."""

from __future__ import annotations

from typing import Any

from cuenty_app.simulation.world import World
from domain.sql import fetch, run
from infra import clock
from infra.database import reading, unit_of_work
from jobs import (
    alerts,
    assignments,
    imports,
    messages,
    orders,
    reminders,
    restocks,
    sessions,
    statistics,
    stock,
    subscriptions,
)

QUEUED = {
    "messages.send": messages.send,
    "imports.run": imports.run,
    "assignments.fill": assignments.fill,
    "restocks.tell": restocks.tell,
}
MINUTES = (
    orders.expire,
    subscriptions.release,
    assignments.fill,
    imports.resume,
    reminders.send,
    restocks.tell,
    stock.watch,
    alerts.settle,
    statistics.settle,
    messages.retry,
)


async def work(world: World) -> None:
    """What the jobs of every few minutes find to do at this moment; nothing while it is down."""
    if not world.scenario.works(clock.today()):
        world.ledger.missed.append(clock.now())
        return
    world.ledger.runs.append(clock.now())
    await empty_queue()
    for job in MINUTES:
        await job(0)
    await empty_queue()


async def work_at_night(world: World) -> None:
    """The jobs of once a day."""
    if world.scenario.works(clock.today()):
        await sessions.sweep(0)
        await alerts.watch(0)


async def empty_queue() -> None:
    """Run what was deferred, in order, until nothing is left."""
    while jobs := await _queued():
        for job in jobs:
            await QUEUED[job.task_name](**job.args)
        async with unit_of_work() as session:
            await run(
                session,
                "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%(ids)s)",
                ids=[job.id for job in jobs],
            )


async def _queued() -> list[Any]:
    async with reading() as session:
        return await fetch(
            session,
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id",
        )
