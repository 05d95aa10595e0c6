"""Many buyers, few profiles: everybody gets what they were promised, or a true "sold out"."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import psycopg
import pytest

from domain import carts, orders, payments, waiting_orders
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict
from domain.sql import fetch, run, scalar
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.builders import make_account, make_plan
from tests.fixtures import Shop
from tests.race.buyers import everybody, hasty
from tests.race.processes import finish, start

PROCESSES = 4


async def customers(count: int) -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO customers (phone, verified_at)
               SELECT '+5255' || (30000000 + n), now() FROM generate_series(1, %(n)s) AS n""",
            n=count,
        )


async def bank() -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO payment_instructions (bank, holder, clabe, account, is_default)
               VALUES ('BBVA', 'Cuenty', '012180001234567891', '0123456789', true)""",
        )


async def open_shop(accounts: int, profiles: int, buyers: int) -> None:
    await bank()
    plan = await make_plan()
    for _ in range(accounts):
        await make_account(plan.service_id, profiles=profiles)
    await customers(buyers)


async def rush(buyers: int, quantity: int = 1, *, guarded: bool = True) -> Counter[str]:
    """All buyers at once, spread over several processes as a shop at scale runs."""
    share = buyers // PROCESSES
    crowd = [
        start(partial(everybody, guarded=guarded), 1 + n * share, share, quantity)
        for n in range(PROCESSES)
    ]
    outcome: Counter[str] = Counter()
    for process, answer in crowd:
        outcome.update(await asyncio.to_thread(answer.get))
        assert await finish(process) == 0
    return outcome


async def pay_everything() -> None:
    async with reading() as session:
        placed = await fetch(session, "SELECT id, total FROM orders")
    for order in placed:
        notice = payments.PaymentNotice(amount=order.total, paid_on=today())
        async with unit_of_work() as session:
            await payments.confirm_payment(session, SYSTEM, order_id=order.id, notice=notice)


async def count(statement: str) -> int:
    async with reading() as session:
        return int(await scalar(session, statement))


@pytest.mark.usefixtures("shop")
async def test_of_200_buyers_100_get_a_profile_of_their_own_and_100_a_true_sold_out() -> None:
    await open_shop(accounts=20, profiles=5, buyers=200)
    assert await rush(200) == {"placed": 100, "out_of_stock": 100}
    await pay_everything()
    assert await count("SELECT count(*) FROM assignments") == 100
    assert await count("SELECT count(DISTINCT profile_id) FROM assignments") == 100
    assert await count("SELECT count(*) FROM orders WHERE status = 'delivered'") == 100


@pytest.mark.usefixtures("shop")
async def test_without_row_locks_more_orders_than_profiles_are_promised() -> None:
    """The control: what the locks are for."""
    await open_shop(accounts=20, profiles=5, buyers=200)
    outcome = await rush(200, guarded=False)
    assert outcome["placed"] > 100


@pytest.mark.parametrize(("second_look", "heard"), [(True, "placed"), (False, "out_of_stock")])
@pytest.mark.usefixtures("shop")
async def test_a_buyer_who_meets_locked_stock_waits_for_the_truth(
    monkeypatch: pytest.MonkeyPatch, second_look: bool, heard: str
) -> None:
    """The other buyer's order is undone, the profile is free. The control looks once."""
    await open_shop(accounts=1, profiles=1, buyers=2)
    if not second_look:
        monkeypatch.setattr(orders, "_claim_or_refuse", hasty)
    for buyer in (1, 2):
        async with unit_of_work() as session:
            await carts.add(session, Actor(kind="customer", id=buyer), plan_id=1)
    locked, undo = asyncio.Event(), asyncio.Event()

    async def change_of_heart() -> None:
        async with unit_of_work() as session:
            await orders.place(session, Actor(kind="customer", id=1))
            locked.set()
            await undo.wait()
            raise ChangeOfHeartError

    async def order() -> str:
        try:
            async with unit_of_work() as session:
                await orders.place(session, Actor(kind="customer", id=2))
        except Conflict as refusal:
            return refusal.code
        return "placed"

    first = asyncio.create_task(change_of_heart())
    await locked.wait()
    second = asyncio.create_task(order())
    while second_look and not await count(WAITING):
        pass
    if not second_look:
        assert await second == heard
    undo.set()
    with pytest.raises(ChangeOfHeartError):
        await first
    assert await second == heard


class ChangeOfHeartError(Exception):
    """Rolls a transaction back from inside."""


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.mark.usefixtures("shop")
async def test_60_orders_of_3_from_100_profiles_make_33_whole_orders() -> None:
    await open_shop(accounts=20, profiles=5, buyers=60)
    assert await rush(60, 3) == {"placed": 33, "out_of_stock": 27}
    held = "SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL"
    assert await count(held) == 99
    partial = """SELECT count(*) FROM (SELECT 1 FROM profiles WHERE reserved_order_id IS NOT NULL
                 GROUP BY reserved_order_id HAVING count(*) <> 3) AS wrong"""
    assert await count(partial) == 0


