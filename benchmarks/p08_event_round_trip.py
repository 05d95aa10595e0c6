"""P8: how long a tap takes, from the socket and back, against the framework alone.

One tab of each app, one event at a time, strictly in turns. Trivial: the end of the sign-in page's
countdown, which assigns one var. Signed in with one read: what the frame of every page loads.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import uvloop
from _apps import App, Data, bare, build_shop, seeded, shop
from _harness import Row, percentile, record, turns
from _people import (
    BARE_READ,
    BARE_TRIVIAL,
    NAME,
    SIGNED_IN,
    TRIVIAL,
    bare_tab,
    customer,
    shop_tab,
    value,
)

ROUNDS, WARM = 2500, 200
Ask = Callable[[], Awaitable[None]]


def main() -> None:
    build_shop()
    with seeded() as data, shop(data.folder) as cuenty, bare(data.url) as least:
        rows = uvloop.run(measure(data, cuenty, least))
    record(*rows)


async def measure(data: Data, cuenty: App, least: App) -> list[Row]:
    ana, cookie = await customer(data)
    async with (
        shop_tab(cuenty, cookie) as ours,
        bare_tab(least, f"customer={ana}") as theirs,
    ):
        taps = 0

        async def trivial() -> None:
            assert value(await ours.ask(TRIVIAL), "waiting") is False

        async def bare_trivial() -> None:
            nonlocal taps
            taps += 1
            assert value(await theirs.ask(BARE_TRIVIAL), "count") == taps

        async def signed_in() -> None:
            update = await ours.ask(SIGNED_IN)
            assert (value(update, "name"), value(update, "signed_in")) == (NAME, True)

        async def bare_read() -> None:
            assert value(await theirs.ask(BARE_READ), "name") == NAME

        return [
            *compared("P8.1", "trivial", await timed(trivial, bare_trivial)),
            *compared("P8.2", "signed in, one read", await timed(signed_in, bare_read)),
        ]


async def timed(ours: Ask, theirs: Ask) -> tuple[list[float], list[float]]:
    """Seconds of each event, ours and theirs, one after the other."""
    asks, taken = (ours, theirs), ([], [])
    for number, order in enumerate(turns(WARM + ROUNDS)):
        for which in order:
            began = time.perf_counter()
            await asks[which]()
            if number >= WARM:
                taken[which].append(time.perf_counter() - began)
    return taken


def compared(row_id: str, what: str, taken: tuple[list[float], list[float]]) -> list[Row]:
    rows = []
    for part, share, most in (("p50", 0.5, 1.2), ("p99", 0.99, 1.5)):
        ours, theirs = (percentile(times, share) * 1000 for times in taken)
        rows.append(
            Row(
                f"{row_id} {part}",
                f"Event round trip, {what}, {part}",
                f"≤ {most} × the bare app",
                f"{ours:.2f} ms; bare {theirs:.2f} ms",
                ours / theirs,
                reached=ours / theirs <= most,
            )
        )
    return rows


if __name__ == "__main__":
    main()
