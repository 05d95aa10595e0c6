"""P1: the catalog over REST, read anew for every request, against one async Core join.

Both answer services with plans, prices and what is left, on the same data, served alike. 8 clients
on connections that stay open, in turns.
"""

from __future__ import annotations

import json

import uvloop
from _apps import seeded
from _harness import Row, record
from _rest import Link, links, process, rates

EACH, ROUNDS = 100, 7


async def measure(ours: str, least: str) -> Row:
    async with links(ours) as shop, links(least) as bare:
        here = await _plans(shop[0], "/api/servicios/activos")
        assert here == await _plans(bare[0], "/catalog"), "the two do not answer the same plans"

        async def ask(link: Link, _: int) -> None:
            status, body = await link.ask("GET", "/api/servicios/activos")
            assert status == 200, body

        async def ask_bare(link: Link, _: int) -> None:
            status, body = await link.ask("GET", "/catalog")
            assert status == 200, body

        taken, floor = await rates([(shop, ask), (bare, ask_bare)], EACH, ROUNDS)
    ratio = taken / floor
    return Row(
        id="P1",
        what="REST catalog, not cached / FastAPI with one Core join",
        must="≥ 0.9 ×",
        measured=f"{taken:.0f} / {floor:.0f} req/s",
        ratio=ratio,
        reached=ratio >= 0.9,
    )


async def _plans(link: Link, path: str) -> list[tuple[int, str, int]]:
    answered = json.loads((await link.ask("GET", path))[1])
    services = answered["items"] if isinstance(answered, dict) else answered
    return [
        (plan["id"], plan["sale_price"], min(plan["available"], 21))
        for service in services
        for plan in service["plans"]
    ]


if __name__ == "__main__":
    with seeded() as data, process("uncached", data) as ours, process("bare", data) as least:
        row = uvloop.run(measure(ours, least))
    record(row)
