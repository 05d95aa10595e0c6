"""The worker: queued and periodic jobs, inside the app by default or in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    from asyncio import new_event_loop

from domain import shop_settings
from infra.database import close
from infra.logs import quiet
from infra.queue import psycopg_dsn, queue
from infra.signals import Signals

log = logging.getLogger(__name__)

CONCURRENCY = 4
NICENESS = 15


@asynccontextmanager
async def working() -> AsyncGenerator[None]:
    """Run the jobs beside the app; a lost database is waited for, not died from."""
    task = asyncio.create_task(_work_on(), name="cuenty-worker")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _work_on() -> None:
    while True:
        try:
            async with queue().open_async():
                await queue().run_worker_async(
                    concurrency=CONCURRENCY,
                    install_signal_handlers=False,
                    delete_jobs="never",
                    listen_notify=True,
                    fetch_job_polling_interval=5,
                    shutdown_graceful_timeout=5,
                )
        except Exception as error:  # noqa: BLE001  # whatever ended it, work goes on
            log.warning("worker: stopped by %s, starting again", type(error).__name__)
        await asyncio.sleep(1)


async def work(*, until_empty: bool = False) -> None:
    """Work until SIGTERM, or until nothing is left to do."""
    await shop_settings.refresh()
    async with _hearing_of_settings(), queue().open_async():
        await queue().run_worker_async(
            concurrency=CONCURRENCY, delete_jobs="never", wait=not until_empty
        )
    await close()


def run() -> None:
    """Work until SIGTERM, as `cuenty worker` does; whoever waits for a page comes first."""
    quiet()
    if hasattr(os, "nice"):  # Windows has none
        os.nice(NICENESS)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(work())


@asynccontextmanager
async def _hearing_of_settings() -> AsyncGenerator[None]:
    """A worker on its own works by what the owner decides meanwhile, as the app does."""
    signals = Signals()
    signals.listen(shop_settings.on_signal)
    signals.on_gap(shop_settings.refresh_soon)
    task = asyncio.create_task(signals.run(psycopg_dsn()), name="cuenty-settings")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
