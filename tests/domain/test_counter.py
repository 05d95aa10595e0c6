"""Selling at the counter: the order is the customer's, as if they had placed it themselves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import carts, counter
from domain.actors import Actor
from domain.counter import Sale
from domain.errors import DomainError, Forbidden
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")
PHONE = "55 1234 5678"


@pytest.fixture
async def operator(shop: object) -> Actor:
    del shop
    await make_bank()
    return as_staff(await make_staff())


@pytest.fixture
async def plan(operator: object) -> models.Plan:
    del operator
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    return plan


async def sell(actor: Actor, lines: Mapping[int, int], total: int, **values: Any) -> Sale:
    said = {"phone": PHONE, "name": " Ana  Torres ", "delivery_preference": "whatsapp", **values}
    async with unit_of_work() as session:
        return await counter.sell(session, actor, lines=lines, seen_total=Decimal(total), **said)


async def refusal(actor: Actor, lines: Mapping[int, int], total: int, **values: Any) -> str:
    with pytest.raises(DomainError) as refused:
        await sell(actor, lines, total, **values)
    return next(iter(getattr(refused.value, "fields", {})), refused.value.code)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


@pytest.mark.usefixtures("plan")
async def test_somebody_new_buys_by_phone_and_is_told_how_to_pay(operator: Actor) -> None:
    sale = await sell(operator, {1: 2}, 300)
    assert (sale.status, sale.told) == ("pending_payment", True)
    assert await value("SELECT phone || name FROM customers") == "+525512345678Ana Torres"
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id = 1") == 2
    assert await value("SELECT kind FROM messages") == "order_placed"
    who = "SELECT actor_kind FROM timeline_entries WHERE event = 'placed'"
    assert await value(who) == "staff"
    async with reading() as session:
        found = await counter.find_buyer(session, operator, phone="+52 1 55 1234 5678")
    assert (found.name, found.orders) == ("Ana Torres", 1)


@pytest.mark.usefixtures("plan")
async def test_who_pays_at_once_has_their_access_at_once(operator: Actor) -> None:
    await make_customer("+525512345678", name="Anita")
    sale = await sell(operator, {1: 1}, 150, reference="EFECTIVO 7")
    assert sale.status == "delivered"
    assert await value("SELECT name FROM customers") == "Anita", "the name they gave stays"
    assert await value("SELECT reference FROM payments") == "EFECTIVO 7"
    assert await value("SELECT count(*) FROM assignments") == 1


@pytest.mark.usefixtures("plan")
async def test_the_customers_own_cart_stays_as_it_is(operator: Actor) -> None:
    ana = await make_customer("+525512345678")
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=1, quantity=2)
    await sell(operator, {1: 1}, 150)
    assert await value("SELECT quantity FROM cart_items") == 2


async def test_what_cannot_be_sold_leaves_nothing_behind(
    operator: Actor, plan: models.Plan
) -> None:
    assert await refusal(operator, {}, 0) == "sale_empty"
    assert await refusal(operator, {1: 4}, 600) == "sale_short"
    assert await refusal(operator, {1: 1}, 149) == "sale_changed"
    assert await refusal(operator, {1: 1, 99: 1}, 150) == "sale_changed"
    assert await refusal(operator, {1: 11}, 1650) == "quantity"
    assert await refusal(operator, {1: 1}, 150, phone="123") == "phone"
    assert await refusal(operator, {1: 1}, 150, name="x" * 121) == "name"
    assert await refusal(operator, {1: 1}, 150, delivery_preference="fax") == "delivery_preference"
    assert await refusal(operator, {1: 1}, 150, delivery_preference="email") == (
        "delivery_preference"
    )
    assert await refusal(operator, {1: 1}, 150, reference="x" * 41) == "reference"
    assert await value("SELECT count(*) FROM customers") == 0
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 0
    ana = await make_customer("+525512345678")
    for _ in range(2):
        await place_order(ana, plan)
    assert await refusal(operator, {1: 1}, 150) == "sale_unpaid_limit"
    async with unit_of_work() as session:
        await run(session, "UPDATE customers SET blocked_at = now()")
    assert await refusal(operator, {1: 1}, 150) == "buyer_blocked"


async def test_no_customer_sells(operator: Actor, plan: models.Plan) -> None:
    del operator, plan
    ana = as_customer(await make_customer())
    with pytest.raises(Forbidden):
        await sell(ana, {1: 1}, 150)
    async with reading() as session:
        with pytest.raises(Forbidden):
            await counter.find_buyer(session, ana, phone=PHONE)
