"""P2: the catalog over REST as visitors get it, against Starlette answering the same bytes.

The shop as it is served, pages, socket, limits and all; the bare route has the bytes in a variable.
8 clients on connections that stay open, in turns.
"""

from __future__ import annotations

import uvloop
from _apps import build_shop, seeded, shop
from _harness import Row, record
from _rest import UNLIMITED, Link, links, process, rates

EACH, ROUNDS = 400, 7
PATH = "/api/servicios/activos"


async def measure(ours: str, least: str) -> Row:
    async with links(ours) as shop, links(least) as bare:
        status, told = await shop[0].ask("GET", PATH)
        assert status == 200
        assert (await bare[0].ask("PUT", "/kept", told))[0] == 204

        async def ask(link: Link, _: int) -> None:
            status, body = await link.ask("GET", PATH)
            assert (status, len(body)) == (200, len(told))

        async def ask_bare(link: Link, _: int) -> None:
            assert await link.ask("GET", "/kept") == (200, told)

        taken, floor = await rates([(shop, ask), (bare, ask_bare)], EACH, ROUNDS)
    ratio = taken / floor
    return Row(
        id="P2",
        what="REST catalog as visitors get it / Starlette, the same bytes from memory",
        must="≥ 0.8 ×",
        measured=f"{taken:.0f} / {floor:.0f} req/s",
        ratio=ratio,
        reached=ratio >= 0.8,
    )


if __name__ == "__main__":
    build_shop()
    with (
        seeded() as data,
        shop(data.folder, **UNLIMITED) as cuenty,
        process("bare", data) as least,
    ):
        row = uvloop.run(measure(cuenty.origin, least))
    record(row)
