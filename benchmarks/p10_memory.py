"""P10: what the serving process weighs at rest, what each open tab adds, and what stays.

A closed tab's state is kept for `redis_token_expiration` (the memory manager's clock, too), in
case the tab comes back. By default the run shortens it, to see that its end gives memory back, and
checks that the shop's own value ends within 15 minutes. `--whole-wait` waits those 15 minutes.

Allocators give little back to the system, the bare app's neither, but they use it again. So what is
still held is what a second, equal wave of tabs needs on top of the first.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from _apps import App, bare, build_shop, seeded, shop, shop_environment
from _harness import PROJECT, Row, record
from _people import guest, shop_tab

WARM, TABS = 20, 200
SHORTENED, QUARTER, SETTLED = 40, 900, 6
CONFIGURED = "from rxconfig import config; print(config.redis_token_expiration)"
MOST_IDLE, MOST_TAB, MOST_HELD = 1.5, 250, 0.2


def main() -> None:
    whole = "--whole-wait" in sys.argv
    build_shop()
    with seeded() as data:
        with bare(data.url) as least:
            theirs = uvloop.run(at_rest(least))
        more = {} if whole else {"REFLEX_REDIS_TOKEN_EXPIRATION": str(SHORTENED)}
        with shop(data.folder, **more) as cuenty:
            ours = uvloop.run(at_rest(cuenty))
            record(idle(ours, theirs))
            each, held = uvloop.run(open_and_close(cuenty, QUARTER if whole else SHORTENED))
        kept_for = configured(data.folder)
    record(per_tab(each), left(held, kept_for, whole=whole))


async def at_rest(app: App) -> int:
    await asyncio.sleep(SETTLED)
    return weight(app)


async def open_and_close(cuenty: App, wait: float) -> tuple[float, float]:
    """Bytes each tab adds, and the share of all that a second wave finds still taken."""
    async with AsyncExitStack() as warm:
        for _ in range(WARM):
            await warm.enter_async_context(shop_tab(cuenty, guest()))
        before = weight(cuenty)
        first = await wave(cuenty)
        await asyncio.sleep(wait + SETTLED)
        second = await wave(cuenty)
    return (first - before) / TABS, max(0.0, (second - first) / (first - before))


async def wave(cuenty: App) -> int:
    """The process's weight while all these tabs show the home."""
    async with AsyncExitStack() as stack:
        for _ in range(TABS):
            tab = await stack.enter_async_context(shop_tab(cuenty, guest()))
            assert sum(tab.sizes) > 1000, "the shelves did not arrive"
        return weight(cuenty)


def weight(app: App) -> int:
    """The serving process's proportional share of memory, in bytes."""
    return int(app.worker.memory_full_info().pss)


def configured(data: Path) -> int:
    """How long the shop itself keeps a closed tab's state, in seconds."""
    asked = subprocess.run(
        [sys.executable, "-c", CONFIGURED],
        cwd=PROJECT,
        env=shop_environment(data),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(asked.stdout)


def idle(ours: int, theirs: int) -> Row:
    return Row(
        "P10.1",
        "Memory of the serving process at rest (PSS)",
        f"≤ {MOST_IDLE} × the bare app",
        f"{ours / 2**20:.0f} MB; bare {theirs / 2**20:.0f} MB",
        ours / theirs,
        reached=ours / theirs <= MOST_IDLE,
    )


def per_tab(each: float) -> Row:
    return Row(
        "P10.2",
        f"Memory of one connected tab that shows the home, of {TABS}",
        f"≤ {MOST_TAB} KB",
        f"{each / 1024:.0f} KB",
        reached=each <= MOST_TAB * 1024,
    )


def left(held: float, kept_for: int, *, whole: bool) -> Row:
    how = "15 min waited" if whole else f"kept {SHORTENED} s for this run, {kept_for} s by the shop"
    return Row(
        "P10.3",
        "Of that, not free for other tabs 15 min after these closed",
        f"≤ {MOST_HELD:.0%}",
        f"{held:.0%} ({how})",
        reached=held <= MOST_HELD and (whole or kept_for <= QUARTER - SETTLED),
    )


if __name__ == "__main__":
    main()
