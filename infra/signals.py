"""What changed, told to every process: one LISTEN connection per process, topics as text.

`emit` runs inside the transaction that makes the change, so the signal exists exactly when the
change does. A topic is `order:123`, `orders`, `catalog`, `session:<uuid>` and so on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import psycopg

log = logging.getLogger(__name__)

CHANNEL = "cuenty"

Listener = Callable[[str], Awaitable[None]]
Forget = Callable[[], None]


class Signals:
    """Hands each topic to its listeners; after a lost connection everything cached is dropped."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._on_gap: list[Forget] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def on_gap(self, forget: Forget) -> None:
        """Call `forget` whenever signals may have been missed."""
        self._on_gap.append(forget)

    async def run(self, dsn: str) -> None:
        """Listen until cancelled, reconnecting with growing pauses (0.2 s to 5 s)."""
        pause = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    self._forget()
                    pause = 0.2
                    async for notice in link.notifies():
                        await self._hand_out(notice.payload)
            except psycopg.Error as error:
                log.warning("signals: connection lost (%s)", type(error).__name__)
            self._forget()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)

    def _forget(self) -> None:
        for forget in self._on_gap:
            forget()

    async def _hand_out(self, topic: str) -> None:
        for listener in self._listeners:
            with contextlib.suppress(Exception):
                try:
                    await listener(topic)
                except Exception:
                    log.exception("signals: a listener failed on %s", topic.partition(":")[0])
                    raise
