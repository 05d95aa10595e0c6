"""Placing, cancelling and expiring orders."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

import models
from domain import assignments, carts, inventory_rows, order_lists, order_pages, orders
from domain.actors import Actor
from domain.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.order_filters import Wanted
from domain.sql import fetch, fetch_one, run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_guest,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


async def value(statement: str, **values: object) -> object:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def change(statement: str, **values: object) -> None:
    async with unit_of_work() as session:
        await run(session, statement, **values)


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
    service = await _service_of(plan)
    longer = await make_plan(service, name="3 meses", duration_months=3)
    await place_order(await make_customer(), plan, longer, quantity=2)
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 4
    ana = as_customer(await make_customer())
    async with unit_of_work() as session:
        for wanted in (plan, longer):
            assert wanted.id is not None
            await carts.add(session, ana, plan_id=wanted.id)
    await refused("out_of_stock", ana)


async def _service_of(plan: models.Plan) -> models.Service:
    async with unit_of_work() as session:
        service = await session.get(models.Service, plan.service_id)
    assert service is not None
    return service


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


async def test_cancelling_gives_the_stock_back(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan)
    async with unit_of_work() as session:
        await orders.cancel(session, as_customer(ana), order_id=placed.id, reason="Ya no lo quiero")
    assert await value("SELECT status FROM orders") == "cancelled"
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 0


async def test_stock_of_a_cancelled_order_goes_to_who_paid_and_waits(plan: models.Plan) -> None:
    """At once by a job, and not to the next buyer who happens to look before the next round."""
    eva, leo = await make_customer(), await make_customer()
    waits, ends = await place_order(eva, plan, quantity=2), await place_order(leo, plan, quantity=3)
    await change("UPDATE profiles SET status = 'disabled' WHERE id = 1")
    await change("UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL WHERE id = 1")
    await pay(waits.id, waits.total)
    fills = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'assignments.fill'"
    assert await value(fills) == 0
    async with unit_of_work() as session:
        await orders.cancel(session, as_customer(leo), order_id=ends.id, reason="Ya no")
    assert await value(fills) == 1
    async with unit_of_work() as session:
        await assignments.fill_waiting(session)
    assert await value("SELECT status FROM orders WHERE id = %(id)s", id=waits.id) == "delivered"
    last = await place_order(leo, plan)
    async with unit_of_work() as session:
        await orders.cancel(session, as_customer(leo), order_id=last.id, reason="Tampoco")
    assert await value(fills) == 1, "nobody waits any more"


async def test_a_cancellation_waits_for_who_changes_the_account_and_not_the_other_way_round(
    plan: models.Plan,
) -> None:
    """Its order has a subscription in the account and holds another profile of it."""
    other = await make_plan(await _service_of(plan), name="3 meses", duration_months=3)
    placed = await place_order(await make_customer(), plan, other, quantity=2)
    await change(
        """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL, reserved_until = NULL
           WHERE id IN (4, 5)"""
    )
    await pay(placed.id, placed.total)
    assert await value("SELECT count(*) FROM assignments") == 2
    assert await value("SELECT reserved_order_id FROM profiles WHERE id = 3") == placed.id
    boss = as_staff(await make_staff("owner"))

    async def cancel() -> None:
        async with unit_of_work() as session:
            await orders.cancel(session, boss, order_id=placed.id, reason="se arrepintió")

    async with unit_of_work() as session:
        await scalar(session, "SELECT id FROM assignments ORDER BY id LIMIT 1 FOR UPDATE")
        cancelling = asyncio.create_task(cancel())
        while not await value(WAITS):  # noqa: ASYNC110  # the database says it, nobody else
            await asyncio.sleep(0)
        await inventory_rows.lock_account(session, 1)
    await cancelling
    assert await value("SELECT count(*) FROM profiles WHERE status = 'rotate'") == 2


WAITS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def test_nobody_cancels_or_sees_another_customers_order(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    stranger = as_customer(await make_customer())
    for action in (
        lambda s: orders.cancel(s, stranger, order_id=placed.id, reason="x"),
        lambda s: order_pages.order_page(s, stranger, order_id=placed.id),
        lambda s: orders.cancel(s, as_guest(), order_id=placed.id, reason="x"),
    ):
        with pytest.raises(NotFound):
            async with unit_of_work() as session:
                await action(session)


async def test_a_delivered_order_cannot_be_cancelled(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)
    boss = as_staff(await make_staff("owner"))
    with pytest.raises(Conflict, match="order_state"):
        async with unit_of_work() as session:
            await orders.cancel(session, boss, order_id=placed.id, reason="tarde")


async def test_cancelling_needs_a_reason(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan)
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await orders.cancel(session, as_customer(ana), order_id=placed.id, reason="  ")


async def _expire() -> int:
    async with unit_of_work() as session:
        return await orders.expire_due(session)


async def test_an_unpaid_order_expires_when_its_time_is_over_and_only_once(
    plan: models.Plan,
) -> None:
    placed = await place_order(await make_customer(), plan)
    assert await _expire() == 0
    await change("UPDATE orders SET expires_at = now() - interval '1 second'")
    assert (await _expire(), await _expire()) == (1, 0)
    async with reading() as session:
        page = await order_pages.order_page(
            session, as_staff(await make_staff()), order_id=placed.id
        )
    assert page.expired
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 0


async def test_stock_of_a_lapsed_hold_is_sold_even_when_no_job_ran(plan: models.Plan) -> None:
    await place_order(await make_customer(), plan, quantity=5)
    await change("UPDATE profiles SET reserved_until = now() - interval '1 second'")
    placed = await place_order(await make_customer(), plan, quantity=5)
    held = "SELECT count(*) FROM profiles WHERE reserved_order_id = %(o)s"
    assert await value(held, o=placed.id) == 5


async def test_an_order_with_part_of_its_money_does_not_expire_by_itself(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, Decimal(50), reference="ABONO")
    await change("UPDATE orders SET expires_at = now() - interval '1 second'")
    assert await _expire() == 0


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
