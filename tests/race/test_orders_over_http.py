"""D1 over HTTP: two hundred programs order the last hundred profiles at once."""

import asyncio
from collections import Counter

import httpx

from domain import carts
from domain.sql import fetch
from infra.database import reading, unit_of_work
from tests.api.conftest import client
from tests.api.people import of_customer
from tests.builders import as_customer, make_account, make_bank, make_customer, make_plan
from tests.fixtures import Shop

BUYERS, STOCK, OF_ACCOUNT = 200, 100, 20


async def test_a_hundred_are_served_a_hundred_are_told_and_nobody_is_failed(shop: Shop) -> None:
    shop.configure(api_per_minute=10**6)
    await make_bank()
    plan = await make_plan()
    for _ in range(STOCK // OF_ACCOUNT):
        await make_account(plan.service_id, profiles=OF_ACCOUNT)
    people = []
    for _ in range(BUYERS):
        buyer = await make_customer()
        assert plan.id is not None
        async with unit_of_work() as session:
            await carts.add(session, as_customer(buyer), plan_id=plan.id)
        people.append(await of_customer(buyer))
    async with client(timeout=60) as program:
        answers = await asyncio.gather(*(_order(program, who) for who in people))
    said = Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert said == {(201, ""): STOCK, (409, "out_of_stock"): BUYERS - STOCK}
    async with reading() as session:
        held = await fetch(
            session,
            """SELECT count(*) AS n, count(DISTINCT reserved_order_id) AS orders FROM profiles
               WHERE reserved_order_id IS NOT NULL""",
        )
    assert (held[0].n, held[0].orders) == (STOCK, STOCK)


async def _order(program: httpx.AsyncClient, who: dict[str, str]) -> httpx.Response:
    return await program.post("/api/ordenes-new", json={}, headers=who)
