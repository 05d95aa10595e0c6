"""P1: the catalog over REST, read anew for every request, against one async Core join.

Both answer services with plans, prices and what is left, on the same data, served alike. 8 clients
on connections that stay open, in turns. The shop writes an answer again only when what it read has
changed; the second row is what it costs when that is always so.
"""

from __future__ import annotations

import json

import uvloop
from _apps import seeded
from _harness import Row, record
from _rest import Link, links, process, rates

EACH, ROUNDS = 100, 7


async def measure(ours: str, least: str, row: str, what: str) -> Row:
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
        id=row,
        what=what,
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


READ = "REST catalog, read anew for each request / FastAPI with one Core join"
WRITTEN = "The same when what is read has changed each time, so that it is written anew, too"

if __name__ == "__main__":
    with seeded() as data, process("bare", data) as least:
        with process("uncached", data) as ours:
            read = uvloop.run(measure(ours, least, "P1", READ))
        with process("afresh", data) as ours:
            written = uvloop.run(measure(ours, least, "P1.2", WRITTEN))
    record(read, written)
