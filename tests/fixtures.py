"""A shop of its own for every test.

`shop` (async, per test): an empty, migrated database copied from a template in some 30 ms. All
process-wide caches (settings, engines, vault, queue, people behind sessions) point at it and are
given back afterwards. Use the product's own doors: `async with unit_of_work() as session: …`,
`async with reading() as session: …`; fill it with `tests.builders`.

`shop.configure(code_resend_seconds=0)` changes settings for the rest of the test.
`shop.url` is the database for psycopg or a second process.
`calendar` (instead of `shop`) is the same shop with a clock that stands still until it is moved:
`calendar.go(days=3)`, `calendar.go_to(2027, 2, 28, 10)`; Python and SQL both see that time.
`shop.deliver_signals()` is an async context manager that listens for NOTIFY as the app does.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from domain import principals, shelf, shop_settings
from infra import database, simulated_clock, vault
from infra.clock import MEXICO, now
from infra.queue import psycopg_dsn, queue
from infra.schema import upgrade
from infra.settings import decide, settings
from infra.signals import Signals
from infra.simulated_clock import SimulatedClock
from tests.conftest import database_url, fresh_database

ENVIRONMENT = {
    "CUENTY_ENV": "demo",
    "CUENTY_KEYS": "test:" + base64.b64encode(bytes(range(32))).decode(),
    "CUENTY_JWT_SECRET": "jwt-secret-of-the-tests-" + "j" * 32,
    "CUENTY_PEPPER": "pepper-of-the-tests-" + "p" * 32,
    "CUENTY_PUBLIC_URL": "",
    "CUENTY_TRUSTED_PROXIES": "0",
    "PORT": "3000",
}


@dataclass(frozen=True, slots=True)
class Shop:
    url: str
    patch: pytest.MonkeyPatch

    def configure(self, **values: object) -> None:
        for name, value in values.items():
            self.patch.setenv(f"CUENTY_{name.upper()}", str(value))
        settings.cache_clear()
        vault.ring.cache_clear()

    @contextlib.asynccontextmanager
    async def deliver_signals(self) -> AsyncGenerator[Signals]:
        """Ready when the connection listens; topics reach the session cache as in the app."""
        signals, ready = Signals(), asyncio.Event()
        signals.listen(principals.on_signal)
        signals.listen(shop_settings.on_signal)
        signals.on_gap(principals.forget_all)
        signals.on_gap(ready.set)
        task = asyncio.create_task(signals.run(psycopg_dsn()))
        await ready.wait()
        try:
            yield signals
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture(scope="session")
def template(postgres: str) -> Generator[str]:
    """The name of a migrated, empty database that nobody is connected to."""
    with fresh_database(postgres) as url:
        upgrade(url)
        yield url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
async def shop(
    postgres: str, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Shop]:
    with fresh_database(postgres, template) as url:
        async with _shop_on(url, tmp_path, monkeypatch) as opened:
            yield opened


@contextlib.asynccontextmanager
async def _shop_on(url: str, folder: Path, patch: pytest.MonkeyPatch) -> AsyncGenerator[Shop]:
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    patch.setenv("CUENTY_DATA_DIR", str(folder))
    patch.setenv("DATABASE_URL", url)
    _forget()
    try:
        yield Shop(url, patch)
    finally:
        await database.close()
        _forget()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moves the clock of the shop. Hours are Mexico City's."""

    clock: SimulatedClock

    def go(self, **ahead: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**ahead))

    def go_to(self, *moment: int) -> None:
        self.clock.move_to(datetime(*moment, tzinfo=MEXICO))  # type: ignore[arg-type, misc]


@pytest.fixture(scope="session")
def timeless_template(postgres: str) -> Generator[str]:
    """As `template`, made for a simulated clock."""
    with fresh_database(postgres) as url:
        simulated_clock.prepare(url)
        upgrade(url)
        yield url.rpartition("/")[2].partition("?")[0]


class ToldTime(datetime):
    """PyJWT and webhooks look at the machine's clock; what is of another day would be over."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return now().astimezone(tz)


@pytest.fixture
async def calendar(
    postgres: str, timeless_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Calendar]:
    """A shop as `shop` gives it, at ten in the morning of 15 January 2026."""
    monkeypatch.setattr("jwt.api_jwt.datetime", ToldTime)
    with fresh_database(postgres, timeless_template) as url:
        simulated_clock.put_first(url)
        clock = SimulatedClock(url, datetime(2026, 1, 15, 10, tzinfo=MEXICO))
        with clock.running():
            async with _shop_on(url, tmp_path, monkeypatch):
                yield Calendar(clock)


def _forget() -> None:
    """Nothing of another test's shop stays in this process."""
    decide({})
    vault.ring.cache_clear()
    queue.cache_clear()
    principals.forget_all()
    shelf.forget()


__all__ = ["Calendar", "Shop", "calendar", "database_url", "shop", "template", "timeless_template"]
