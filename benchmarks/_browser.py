"""A real browser, for what only a browser can say: what arrives, and when a person can act."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncGenerator

from playwright.async_api import Browser, BrowserContext, async_playwright

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "locale": "es-MX",
}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        raise SystemExit("this benchmark needs Chromium: name it with CHROMIUM=/path")
    return found


@contextlib.asynccontextmanager
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield launched
        finally:
            await launched.close()


@contextlib.asynccontextmanager
async def phone(launched: Browser, origin: str, cookie: str = "") -> AsyncGenerator[BrowserContext]:
    """A phone of its own, with nothing in its cache, and these cookies for this origin."""
    context = await launched.new_context(**PHONE)
    pairs = [pair.strip().partition("=") for pair in cookie.split(";") if pair.strip()]
    if pairs:
        await context.add_cookies(
            [{"name": name, "value": value, "url": origin} for name, _, value in pairs]
        )
    try:
        yield context
    finally:
        await context.close()
