"""What ends by when, and working through it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain import expirations, renewals, rotations, subscriptions
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.expirations import Ending
from domain.sql import fetch_one, run, scalar
from infra.database import reading, unit_of_work
from models import Plan, StaffUser
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
)
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
async def boss(calendar: Calendar) -> StaffUser:
    del calendar
    await make_bank()
    return await make_staff()


async def sell(plan: Plan, count: int = 1) -> None:
    for _ in range(count):
        order = await place_order(await make_customer(), plan)
        await pay(order.id, order.total)


async def ending(boss: StaffUser, tab: str, **asked: object) -> list[Ending]:
    async with reading() as session:
        return await expirations.ending(session, as_staff(boss), tab=tab, **asked)  # type: ignore[arg-type]


async def test_a_subscription_moves_from_tab_to_tab_as_its_end_comes(
    boss: StaffUser, calendar: Calendar
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    await sell(plan)  # until 15 February
    shown: dict[str, list[int]] = {}
    for day in ((2026, 1, 20), (2026, 2, 1), (2026, 2, 8), (2026, 2, 14), (2026, 2, 15)):
        calendar.go_to(*day, 23)
        shown[f"{day[1]}-{day[2]}"] = [len(await ending(boss, tab)) for tab in ("30", "15", "7")]
    assert shown == {
        "1-20": [1, 0, 0],
        "2-1": [1, 1, 0],
        "2-8": [1, 1, 1],
        "2-14": [1, 1, 1],
        "2-15": [1, 1, 1],
    }
    assert (len(await ending(boss, "hoy")), len(await ending(boss, "manana"))) == (1, 0)
    calendar.go(hours=2)  # midnight in Mexico City
    assert (len(await ending(boss, "hoy")), len(await ending(boss, "vencidas"))) == (0, 1)


async def test_a_whole_account_is_one_row_and_both_clocks_are_told(
    boss: StaffUser, calendar: Calendar
) -> None:
    plan = await make_plan(full_account=True)
    account = await make_account(plan.service_id, profiles=5, paid_until=date(2026, 2, 1))
    await sell(plan)
    calendar.go(days=5)
    (row,) = await ending(boss, "30", service="")
    assert (row.whole, row.ends_on, row.paid_until) == (True, date(2026, 2, 15), date(2026, 2, 1))
    assert row.account_id == account.id


async def test_lists_go_on_after_the_last_row_and_keep_to_their_service(
    boss: StaffUser, calendar: Calendar
) -> None:
    service = await make_service(slug="uno")
    plan, other = await make_plan(service), await make_plan()
    await make_account(plan.service_id, profiles=7)
    await make_account(other.service_id)
    await sell(plan, 7)
    await sell(other)
    calendar.go(days=5)
    first = await ending(boss, "30", service="uno", limit=4)
    rest = await ending(boss, "30", service="uno", limit=4, after=first[-1].mark)
    assert [row.id for row in first + rest] == list(range(1, 8))
    for strange in (0, 1, 10**12, 2**63 - 1):
        await ending(boss, "30", after=strange)
    async with reading() as session:
        counted = await expirations.counts(session, as_staff(boss))
        assert counted["30"] == 8
        assert (await expirations.counts(session, as_staff(boss), service="uno"))["30"] == 7


async def test_what_is_asked_twice_is_renewed_once(boss: StaffUser) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    await sell(plan)

    async def renew(seen: date) -> str:
        async with unit_of_work() as session:
            done = await expirations.renew(
                session, as_staff(boss), assignment_id=1, seen_end=seen, reference="SPEI 77"
            )
        return done.status

    assert await renew(date(2026, 2, 15)) == "delivered"
    with pytest.raises(Conflict, match="end_changed"):
        await renew(date(2026, 2, 15))
    async with reading() as session:
        row = await fetch_one(session, "SELECT ends_on FROM assignments")
        assert row is not None
        assert row.ends_on == date(2026, 3, 15)
        assert await scalar(session, "SELECT count(*) FROM payments WHERE reference = 'SPEI 77'")


async def test_a_renewal_that_waits_for_its_payment_is_said_on_the_row(
    boss: StaffUser, calendar: Calendar
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    calendar.go(days=5)
    async with unit_of_work() as session:
        placed = await renewals.place(
            session, as_customer(ana), assignment_id=1, plan_id=plan.id or 0
        )
    (row,) = await ending(boss, "30")
    assert row.renewal_order == placed.id


async def test_a_released_profile_waits_until_it_is_marked_rotated(
    boss: StaffUser, calendar: Calendar
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    await sell(plan)
    calendar.go(days=32)
    async with unit_of_work() as session:
        await subscriptions.release(session, as_staff(boss), assignment_id=1)
    async with unit_of_work() as session:
        (row,) = await expirations.to_rotate(session, as_staff(boss))
        assert row.held_by == "Ana"
        await rotations.mark_rotated(session, as_staff(boss), profile_id=row.id)
        assert await expirations.to_rotate(session, as_staff(boss)) == []


async def test_the_supplier_is_paid_from_the_day_on_screen_and_once(boss: StaffUser) -> None:
    plan = await make_plan()
    seen = date(2026, 1, 20)
    await make_account(plan.service_id, paid_until=seen, cost=Decimal("99.50"))
    await make_account(plan.service_id, paid_until=date(2026, 1, 23))
    await sell(plan)

    async def paid(**said: object) -> date:
        async with unit_of_work() as session:
            return await expirations.pay_supplier(
                session,
                as_staff(boss),
                account_id=1,
                seen_until=seen,
                months=1,
                **said,  # type: ignore[arg-type]
            )

    async with reading() as session:
        (due,) = await expirations.supplier_due(session, as_staff(boss))
        assert (due.id, due.paid_until) == (1, seen)
    assert await paid() == date(2026, 2, 20)
    with pytest.raises((Conflict, InvalidInput)):
        await paid()
    async with reading() as session:
        assert await scalar(session, "SELECT cost FROM supplier_renewals") == Decimal("99.50")
        assert await expirations.supplier_due(session, as_staff(boss)) == []


async def test_counting_stops_and_customers_see_nothing(boss: StaffUser) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO profiles (account_id, position, label, status)
               SELECT 1, n, 'P', 'rotate' FROM generate_series(2, 130) AS n""",
        )
    async with reading() as session:
        assert (await expirations.counts(session, as_staff(boss)))["por-rotar"] == 100
        ana = as_customer(await make_customer())
        with pytest.raises(Forbidden):
            await expirations.ending(session, ana, tab="hoy")
        with pytest.raises(Forbidden):
            await expirations.counts(session, ana)
