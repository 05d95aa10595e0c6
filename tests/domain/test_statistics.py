"""What the shop sold, by day and by service: exact at every moment, however it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest

import models
from domain import (
    cash,
    credit,
    money_back,
    order_endings,
    payments,
    settlements,
    statistics,
)
from domain.actors import SYSTEM, Actor
from domain.errors import Forbidden, InvalidInput
from domain.refund_notices import RefundNotice
from domain.sql import run, scalar
from domain.statistics import Period, Statistics
from infra.clock import today
from infra.database import reading, unit_of_work
from infra.queue import psycopg_dsn
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    pay,
    place_order,
)
from tests.fixtures import Calendar

BOSS = Actor(kind="staff", id=1, role="owner")

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
async def plan(calendar: Calendar) -> models.Plan:
    del calendar
    await make_bank()
    plan = await make_plan(cost=Decimal(100), margin=Decimal(50))
    await make_account(plan.service_id, profiles=4)
    await make_account(plan.service_id, profiles=4)
    return plan


async def settle() -> int:
    async with unit_of_work() as session:
        return await statistics.settle(session)


async def look(days: int = 7, *, role: str = "owner") -> Statistics:
    async with reading() as session:
        actor = as_staff(models.StaffUser(id=1, role=role, username="x", password_hash="x"))
        return await statistics.statistics(session, actor, statistics.last_days(days))


async def kept_days() -> int:
    async with reading() as session:
        return int(await scalar(session, "SELECT count(*) FROM day_figures"))


async def test_what_was_sold_counts_on_the_day_it_was_paid(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan, quantity=2)
    await place_order(await make_customer(), plan)
    calendar.go(hours=20)
    await pay(placed.id, placed.total)
    seen = await look()
    assert (seen.figures.total_orders, seen.figures.orders_paid) == (2, 1)
    assert (seen.figures.pending_payments, seen.figures.orders_delivered) == (1, 1)
    assert (seen.figures.revenue, seen.figures.cost) == (Decimal(300), Decimal(200))
    assert (seen.figures.profit, seen.figures.margin) == (Decimal(100), Decimal("33.3"))
    assert seen.figures.average_ticket == Decimal(300)
    by_day = {part.name: part.revenue for part in seen.by_day}
    assert by_day[today().isoformat()] == Decimal(300)
    assert sum(by_day.values()) == Decimal(300)
    assert [(part.units, part.revenue, part.profit) for part in seen.by_service] == [
        (2, Decimal(300), Decimal(100))
    ]
    assert (seen.funnel.placed, seen.funnel.paid, seen.funnel.delivered) == (2, 1, 1)
    assert (seen.profiles_occupied, seen.profiles_free) == (2, 5)


async def test_an_order_cancelled_after_its_payment_does_not_count(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan)
    calendar.go(days=2)  # its stock went to others meanwhile
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(placed.id, placed.total)
    async with unit_of_work() as session:
        await settlements.revive(session, SYSTEM, order_id=placed.id)
    calendar.go(days=2)
    await settle()
    assert (await look()).figures.revenue == Decimal(150)
    async with unit_of_work() as session:
        boss = as_staff(models.StaffUser(id=1, role="owner", username="x", password_hash="x"))
        await order_endings.cancel(session, boss, order_id=placed.id, reason="no lo quiere")
    figures = (await look()).figures
    assert (figures.revenue, figures.orders_paid, figures.orders_cancelled) == (Decimal(0), 0, 1)


async def test_a_period_is_held_against_as_many_days_right_before(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)
    calendar.go(days=7)
    seen = await look()
    assert (seen.figures.revenue, seen.before.revenue) == (Decimal(0), Decimal(150))
    assert seen.period.before == Period(today() - timedelta(days=13), today() - timedelta(days=7))


async def test_days_that_are_over_are_kept_and_say_what_the_orders_say(
    plan: models.Plan, calendar: Calendar
) -> None:
    """At each step: what is read with days kept is what is read without any."""
    open_orders = []
    for step in range(8):
        placed = await place_order(await make_customer(), plan)
        open_orders.append(placed)
        calendar.go(hours=13)
        if step % 3 == 1:
            earlier = open_orders.pop(0)
            await pay(earlier.id, earlier.total)
        if step % 3 == 2:
            async with unit_of_work() as session:
                await order_endings.expire_due(session)
            open_orders = open_orders[-1:]
        before = await look(30)
        await settle()
        assert await look(30) == before
    assert await kept_days() > 3
    async with unit_of_work() as session:
        await scalar(session, "WITH gone AS (DELETE FROM day_figures RETURNING 1) SELECT 1")
    assert await look(30) == before


async def test_control_without_the_marks_a_late_change_is_missed(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan)
    calendar.go(hours=23)
    await settle()
    async with await psycopg.AsyncConnection.connect(psycopg_dsn()) as link:
        await link.execute("ALTER TABLE orders DISABLE TRIGGER mark_changed_days")
    await pay(placed.id, placed.total)
    assert (await look()).funnel.paid == 0
    async with await psycopg.AsyncConnection.connect(psycopg_dsn()) as link:
        await link.execute("UPDATE orders SET status = status")
        await link.execute("ALTER TABLE orders ENABLE TRIGGER mark_changed_days")
        await link.execute("UPDATE orders SET status = status")
    assert (await look()).funnel.paid == 1


async def test_a_change_made_while_its_day_is_added_up_is_not_lost(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan)
    calendar.go(hours=23)
    async with await psycopg.AsyncConnection.connect(psycopg_dsn()) as slow:
        await slow.execute(
            """INSERT INTO payments (order_id, amount, kind, reference, paid_on, actor_kind)
               VALUES (1, 150, 'full', 'x', now(), 'system')"""
        )
        await slow.execute(
            "UPDATE orders SET status = 'paid', paid_at = now() WHERE id = %s", (placed.id,)
        )
        assert await settle() == 1
        assert (await look()).funnel.paid == 0
    assert (await look()).funnel.paid == 1
    await settle()
    assert (await look()).funnel.paid == 1


async def test_an_order_written_into_a_past_day_counts(
    plan: models.Plan, calendar: Calendar
) -> None:
    await place_order(await make_customer(), plan)
    calendar.go(days=3)
    await settle()
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO orders (customer_id, status, delivery_preference, total, cost,
                                   instructions, created_at, paid_at)
               SELECT customer_id, 'paid', delivery_preference, total, cost, instructions,
                      now() - interval '2 days', now() - interval '2 days' FROM orders""",
        )
    assert (await look()).figures.orders_paid == 1


