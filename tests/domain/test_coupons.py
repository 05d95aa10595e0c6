"""Coupons: what they take off, for whom, how often, and what comes back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import (
    carts,
    checkout,
    coupon_desk,
    coupons,
    credit,
    doctor,
    order_endings,
    orders,
    statistics,
)
from domain.actors import SYSTEM, Actor
from domain.coupon_desk import CouponTerms
from domain.errors import Conflict, InvalidInput
from domain.sql import fetch_one, run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
)

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


@pytest.fixture
async def ana(shop: object) -> models.Customer:
    del shop
    return await make_customer()


async def make_coupon(code: str = "BUENFIN", **values: Any) -> models.Coupon:
    if "amount" not in values:
        values = {"percent": Decimal(10), **values}
    return await keep(models.Coupon(code=code, **values))


async def order_with(
    customer: models.Customer,
    *plans: models.Plan,
    coupon: str = "BUENFIN",
    quantity: int = 1,
    **values: Any,
) -> orders.OrderPlaced:
    actor = as_customer(customer)
    async with unit_of_work() as session:
        for plan in plans:
            await carts.add(session, actor, plan_id=plan.id or 0, quantity=quantity)
        return await checkout.check_out(session, actor, coupon=coupon, **values)


async def why_not(customer: models.Customer, *plans: models.Plan, **values: Any) -> str:
    with pytest.raises(InvalidInput) as refusal:
        await order_with(customer, *plans, **values)
    return refusal.value.fields["coupon"]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_a_percentage_is_off_the_total_and_on_record(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon()
    placed = await order_with(ana, plan, coupon=" buen fin ", quantity=2)
    assert placed.total == Decimal("270.00")
    async with reading() as session:
        row: Any = await fetch_one(session, "SELECT * FROM orders")
        assert (row.discount, row.coupon_code, row.total) == (30, "BUENFIN", 270)
        assert await doctor.examine(session) == []
    assert (await pay(placed.id, placed.total)).status == "delivered"


async def test_an_amount_is_split_over_the_lines_to_the_centavo(
    plan: models.Plan, ana: models.Customer
) -> None:
    others = [await make_plan(cost=Decimal("33.33"), margin=Decimal(0)) for _ in range(2)]
    for one in others:
        await make_account(one.service_id, profiles=1)
    await make_coupon(amount=Decimal(100))
    placed = await order_with(ana, plan, *others)
    assert placed.total == Decimal("116.66")
    assert await value("SELECT sum(discount) FROM order_items") == 100
    await pay(placed.id, placed.total)
    async with reading() as session:
        found = await statistics.statistics(session, SYSTEM, statistics.last_days(1))
        assert await doctor.examine(session) == []
    assert sum(part.revenue for part in found.by_service) == found.figures.revenue == placed.total


async def test_it_may_be_for_a_service_or_a_plan_alone(
    plan: models.Plan, ana: models.Customer
) -> None:
    other = await make_plan()
    await make_account(other.service_id, profiles=5)
    await make_coupon(percent=Decimal(50), service_id=plan.service_id)
    await make_coupon("SOLO", percent=Decimal(50), plan_id=other.id)
    assert (await order_with(ana, plan, other)).total == 225
    assert await why_not(ana, plan, coupon="SOLO") == "Ese cupón no es para lo que llevas."


async def test_one_that_does_not_count_says_why_and_nothing_is_ordered(
    plan: models.Plan, ana: models.Customer
) -> None:
    day = clock.today()
    await make_coupon("APAGADO", active=False)
    await make_coupon("MANANA", from_on=day + timedelta(days=1))
    await make_coupon("AYER", until_on=day - timedelta(days=1))
    await make_coupon("MUCHO", minimum=Decimal(1000))
    said = {
        code: await why_not(ana, plan, coupon=code)
        for code in ("NADA", "APAGADO", "MANANA", "AYER", "MUCHO")
    }
    assert said == {
        "NADA": "Ese cupón no existe o ya no está activo.",
        "APAGADO": "Ese cupón no existe o ya no está activo.",
        "MANANA": "Ese cupón todavía no empieza.",
        "AYER": "Ese cupón ya venció.",
        "MUCHO": "Este cupón es para compras desde $1,000.00 MXN.",
    }
    assert await value("SELECT count(*) FROM orders") == 0


async def test_a_coupon_for_all_of_it_delivers_without_a_payment(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon(percent=Decimal(100))
    placed = await order_with(ana, plan)
    assert placed.total == 0
    assert await value("SELECT status || payment_status FROM orders") == "deliveredpaid"
    async with reading() as session:
        assert await doctor.examine(session) == []


async def test_coupon_and_credit_together_pay_what_they_reach(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon(amount=Decimal(100))
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=ana.id or 0, amount=Decimal(80), reason="por la espera"
        )
    placed = await order_with(ana, plan, use_credit=Decimal(80), seen_total=Decimal(50))
    assert placed.total == 50
    assert await value("SELECT status FROM orders") == "delivered"
    assert await value("SELECT credit FROM customers WHERE id = 1") == 30
    assert await value("SELECT count(*) FROM messages WHERE kind = 'order_placed'") == 0


async def test_what_was_agreed_to_is_the_total_after_the_coupon(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon()
    with pytest.raises(Conflict, match="cart_changed"):
        await order_with(ana, plan, seen_total=Decimal(150))


async def test_each_customer_uses_it_as_often_as_allowed_and_again_after_cancelling(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon(limit_each=1)
    placed = await order_with(ana, plan)
    assert await why_not(ana, plan) == "Ya usaste ese cupón."
    async with unit_of_work() as session:
        await order_endings.cancel(session, as_customer(ana), order_id=placed.id, reason="ya no")
    assert await value("SELECT uses FROM coupons") == 0
    assert (await order_with(ana, plan)).total == 135


async def test_a_lapsed_order_gives_it_back_and_late_money_takes_it_again_if_it_is_there(
    plan: models.Plan, ana: models.Customer
) -> None:
    await make_coupon(limit_total=1)
    placed = await order_with(ana, plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET expires_at = now() - interval '1 minute'")
        await order_endings.expire_due(session)
    assert await value("SELECT uses FROM coupons") == 0
    await order_with(await make_customer(), plan)
    assert (await pay(placed.id, Decimal(135))).status == "cancelled"
    assert await value("SELECT uses FROM coupons") == 1


async def crowd(plan: models.Plan, count: int) -> list[Actor]:
    for _ in range(-(-count // 10)):
        await make_account(plan.service_id, profiles=10)
    buyers = [as_customer(await make_customer()) for _ in range(count)]
    async with unit_of_work() as session:
        for buyer in buyers:
            await carts.add(session, buyer, plan_id=plan.id or 0)
    return buyers


async def reach_for_it(buyer: Actor) -> bool:
    try:
        async with unit_of_work() as session:
            await checkout.check_out(session, buyer, coupon="BUENFIN")
    except InvalidInput:
        return False
    return True


async def test_of_fifty_at_once_exactly_one_has_the_last_use(plan: models.Plan) -> None:
    await make_coupon(limit_total=1)
    buyers = await crowd(plan, 50)
    got = await asyncio.gather(*(reach_for_it(buyer) for buyer in buyers))
    assert sum(got) == 1
    assert await value("SELECT count(*) FROM orders WHERE discount > 0") == 1
    assert await value("SELECT count(*) FROM orders") == 1, "who did not get it ordered nothing"


async def test_control_without_the_lock_the_schema_still_counts(
    plan: models.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody believes there is one left; the coupon's own row says no."""
    await make_coupon(limit_total=1)
    buyers = await crowd(plan, 10)

    async def never(*_args: object) -> None: ...

    monkeypatch.setattr(coupons, "_refuse_spent", never)
    assert sum(await asyncio.gather(*(reach_for_it(buyer) for buyer in buyers))) == 1


