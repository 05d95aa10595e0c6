"""The catalog kept in memory: a second old at most, dropped at once when prices or plans change.

Stock moves with every order, so it is read again each second instead of being signalled; checkout
counts exactly whatever the shelf said.
"""

from __future__ import annotations

import asyncio
import time

from domain.catalog import ServiceOnSale, shelves
from domain.errors import NotFound
from infra.database import reading

FRESH = 1.0


class _Shelf:
    def __init__(self) -> None:
        self._kept: tuple[ServiceOnSale, ...] | None = None
        self._read_at = 0.0
        self._lock: asyncio.Lock | None = None

    def at_hand(self) -> tuple[ServiceOnSale, ...] | None:
        """What would be answered without asking the database."""
        return self._kept if self._fresh else None

    async def services(self) -> tuple[ServiceOnSale, ...]:
        if (kept := self.at_hand()) is not None:
            return kept
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:  # one reader at a time: the others take what it brought
            if (kept := self.at_hand()) is not None:
                return kept
            async with reading() as session:
                self._kept = await shelves(session)
            self._read_at = time.monotonic()
            return self._kept

    @property
    def _fresh(self) -> bool:
        return time.monotonic() - self._read_at < FRESH

    def forget(self) -> None:
        self._kept, self._lock = None, None


_shelf = _Shelf()
at_hand = _shelf.at_hand
services = _shelf.services
forget = _shelf.forget


async def service(slug: str) -> ServiceOnSale:
    """Raises `NotFound` for an unknown or withdrawn service."""
    for found in await services():
        if found.slug == slug:
            return found
    raise NotFound


async def on_signal(topic: str) -> None:
    if topic == "catalog":
        forget()
