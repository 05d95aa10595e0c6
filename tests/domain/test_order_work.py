"""What staff do to orders that wait: paid by the rest, reminded, kept longer, filled, noted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

import models
from domain import (
    chosen_stock,
    order_batches,
    order_endings,
    order_holds,
    order_notes,
    waiting_orders,
)
from domain.actors import Actor
from domain.errors import Conflict, DomainError, Forbidden
from domain.orders import OrderPlaced
from domain.payment_reminders import remind_to_pay
from domain.payments import confirm_missing
from domain.sql import fetch, run, scalar
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")
Work = Callable[[AsyncSession], Awaitable[Any]]


@pytest.fixture
async def operator(calendar: object) -> Actor:
    del calendar
    await make_bank()
    return as_staff(await make_staff())


@pytest.fixture
async def plan(operator: object) -> models.Plan:
    del operator
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


@pytest.fixture
async def waiting(plan: models.Plan) -> OrderPlaced:
    return await paid_without_stock(plan)


async def paid_without_stock(plan: models.Plan) -> OrderPlaced:
    """Its stock went away between the order and its payment."""
    await done(lambda s: run(s, "UPDATE accounts SET status = 'active'"))
    order = await place_order(await make_customer(), plan)
    await done(lambda s: run(s, "UPDATE accounts SET status = 'down'"))
    await pay(order.id, order.total)
    return order


async def back(*accounts: int) -> None:
    """These accounts work again, and nobody has looked who waits."""
    await done(
        lambda s: run(
            s, "UPDATE accounts SET status = 'active' WHERE id = ANY(%(ids)s)", ids=list(accounts)
        )
    )


async def done(work: Work) -> Any:
    async with unit_of_work() as session:
        return await work(session)


async def refused(work: Work) -> str:
    with pytest.raises(DomainError) as refusal:
        await done(work)
    return next(iter(getattr(refusal.value, "fields", {})), refusal.value.code)


async def value(statement: str, **values: Any) -> Any:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def test_the_rest_is_confirmed_once_with_a_reference_of_its_own(
    operator: Actor, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)
    await pay(order.id, Decimal(50))

    def confirm(missing: int) -> Work:
        return lambda s: confirm_missing(
            s, operator, order_id=order.id, seen_missing=Decimal(missing)
        )

    assert await refused(confirm(150)) == "amount_changed"
    assert (await done(confirm(100))).status == "delivered"
    assert await refused(confirm(100)) == "order_state"
    async with reading() as session:
        paid = await fetch(session, "SELECT amount, reference, kind FROM payments ORDER BY id")
    assert [(row.amount, row.kind) for row in paid] == [(50, "partial"), (100, "full")]
    assert paid[1].reference == f"{paid[0].reference}-{today():%d%m%y}"


async def test_two_who_confirm_the_rest_at_once_confirm_it_once(
    operator: Actor, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)

    async def confirm() -> bool:
        try:
            await done(
                lambda s: confirm_missing(s, operator, order_id=order.id, seen_missing=order.total)
            )
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(confirm(), confirm())) == [False, True]
    assert await value("SELECT count(*) FROM payments") == 1


async def test_who_owes_is_reminded_once_a_day_and_never_at_night(
    operator: Actor, plan: models.Plan, calendar: Calendar
) -> None:
    order = await place_order(await make_customer(), plan)
    panel = await place_order(await make_customer(), plan, delivery_preference="web")

    def remind(order_id: int) -> Work:
        return lambda s: remind_to_pay(s, operator, order_id=order_id)

    await done(remind(order.id))
    assert await refused(remind(order.id)) == "payment_reminded"
    assert await refused(remind(panel.id)) == "panel_only"
    told = "SELECT count(*) FROM messages WHERE kind = 'order_placed' AND order_id = %(id)s"
    assert await value(told, id=order.id) == 2, "when it was placed, and today"
    calendar.go(hours=13)
    assert await refused(remind(order.id)) == "quiet_hours"
    await done(lambda s: run(s, "UPDATE customers SET blocked_at = now() WHERE id = 1"))
    calendar.go(hours=10)
    assert await refused(remind(order.id)) == "buyer_blocked"
    await pay(order.id, order.total)
    assert await refused(remind(order.id)) == "order_state"
    assert await refused(remind(999)) == "not_found"


async def test_a_hold_lasts_until_the_day_said_with_its_stock(
    operator: Actor, plan: models.Plan, calendar: Calendar
) -> None:
    order = await place_order(await make_customer(), plan)
    until = today() + timedelta(days=3)

    def extend(day: date) -> Work:
        return lambda s: order_holds.extend_hold(s, operator, order_id=order.id, until=day)

    await done(extend(until))
    assert await refused(extend(until)) == "hold_already"
    assert await refused(extend(today() - timedelta(days=1))) == "until"
    assert await refused(extend(today() + timedelta(days=31))) == "until"
    calendar.go_to(2026, 1, 18, 23, 59)
    assert await done(order_endings.expire_due) == 0
    held = "SELECT count(*) FROM profiles WHERE reserved_order_id = 1 AND reserved_until > now()"
    assert await value(held) == 1
    calendar.go(minutes=2)
    assert await refused(extend(today())) == "hold_ended"
    assert await done(order_endings.expire_due) == 1
    assert await refused(extend(today())) == "order_state"


async def test_an_order_is_filled_before_its_turn_or_stays_as_it_was(
    operator: Actor, waiting: OrderPlaced
) -> None:
    def fill(session: AsyncSession) -> Awaitable[str]:
        return waiting_orders.fill_order(session, operator, order_id=waiting.id)

    before = await value("SELECT updated_at FROM orders")
    assert await refused(fill) == "still_no_stock"
    assert await value("SELECT updated_at FROM orders") == before
    await done(lambda s: run(s, "UPDATE accounts SET status = 'active'"))
    assert await done(fill) == "delivered"
    assert await refused(fill) == "order_state"
    assert await value("SELECT count(*) FROM assignments") == 1


async def test_what_is_picked_is_given_and_nothing_else(operator: Actor, plan: models.Plan) -> None:
    other = await make_account(plan.service_id, profiles=2, paid_until=date(2026, 3, 1))
    waiting = await paid_without_stock(plan)
    await back(2)

    def give(*units: int, item: int = 1) -> Work:
        return lambda s: chosen_stock.give_chosen(
            s, operator, order_id=waiting.id, item_id=item, units=units
        )

    async with reading() as session:
        line = await chosen_stock.waiting_line(session, operator, order_id=1, item_id=1)
    assert [(one.account_id, one.paid) for one in line.offered] == [
        (other.id, date(2026, 3, 1))
    ] * 2
    picked = line.offered[1].id
    assert await refused(give(1)) == "profile_taken", "its account is down"
    assert await refused(give(picked, picked - 1)) == "choose_units"
    assert await refused(give()) == "choose_units"
    assert await refused(give(picked, item=9)) == "not_found"
    assert await done(give(picked)) == "delivered"
    assert await value("SELECT profile_id FROM assignments") == picked
    assert await refused(give(picked - 1)) == "order_state"


async def test_a_whole_account_is_picked_as_one(operator: Actor) -> None:
    plan = await make_plan(full_account=True)
    for _ in range(3):
        await make_account(plan.service_id, profiles=5)
    order = await paid_without_stock(plan)
    await done(lambda s: run(s, "UPDATE profiles SET status = 'disabled' WHERE id = 7"))
    await back(2, 3)
    item = await value("SELECT id FROM order_items")
    async with reading() as session:
        line = await chosen_stock.waiting_line(session, operator, order_id=order.id, item_id=item)
    (only,) = line.offered
    assert (line.units, line.size, only.account_id) == (1, 5, 3)
    await done(
        lambda s: chosen_stock.give_chosen(
            s, operator, order_id=order.id, item_id=item, units=[only.id]
        )
    )
    given = await value("SELECT array_agg(profile_id ORDER BY id) FROM assignments")
    assert given == [*range(11, 16)]


async def test_of_two_who_pick_the_same_profile_one_gets_it(
    operator: Actor, plan: models.Plan
) -> None:
    await make_account(plan.service_id, profiles=1)
    placed = [await paid_without_stock(plan) for _ in range(2)]
    await back(2)

    async def pick(order_id: int) -> str:
        try:
            return await done(
                lambda s: chosen_stock.give_chosen(
                    s, operator, order_id=order_id, item_id=order_id, units=[6]
                )
            )
        except Conflict as refusal:
            return refusal.code

    said = await asyncio.gather(*(pick(order.id) for order in placed))
    assert sorted(said) == ["delivered", "profile_taken"]
    assert await value("SELECT count(*) FROM assignments WHERE profile_id = 6") == 1


async def test_notes_never_overwrite_what_was_not_seen(operator: Actor, plan: models.Plan) -> None:
    await place_order(await make_customer(), plan)
    seen, day = order_notes.version("", None), date(2026, 2, 1)

    def keep(notes: str, day: date | None, seen: str) -> Work:
        return lambda s: order_notes.keep_notes(
            s, operator, order_id=1, notes=notes, follow_up_on=day, seen=seen
        )

    await done(keep("Llamar el lunes", day, seen))
    assert await refused(keep("Otra cosa", None, seen)) == "notes_changed"
    await done(keep("Llamar el lunes\r\n", day, seen))  # a second tap
    assert await value("SELECT notes FROM orders") == "Llamar el lunes"
    await done(keep("", None, order_notes.version("Llamar el lunes", day)))
    assert await value("SELECT follow_up_on FROM orders") is None
    assert await value("SELECT count(*) FROM audit_entries WHERE action = 'order.notes'") == 2
    assert await refused(keep("x" * 2001, None, seen)) == "notes"


async def test_what_is_foretold_is_what_the_commands_do(
    operator: Actor, plan: models.Plan, waiting: OrderPlaced, calendar: Calendar
) -> None:
    await done(lambda s: run(s, "UPDATE accounts SET status = 'active'"))
    fresh = await place_order(await make_customer(name="Eva"), plan)
    given = await place_order(await make_customer(name="Luz"), plan)
    await pay(given.id, given.total)
    gone = await place_order(await make_customer(), plan, delivery_preference="web")
    await done(lambda s: order_endings.cancel(s, operator, order_id=gone.id, reason="ya no"))
    ids = [given.id, waiting.id, fresh.id, gone.id, 999]

    async def ready(action: str) -> list[int]:
        async with reading() as session:
            told = await order_batches.foretell(session, operator, action=action, order_ids=ids)
        assert [one.id for one in told] == ids[:4], "in the order they were chosen"
        return [one.id for one in told if not one.why_not]

    assert await ready("confirm") == [fresh.id]
    assert await ready("remind") == [fresh.id]
    assert await ready("extend") == [fresh.id]
    assert await ready("cancel") == [waiting.id, fresh.id]
    assert await ready("assign") == [waiting.id]
    assert await ready("resend") == [given.id]
    await done(lambda s: remind_to_pay(s, operator, order_id=fresh.id))
    assert await ready("remind") == []
    calendar.go(days=2)
    assert await ready("extend") == []


async def test_only_staff_work_on_orders(plan: models.Plan) -> None:
    ana = await make_customer()
    me, order = as_customer(ana), await place_order(ana, plan)
    tries: list[Work] = [
        lambda s: confirm_missing(s, me, order_id=order.id, seen_missing=order.total),
        lambda s: remind_to_pay(s, me, order_id=order.id),
        lambda s: order_holds.extend_hold(s, me, order_id=order.id, until=today()),
        lambda s: waiting_orders.fill_order(s, me, order_id=order.id),
        lambda s: chosen_stock.waiting_line(s, me, order_id=order.id, item_id=1),
        lambda s: chosen_stock.give_chosen(s, me, order_id=order.id, item_id=1, units=[1]),
        lambda s: order_batches.foretell(s, me, action="confirm", order_ids=[1]),
        lambda s: order_notes.keep_notes(
            s, me, order_id=order.id, notes="x", follow_up_on=None, seen=""
        ),
    ]
    for attempt in tries:
        with pytest.raises(Forbidden):
            await done(attempt)
