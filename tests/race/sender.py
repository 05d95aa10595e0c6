"""A worker that is killed: with -9, at a moment drawn by lot, while it sends messages."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import threading
from collections.abc import Collection
from datetime import datetime
from typing import Any

from cuenty_app.worker import work, working
from infra.messaging.letters import Letter
from infra.messaging.twilio import TwilioMessages
from infra.queue import queue


async def send_until_killed(nth: int, after: float, *, in_app: bool, asks: bool = True) -> None:
    """Die by -9 `after` so many seconds from the nth job that was begun.

    `in_app` works as the app does beside its pages, otherwise as `cuenty worker`.
    """
    _prepare(asks=asks)
    jobs, left = queue().job_manager, nth
    really = jobs.fetch_job

    async def fetch_job(*words: Any, **named: Any) -> Any:
        nonlocal left
        job = await really(*words, **named)
        left -= job is not None
        if job is not None and left == 0:
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return job

    jobs.fetch_job = fetch_job  # type: ignore[method-assign]
    if not in_app:
        await work()
    async with working():
        await asyncio.Event().wait()


async def send_the_rest(*, asks: bool = True) -> None:
    """What the next worker does once the leases of the dead have ended."""
    _prepare(asks=asks)
    await work(until_empty=True)


def _prepare(*, asks: bool) -> None:
    importlib.import_module("jobs.tasks")
    if not asks:
        TwilioMessages.find = _never_asks  # type: ignore[method-assign]


async def _never_asks(
    _self: TwilioMessages, _letter: Letter, *, since: datetime, known: Collection[str] = ()
) -> str | None:
    """For the control: nobody is asked, everything in doubt goes out again."""
    del since, known
