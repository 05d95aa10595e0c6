"""Statements pay orders: each movement once, whoever else recorded it, and back again."""

from __future__ import annotations

import importlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import statement_review, statement_runs
from domain.errors import Conflict
from domain.payments import reference_of
from domain.sql import fetch, scalar
from domain.statement_movements import Movement
from domain.statement_undoing import Undone, undo
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    make_statement,
    pay,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def staff() -> models.StaffUser:
    return await make_staff()


@pytest.fixture
async def plan() -> models.Plan:
    """150.00, with stock for five."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


async def placed(plan: models.Plan) -> int:
    return (await place_order(await make_customer(), plan)).id


def deposit(concept: str, amount: int = 150, **values: Any) -> Movement:
    return Movement(1, values.pop("on", clock.today()), Decimal(amount), concept, **values)


async def apply(staff: models.StaffUser, statement: int) -> None:
    async with unit_of_work() as session:
        await statement_runs.start(session, as_staff(staff), statement_id=statement)
    await importlib.import_module("jobs.statements").apply(statement)


async def lines(statement: int) -> list[Any]:
    async with reading() as session:
        return await fetch(
            session,
            "SELECT * FROM statement_lines WHERE statement_id = %(s)s ORDER BY id",
            s=statement,
        )


async def order(order_id: int) -> Any:
    async with reading() as session:
        [found] = await fetch(
            session,
            """SELECT o.*, (SELECT coalesce(sum(amount), 0) FROM payments
                            WHERE order_id = o.id) AS received FROM orders o WHERE id = %(o)s""",
            o=order_id,
        )
    return found


async def count(statement: str, **values: Any) -> int:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def test_sure_lines_are_applied_and_their_orders_delivered(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    first, second = await placed(plan), await placed(plan)
    statement = await make_statement(
        deposit(f"Orden {first}"),
        deposit("SPEI", reference=reference_of(second)),
        deposit("DEPOSITO EN EFECTIVO", 77),
        deposit("COMISION", -5),
    )
    assert [line.result for line in await lines(statement)] == [
        "matched",
        "matched",
        "no_match",
        "ignored",
    ]
    assert (await order(first)).status == "pending_payment"
    await apply(staff, statement)
    for order_id in (first, second):
        assert (await order(order_id)).status == "delivered"
    assert await count("SELECT count(*) FROM payments WHERE source = 'statement'") == 2
    assert await count("SELECT done FROM statements") == 2
    assert await count("SELECT count(*) FROM statements WHERE status = 'open'") == 1
    assert await count("SELECT min(actor_id) FROM payments") == staff.id


async def test_what_was_confirmed_by_hand_before_is_linked_and_recorded_once(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    number = await placed(plan)
    await pay(number, Decimal(150))
    statement = await make_statement(deposit(f"Orden {number}"))
    await apply(staff, statement)
    [line] = await lines(statement)
    assert (line.result, line.own_payment) == ("recorded", False)
    assert (await order(number)).received == 150


async def test_what_is_confirmed_by_hand_after_the_file_was_read_is_recorded_once(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    number = await placed(plan)
    statement = await make_statement(deposit(f"Orden {number}"))
    await pay(number, Decimal(150))
    await apply(staff, statement)
    assert [line.result for line in await lines(statement)] == ["recorded"]
    assert (await order(number)).received == 150


async def test_an_order_that_changed_since_is_left_to_a_person(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    number = await placed(plan)
    statement = await make_statement(deposit(f"Orden {number}"))
    await pay(number, Decimal(50), reference="una parte")
    await apply(staff, statement)
    [line] = await lines(statement)
    assert (line.result, line.sure, line.why) == ("ambiguous", False, ["changed"])
    assert [c["order"] for c in line.candidates] == [number]
    assert (await order(number)).received == 50


async def test_a_refused_payment_holds_up_no_other(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    first, second = await placed(plan), await placed(plan)
    statement = await make_statement(
        deposit(f"Orden {first}", on=clock.today() + timedelta(days=300)),
        deposit(f"Orden {second}"),
    )
    await apply(staff, statement)
    assert [(line.result, line.why) for line in await lines(statement)] == [
        ("ambiguous", ["invalid_input"]),
        ("matched", ["amount", "number"]),
    ]


async def test_a_person_assigns_ignores_and_restores(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    number = await placed(plan)
    statement = await make_statement(deposit("DEPOSITO"), deposit("VENTA DE MUEBLES", 900))
    doubtful, other = await lines(statement)
    actor = as_staff(staff)
    async with unit_of_work() as session:
        await statement_review.settle(session, actor, line_id=doubtful.id, order_id=number)
        await statement_review.ignore(session, actor, line_id=other.id)
    doubtful, other = await lines(statement)
    assert (doubtful.result, doubtful.decided_by) == ("matched", staff.id)
    assert (await order(number)).status == "delivered"
    assert other.result == "ignored"
    async with unit_of_work() as session:
        await statement_review.restore(session, actor, line_id=other.id)
    assert [line.result for line in await lines(statement)] == ["matched", "no_match"]
    with pytest.raises(Conflict):
        async with unit_of_work() as session:
            await statement_review.settle(session, actor, line_id=doubtful.id, order_id=number)


async def test_a_payer_is_remembered_for_the_next_time(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    ana = await make_customer()
    first = (await place_order(ana, plan)).id
    await apply(staff, await make_statement(deposit(f"Orden {first}", payer="José Pérez")))
    following = (await place_order(ana, plan)).id
    await placed(plan)
    statement = await make_statement(deposit("TRANSFERENCIA", payer="JOSE PEREZ"), marks="g")
    [line] = await lines(statement)
    assert (line.result, line.order_id, line.why) == ("matched", following, ["amount", "payer"])


async def test_an_undo_takes_back_what_was_not_delivered_and_says_what_stays(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    orders = [await placed(plan) for _ in range(2)]
    empty = await make_plan()
    account = await make_account(empty.service_id, profiles=1)
    waiting = await placed(empty)
    async with unit_of_work() as session:
        await scalar(
            session,
            "UPDATE accounts SET status = 'down' WHERE id = %(id)s RETURNING 1",
            id=account.id,
        )
    statement = await make_statement(
        deposit(f"Orden {orders[0]}"),
        deposit(f"Orden {orders[1]}", 100),
        deposit(f"Orden {waiting}"),
        deposit("OTRO", 77),
    )
    await apply(staff, statement)
    assert (await order(waiting)).status == "processing"
    async with unit_of_work() as session:
        done = await undo(session, as_staff(staff), statement_id=statement)
    assert done == Undone(taken_back=3, kept=1)
    assert (await order(orders[0])).status == "delivered"
    for order_id in (orders[1], waiting):
        found = await order(order_id)
        assert (found.status, found.payment_status, found.received) == (
            "pending_payment",
            "unpaid",
            0,
        )
    assert await count("SELECT count(*) FROM audit_entries WHERE action = 'payment.take_back'") == 2
    again = await make_statement(
        deposit(f"Orden {orders[0]}"),
        deposit(f"Orden {orders[1]}", 100),
        deposit(f"Orden {waiting}"),
        deposit("OTRO", 77),
    )
    assert [line.order_id for line in await lines(again)] == [orders[1], waiting, None]


async def test_the_tracking_key_of_a_receipt_names_its_order(
    staff: models.StaffUser, plan: models.Plan
) -> None:
    ana, key = await make_customer(), "BNET01002511200001"
    number = (await place_order(ana, plan)).id
    async with unit_of_work() as session:
        await scalar(
            session,
            """INSERT INTO receipts (order_id, customer_id, tracking_key)
               VALUES (%(order)s, %(customer)s, %(key)s) RETURNING id""",
            order=number,
            customer=ana.id,
            key=key,
        )
    statement = await make_statement(deposit("TRANSFERENCIA", tracking_key=key))
    assert [(line.order_id, line.why) for line in await lines(statement)] == [
        (number, ["amount", "receipt"])
    ]
    await apply(staff, statement)
    assert await count("SELECT count(*) FROM payments WHERE tracking_key = %(key)s", key=key) == 1
    again = await make_statement(deposit("OTRO ARCHIVO", tracking_key=key), marks="g")
    await apply(staff, again)
    assert [line.result for line in await lines(again)] == ["recorded"]
    assert (await order(number)).received == 150
