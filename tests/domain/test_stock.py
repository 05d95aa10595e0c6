"""What is counted and claimed is what a slow look at every row would find."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import chain, groupby
from typing import Any

import pytest

from domain import availability, stock, stock_returns
from domain.availability import MOST_COUNTED
from domain.sql import fetch, run
from domain.stock import Need
from infra import clock
from infra.database import reading, unit_of_work
from models.plans import Capacity
from tests.builders import make_account, make_customer, make_plan, make_service

pytestmark = pytest.mark.usefixtures("shop")

ORDER = 77


async def stock_of(seed: int, accounts: int) -> None:
    """Two services of three profiles with three plans each; accounts in every condition."""
    chance = random.Random(seed)  # noqa: S311  # made-up stock
    for _ in range(2):
        service = await make_service(max_profiles=3)
        for values in ({}, {"duration_months": 3}, {"full_account": True}):
            await make_plan(service, **values)
    now = clock.now()
    async with unit_of_work() as session:
        services = await fetch(session, "SELECT id FROM services ORDER BY id")
        plans = await fetch(session, "SELECT id, service_id FROM plans ORDER BY id")
        for number in range(accounts):
            service_id = chance.choices(services, [4, 1])[0].id
            own = [plan.id for plan in plans if plan.service_id == service_id]
            (row,) = await fetch(
                session,
                """INSERT INTO accounts (service_id, plan_id, login_sealed, login_hash,
                       password_sealed, status, paid_until)
                   VALUES (%(service)s, %(plan)s, 'x', %(hash)s, 'x', %(status)s, %(until)s)
                   RETURNING id""",
                service=service_id,
                plan=chance.choice([None, None, *own]),
                hash=str(number),
                status=chance.choice(["active"] * 5 + ["down"]),
                until=chance.choice(
                    [None, clock.today(), clock.today() + timedelta(days=chance.randrange(60))]
                ),
            )
            held = [None] * 6 + [now - timedelta(seconds=1), now + timedelta(hours=1)]
            untouched = chance.random() < 0.5
            for position in range(1, chance.choice([2, 3, 3, 3, 4]) + 1):
                status = "free" if untouched else chance.choice(["free"] * 5 + ["assigned"])
                until = None if untouched or status != "free" else chance.choice(held)
                await run(
                    session,
                    """INSERT INTO profiles (account_id, position, label, status,
                           reserved_order_id, reserved_until)
                       VALUES (%(account)s, %(position)s, 'P', %(status)s, %(order)s, %(until)s)""",
                    account=row.id,
                    position=position,
                    status=status,
                    order=1 if until else None,
                    until=until,
                )


async def slowly(plan: Any) -> list[list[int]]:
    """The units a plan could sell, each as its profiles, in the order of the pool rule."""
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT p.id, p.account_id, a.plan_id, coalesce(a.paid_until, '9999-12-31') AS until,
                      p.status = 'free' AND a.status = 'active'
                      AND coalesce(p.reserved_until, '-infinity') <= clock_timestamp() AS free
               FROM profiles p JOIN accounts a ON a.id = p.account_id
               WHERE a.service_id = %(service)s ORDER BY p.account_id, p.id""",
            service=plan.service_id,
        )
    ours = [row for row in rows if row.plan_id in {None, plan.id}]
    key = lambda row: (row.plan_id is None, -row.until.toordinal(), row.account_id, row.id)  # noqa: E731
    if plan.capacity == "profile":
        return [[row.id] for row in sorted((r for r in ours if r.free), key=key)]
    whole = []
    for _, group in groupby(ours, key=lambda row: row.account_id):
        account = list(group)
        if len(account) == 3 and all(row.free for row in account):
            whole.append(account)
    return [[row.id for row in account] for account in sorted(whole, key=lambda a: key(a[0])[:3])]


async def all_plans() -> list[Any]:
    async with reading() as session:
        return await fetch(session, "SELECT * FROM plans ORDER BY id")


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_counted_is_what_is_there_up_to_a_hundred(seed: int) -> None:
    await stock_of(seed, accounts=(0, 6, 40, 90, 150, 260)[seed])
    async with reading() as session:
        counted = await availability.available(session)
    there = {plan.id: len(await slowly(plan)) for plan in await all_plans()}
    assert counted == {plan: min(MOST_COUNTED, units) for plan, units in there.items()}
    for plan, units in there.items():
        async with reading() as session:
            assert await availability.available(session, [plan]) == {plan: counted[plan]}
            few = await availability.available(session, [plan], most=7)
        assert few == {plan: min(7, units)}
    assert seed != 5 or {MOST_COUNTED} < set(counted.values())  # both sides of the end were seen


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("units", [1, 4, 60])
async def test_what_is_claimed_is_what_the_pool_rule_names(seed: int, units: int) -> None:
    await stock_of(seed, accounts=30)
    await make_customer()
    for plan in await all_plans():
        expected = (await slowly(plan))[:units]
        size = 3 if plan.capacity == "full_account" else 1
        need = Need(plan.id, plan.service_id, Capacity(plan.capacity), size, units)
        async with unit_of_work() as session:
            short = await stock.claim(session, [need], ORDER, 1)
            held = await fetch(
                session, "SELECT id FROM profiles WHERE reserved_order_id = %(o)s", o=ORDER
            )
            await stock_returns.release_holds(session, ORDER)
        assert sorted(row.id for row in held) == sorted(chain(*expected))
        assert short == ({plan.id} if len(expected) < units else set())


async def test_a_claim_takes_a_hold_that_ran_out_where_it_stands_first() -> None:
    """One of two free profiles, the one paid for longer, is still marked by an old order."""
    plan = await make_plan()
    async with unit_of_work() as session:
        for number, until in ((1, "2027-01-01"), (2, "2028-01-01")):
            await run(
                session,
                """WITH made AS (
                       INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed,
                                             paid_until)
                       VALUES (%(service)s, 'x', %(number)s::text, 'x', %(until)s) RETURNING id)
                   INSERT INTO profiles (account_id, position, label, reserved_order_id,
                                         reserved_until)
                   SELECT id, 1, 'P', CASE %(number)s WHEN 2 THEN 1 END,
                          CASE %(number)s WHEN 2 THEN now() - interval '1 second' END FROM made""",
                service=plan.service_id,
                number=number,
                until=until,
            )
        assert plan.id is not None
        need = Need(plan.id, plan.service_id, Capacity.PROFILE, 1, 1)
        assert await stock.claim(session, [need], ORDER, 1) == set()
        held = await fetch(
            session,
            """SELECT a.login_hash FROM profiles p JOIN accounts a ON a.id = p.account_id
               WHERE p.reserved_order_id = %(o)s""",
            o=ORDER,
        )
    assert [row.login_hash for row in held] == ["2"]


async def test_a_replacement_takes_nothing_from_the_account_it_leaves() -> None:
    plan = await make_plan()
    assert plan.id is not None
    leaving = await make_account(plan.service_id, profiles=3, paid_until=date(2030, 1, 1))
    other = await make_account(plan.service_id, profiles=1, paid_until=date(2029, 1, 1))
    need = Need(plan.id, plan.service_id, Capacity.PROFILE, 1, 2)
    async with unit_of_work() as session:
        assert await stock.claim(session, [need], ORDER, 1, leaving=leaving.id or 0) == {plan.id}
        held = await fetch(
            session, "SELECT account_id FROM profiles WHERE reserved_order_id = %(o)s", o=ORDER
        )
    assert [row.account_id for row in held] == [other.id]