async def test_control_without_both_it_is_sold_more_often(
    plan: models.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_coupon(limit_total=1)
    buyers = await crowd(plan, 10)

    async def never(*_args: object) -> None: ...

    monkeypatch.setattr(coupons, "_refuse_spent", never)
    async with unit_of_work() as session:
        await run(session, "ALTER TABLE coupons DROP CONSTRAINT ck_coupons_uses")
    assert sum(await asyncio.gather(*(reach_for_it(buyer) for buyer in buyers))) > 1


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, "value"),
        ({"percent": Decimal(10), "amount": Decimal(10)}, "value"),
        ({"percent": Decimal("0.001")}, "value"),
        ({"percent": Decimal("33.333")}, "value"),
        ({"amount": Decimal("0.001")}, "value"),
        ({"amount": Decimal("5.005")}, "value"),
        ({"percent": Decimal(10), "minimum": Decimal(-1)}, "minimum"),
        ({"percent": Decimal(10), "minimum": Decimal(10) ** 11}, "minimum"),
        ({"percent": Decimal(10), "service_id": 1, "plan_id": 1}, "scope"),
        ({"percent": Decimal(10), "limit_each": 0}, "limit_each"),
    ],
)
async def test_terms_that_say_nothing_or_too_much_are_refused_beside_their_field(
    shop: object, terms: dict[str, Any], field: str
) -> None:
    del shop
    owner = as_staff(await make_staff("owner"))
    with pytest.raises(InvalidInput) as refusal:
        async with unit_of_work() as session:
            await coupon_desk.create(session, owner, code="PRUEBA", terms=CouponTerms(**terms))
    assert set(refusal.value.fields) == {field}
