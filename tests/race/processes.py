"""Processes of a test's own, ready in milliseconds: forked from one that imported everything."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Coroutine
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any

from infra import vault
from infra.settings import settings

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "tests.race.api_server",
        "tests.race.applier",
        "tests.race.buyers",
        "tests.race.confirmer",
        "tests.race.importer",
        "tests.race.sender",
    ]
)

Work = Callable[..., Coroutine[Any, Any, Any]]


def start(work: Work, *words: Any) -> tuple[BaseProcess, SimpleQueue[Any]]:
    """Run `work(*words)` in a new process on this test's shop; its answer comes in the queue."""
    answer: SimpleQueue[Any] = _context.SimpleQueue()
    process = _context.Process(target=_live, args=(dict(os.environ), answer, work, words))
    process.start()
    return process, answer


def _live(environment: dict[str, str], answer: Any, work: Work, words: tuple[Any, ...]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()
    vault.ring.cache_clear()
    answer.put(asyncio.run(work(*words)))


async def finish(process: BaseProcess) -> int:
    """Wait for its end without holding up the test's own loop; the exit code."""
    await asyncio.to_thread(process.join)
    assert process.exitcode is not None
    return process.exitcode
