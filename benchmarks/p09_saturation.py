"""P9: events per second when one process has all it can do, and how much each answer weighs.

Sixteen tabs of each app send their next event as soon as the last is answered, in turns of one
second. Sizes are those of the frames a real browser gets on a customer's way through the shop.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import uvloop
from _apps import App, Data, bare, build_shop, seeded, shop
from _browser import browser, phone
from _harness import Row, record, turns
from _people import (
    BARE_READ,
    BARE_TRIVIAL,
    NAME,
    SIGNED_IN,
    TRIVIAL,
    bare_tab,
    busy_customer,
    customer,
    shop_tab,
    value,
)
from _tab import EVENT, Tab
from playwright.async_api import Page

TABS, ROUNDS, SLICE = 16, 12, 1.0
MOST_DELTA, MOST_HYDRATE = 8 * 1024, 10 * 1024
ANSWERS: dict[str, tuple[str, object]] = {
    TRIVIAL: ("waiting", False),
    SIGNED_IN: ("name", NAME),
    BARE_READ: ("name", NAME),
}


def main() -> None:
    build_shop()
    with seeded() as data, shop(data.folder) as cuenty:
        with bare(data.url) as least:
            rows = uvloop.run(saturate(data, cuenty, least))
        rows += uvloop.run(weigh(data, cuenty))
    record(*rows)


async def saturate(data: Data, cuenty: App, least: App) -> list[Row]:
    ana, cookie = await customer(data)
    async with AsyncExitStack() as stack:
        ours = [await stack.enter_async_context(shop_tab(cuenty, cookie)) for _ in range(TABS)]
        theirs = [
            await stack.enter_async_context(bare_tab(least, f"customer={ana}")) for _ in range(TABS)
        ]
        return [
            await compared("P9.1", "trivial", (ours, TRIVIAL), (theirs, BARE_TRIVIAL)),
            await compared("P9.2", "signed in, one read", (ours, SIGNED_IN), (theirs, BARE_READ)),
        ]


async def compared(row_id: str, what: str, *sides: tuple[list[Tab], str]) -> Row:
    for tabs, event in sides:
        await slice_of(tabs, event)  # warm
    done, spent = [0, 0], [0.0, 0.0]
    for order in turns(ROUNDS):
        for which in order:
            began = time.perf_counter()
            done[which] += await slice_of(*sides[which])
            spent[which] += time.perf_counter() - began
    ours, theirs = (count / seconds for count, seconds in zip(done, spent, strict=True))
    return Row(
        row_id,
        f"Events per second at saturation, one process, {what}",
        "≥ 0.8 × the bare app",
        f"{ours:.0f}/s; bare {theirs:.0f}/s",
        ours / theirs,
        reached=ours / theirs >= 0.8,
    )


async def slice_of(tabs: list[Tab], event: str) -> int:
    """How many events were answered, rightly, while the time ran."""
    end = time.perf_counter() + SLICE

    async def hurry(tab: Tab) -> int:
        count = 0
        while time.perf_counter() < end:
            update = await tab.ask(event)
            name, expected = ANSWERS.get(event, ("count", None))
            assert expected is None or value(update, name) == expected
            count += 1
        return count

    return sum(await asyncio.gather(*map(hurry, tabs)))


async def weigh(data: Data, cuenty: App) -> list[Row]:
    numbers, cookie = await busy_customer(data)
    paths = ["/", "/servicio/netflix", "/ingresar", "/carrito", "/pago", "/mis-pedidos"]
    paths += [f"/pedido/{numbers[0]}", f"/pedido/{numbers[-1]}", "/mis-cuentas", "/perfil"]
    hydrates, deltas = {}, {}
    async with browser() as chromium, phone(chromium, cuenty.origin, cookie) as ana:
        for path in paths:
            page = await ana.new_page()
            frames = frames_of(page)
            await page.goto(cuenty.url(path), wait_until="networkidle")
            assert (await page.locator("h1").first.inner_text()).strip()
            if path == "/":
                await page.get_by_role("button", name="Agregar").first.click()
                await page.wait_for_timeout(800)
                await page.get_by_role("searchbox").fill("netflix")
                await page.wait_for_timeout(1200)
            else:
                await page.wait_for_timeout(500)
            hydrates[path], deltas[path] = frames[0], max(frames[1:], default=0)
            await page.close()
    assert all(hydrates.values())
    return [
        heaviest("P9.3", "Heaviest delta on a customer's way through the shop", deltas, MOST_DELTA),
        heaviest("P9.4", "Heaviest hydrate (first answer of a page)", hydrates, MOST_HYDRATE),
    ]


def frames_of(page: Page) -> list[int]:
    """The sizes of the state updates this page will get, as they come."""
    sizes: list[int] = []

    def take(frame: str | bytes) -> None:
        raw = frame.encode() if isinstance(frame, str) else frame
        if raw.startswith(EVENT.encode()):
            sizes.append(len(raw))

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    return sizes


def heaviest(row_id: str, what: str, sizes: dict[str, int], most: int) -> Row:
    path = max(sizes, key=sizes.__getitem__)
    return Row(
        row_id,
        what,
        f"≤ {most // 1024} KB",
        f"{sizes[path] / 1024:.1f} KB on `{path}`",
        reached=sizes[path] <= most,
    )


if __name__ == "__main__":
    main()
