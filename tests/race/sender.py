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
from infra.messaging.twilio_answers import TwilioAnswers

LONGEST_LIFE = 0.6  # seconds, of one that finds nothing to send


async def send_until_killed(nth: int, after: float, *, in_app: bool, asks: bool = True) -> None:
    """Die by -9 `after` so many seconds from the nth question to Twilio, or from finding none.

    `in_app` works as the app does beside its pages, otherwise as `cuenty worker`.
    """
    _prepare(asks=asks)
    really, left = TwilioAnswers.request, nth

    def request(*words: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return really(*words, **named)

    TwilioAnswers.request = request  # type: ignore[method-assign]
    threading.Timer(LONGEST_LIFE, os.kill, (os.getpid(), signal.SIGKILL)).start()
    if not in_app:
        await work()
    async with working():
        await asyncio.Event().wait()


async def send_the_rest(*, asks: bool = True) -> None:
    """What the next worker does once the leases of the dead have ended."""
    _prepare(asks=asks)
    await work(until_empty=True)


def _prepare(*, asks: bool) -> None:
    importlib.import_module("jobs.tasks").messages.TOGETHER = 4  # so that they last for every kill
    if not asks:
        TwilioMessages.find = _never_asks  # type: ignore[method-assign]


async def _never_asks(
    _self: TwilioMessages, _letter: Letter, *, since: datetime, known: Collection[str] = ()
) -> str | None:
    """For the control: nobody is asked, everything in doubt goes out again."""
    del since, known
