"""D1 and E8 over HTTP: two hundred programs order the last hundred profiles of a served shop."""

import asyncio
from collections import Counter

import httpx

from domain import carts
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from tests.api.people import of_customer
from tests.builders import as_customer, make_account, make_bank, make_customer, make_plan
from tests.fixtures import Shop
from tests.race.api_server import served

BUYERS, STOCK, OF_ACCOUNT = 200, 100, 20
SERVED = (201, "")
KEY = {"Idempotency-Key": "una-compra"}


async def buyers(count: int, stock: int) -> list[dict[str, str]]:
    """Who has one unit of a plan in the cart, of which there are `stock` profiles."""
    await make_bank()
    plan = await make_plan()
    for _ in range(stock // OF_ACCOUNT):
        await make_account(plan.service_id, profiles=OF_ACCOUNT)
    people = []
    for _ in range(count):
        buyer = await make_customer()
        assert plan.id is not None
        async with unit_of_work() as session:
            await carts.add(session, as_customer(buyer), plan_id=plan.id)
        people.append(await of_customer(buyer))
    return people


async def order(origin: str, people: list[dict[str, str]]) -> list[httpx.Response]:
    """All at once, each on a connection of its own."""
    limits = httpx.Limits(max_connections=len(people))
    async with httpx.AsyncClient(base_url=origin, timeout=60, limits=limits) as program:
        return await asyncio.gather(
            *(program.post("/api/ordenes-new", json={}, headers=who) for who in people)
        )


def told(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)


async def test_a_hundred_are_served_a_hundred_are_told_and_nobody_is_failed(shop: Shop) -> None:
    people = await buyers(BUYERS, STOCK)
    async with served(shop) as origin:
        answers = await order(origin, people)
    assert told(answers) == {SERVED: STOCK, (409, "out_of_stock"): BUYERS - STOCK}
    async with reading() as session:
        held = await fetch(
            session,
            """SELECT count(*) AS n, count(DISTINCT reserved_order_id) AS orders FROM profiles
               WHERE reserved_order_id IS NOT NULL""",
        )
    assert (held[0].n, held[0].orders) == (STOCK, STOCK)


async def test_control_without_row_locks_more_are_served_than_there_is(shop: Shop) -> None:
    people = await buyers(BUYERS, STOCK)
    async with served(shop, guarded=False) as origin:
        answers = await order(origin, people)
    assert told(answers)[SERVED] > STOCK


async def test_one_key_fifty_times_at_once_is_one_order(shop: Shop) -> None:
    [ana] = await buyers(1, OF_ACCOUNT)
    async with served(shop) as origin:
        answers = await order(origin, [{**ana, **KEY}] * 50)
        again = await order(origin, [{**ana, **KEY}])
    said = told(answers)
    assert set(said) <= {SERVED, (409, "idempotency_running")}
    made = {answer.json()["id"] for answer in [*answers, *again] if answer.status_code == 201}
    assert len(made) == 1
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM orders") == 1


async def test_control_without_a_key_a_repeated_order_is_refused_as_another(shop: Shop) -> None:
    [ana] = await buyers(1, OF_ACCOUNT)
    async with served(shop) as origin:
        answers = await order(origin, [ana] * 50)
        again = await order(origin, [ana])
    assert told(answers) == {SERVED: 1, (409, "cart_empty"): 49}
    assert told(again) == {(409, "cart_empty"): 1}