async def test_an_operator_learns_no_cost(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)
    seen = await look(role="operator")
    assert seen.figures.revenue == Decimal(150)
    costs = (seen.figures.cost, seen.figures.profit, seen.figures.margin, seen.before.cost)
    assert costs == (None, None, None, None)
    assert {part.profit for part in (*seen.by_day, *seen.by_service)} == {None}
    assert (await look()).figures.profit == Decimal(50)


async def test_a_customer_learns_nothing(calendar: Calendar) -> None:
    del calendar
    async with reading() as session:
        with pytest.raises(Forbidden):
            await statistics.statistics(
                session, as_customer(await make_customer()), statistics.this_month()
            )


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), "until"),
        (date(2020, 1, 1), date(2026, 1, 1), "since"),
    ],
)
async def test_a_period_goes_forward_and_has_an_end(since: date, until: date, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Period(since, until)
    assert list(refusal.value.fields) == [field]


async def test_an_empty_shop_has_nothing_to_say(calendar: Calendar) -> None:
    del calendar
    assert await settle() == 0
    seen = await look(30)
    assert seen.figures == replace(seen.before)
    assert (seen.by_service, len(seen.by_day)) == ((), 30)


async def give_back(order_id: int, amount: int, reference: str, **values: object) -> None:
    notice = RefundNotice(
        Decimal(amount),
        "transfer",
        "no le sirvió",
        reference,
        today(),
        **values,  # type: ignore[arg-type]
    )
    async with unit_of_work() as session:
        await money_back.refund(session, BOSS, order_id=order_id, notice=notice)


async def test_a_refund_counts_on_its_own_day_and_off_the_profit(
    plan: models.Plan, calendar: Calendar
) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)
    sold_on = today()
    calendar.go(days=2)
    await settle()
    await give_back(placed.id, 60, "D-1")
    seen = await look()
    figures = seen.figures
    assert (figures.revenue, figures.returned, figures.net) == (150, 60, 90)
    assert (figures.profit, figures.margin) == (Decimal(-10), Decimal("-11.1"))
    by_day = {part.name: (part.revenue, part.returned, part.profit) for part in seen.by_day}
    assert by_day[sold_on.isoformat()] == (150, 0, 50)
    assert by_day[today().isoformat()] == (0, 60, -60)
    assert [(one.units, one.revenue, one.returned, one.profit) for one in seen.by_service] == [
        (1, 150, 60, -10)
    ]


async def test_money_that_was_never_a_sale_is_no_return(
    plan: models.Plan, calendar: Calendar
) -> None:
    """A duplicate given back, and an order that ended: they are the cash report's."""
    del calendar
    kept, ended = [await place_order(await make_customer(), plan) for _ in range(2)]
    await pay(kept.id, kept.total, reference="A")
    await pay(kept.id, kept.total, reference="B")
    await give_back(kept.id, 150, "D-1")
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(ended.id, ended.total)
    await give_back(ended.id, 150, "D-2", release=True)
    figures = (await look()).figures
    assert (figures.revenue, figures.returned, figures.orders_cancelled) == (150, 0, 1)
    async with reading() as session:
        till = await cash.report(session, BOSS, cash.Span(today(), today()))
        way = await cash.bridge(session, BOSS, till)
    assert (till.total.received, till.total.refunded, till.total.net) == (450, 300, 150)
    assert (way.sold, way.returned, way.no_sale, way.other_days) == (150, 0, -300, 300)


