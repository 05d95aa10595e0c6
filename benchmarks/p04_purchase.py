"""P4: a whole purchase over REST, 8 customers, against a bare pair of routes.

Both: cart, order with its hold, payment confirmed, credential assigned, message written. The shop
takes three requests (cart, order, `estado`), its jobs run elsewhere; the bare pair has its cart
filled for it and writes the same rows, statement by statement in one transaction each.
"""

from __future__ import annotations

import json
from typing import Any

import uvloop
from _apps import Data, build_shop, seeded, shop
from _harness import Row, record
from _people import buyers, fill_shelves, owner
from _rest import UNLIMITED, Link, links, process, rates

EACH, ROUNDS = 12, 7


async def measure(data: Data, ours: str, least: str) -> Row:
    await fill_shelves(data)
    people, boss = await buyers(data, 16), await owner(data)
    ours_are, theirs = people[:8], people[8:]
    async with links(ours) as shop, links(least) as bare:

        async def buy(link: Link, client: int) -> None:
            token = ours_are[client].token
            await said(link, "POST", "/api/cart/items", {"plan_id": 1, "quantity": 1}, token)
            order = await said(
                link, "POST", "/api/ordenes-new", {"delivery_preference": "web"}, token
            )
            paid = {"status": "paid", "payment": {"amount": order["total"]}}
            path = f"/api/ordenes-new/{order['id']}/estado"
            assert (await said(link, "PUT", path, paid, boss))["status"] == "delivered"

        async def buy_bare(link: Link, client: int) -> None:
            who = theirs[client].id
            await said(link, "POST", "/cart", {"customer": who, "plan_id": 1})
            order = await said(link, "POST", "/order", {"customer": who})
            assert (await said(link, "POST", "/pay", order))["assignment"]

        taken, floor = await rates([(shop, buy), (bare, buy_bare)], EACH, ROUNDS)
    ratio = taken / floor
    return Row(
        id="P4",
        what="whole purchase over REST / bare routes writing the same rows, 8 customers",
        must="≥ 0.6 ×",
        measured=f"{taken:.0f} / {floor:.0f} purchases/s",
        ratio=ratio,
        reached=ratio >= 0.6,
    )


async def said(link: Link, method: str, path: str, body: Any, token: str = "") -> Any:
    status, answer = await link.ask(method, path, body, token=token)
    assert status in {200, 201}, answer
    return json.loads(answer)


if __name__ == "__main__":
    build_shop()
    with (
        seeded() as data,
        shop(data.folder, **UNLIMITED) as cuenty,
        process("bare", data) as least,
    ):
        row = uvloop.run(measure(data, cuenty.origin, least))
    record(row)
