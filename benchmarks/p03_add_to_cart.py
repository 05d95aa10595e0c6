"""P3: adding to the cart over REST, 8 customers, against a bare route with the same insert.

The shop as it is served: token, limits, the cart read back with prices and availability. The bare
route writes cart and line in one transaction and answers a number.
"""

from __future__ import annotations

import uvloop
from _apps import Data, build_shop, seeded, shop
from _harness import Row, record
from _people import buyers
from _rest import UNLIMITED, Link, links, process, rates

EACH, ROUNDS = 40, 7


async def measure(data: Data, ours: str, least: str) -> Row:
    people = await buyers(data, 16)
    ours_are, theirs = people[:8], people[8:]
    async with links(ours) as shop, links(least) as bare:

        async def ask(link: Link, client: int) -> None:
            wanted = {"plan_id": 1, "quantity": 1}
            token = ours_are[client].token
            status, body = await link.ask("POST", "/api/cart/items", wanted, token=token)
            assert status == 200, body

        async def ask_bare(link: Link, client: int) -> None:
            wanted = {"plan_id": 1, "customer": theirs[client].id}
            status, body = await link.ask("POST", "/cart", wanted)
            assert status == 200, body

        taken, floor = await rates([(shop, ask), (bare, ask_bare)], EACH, ROUNDS)
    ratio = taken / floor
    return Row(
        id="P3",
        what="add to cart over REST / a bare route with the same insert, 8 customers",
        must="≥ 0.5 ×",
        measured=f"{taken:.0f} / {floor:.0f} req/s",
        ratio=ratio,
        reached=ratio >= 0.5,
    )


if __name__ == "__main__":
    build_shop()
    with (
        seeded() as data,
        shop(data.folder, **UNLIMITED) as cuenty,
        process("bare", data) as least,
    ):
        row = uvloop.run(measure(data, cuenty.origin, least))
    record(row)
