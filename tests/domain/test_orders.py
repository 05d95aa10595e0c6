"""Placing orders, and what is written of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

import models
from domain import carts, order_lists, orders
from domain.actors import Actor
from domain.errors import Conflict, DomainError
from domain.order_filters import Wanted
from domain.sql import fetch, fetch_one
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
    service_of,
)
from tests.rows import change, value

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


async def refused(code: str, actor: Actor, **values: object) -> DomainError:
    with pytest.raises(Conflict) as refusal:
        async with unit_of_work() as session:
            await orders.place(session, actor, **values)  # type: ignore[arg-type]
    assert refusal.value.code == code
    return refusal.value


async def test_an_order_keeps_the_prices_and_names_of_its_day(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan, quantity=2)
    await change("UPDATE plans SET cost = 500, name = 'Otro'")
    async with reading() as session:
        item = await fetch_one(session, "SELECT * FROM order_items")
    assert placed.total == Decimal("300.00")
    assert (item.unit_price, item.line_total) == (Decimal("150.00"), Decimal("300.00"))
    assert (item.unit_cost, item.plan_name) == (Decimal("120.00"), "1 mes")


async def test_placing_holds_the_stock_and_empties_the_cart(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan, quantity=2)
    held = (
        "SELECT count(*) FROM profiles WHERE reserved_order_id = %(o)s AND reserved_until > now()"
    )
    assert await value(held, o=placed.id) == 2
    async with reading() as session:
        assert (await carts.contents(session, as_customer(ana))).items == ()


async def test_an_order_needs_something_in_the_cart(plan: models.Plan) -> None:
    assert plan.id
    await refused("cart_empty", as_customer(await make_customer()))


async def test_a_refused_order_leaves_the_cart_as_it_was(plan: models.Plan) -> None:
    assert plan.id is not None
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        await carts.add(session, ana, plan_id=plan.id, quantity=6)
    refusal = await refused("out_of_stock", ana)
    assert refusal.data["plan_ids"] == [plan.id]
    assert "1 mes" in refusal.message
    async with reading() as session:
        assert (await carts.contents(session, ana)).count == 6
    assert await value("SELECT count(*) FROM orders") == 0
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 0


async def test_a_price_that_changed_since_the_summary_refuses_the_order(plan: models.Plan) -> None:
    assert plan.id is not None
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        await carts.add(session, ana, plan_id=plan.id)
    await change("UPDATE plans SET margin = 60")
    await refused("cart_changed", ana, seen_total=Decimal("150.00"))


async def test_a_plan_taken_off_sale_refuses_the_order(plan: models.Plan) -> None:
    assert plan.id is not None
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        await carts.add(session, ana, plan_id=plan.id)
    await change("UPDATE plans SET active = false")
    await refused("cart_changed", ana)


async def test_a_customer_has_at_most_two_unpaid_orders(plan: models.Plan) -> None:
    assert plan.id is not None
    ana = await make_customer()
    first = await place_order(ana, plan)
    await place_order(ana, plan)
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=plan.id)
    await refused("unpaid_limit", as_customer(ana))
    await pay(first.id, first.total)
    async with unit_of_work() as session:
        await orders.place(session, as_customer(ana))


async def test_two_lines_of_one_service_never_hold_the_same_profile(plan: models.Plan) -> None:
    service = await service_of(plan)
    longer = await make_plan(service, name="3 meses", duration_months=3)
    await place_order(await make_customer(), plan, longer, quantity=2)
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 4
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        for wanted in (plan, longer):
            assert wanted.id is not None
            await carts.add(session, ana, plan_id=wanted.id)
    await refused("out_of_stock", ana)


async def test_a_whole_account_is_sold_whole_or_not_at_all() -> None:
    await make_bank()
    service = await make_service(max_profiles=5)
    whole = await make_plan(service, full_account=True)
    single = await make_plan(service)
    assert service.id is not None
    for _ in range(2):
        await make_account(service.id, profiles=5)
    await place_order(await make_customer(), single)
    placed = await place_order(await make_customer(), whole)
    async with reading() as session:
        accounts = await fetch(
            session,
            """SELECT account_id, count(*) AS n FROM profiles
               WHERE reserved_order_id = %(o)s GROUP BY 1""",
            o=placed.id,
        )
    assert [row.n for row in accounts] == [5]
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        assert whole.id is not None
        await carts.add(session, ana, plan_id=whole.id)
    await refused("out_of_stock", ana)


async def test_dedicated_stock_goes_first_then_the_account_paid_for_longest() -> None:

    await make_bank()
    plan = await make_plan()
    short = await make_account(plan.service_id, profiles=1, paid_until=date(2030, 1, 1))
    longest = await make_account(plan.service_id, profiles=1, paid_until=date(2031, 1, 1))
    own = await make_account(plan.service_id, profiles=1, plan_id=plan.id)
    taken = []
    for _ in range(3):
        placed = await place_order(await make_customer(), plan)
        taken.append(
            await value(
                "SELECT account_id FROM profiles WHERE reserved_order_id = %(o)s", o=placed.id
            )
        )
    assert taken == [own.id, longest.id, short.id]


async def test_stock_in_maintenance_is_not_sold(plan: models.Plan) -> None:
    assert plan.id is not None
    await change("UPDATE accounts SET status = 'maintenance'")
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        await carts.add(session, ana, plan_id=plan.id)
    await refused("out_of_stock", ana)


async def test_stock_of_a_lapsed_hold_is_sold_even_when_no_job_ran(plan: models.Plan) -> None:
    await place_order(await make_customer(), plan, quantity=5)
    await change("UPDATE profiles SET reserved_until = now() - interval '1 second'")
    placed = await place_order(await make_customer(), plan, quantity=5)
    held = "SELECT count(*) FROM profiles WHERE reserved_order_id = %(o)s"
    assert await value(held, o=placed.id) == 5


async def test_every_step_is_written_in_the_timeline_and_the_audit(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)

    async def column(session: AsyncSession, statement: str) -> list[str]:
        return [row[0] for row in await fetch(session, statement)]

    async with reading() as session:
        events = await column(session, "SELECT event FROM timeline_entries ORDER BY id")
        actions = await column(session, "SELECT action FROM audit_entries ORDER BY id")
    assert events == ["placed", "payment_confirmed", "assigned", "delivered"]
    assert actions[-3:] == ["order.place", "payment.confirm", "order.assign"]


async def test_the_audit_cannot_be_changed_not_even_by_sql(plan: models.Plan) -> None:
    await place_order(await make_customer(), plan)
    for statement in (
        "UPDATE audit_entries SET action = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ):
        with pytest.raises(Exception, match="never changed"):
            await change(statement)


async def test_operators_find_orders_by_number_and_by_the_end_of_a_phone(plan: models.Plan) -> None:
    ana = await make_customer("+525587654321")
    await place_order(ana, plan)
    placed = await place_order(await make_customer(), plan)
    operator = as_staff(await make_staff())

    async def found(q: str) -> list[int]:
        async with reading() as session:
            return [o.id for o in await order_lists.order_list(session, operator, Wanted(q=q))]

    assert await found("4321") == [placed.id - 1]
    assert await found("55 8765 4321") == [placed.id - 1]
    assert await found(f"#{placed.id}") == [placed.id]
    assert await found("nadie") == []
    assert await found("") == [placed.id, placed.id - 1]
