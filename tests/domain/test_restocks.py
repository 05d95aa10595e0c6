"""«Avísame cuando haya»: asked once, told once, after those who paid and wait."""

from __future__ import annotations

import importlib
from typing import Any
from uuid import UUID

import pytest

import models
from domain import order_endings, restocks
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, NotFound, Unauthenticated
from domain.message_bodies import said_by
from domain.message_links import follow, token_of
from domain.sql import fetch, run, scalar
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


async def ask(actor: Actor, plan: models.Plan) -> None:
    async with unit_of_work() as session:
        await restocks.ask(session, actor, plan_id=plan.id or 0)


async def waits_for(customer: models.Customer) -> set[int]:
    async with reading() as session:
        return set(await restocks.open_for(session, as_customer(customer)))


async def tell(most: int = 500) -> int:
    async with unit_of_work() as session:
        return await restocks.tell_due(session, most)


async def told() -> list[tuple[Any, ...]]:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT customer_id, channel, to_address, occasion, status FROM messages
               WHERE kind = 'back_in_stock' ORDER BY customer_id, channel DESC""",
        )
    return [tuple(row) for row in rows]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def test_a_customer_asks_for_a_sold_out_plan_once_and_may_change_their_mind() -> None:
    plan, other = await make_plan(), await make_plan()
    ana, beto = await make_customer(), await make_customer()
    for _ in range(2):
        await ask(as_customer(ana), plan)
    await ask(as_customer(beto), plan)
    assert await value("SELECT count(*) FROM restock_requests") == 2
    assert await waits_for(ana) == {plan.id}
    async with unit_of_work() as session:
        await restocks.cancel(session, as_customer(ana), plan_id=other.id or 0)
        await restocks.cancel(session, as_customer(ana), plan_id=plan.id or 0)
        await restocks.cancel(session, as_customer(ana), plan_id=plan.id or 0)
    assert (await waits_for(ana), await waits_for(beto)) == (set(), {plan.id})


async def test_only_customers_ask_and_only_for_what_is_sold_but_sold_out() -> None:
    plan = await make_plan()
    ana = as_customer(await make_customer())
    for stranger in (as_guest(), as_staff(await make_staff()), SYSTEM):
        with pytest.raises(Unauthenticated):
            await ask(stranger, plan)
    await make_account(plan.service_id, profiles=1)
    with pytest.raises(Conflict, match="in_stock"):
        await ask(ana, plan)
    gone = await make_plan(active=False)
    with pytest.raises(NotFound, match="plan_inactive"):
        await ask(ana, gone)
    shut = await make_plan(await make_service(active=False))
    with pytest.raises(NotFound, match="plan_inactive"):
        await ask(ana, shut)
    assert await value("SELECT count(*) FROM restock_requests") == 0


async def test_everyone_who_asked_is_told_once_by_the_way_they_chose() -> None:
    plan = await make_plan(await make_service(name="Cine", slug="cine"))
    ana = await make_customer()
    beto = await make_customer(delivery_preference="email", email="beto@correo.mx")
    carla = await make_customer(delivery_preference="web")
    await make_customer()
    for customer in (ana, beto, carla):
        await ask(as_customer(customer), plan)
    assert (await tell(), await told()) == (0, [])
    await make_account(plan.service_id, profiles=1)
    assert (await tell(), await tell()) == (3, 0)
    occasion = f"plan:{plan.id}"
    assert await told() == [
        (ana.id, "whatsapp", ana.phone, occasion, "queued"),
        (ana.id, "web", "", occasion, "delivered"),
        (beto.id, "web", "", occasion, "delivered"),
        (beto.id, "email", "beto@correo.mx", occasion, "queued"),
        (carla.id, "web", "", occasion, "delivered"),
    ]
    assert await waits_for(ana) == set()
    async with reading() as session:
        (row, *_) = await fetch(session, "SELECT * FROM messages WHERE channel = 'whatsapp'")
        assert "ya hay Cine" in (await said_by(session, row)).body.disclose()
    async with unit_of_work() as session:
        token = token_of(UUID(str(row.id)))
        assert await follow(session, token) == "/servicio/cine"
    sending = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messages.send'"
    assert await value(sending) == 2


async def test_who_asks_again_after_it_sold_out_again_is_told_again() -> None:
    plan = await make_plan()
    ana = await make_customer()
    for _ in range(2):
        await ask(as_customer(ana), plan)
        await make_account(plan.service_id, profiles=1)
        assert await tell() == 1
        await change("UPDATE profiles SET status = 'disabled'")
    assert len(await told()) == 4


async def test_many_are_told_in_several_turns_and_each_once() -> None:
    plan = await make_plan()
    for _ in range(5):
        await ask(as_customer(await make_customer()), plan)
    await make_account(plan.service_id, profiles=1)
    assert [await tell(2) for _ in range(4)] == [2, 2, 1, 0]
    assert await value("SELECT count(DISTINCT customer_id) FROM messages") == 5


async def test_the_blocked_hear_nothing_and_what_left_the_shelves_is_not_announced() -> None:
    plan, gone = await make_plan(), await make_plan()
    blocked, ana = await make_customer(), await make_customer()
    await ask(as_customer(blocked), plan)
    await ask(as_customer(ana), gone)
    await make_account(plan.service_id, profiles=1)
    await make_account(gone.service_id, profiles=1)
    await change(f"UPDATE customers SET blocked_at = now() WHERE id = {blocked.id}")  # noqa: S608
    await change(f"UPDATE plans SET active = false WHERE id = {gone.id}")  # noqa: S608
    assert await tell() == 1
    assert (await told(), await waits_for(ana)) == ([], {gone.id})


async def test_a_paid_order_that_waits_is_served_before_anybody_is_told() -> None:
    """One profile comes back by itself: nobody but the payer gets it, and nobody is called."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    payer, hasty = await make_customer(), await make_customer()
    paid = await place_order(payer, plan)
    await change("UPDATE profiles SET reserved_until = now() - interval '1 second'")
    other = await place_order(hasty, plan)  # takes the profile whose hold ran out
    await pay(paid.id, paid.total)
    assert await value(f"SELECT status FROM orders WHERE id = {paid.id}") == "processing"  # noqa: S608
    await ask(as_customer(await make_customer()), plan)
    async with unit_of_work() as session:
        await order_endings.cancel(session, SYSTEM, order_id=other.id, reason="no pagó")
    assert await tell() == 0
    assert await value(f"SELECT status FROM orders WHERE id = {paid.id}") == "delivered"  # noqa: S608
    assert await told() == []


async def test_stock_that_comes_in_calls_the_job_only_where_somebody_waits() -> None:
    plan, other = await make_plan(), await make_plan()
    await ask(as_customer(await make_customer()), plan)
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'restocks.tell'"
    await make_account(other.service_id, profiles=1)
    assert await value(waiting) == 0
    await make_account(plan.service_id, profiles=1)
    assert await value(waiting) == 1
    tasks = importlib.import_module("jobs.tasks")
    await tasks.restocks.tell()
    await tasks.restocks.tell(timestamp=1)
    assert len(await told()) == 2
