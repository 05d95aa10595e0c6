"""How much is left of each plan, who is told when it is little, and what a service asks."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from domain import restocks, stock_levels
from domain.actors import Actor
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.sql import fetch, run
from domain.stock_levels import PlanLevel
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_guest,
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

pytestmark = pytest.mark.usefixtures("shop")


async def owner() -> Actor:
    return as_staff(await make_staff("owner"))


async def operator() -> Actor:
    return as_staff(await make_staff())


async def watch() -> None:
    await importlib.import_module("jobs.tasks").stock.watch(0)


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def alerts() -> list[tuple[Any, ...]]:
    return await rows(
        """SELECT kind, data->>'units' AS units, closed_at IS NULL AS open FROM alerts
           ORDER BY kind, opened_at"""
    )


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def threshold(actor: Actor, plan_id: int | None, units: int) -> None:
    async with unit_of_work() as session:
        await stock_levels.set_threshold(session, actor, plan_id=plan_id or 0, units=units)


async def the_levels() -> dict[int, PlanLevel]:
    who = await operator()
    async with reading() as session:
        return {p.id: p for s in await stock_levels.levels(session, who) for p in s.plans}


async def test_the_levels_say_what_became_of_every_unit() -> None:
    await make_bank()
    service = await make_service(max_profiles=2)
    single, whole = await make_plan(service), await make_plan(service, full_account=True)
    assert single.id is not None
    assert whole.id is not None
    await make_account(single.service_id, profiles=2, plan_id=whole.id)
    await make_account(single.service_id, profiles=2)
    ana, beto = await make_customer(), await make_customer()
    sold = await place_order(ana, whole)
    await pay(sold.id, sold.total)
    await place_order(beto, single, quantity=1)
    paid = await place_order(beto, single)
    await change("UPDATE profiles SET status = 'disabled' WHERE status = 'free'")
    await pay(paid.id, paid.total)
    async with unit_of_work() as session:
        await restocks.ask(session, as_customer(ana), plan_id=single.id)
    found = await the_levels()
    assert found[whole.id] == PlanLevel(whole.id, "1 mes", "full_account", 0, 0, 0, 0, 1, 0)
    assert found[single.id] == PlanLevel(single.id, "1 mes", "profile", 0, 1, 1, 1, 0, 0)


async def test_only_staff_read_the_levels_and_only_an_owner_changes_the_rotation() -> None:
    plan = await make_plan()
    for stranger in (as_guest(), as_customer(await make_customer())):
        async with unit_of_work() as session:
            with pytest.raises(Forbidden):
                await stock_levels.levels(session, stranger)
            with pytest.raises(Forbidden):
                await stock_levels.set_threshold(session, stranger, plan_id=plan.id or 0, units=1)
    for stranger in (as_guest(), await operator()):
        async with unit_of_work() as session:
            with pytest.raises(Forbidden):
                await stock_levels.set_rotation(
                    session, stranger, service_id=plan.service_id, rotates=False
                )
    boss = await owner()
    for _ in range(2):
        async with unit_of_work() as session:
            await stock_levels.set_rotation(
                session, boss, service_id=plan.service_id, rotates=False
            )
    assert await rows("SELECT rotate_before_resale FROM services") == [(False,)]
    assert await rows(
        "SELECT actor_id, change FROM audit_entries WHERE action = 'service.rotation'"
    ) == [(boss.id, {"before": True, "after": False})]


async def test_what_does_not_exist_or_is_no_threshold_is_refused() -> None:
    plan = await make_plan()
    who = await owner()
    for units in (-1, 100, 10**9):
        with pytest.raises(InvalidInput):
            await threshold(who, plan.id, units)
    with pytest.raises(NotFound):
        await threshold(who, 10**6, 1)
    async with unit_of_work() as session:
        with pytest.raises(NotFound):
            await stock_levels.set_rotation(session, who, service_id=10**6, rotates=True)


async def test_an_alert_opens_when_little_is_left_follows_the_count_and_closes() -> None:
    plan = await make_plan(low_stock=2)
    await make_plan()
    account = await make_account(plan.service_id, profiles=3)
    kind = f"low_stock:{plan.id}"
    await watch()
    assert await alerts() == []
    hide = "UPDATE profiles SET status = 'disabled' WHERE position > {}"
    for left in (2, 2, 1, 0):
        await change(hide.format(left))
        await watch()
        await watch()
        assert await alerts() == [(kind, str(left), True)]
    await change(f"UPDATE profiles SET status = 'free' WHERE account_id = {account.id}")  # noqa: S608
    await watch()
    await watch()
    assert await alerts() == [(kind, "0", False)]
    await change(hide.format(1))
    await watch()
    assert await alerts() == [(kind, "0", False), (kind, "1", True)]


async def test_a_threshold_speaks_at_once_and_none_or_a_plan_off_sale_is_silent() -> None:
    plan = await make_plan()
    assert plan.id is not None
    await make_account(plan.service_id, profiles=3)
    who = await operator()
    await threshold(who, plan.id, 3)
    kind = f"low_stock:{plan.id}"
    assert await alerts() == [(kind, "3", True)]
    assert (await the_levels())[plan.id].low
    await threshold(who, plan.id, 0)
    assert await alerts() == [(kind, "3", False)]
    await threshold(who, plan.id, 50)
    await change("UPDATE plans SET active = false")
    await watch()
    assert [open_ for *_, open_ in await alerts()] == [False, False]
    assert await rows(
        "SELECT change FROM audit_entries WHERE action = 'plan.low_stock' ORDER BY id"
    ) == [({"before": b, "after": a},) for b, a in ((0, 3), (3, 0), (0, 50))]


async def test_a_high_threshold_is_counted_that_far() -> None:
    plan = await make_plan(low_stock=120)
    for _ in range(12):
        await make_account(plan.service_id, profiles=10)
    await watch()
    assert [units for _, units, _ in await alerts()] == ["120"]
    await make_account(plan.service_id, profiles=1)
    await watch()
    assert [open_ for *_, open_ in await alerts()] == [False]
