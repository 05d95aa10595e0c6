"""Renewing: the same profile for longer, by paid time only."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import psycopg
import pytest

from domain import order_endings, orders, renewals, subscriptions
from domain.errors import Conflict, NotFound
from domain.sql import fetch, fetch_one, run, scalar
from infra.clock import MEXICO
from infra.database import reading, unit_of_work
from models import Customer, Plan
from tests.builders import (
    as_customer,
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")


async def held(assignment_id: int = 1):  # noqa: ANN201  # a row
    async with reading() as session:
        return await fetch_one(
            session, "SELECT * FROM assignments WHERE id = %(id)s", id=assignment_id
        )


async def subscribed(plan: Plan | None = None, profiles: int = 5) -> tuple[Customer, Plan]:
    """Ana holds assignment 1, bought today."""
    ana = await make_customer()
    plan = plan or await make_plan()
    await make_account(plan.service_id, profiles=profiles)
    await make_bank()
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    return ana, plan


async def renew(ana: Customer, plan: Plan, assignment_id: int = 1) -> orders.OrderPlaced:
    async with unit_of_work() as session:
        return await renewals.place(
            session, as_customer(ana), assignment_id=assignment_id, plan_id=plan.id or 0
        )


async def release() -> int:
    async with unit_of_work() as session:
        return await subscriptions.release_lapsed(session)


async def test_a_paid_renewal_adds_its_months_to_the_end_of_the_same_profile(
    calendar: Calendar,
) -> None:
    ana, plan = await subscribed()
    before = await held()
    calendar.go(days=20)
    order = await renew(ana, plan)
    assert (await held()).ends_on == before.ends_on  # not yet paid
    await pay(order.id, order.total)
    after = await held()
    assert (before.ends_on, after.ends_on) == (date(2026, 2, 15), date(2026, 3, 15))
    assert after.profile_id == before.profile_id
    async with reading() as session:
        assert await scalar(session, "SELECT status FROM orders WHERE id = 2") == "delivered"
        assert await scalar(session, "SELECT count(*) FROM assignments") == 1


async def test_a_lapsed_subscription_is_renewed_from_the_day_of_payment(calendar: Calendar) -> None:
    ana, plan = await subscribed()
    calendar.go_to(2026, 2, 17, 12)
    order = await renew(ana, plan)
    await pay(order.id, order.total)
    assert (await held()).ends_on == date(2026, 3, 17)


async def test_a_subscription_of_the_31st_keeps_its_day_through_february(
    calendar: Calendar,
) -> None:
    calendar.go_to(2027, 1, 31, 23, 30)  # in UTC it is February already
    ana, plan = await subscribed()
    assert (await held()).ends_on == date(2027, 2, 28)
    order = await renew(ana, plan)
    await pay(order.id, order.total)
    assert (await held()).ends_on == date(2027, 3, 31)


async def test_a_renewal_paid_twice_over_adds_its_months_once() -> None:
    ana, plan = await subscribed()
    order = await renew(ana, plan)
    await pay(order.id, order.total)
    await pay(order.id, order.total)
    await pay(order.id, order.total, reference="OTRA")
    assert (await held()).ends_on == date(2026, 3, 15)


async def test_a_second_renewal_waits_until_the_first_is_paid_or_over(calendar: Calendar) -> None:
    ana, plan = await subscribed()
    first = await renew(ana, plan)
    with pytest.raises(Conflict) as refused:
        await renew(ana, plan)
    assert refused.value.code == "renewal_pending"
    assert refused.value.data["order"] == first.id
    calendar.go(days=2)
    async with unit_of_work() as session:
        assert await order_endings.expire_due(session) == 1
    await renew(ana, plan)


async def test_of_many_taps_at_once_one_orders_the_renewal() -> None:
    ana, plan = await subscribed()
    taps = await asyncio.gather(*(renew(ana, plan) for _ in range(6)), return_exceptions=True)
    placed = [tap for tap in taps if isinstance(tap, orders.OrderPlaced)]
    refused = {tap.code for tap in taps if isinstance(tap, Conflict)}
    assert (len(placed), refused) == (1, {"renewal_pending"})


async def test_a_price_nobody_agreed_to_orders_nothing() -> None:
    ana, plan = await subscribed()
    async with unit_of_work() as session:
        with pytest.raises(Conflict, match="price_changed"):
            await renewals.place(
                session,
                as_customer(ana),
                assignment_id=1,
                plan_id=plan.id or 0,
                seen_total=plan.sale_price - 1,
            )


async def test_nobody_renews_anothers_subscription_or_with_another_services_plan() -> None:
    ana, plan = await subscribed()
    eva, other = await make_customer(), await make_plan()
    with pytest.raises(NotFound):
        await renew(eva, plan)
    with pytest.raises(Conflict, match="plan_inactive"):
        await renew(ana, other)


async def test_the_database_refuses_time_that_was_not_sold() -> None:
    await subscribed()
    with pytest.raises(psycopg.errors.CheckViolation, match="paid_time"):
        async with unit_of_work() as session:
            await run(session, "UPDATE assignments SET ends_on = ends_on + 1")


async def test_a_whole_account_is_renewed_as_one() -> None:
    service = await make_service(max_profiles=3)
    ana, plan = await subscribed(await make_plan(service, full_account=True), profiles=3)
    order = await renew(ana, plan, assignment_id=2)
    await pay(order.id, order.total)
    async with reading() as session:
        ends = await fetch(session, "SELECT DISTINCT ends_on FROM assignments")
    assert [row.ends_on for row in ends] == [date(2026, 3, 15)]


async def test_access_is_released_when_the_grace_is_over_and_not_before(
    calendar: Calendar,
) -> None:
    await subscribed()
    calendar.go_to(2026, 2, 18, 23, 59)
    assert await release() == 0
    calendar.go_to(2026, 2, 19, 0, 1)
    assert await release() == 1
    assert await release() == 0
    row = await held()
    assert row.released_at == datetime(2026, 2, 19, 0, 1, tzinfo=MEXICO)
    async with reading() as session:
        assert await scalar(session, "SELECT status FROM profiles WHERE id = 1") == "rotate"


async def test_a_renewal_ordered_in_time_keeps_the_profile_until_it_can_no_longer_be_paid(
    calendar: Calendar,
) -> None:
    ana, plan = await subscribed()
    calendar.go_to(2026, 2, 18, 20)
    order = await renew(ana, plan)
    calendar.go_to(2026, 2, 19, 10)
    assert await release() == 0
    calendar.go_to(2026, 2, 19, 20, 1)
    assert await release() == 1
    await pay(order.id, order.total)  # late: served from the stock, as any other
    assert (await held(2)).ends_on == date(2026, 3, 19)


async def test_a_service_may_sell_a_released_profile_again_at_once(calendar: Calendar) -> None:
    service = await make_service(rotate_before_resale=False)
    _, plan = await subscribed(await make_plan(service), profiles=1)
    eva = await make_customer()
    calendar.go(days=40)
    assert await release() == 1
    order = await place_order(eva, plan)
    await pay(order.id, order.total)
    assert (await held(2)).profile_id == 1


async def test_staff_release_only_what_has_lapsed(calendar: Calendar) -> None:
    await subscribed()
    staff = as_staff(await make_staff())
    with pytest.raises(Conflict, match="still_paid"):
        async with unit_of_work() as session:
            await subscriptions.release(session, staff, assignment_id=1)
    calendar.go_to(2026, 2, 16, 9)
    async with unit_of_work() as session:
        await subscriptions.release(session, staff, assignment_id=1)
    with pytest.raises(Conflict, match="access_ended"):
        async with unit_of_work() as session:
            await renewals.options(session, staff, assignment_id=1)


async def test_cancelling_an_order_takes_the_time_it_added_back() -> None:
    ana, plan = await subscribed(profiles=1)
    staff = as_staff(await make_staff())
    order = await renew(ana, plan)
    await pay(order.id, order.total)
    async with unit_of_work() as session:  # as if another line of it still waited for stock
        await run(session, "UPDATE orders SET status = 'processing' WHERE id = 2")
        await order_endings.cancel(session, staff, order_id=order.id, reason="Se arrepintió")
    assert (await held()).ends_on == date(2026, 2, 15)


async def test_a_customer_sees_the_end_each_plan_would_give() -> None:
    ana, plan = await subscribed()
    await keep(
        Plan(service_id=plan.service_id, name="3 meses", duration_months=3, cost=340, margin=80)
    )
    async with reading() as session:
        found = await renewals.options(session, as_customer(ana), assignment_id=1)
    assert [(o.name, o.ends_on, o.same_plan) for o in found] == [
        ("1 mes", date(2026, 3, 15), True),
        ("3 meses", date(2026, 5, 15), False),
    ]


async def test_an_order_is_not_cancelled_over_the_head_of_a_later_renewal_of_it() -> None:
    """Half of the order waits for stock; what it gave was renewed and paid by another order."""
    ana, boss = await make_customer(), as_staff(await make_staff())
    await make_bank()
    plan, scarce = await make_plan(), await make_plan()
    await make_account(plan.service_id)
    account = await make_account(scarce.service_id, profiles=1)
    order = await place_order(ana, plan, scarce)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down' WHERE id = %(id)s", id=account.id)
    await pay(order.id, order.total)
    renewal = await renew(ana, plan)
    await pay(renewal.id, renewal.total)
    with pytest.raises(Conflict) as refusal:
        async with unit_of_work() as session:
            await order_endings.cancel(session, boss, order_id=order.id, reason="ya no lo quiere")
    assert (refusal.value.code, refusal.value.data["order"]) == ("renewed_by", renewal.id)
    assert (await held()).released_at is None