async def test_a_payment_confirmed_100_times_at_once_assigns_once(shop: Shop) -> None:
    shop.configure(pool_size=20, pool_overflow=20)
    await open_shop(accounts=1, profiles=5, buyers=4)
    assert (await rush(4))["placed"] == 4
    notice = payments.PaymentNotice(
        amount=await _total(), paid_on=today(), reference="SPEI-1", tracking_key="BBVA123"
    )

    async def confirm() -> bool:
        async with unit_of_work() as session:
            done = await payments.confirm_payment(session, SYSTEM, order_id=1, notice=notice)
        return done.repeated

    repeated = await asyncio.gather(*(confirm() for _ in range(100)))
    assert Counter(repeated) == {False: 1, True: 99}
    assert await count("SELECT count(*) FROM assignments") == 1
    assert await count("SELECT count(*) FROM payments") == 1
    confirmed = "SELECT count(*) FROM audit_entries WHERE action = 'payment.confirm'"
    assert await count(confirmed) == 1
    ready = "SELECT count(*) FROM messages WHERE kind = 'delivered' AND channel = 'whatsapp'"
    assert await count(ready) == 1
    assert await count("SELECT count(*) FROM procrastinate_jobs") == 4 + 1  # four were placed


async def _total():  # noqa: ANN202  # a Decimal from the database
    async with reading() as session:
        return await scalar(session, "SELECT total FROM orders WHERE id = 1")


@pytest.mark.usefixtures("shop")
async def test_a_double_tap_on_order_makes_one_order() -> None:

    await open_shop(accounts=1, profiles=5, buyers=1)
    buyer = Actor(kind="customer", id=1)
    async with unit_of_work() as session:
        await carts.add(session, buyer, plan_id=1)

    async def tap() -> str:
        try:
            async with unit_of_work() as session:
                await orders.place(session, buyer)
        except Conflict as refusal:
            return refusal.code
        return "placed"

    outcome = Counter(await asyncio.gather(*(tap() for _ in range(8))))
    assert outcome == {"placed": 1, "cart_empty": 7}


@pytest.mark.usefixtures("shop")
async def test_two_fills_at_once_serve_each_waiting_order_once() -> None:
    await open_shop(accounts=1, profiles=2, buyers=8)
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled'")
    await _waiting_orders(3)
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'free'")

    async def fill() -> int:
        async with unit_of_work() as session:
            return await waiting_orders.fill_waiting(session)

    assert sum(await asyncio.gather(fill(), fill(), fill())) == 2
    assert await count("SELECT count(DISTINCT profile_id) FROM assignments") == 2


async def _waiting_orders(number: int) -> None:
    """Paid orders without stock, as a late payment makes them."""
    async with unit_of_work() as session:
        await run(
            session,
            """WITH made AS (
                   INSERT INTO orders (customer_id, status, delivery_preference, total, cost,
                                       instructions, paid_at)
                   SELECT n, 'processing', 'web', 150, 120, '{}', now() - n * interval '1 minute'
                   FROM generate_series(1, %(n)s) AS n RETURNING id)
               INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
                   duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost,
                   line_total, fulfilment)
               SELECT made.id, p.id, p.service_id, 'Servicio', p.name, 1, p.capacity, 1, 1,
                      150, 120, 150, 'waiting_stock' FROM made, plans p""",
            n=number,
        )


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (
            "uq_assignments_profile_id_live",
            """INSERT INTO assignments (order_item_id, unit_index, profile_id, customer_id,
                   starts_on, anchor_on, months, ends_on)
               SELECT order_item_id, unit_index + 1, profile_id,
                   customer_id, starts_on, anchor_on, months, ends_on FROM assignments""",
        ),
        (
            "uq_assignments_order_item_id_unit_index",
            """INSERT INTO assignments (order_item_id, unit_index, profile_id, customer_id,
                   starts_on, anchor_on, months, ends_on)
               SELECT order_item_id, unit_index, profile_id + 1,
                   customer_id, starts_on, anchor_on, months, ends_on FROM assignments""",
        ),
    ],
)
async def test_the_database_itself_refuses_a_second_holder(name: str, statement: str) -> None:
    await open_shop(accounts=1, profiles=5, buyers=4)
    await rush(4)
    async with unit_of_work() as session:
        notice = payments.PaymentNotice(amount=await _total(), paid_on=today())
        await payments.confirm_payment(session, SYSTEM, order_id=1, notice=notice)
    with pytest.raises(psycopg.errors.UniqueViolation, match=name):
        async with unit_of_work() as session:
            await run(session, statement)
