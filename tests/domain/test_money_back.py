"""Money out: to credit, back to people; nothing leaves twice and everything adds up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

import models
from domain import credit, doctor, ledger, money_back, order_endings, orders, payments, settlements
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, DomainError, Forbidden, InvalidInput
from domain.money_back import CancelWish
from domain.payment_reversals import take_back_payment
from domain.refund_notices import RefundNotice
from domain.sql import fetch, run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from models.payments import PaymentKind
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

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def owner(shop: object) -> Actor:
    del shop
    return as_staff(await make_staff("owner"))


@pytest.fixture
async def plan(owner: Actor) -> models.Plan:
    del owner
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    return plan


@pytest.fixture
async def ana(shop: object) -> models.Customer:
    del shop
    return await make_customer()


@pytest.fixture
async def order(plan: models.Plan, ana: models.Customer) -> orders.OrderPlaced:
    return await place_order(ana, plan)


def back(amount: object, reference: str = "DEV-1", **values: Any) -> RefundNotice:
    notice = RefundNotice(Decimal(str(amount)), "transfer", "pagó de más", reference, clock.today())
    return replace(notice, **values)


async def refund(actor: Actor, order_id: int, notice: RefundNotice) -> None:
    async with unit_of_work() as session:
        await money_back.refund(session, actor, order_id=order_id, notice=notice)


async def to_credit(actor: Actor, order_id: int) -> Decimal:
    async with unit_of_work() as session:
        return await money_back.move_to_credit(session, actor, order_id=order_id)


async def stands(order_id: int) -> tuple[Decimal, ...]:
    """Received, kept, refunded, credited, loose."""
    async with reading() as session:
        money = await ledger.money_of(session, order_id)
        assert await doctor.examine(session) == []
    return (money.received, money.kept, money.refunded, money.credited, money.loose)


async def has(customer: models.Customer) -> Decimal:
    async with reading() as session:
        return await credit.balance(session, as_customer(customer), customer_id=customer.id or 0)


async def value(statement: str, **values: Any) -> Any:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def let_it_expire(order_id: int) -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE orders SET expires_at = now() - interval '1 minute' WHERE id = %(id)s""",
            id=order_id,
        )
        await order_endings.expire_due(session)


async def test_what_was_paid_too_much_becomes_credit_in_one_step(
    owner: Actor, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total + 50)
    assert await stands(order.id) == (200, 150, 0, 0, 50)
    assert await to_credit(owner, order.id) == 50
    assert await stands(order.id) == (200, 150, 0, 50, 0)
    assert await has(ana) == 50
    assert await value("SELECT payment_status FROM orders") == "paid"


async def test_it_moves_once_however_often_and_by_how_many_it_is_asked(
    owner: Actor, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total + 50)
    done = await asyncio.gather(
        *(to_credit(owner, order.id) for _ in range(6)), return_exceptions=True
    )
    assert [one for one in done if not isinstance(one, DomainError)] == [50]
    assert await has(ana) == 50


async def test_a_duplicate_is_refunded_by_the_owner_alone_and_once_per_reference(
    owner: Actor, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total, reference="A")
    await pay(order.id, order.total, reference="B")
    operator = as_staff(await make_staff())
    with pytest.raises(Forbidden):
        await refund(operator, order.id, back(150))
    await refund(owner, order.id, back(150))
    await refund(owner, order.id, back(150))
    assert await stands(order.id) == (300, 150, 150, 0, 0)


async def test_no_more_goes_back_than_is_left_also_from_two_desks_at_once(
    owner: Actor, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total)
    with pytest.raises(InvalidInput) as refusal:
        await refund(owner, order.id, back(151))
    assert set(refusal.value.fields) == {"amount"}
    done = await asyncio.gather(
        *(refund(owner, order.id, back(100, f"DEV-{n}")) for n in range(4)), return_exceptions=True
    )
    assert done.count(None) == 1
    assert (await stands(order.id))[2] == 100


