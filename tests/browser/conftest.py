"""A shop as customers meet it: `cuenty serve` in a process of its own, and the system's Chromium.

`served` is one shop for the whole session, migrated and seeded; tests make their own customers and
orders in it. Pages are found by role and label.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from cuenty_app import frontend
from infra.settings import PROJECT
from tests.conftest import fresh_database, private_folder
from tests.fixtures import ENVIRONMENT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True)
class Served:
    """A running shop: its address, its database and its log."""

    origin: str
    database: str
    log: Path

    def at(self, path: str) -> str:
        return self.origin + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served(postgres: str, template: str) -> Generator[Served]:
    with fresh_database(postgres, template) as url, serving(url) as shop:
        yield shop


@contextmanager
def serving(url: str) -> Generator[Served]:
    """Seed a migrated database and serve its shop until the block ends."""
    assert frontend.is_current(), "the pages are not built: `make test` builds them"
    port = free_port()
    with private_folder() as folder:
        environment = {
            **os.environ,
            **ENVIRONMENT,
            "DATABASE_URL": url,
            "PORT": str(port),
            "CUENTY_DATA_DIR": str(folder / "data"),
            "CUENTY_CODES_PER_ADDRESS_HOUR": "500",
            "CUENTY_STAFF_LOGINS_PER_5_MINUTES": "200",
            "CUENTY_API_PER_MINUTE": "100000",
            "CUENTY_WEBHOOKS_TO_LOOPBACK": "true",
        }
        subprocess.run(  # our own command
            [sys.executable, "-m", "cuenty_app.cli", "seed"],
            cwd=PROJECT,
            env=environment,
            check=True,
        )
        log = folder / "shop.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "cuenty_app.cli", "serve"],
                cwd=PROJECT,
                env=environment,
                stdout=out,
                stderr=out,
            )
        try:
            origin = f"http://localhost:{port}"
            _wait(origin, process, log)
            yield Served(origin, url, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with urllib.request.urlopen(f"{origin}/health", timeout=5):  # noqa: S310  # our own
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


@pytest.fixture(scope="session")
async def chromium() -> AsyncGenerator[Browser]:
    program = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    assert program, "no Chromium: `make test` finds or installs one"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


async def open_context(chromium: Browser, served: Served, **options: object) -> BrowserContext:
    given = {"viewport": PHONE, "locale": "es-MX", "base_url": served.origin, **options}
    context = await chromium.new_context(**given)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
async def phone(chromium: Browser, served: Served) -> AsyncGenerator[Page]:
    """A customer's phone, with its own cookies."""
    context = await open_context(chromium, served, has_touch=True, is_mobile=True)
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def desk(chromium: Browser, served: Served) -> AsyncGenerator[Page]:
    """An operator's computer."""
    context = await open_context(chromium, served, viewport=DESKTOP)
    yield await context.new_page()
    await context.close()
