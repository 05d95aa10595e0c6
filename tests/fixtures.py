"""A shop of its own for every test.

`shop` (async, per test): an empty, migrated database copied from a template in some 30 ms. All
process-wide caches (settings, engines, vault, queue, people behind sessions) point at it and are
given back afterwards. Use the product's own doors: `async with unit_of_work() as session: …`,
`async with reading() as session: …`; fill it with `tests.builders`.

`shop.configure(code_resend_seconds=0)` changes settings for the rest of the test.
`shop.url` is the database for psycopg or a second process.
`shop.deliver_signals()` is an async context manager that listens for NOTIFY as the app does.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain import principals, shelf
from infra import database, vault
from infra.queue import psycopg_dsn, queue
from infra.schema import upgrade
from infra.settings import settings
from infra.signals import Signals
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
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CUENTY_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("DATABASE_URL", url)
        _forget()
        yield Shop(url, monkeypatch)
        await database.close()
    _forget()


def _forget() -> None:
    """Nothing of another test's shop stays in this process."""
    settings.cache_clear()
    vault.ring.cache_clear()
    queue.cache_clear()
    principals.forget_all()
    shelf.forget()


__all__ = ["Shop", "database_url", "shop", "template"]