async def test_control_the_schema_refuses_what_the_rule_would_let_through(
    owner: Actor, order: orders.OrderPlaced, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pay(order.id, order.total)
    real = ledger.money_of

    async def plenty(session: Any, order_id: int) -> ledger.OrderMoney:
        return replace(await real(session, order_id), remains=Decimal(999), loose=Decimal(0))

    monkeypatch.setattr(ledger, "money_of", plenty)
    with pytest.raises(Conflict, match="money_moved"):
        await refund(owner, order.id, back(151))


async def test_a_part_of_what_was_earned_goes_back_and_later_money_is_still_too_much(
    owner: Actor, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total, reference="A")
    await refund(owner, order.id, back(50))
    assert await stands(order.id) == (150, 100, 50, 0, 0)
    await pay(order.id, order.total, reference="B")
    assert await stands(order.id) == (300, 100, 50, 0, 150)


async def test_a_full_refund_takes_the_access_back_or_leaves_it_as_the_owner_says(
    owner: Actor, plan: models.Plan, ana: models.Customer
) -> None:
    for release, live in ((False, 1), (True, 1)):
        placed = await place_order(ana, plan)
        await pay(placed.id, placed.total)
        await refund(owner, placed.id, back(150, release=release))
        assert await value("SELECT payment_status FROM orders WHERE id = %(o)s", o=placed.id) == (
            "refunded"
        )
        count = "SELECT count(*) FROM assignments WHERE released_at IS NULL"
        assert await value(count) == live
    assert await value("SELECT release_reason FROM assignments WHERE id = 2") == "refunded"
    assert await value("SELECT bool_and(released) FROM refunds WHERE order_id = 2")


async def test_late_money_revives_only_while_there_is_stock(
    plan: models.Plan, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await let_it_expire(order.id)
    other = await place_order(await make_customer(), plan, quantity=2)
    await pay(other.id, other.total)
    done = await pay(order.id, order.total)
    assert (done.kind, done.status) == (PaymentKind.LATE, "cancelled")
    assert await stands(order.id) == (150, 0, 0, 0, 150)
    assert await value("SELECT count(*) FROM messages WHERE kind = 'payment_held'") == 1
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id = 1") == 0
    del ana


async def test_staff_may_take_it_up_again_and_it_waits(
    owner: Actor, plan: models.Plan, order: orders.OrderPlaced
) -> None:
    await let_it_expire(order.id)
    other = await place_order(await make_customer(), plan, quantity=2)
    await pay(other.id, other.total)
    with pytest.raises(Conflict, match="money_missing"):
        async with unit_of_work() as session:
            await settlements.revive(session, owner, order_id=order.id)
    await pay(order.id, order.total)
    async with unit_of_work() as session:
        assert await settlements.revive(session, owner, order_id=order.id) == "processing"
    assert await stands(order.id) == (150, 150, 0, 0, 0)


async def test_cancelling_says_where_the_money_goes(
    owner: Actor, plan: models.Plan, ana: models.Customer
) -> None:
    wishes = {
        CancelWish("x"): (150, 0, 0, 0, 150),
        CancelWish("x", to_credit=True): (150, 0, 0, 150, 0),
        CancelWish("x", refund_by="cash", refund_reference="R"): (150, 0, 150, 0, 0),
    }
    for wish, account in wishes.items():
        placed = await place_order(ana, plan)
        await pay(placed.id, Decimal(150) - 10, reference="A")
        async with unit_of_work() as session:
            await run(session, "UPDATE accounts SET status = 'down'")
        await pay(placed.id, Decimal(10), reference="B")
        async with unit_of_work() as session:
            await money_back.cancel(session, owner, order_id=placed.id, wish=wish)
            await run(session, "UPDATE accounts SET status = 'active'")
        assert await stands(placed.id) == account


async def test_credit_pays_is_less_by_it_and_comes_back_when_the_order_lapses(
    owner: Actor, plan: models.Plan, ana: models.Customer
) -> None:
    await give(owner, ana, 100)
    placed = await place_order(ana, plan)
    async with unit_of_work() as session:
        paid = await payments.pay_with_credit(session, as_customer(ana), order_id=placed.id)
    assert paid is not None
    assert (paid.kind, await has(ana)) == (PaymentKind.PARTIAL, 0)
    await let_it_expire(placed.id)
    assert await stands(placed.id) == (100, 0, 0, 100, 0)
    assert await has(ana) == 100


async def test_credit_that_is_enough_delivers_at_once(
    owner: Actor, plan: models.Plan, ana: models.Customer
) -> None:
    await give(owner, ana, 200)
    placed = await place_order(ana, plan)
    async with unit_of_work() as session:
        paid = await payments.pay_with_credit(session, as_customer(ana), order_id=placed.id)
    assert paid is not None
    assert (paid.status, await has(ana)) == ("delivered", 50)


async def give(owner: Actor, customer: models.Customer, amount: int) -> None:
    async with unit_of_work() as session:
        await credit.give(
            session,
            owner,
            customer_id=customer.id or 0,
            amount=Decimal(amount),
            reason="por la espera",
        )


async def test_two_orders_at_once_never_spend_the_same_credit(
    owner: Actor, plan: models.Plan, ana: models.Customer
) -> None:
    await give(owner, ana, 150)
    placed = [await place_order(ana, plan) for _ in range(2)]

    async def spend(order_id: int) -> bool:
        async with unit_of_work() as session:
            done = await payments.pay_with_credit(session, as_customer(ana), order_id=order_id)
        return done is not None

    assert sorted(await asyncio.gather(*(spend(one.id) for one in placed))) == [False, True]
    assert await has(ana) == 0


async def test_credit_below_nothing_or_changed_by_hand_is_refused_by_the_schema(
    owner: Actor, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await give(owner, ana, 20)
    for statement in (
        "UPDATE customers SET credit = 500",
        "UPDATE credit_entries SET amount = 500",
        "DELETE FROM credit_entries",
        """INSERT INTO payments (order_id, amount, kind, source, reference, paid_on, actor_kind)
           VALUES (1, 21, 'partial', 'credit', 'x', now(), 'system')""",
        """INSERT INTO credit_entries (customer_id, amount, cause, order_id, actor_kind)
           VALUES (1, 1, 'overpayment', 1, 'system')""",
        "UPDATE orders SET status = 'paid', paid_at = now()",
    ):
        with pytest.raises(psycopg.errors.Error):
            async with unit_of_work() as session:
                await run(session, statement)
    assert await has(ana) == 20
    del order


async def test_credit_is_paid_out_by_the_owner_with_a_reference(
    owner: Actor, ana: models.Customer
) -> None:
    await give(owner, ana, 80)
    for amount, refused in ((81, True), (30, False)):
        notice = back(amount)
        if refused:
            with pytest.raises(InvalidInput):
                await pay_out(owner, ana, notice)
        else:
            await pay_out(owner, ana, notice)
    assert await has(ana) == 50


async def pay_out(owner: Actor, customer: models.Customer, notice: RefundNotice) -> None:
    async with unit_of_work() as session:
        await money_back.pay_out(session, owner, customer_id=customer.id or 0, notice=notice)


async def test_the_account_of_an_order_is_read_as_lines_that_sum(
    owner: Actor, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total + 50)
    await refund(owner, order.id, back(20))
    await to_credit(owner, order.id)
    async with reading() as session:
        account = await ledger.of_order(session, as_customer(ana), order_id=order.id)
        rows = await fetch(session, "SELECT event FROM timeline_entries ORDER BY id")
    assert [line.amount for line in account.lines] == [200, -20, -30]
    assert sum(line.amount for line in account.lines) == account.money.kept + account.money.loose
    assert {"refunded", "credited"} <= {row.event for row in rows}


def test_a_refund_cannot_be_of_tomorrow_nor_without_a_reason() -> None:
    wrong = back(0, "", method="dólares", reason=" ", refunded_on=clock.today() + timedelta(days=1))
    with pytest.raises(InvalidInput) as refusal:
        wrong.check()
    assert set(refusal.value.fields) == {
        "amount",
        "method",
        "refund_reason",
        "refund_reference",
        "refunded_on",
    }


async def test_the_system_does_not_refund(order: orders.OrderPlaced) -> None:
    await pay(order.id, order.total)
    with pytest.raises(Forbidden):
        await refund(SYSTEM, order.id, back(1))


async def test_credit_pays_again_after_a_wrong_payment_was_taken_back(
    owner: Actor, ana: models.Customer, order: orders.OrderPlaced
) -> None:
    await give(owner, ana, 60)
    await pay(order.id, Decimal(20), reference="A")
    async with unit_of_work() as session:
        for _ in range(2):
            await payments.pay_with_credit(
                session, as_customer(ana), order_id=order.id, most=Decimal(10)
            )
        await take_back_payment(session, owner, 1)
    async with unit_of_work() as session:
        paid = await payments.pay_with_credit(session, as_customer(ana), order_id=order.id)
    assert paid is not None
    assert await has(ana) == 0
    assert await stands(order.id) == (60, 60, 0, 0, 0)


async def test_a_wrong_payment_is_taken_back_from_an_order_that_costs_less_by_now(
    owner: Actor, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total, reference="A")
    await refund(owner, order.id, back(50))
    await pay(order.id, order.total, reference="B")
    assert await stands(order.id) == (300, 100, 50, 0, 150)
    async with unit_of_work() as session:
        await take_back_payment(session, owner, 2)
    assert await stands(order.id) == (150, 100, 50, 0, 0)
    assert await value("SELECT status FROM orders") == "delivered"


async def test_an_order_that_gave_money_back_does_not_wait_for_its_price_again(
    owner: Actor, plan: models.Plan, order: orders.OrderPlaced
) -> None:
    """It would be asked for more than it costs by now, and keep too little."""
    del plan
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(order.id, Decimal(75), reference="A")
    await pay(order.id, Decimal(75), reference="B")
    await refund(owner, order.id, back(50))
    with pytest.raises(Conflict, match="payment_spent"):
        async with unit_of_work() as session:
            await take_back_payment(session, owner, 2)
    assert await stands(order.id) == (150, 100, 50, 0, 0)


async def test_another_amount_under_the_reference_of_a_refund_is_refused(
    owner: Actor, order: orders.OrderPlaced
) -> None:
    await pay(order.id, order.total)
    await refund(owner, order.id, back(50))
    with pytest.raises(InvalidInput) as refusal:
        await refund(owner, order.id, back(60))
    assert set(refusal.value.fields) == {"refund_reference"}
    assert await stands(order.id) == (150, 100, 50, 0, 0)


async def test_credit_is_paid_out_once_per_reference(owner: Actor, ana: models.Customer) -> None:
    await give(owner, ana, 100)

    async def pay_out(amount: int) -> None:
        async with unit_of_work() as session:
            await money_back.pay_out(
                session, owner, customer_id=ana.id or 0, notice=back(amount, "R-1")
            )

    await asyncio.gather(*(pay_out(40) for _ in range(3)))
    assert await has(ana) == 60
    with pytest.raises(InvalidInput) as refusal:
        await pay_out(30)
    assert set(refusal.value.fields) == {"refund_reference"}


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "99999999999", "NaN"])
async def test_a_present_is_an_amount_of_money(
    owner: Actor, ana: models.Customer, amount: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with unit_of_work() as session:
            await credit.give(
                session, owner, customer_id=ana.id or 0, amount=Decimal(amount), reason="regalo"
            )
    assert set(refusal.value.fields) == {"gift"}