async def test_the_way_from_what_was_sold_to_the_cash_explains_every_peso(
    plan: models.Plan, calendar: Calendar
) -> None:
    """Paid in two parts on two days, the second with credit; then a part went back."""
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await pay(placed.id, Decimal(100))
    calendar.go(hours=20)
    async with unit_of_work() as session:
        await credit.give(
            session, BOSS, customer_id=ana.id or 0, amount=Decimal(50), reason="regalo"
        )
        await payments.pay_with_credit(session, as_customer(ana), order_id=placed.id)
    await give_back(placed.id, 20, "D-1")
    for day, expected in (
        (today() - timedelta(days=1), (0, 0, 0, 0, 100, 100)),
        (today(), (150, -20, -50, 0, -100, -20)),
    ):
        async with reading() as session:
            found = await cash.report(session, BOSS, cash.Span(day, day))
            way = await cash.bridge(session, BOSS, found)
        steps = (way.sold, way.returned, way.by_credit, way.no_sale, way.other_days)
        assert (*steps, way.net) == expected
        assert sum(steps) == way.net


async def test_what_goes_back_is_shared_by_the_lines_to_the_centavo(
    plan: models.Plan, calendar: Calendar
) -> None:
    del calendar
    others = [await make_plan(cost=Decimal(20), margin=Decimal(13)) for _ in range(2)]
    for other in others:
        await make_account(other.service_id, profiles=2)
    placed = await place_order(await make_customer(), plan, *others)
    await pay(placed.id, placed.total)
    await give_back(placed.id, 100, "D-1")
    await give_back(placed.id, 50, "D-2")
    seen = await look()
    shares = [part.returned for part in seen.by_service]
    assert sum(shares) == seen.figures.returned == 150
    assert shares == [Decimal("104.16"), Decimal("22.92"), Decimal("22.92")]


async def test_kept_days_stay_exact_when_refunds_and_their_orders_change(
    plan: models.Plan, calendar: Calendar
) -> None:
    """A refund written into a past day, and an order that ends after a part of it went back."""
    placed = await place_order(await make_customer(), plan, quantity=2)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(placed.id, placed.total)  # it waits for stock
    for step in ("refund", "late refund", "cancel"):
        calendar.go(days=2)
        await settle()
        if step == "cancel":
            async with unit_of_work() as session:
                await order_endings.cancel(session, BOSS, order_id=placed.id, reason="no lo quiere")
        else:
            day = today() - timedelta(days=1 if step == "late refund" else 0)
            notice = RefundNotice(Decimal(30), "cash", "tardó", step, day)
            async with unit_of_work() as session:
                await money_back.refund(session, BOSS, order_id=placed.id, notice=notice)
        seen = await look(30)
        await settle()
        assert await look(30) == seen
        async with unit_of_work() as session:
            await run(session, "DELETE FROM day_figures")
            await run(session, "DELETE FROM day_service_figures")
        assert await look(30) == seen, step
        expected = {"refund": (300, 30), "late refund": (300, 60), "cancel": (0, 0)}[step]
        assert (seen.figures.revenue, seen.figures.returned) == expected
        await settle()


@pytest.mark.parametrize("trigger", ["mark_refund_day", "mark_days_of_refunds"])
async def test_control_without_its_mark_a_kept_day_misses_it(
    plan: models.Plan, calendar: Calendar, trigger: str
) -> None:
    placed = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(placed.id, placed.total)
    calendar.go(days=2)
    if trigger == "mark_days_of_refunds":
        await give_back(placed.id, 30, "D-1")
    calendar.go(days=3)
    await settle()
    table = "refunds" if trigger == "mark_refund_day" else "orders"
    async with await psycopg.AsyncConnection.connect(psycopg_dsn()) as link:
        await link.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}".encode())
    async with unit_of_work() as session:
        if trigger == "mark_refund_day":
            day = today() - timedelta(days=2)
            notice = RefundNotice(Decimal(30), "cash", "tardó", "D-1", day)
            await money_back.refund(session, BOSS, order_id=placed.id, notice=notice)
        else:
            await order_endings.cancel(session, BOSS, order_id=placed.id, reason="no lo quiere")
    wrong = (await look()).figures.returned
    async with unit_of_work() as session:
        await run(session, "DELETE FROM day_figures")
    assert (await look()).figures.returned != wrong
