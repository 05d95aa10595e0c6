"""A worker's death is not the end of what it had begun, nor of what waits behind it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.sql import run
from infra.database import unit_of_work
from infra.queue import defer, queue
from tests.jobs.test_jobs import change, jobs, tasks, work

__all__ = ["tasks"]

LOCKED = "orders.expire"


async def begun_by_a_worker_that_died() -> None:
    async with unit_of_work() as session:
        await defer(session, LOCKED, lock=LOCKED, timestamp=0)
    async with queue().open_async():
        manager = queue().job_manager
        worker = await manager.register_worker()
        assert await manager.fetch_job(queues=None, worker_id=worker)


async def silent_for(seconds: int) -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE procrastinate_workers
               SET last_heartbeat = last_heartbeat - make_interval(secs => %(s)s)""",
            s=seconds,
        )


async def the_next_minute(tasks: Any) -> list[str]:
    """How the job of the dead and the next one of its kind stand afterwards."""
    async with unit_of_work() as session:
        await defer(session, "jobs.recover", timestamp=0)
        await defer(session, LOCKED, lock=LOCKED, timestamp=0)
    await work(tasks)
    return [status for name, status in await jobs() if name == LOCKED][:2]


async def test_what_a_dead_worker_left_runs_and_so_does_what_waited_for_its_lock(
    tasks: Any,
) -> None:
    await begun_by_a_worker_that_died()
    await silent_for(31)
    assert await the_next_minute(tasks) == ["succeeded", "succeeded"]


async def test_control_while_its_worker_lives_it_keeps_the_lock(tasks: Any) -> None:
    await begun_by_a_worker_that_died()
    assert await the_next_minute(tasks) == ["doing", "todo"]


@pytest.mark.parametrize(("attempts", "end"), [(4, "succeeded"), (5, "failed")])
async def test_a_job_that_kills_every_worker_is_given_up_in_the_end(
    tasks: Any, attempts: int, end: str
) -> None:
    await begun_by_a_worker_that_died()
    await change(f"UPDATE procrastinate_jobs SET attempts = {attempts}")  # noqa: S608
    await silent_for(31)
    assert await the_next_minute(tasks) == [end, "succeeded"]
