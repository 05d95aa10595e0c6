"""P17: 200,000 orders as a file, through the served API: the memory the process takes for it.

The largest resident size seen while a file streams, above that at rest after a small file. The
file's own size is the control: none of it may be kept.
"""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager

import psutil
import uvloop
from _apps import App, build_shop, folder, point_at, shop
from _harness import Row, record
from _orders import shops

from domain import sessions, staff
from infra import browser
from infra.database import close, unit_of_work
from infra.embedded import EmbeddedServer

ORDERS = 200_000
MOST = 50
LISTS = "/api/admin/exportar"


async def owner() -> str:
    async with unit_of_work() as session:
        made = await staff.create_owner(session, username="rosa", password="una frase muy larga")  # noqa: S106
        token = await sessions.issue_token(session, await sessions.open_for_staff(session, made))
    await close()
    return f"{browser.session_cookie()}={token}"


def take(app: App, cookie: str, address: str) -> tuple[int, int]:
    """Bytes of the file and of it the line ends, which in a CSV are one more than orders."""
    asked = urllib.request.Request(app.url(LISTS + address), headers={"Cookie": cookie})  # noqa: S310
    size = lines = 0
    with urllib.request.urlopen(asked, timeout=600) as answer:  # noqa: S310  # our own
        while piece := answer.read(1 << 16):
            size += len(piece)
            lines += piece.count(b"\n")
    return size, lines


@contextmanager
def watching(process: psutil.Process) -> Generator[list[int]]:
    """The resident sizes during the block, twenty a second."""
    seen, over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.append(process.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def measure(app: App, cookie: str) -> list[Row]:
    rows: list[Row] = []
    for form in ("csv", "xlsx"):
        take(app, cookie, f"/pedidos?formato={form}&q=777")
        time.sleep(2)
        with watching(app.worker) as seen:
            begin = time.perf_counter()
            size, lines = take(app, cookie, f"/pedidos?formato={form}")
            seconds = time.perf_counter() - begin
        assert form == "xlsx" or lines == ORDERS + 1, lines
        above = (max(seen) - seen[0]) / 2**20
        rows.append(
            Row(
                id=f"P17.{len(rows) + 1}",
                what=f"{ORDERS:,} orders as {form.upper()}: memory above idle while it streams",
                must=f"≤ {MOST} MB",
                measured=f"{above:.1f} MB for a file of {size / 2**20:.1f} MB, {seconds:.0f} s",
                reached=above <= MOST,
            )
        )
    return rows


if __name__ == "__main__":
    build_shop()
    with folder() as base, shops(EmbeddedServer(base / "shop"), (ORDERS,)) as (made,):
        point_at(base / "shop", made.url)
        cookie = uvloop.run(owner())
        with shop(base / "shop", DATABASE_URL=made.url) as app:
            record(*measure(app, cookie))
