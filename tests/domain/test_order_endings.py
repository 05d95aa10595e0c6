"""Cancelling orders, and unpaid ones that lapse."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

import models
from domain import inventory_rows, order_endings, order_pages, waiting_orders
from domain.errors import Conflict, InvalidInput, NotFound
from domain.sql import scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_guest,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
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


async def test_cancelling_gives_the_stock_back(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan)
    async with unit_of_work() as session:
        await order_endings.cancel(
            session, as_customer(ana), order_id=placed.id, reason="Ya no lo quiero"
        )
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
        await order_endings.cancel(session, as_customer(leo), order_id=ends.id, reason="Ya no")
    assert await value(fills) == 1
    async with unit_of_work() as session:
        await waiting_orders.fill_waiting(session)
    assert await value("SELECT status FROM orders WHERE id = %(id)s", id=waits.id) == "delivered"
    last = await place_order(leo, plan)
    async with unit_of_work() as session:
        await order_endings.cancel(session, as_customer(leo), order_id=last.id, reason="Tampoco")
    assert await value(fills) == 1, "nobody waits any more"


async def test_a_cancellation_waits_for_who_changes_the_account_and_not_the_other_way_round(
    plan: models.Plan,
) -> None:
    """Its order has a subscription in the account and holds another profile of it."""
    other = await make_plan(await service_of(plan), name="3 meses", duration_months=3)
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
            await order_endings.cancel(session, boss, order_id=placed.id, reason="se arrepintió")

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
        lambda s: order_endings.cancel(s, stranger, order_id=placed.id, reason="x"),
        lambda s: order_pages.order_page(s, stranger, order_id=placed.id),
        lambda s: order_endings.cancel(s, as_guest(), order_id=placed.id, reason="x"),
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
            await order_endings.cancel(session, boss, order_id=placed.id, reason="tarde")


async def test_cancelling_needs_a_reason(plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan)
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await order_endings.cancel(session, as_customer(ana), order_id=placed.id, reason="  ")


async def _expire() -> int:
    async with unit_of_work() as session:
        return await order_endings.expire_due(session)


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


async def test_an_order_with_part_of_its_money_does_not_expire_by_itself(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, Decimal(50), reference="ABONO")
    await change("UPDATE orders SET expires_at = now() - interval '1 second'")
    assert await _expire() == 0
