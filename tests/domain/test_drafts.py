"""Drafts: what an operator prepares for a customer, who sees nothing of it until it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import (
    counter,
    customer_data,
    drafts,
    order_endings,
    order_pages,
    order_records,
    orders,
    statistics,
)
from domain.actors import Actor
from domain.counter import Sale
from domain.drafts import Draft
from domain.errors import DomainError, Forbidden, NotFound
from domain.sql import fetch_one, run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")
PHONE = "55 1234 5678"


@pytest.fixture
async def operator(shop: object) -> Actor:
    del shop
    await make_bank()
    return as_staff(await make_staff())


@pytest.fixture
async def plan(operator: object) -> models.Plan:
    """150.00 MXN, with three profiles to sell."""
    del operator
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    return plan


async def keep(actor: Actor, lines: Mapping[int, int], **values: Any) -> int:
    said = {"phone": PHONE, "name": "Ana Torres", "delivery_preference": "whatsapp", **values}
    async with unit_of_work() as session:
        return await drafts.keep(session, actor, lines=lines, **said)


async def look(actor: Actor, number: int) -> Draft:
    async with reading() as session:
        return await drafts.draft(session, actor, order_id=number)


async def change(actor: Actor, seen: Draft, lines: Mapping[int, int], way: str = "web") -> None:
    async with unit_of_work() as session:
        await drafts.change(
            session,
            actor,
            order_id=seen.id,
            lines=lines,
            delivery_preference=way,
            seen=seen.version,
        )


async def send(actor: Actor, seen: Draft, total: int, **lines: Any) -> Sale:
    async with unit_of_work() as session:
        return await drafts.send(
            session,
            actor,
            order_id=seen.id,
            delivery_preference=seen.delivery_preference,
            seen_total=Decimal(total),
            seen=seen.version,
            **{"lines": seen.lines, **lines},
        )


async def give_up(actor: Actor, number: int) -> None:
    async with unit_of_work() as session:
        await drafts.give_up(session, actor, order_id=number)


async def refusal(work: Any) -> str:
    with pytest.raises(DomainError) as refused:
        await work
    return next(iter(getattr(refused.value, "fields", {})), refused.value.code)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


HELD = "SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL"


@pytest.mark.usefixtures("plan")
async def test_a_draft_holds_nothing_tells_nobody_and_takes_no_slot(operator: Actor) -> None:
    for _ in range(3):  # more than a customer may have unpaid
        number = await keep(operator, {1: 2})
    seen = await look(operator, number)
    assert (seen.phone, seen.lines) == ("+525512345678", {1: 2})
    kept = await value("SELECT string_agg(status || ' ' || total, ', ') FROM orders")
    assert kept == "pending 300.00, pending 300.00, pending 300.00"
    assert await value(HELD) == 0
    assert await value("SELECT count(*) FROM messages") == 0


@pytest.mark.usefixtures("plan")
async def test_it_is_sent_with_the_prices_and_the_stock_of_that_moment(operator: Actor) -> None:
    seen = await look(operator, await keep(operator, {1: 2}))
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET margin = margin + 50")
    assert await refusal(send(operator, seen, 300)) == "sale_changed"
    assert await value(HELD) == 0
    sale = await send(operator, seen, 600, lines={1: 3})  # a unit more than was kept
    assert sale == Sale(seen.id, "pending_payment", told=True)
    async with reading() as session:
        order: Any = await fetch_one(session, "SELECT * FROM orders")
        line: Any = await fetch_one(session, "SELECT * FROM order_items")
    assert (order.status, order.total, order.unpaid_slot) == ("pending_payment", 600, 1)
    assert order.instructions["bank"] == "BBVA Bancomer"
    assert order.expires_at is not None
    assert (line.quantity, line.unit_price, line.line_total) == (3, 200, 600)
    assert await value(HELD) == 3
    assert await value("SELECT string_agg(event, ' ' ORDER BY id) FROM timeline_entries") == (
        "drafted placed"
    )
    assert await value("SELECT kind FROM messages") == "order_placed"
    assert await refusal(look(operator, seen.id)) == "order_state"


async def test_sending_is_refused_as_any_sale_is(operator: Actor, plan: models.Plan) -> None:
    ana = await make_customer("+525512345678")
    seen = await look(operator, await keep(operator, {1: 1}))
    assert await refusal(send(operator, seen, 600, lines={1: 4})) == "sale_short"
    assert await refusal(send(operator, seen, 150, lines={1: 1, 99: 1})) == "sale_changed"
    assert await refusal(send(operator, seen, 0, lines={1: 11})) == "quantity"
    for _ in range(2):
        await place_order(ana, plan)
    assert await refusal(send(operator, seen, 150)) == "sale_unpaid_limit"
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET status = 'cancelled' WHERE id <> 1")
        await run(session, "UPDATE customers SET blocked_at = now()")
    assert await refusal(send(operator, seen, 150)) == "buyer_blocked"
    async with unit_of_work() as session:
        await run(session, "UPDATE customers SET blocked_at = NULL")
        await run(session, "UPDATE payment_instructions SET is_default = false")
    assert await refusal(send(operator, seen, 150)) == "no_instructions"
    assert await value("SELECT quantity FROM order_items WHERE order_id = 1") == 1


@pytest.mark.usefixtures("plan")
async def test_what_is_not_on_sale_is_not_kept(operator: Actor) -> None:
    assert await refusal(keep(operator, {})) == "sale_empty"
    assert await refusal(keep(operator, {99: 1})) == "sale_changed"
    assert await refusal(keep(operator, {1: 11})) == "quantity"
    assert await refusal(keep(operator, {1: 1}, phone="123")) == "phone"
    assert await refusal(keep(operator, {1: 1}, delivery_preference="email")) == (
        "delivery_preference"
    )
    seen = await look(operator, await keep(operator, {1: 1}))
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET active = false")
    assert await refusal(change(operator, seen, {1: 2})) == "sale_changed"
    assert await refusal(keep(operator, {1: 1})) == "sale_changed"
    assert (await look(operator, seen.id)).lines == {1: 1}


@pytest.mark.usefixtures("plan")
async def test_a_draft_somebody_changed_is_neither_overwritten_nor_sent(operator: Actor) -> None:
    other = as_staff(await make_staff())
    stale = await look(operator, await keep(operator, {1: 1}))
    await change(other, stale, {1: 2})
    assert await refusal(change(operator, stale, {1: 3})) == "draft_changed"
    assert await refusal(send(operator, stale, 150)) == "draft_changed"
    fresh = await look(operator, stale.id)
    assert (fresh.lines, fresh.delivery_preference) == ({1: 2}, "web")
    await send(operator, fresh, 300)
    assert await refusal(change(other, fresh, {1: 1})) == "order_state"
    assert await refusal(give_up(other, fresh.id)) == "order_state"


async def sent_by_two(seen: Draft) -> list[Sale | BaseException]:
    two = [as_staff(await make_staff()) for _ in range(2)]
    return await asyncio.gather(*(send(one, seen, 150) for one in two), return_exceptions=True)


@pytest.mark.usefixtures("plan")
async def test_of_two_who_send_a_draft_at_once_one_wins(operator: Actor) -> None:
    outcomes = await sent_by_two(await look(operator, await keep(operator, {1: 1})))
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Sale"]
    [lost] = [one for one in outcomes if isinstance(one, DomainError)]
    assert (lost.code, lost.data["status"]) == ("order_state", "pendiente de pago")
    assert await value("SELECT count(*) FROM order_items") == 1
    assert await value(HELD) == 1


@pytest.mark.usefixtures("plan")
async def test_without_the_lock_both_would_send_it(
    operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked = asyncio.Barrier(2)

    async def look_only(session: Any, actor: Actor, order_id: int) -> Any:
        del actor
        order = await fetch_one(session, "SELECT * FROM orders WHERE id = %(id)s", id=order_id)
        await both_looked.wait()
        return order

    seen = await look(operator, await keep(operator, {1: 1}))
    monkeypatch.setattr(orders, "lock", look_only)
    outcomes = await sent_by_two(seen)
    assert [type(one).__name__ for one in outcomes] == ["Sale", "Sale"]
    assert await value("SELECT count(*) FROM order_items") == 2  # of one line


@pytest.mark.usefixtures("plan")
async def test_customers_see_no_draft_and_none_that_was_given_up(operator: Actor) -> None:
    ana = as_customer(await make_customer("+525512345678"))
    for give in (False, True):
        number = await keep(operator, {1: 1})
        if give:
            await give_up(operator, number)
    kept = await value("SELECT string_agg(status, ' ' ORDER BY id) FROM orders")
    assert kept == "pending cancelled"
    async with reading() as session:
        assert await order_pages.my_orders(session, ana) == []
        assert await order_records.mine(session, ana, before=None, limit=9) == []
        assert (await counter.find_buyer(session, operator, phone=PHONE)).orders == 0
        for number in (1, 2):
            for read in (order_pages.order_page, order_records.record):
                with pytest.raises(NotFound):
                    await read(session, ana, order_id=number)
    taken = {part: rows async for part, rows in customer_data.rows(ana)}
    assert taken.get("pedidos", []) == []
    async with unit_of_work() as session:
        with pytest.raises(NotFound):
            await order_endings.cancel(session, ana, order_id=1, reason="No lo pedí")
    seen = await look(operator, 1)
    await send(operator, seen, 150)
    async with reading() as session:
        assert [one.id for one in await order_pages.my_orders(session, ana)] == [1]


@pytest.mark.usefixtures("plan")
async def test_the_figures_count_a_draft_once_it_is_sent(operator: Actor) -> None:
    await give_up(operator, await keep(operator, {1: 1}))
    seen = await look(operator, await keep(operator, {1: 1}))

    async def counted() -> tuple[int, int]:
        async with reading() as session:
            told = await statistics.statistics(session, operator, statistics.last_days(7))
        return told.figures.total_orders, told.figures.orders_cancelled

    assert await counted() == (0, 0)
    await send(operator, seen, 150)
    assert await counted() == (1, 0)


async def test_no_customer_prepares_drafts(operator: Actor, plan: models.Plan) -> None:
    del plan
    ana = as_customer(await make_customer("+525512345678"))
    number = await keep(operator, {1: 1})
    seen = await look(operator, number)
    for work in (
        keep(ana, {1: 1}),
        look(ana, number),
        change(ana, seen, {1: 2}),
        send(ana, seen, 150),
        give_up(ana, number),
    ):
        with pytest.raises(Forbidden):
            await work
