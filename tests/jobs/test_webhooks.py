"""What happens reaches the owner's programs: once per event, in order for each order, on record."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest
from standardwebhooks import Webhook

import models
from domain import order_endings, tickets, webhook_deliveries, webhooks
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.sql import fetch, scalar
from domain.webhook_events import EVENTS
from domain.webhooks import HookLine, NewHook
from infra.database import reading, unit_of_work
from infra.settings import settings
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
from tests.fixtures import Calendar, ToldTime
from tests.receiver import Receiver, receiver

MOST_TRIES = 5


async def send() -> None:
    await importlib.import_module("jobs.webhooks").send()


async def look_for_ends() -> None:
    await importlib.import_module("jobs.webhooks").expiring(0)


@pytest.fixture
async def program(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Receiver]:
    del calendar
    await make_bank()
    monkeypatch.setenv("CUENTY_WEBHOOKS_TO_LOOPBACK", "true")
    settings.cache_clear()
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", ToldTime)
    with receiver() as opened:
        yield opened


@pytest.fixture
async def owner(calendar: Calendar) -> Actor:
    del calendar
    return as_staff(await make_staff("owner"))


async def listen(owner: Actor, url: str, *events: str) -> NewHook:
    async with unit_of_work() as session:
        return await webhooks.create(session, owner, url=url, events=events or tuple(EVENTS))


async def test_the_life_of_an_order_is_told_in_its_order(program: Receiver, owner: Actor) -> None:
    hook = await listen(owner, program.url)
    ana = await make_customer()
    order = await place_order(ana, await make_plan_with_stock())
    await pay(order.id, Decimal(100))
    await pay(order.id, order.total - 100, reference="segunda parte")
    await send()
    told = [one.told for one in program.got if one.told["data"].get("order_id") == order.id]
    assert [one["type"] for one in told] == [
        "order.placed",
        "payment.received",
        "payment.received",
        "order.paid",
        "order.delivered",
    ]
    assert [one["data"].get("amount") for one in told[1:3]] == ["100.00", f"{order.total - 100}"]
    for got in program.got:
        Webhook(hook.secret.disclose()).verify(got.body, got.headers)
        assert set(got.told) == {"type", "timestamp", "data"}


async def test_a_program_hears_only_of_what_it_asked_for(program: Receiver, owner: Actor) -> None:
    await listen(owner, program.url, "order.cancelled")
    order = await place_order(await make_customer(), await make_plan_with_stock())
    async with unit_of_work() as session:
        await order_endings.cancel(session, owner, order_id=order.id, reason="ya no")
    await send()
    assert program.types == ["order.cancelled"]
    assert program.got[0].told["data"] == {
        "order_id": order.id,
        "customer_id": program.got[0].told["data"]["customer_id"],
        "status": "cancelled",
        "total": f"{order.total}",
        "currency": "MXN",
    }


async def test_where_nobody_listens_nothing_is_written(program: Receiver) -> None:
    del program
    order = await place_order(await make_customer(), await make_plan_with_stock())
    await pay(order.id, order.total)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM webhook_events") == 0


async def test_what_is_rolled_back_did_not_happen(program: Receiver, owner: Actor) -> None:
    await listen(owner, program.url)
    plan, ana = await make_plan_with_stock(), await make_customer()
    with pytest.raises(Conflict):
        await place_order(ana, plan, seen_total=Decimal(1))
    await send()
    assert program.got == []


async def test_a_receiver_that_was_down_for_a_day_gets_each_event_once_and_in_order(
    program: Receiver, owner: Actor, calendar: Calendar
) -> None:
    await listen(owner, program.url)
    ana = await make_customer()
    placed = [await place_order(ana, await make_plan_with_stock()) for _ in range(2)]
    program.says(500, b"se cayo")
    for hour in range(24):
        if hour == 3:
            for order in placed:
                await pay(order.id, order.total)
        await send()
        calendar.go(hours=1)
    tries = len(program.got)
    assert {one.type for one in program.got} == {"order.placed"}  # the rest waits behind it
    program.got.clear()
    program.says(200)
    for _ in range(MOST_TRIES):
        await send()
        calendar.go(hours=13)
    by_object: defaultdict[int, list[str]] = defaultdict(list)
    for one in program.got:
        if "order_id" in one.told["data"]:
            by_object[one.told["data"]["order_id"]].append(one.type)
    expected = ["order.placed", "payment.received", "order.paid", "order.delivered"]
    assert by_object == {order.id: expected for order in placed}
    assert len({one.id for one in program.got}) == len(program.got)
    assert tries < 24 * len(placed)  # it is asked less and less often


async def test_an_order_does_not_wait_for_another_one(program: Receiver, owner: Actor) -> None:
    """Only what concerns the same order stands in line."""
    await listen(owner, program.url)
    ana = await make_customer()
    first = await place_order(ana, await make_plan_with_stock())
    program.refuses = "order.placed"
    await send()
    program.refuses = ""
    program.got.clear()
    second = await place_order(ana, await make_plan_with_stock())
    await send()
    assert [one.told["data"]["order_id"] for one in program.got if one.type == "order.placed"] == [
        second.id
    ]
    assert first.id != second.id


async def test_after_three_days_it_is_put_out_and_the_owner_is_told(
    program: Receiver, owner: Actor, calendar: Calendar
) -> None:
    hook = await listen(owner, program.url, "order.placed")
    await place_order(await make_customer(), await make_plan_with_stock())
    program.says(503)
    for _ in range(8 * 4):
        await send()
        calendar.go(hours=3)
    line = await _line(owner, hook.id)
    assert (line.active, line.disabled_reason) == (False, "failing")
    assert await _alerts() == [f"webhook_off:{hook.id}"]
    before = len(program.got)
    await place_order(await make_customer(), await make_plan_with_stock())
    await send()
    assert len(program.got) == before
    program.says(200)
    async with unit_of_work() as session:
        await webhooks.enable(session, owner, hook_id=hook.id)
    assert await _alerts() == []
    await place_order(await make_customer(), await make_plan_with_stock())
    await send()
    assert program.got[before:]
    assert (await _line(owner, hook.id)).failing_since is None


async def test_who_says_that_it_is_gone_is_put_out_at_once(program: Receiver, owner: Actor) -> None:
    hook = await listen(owner, program.url, "order.placed")
    await place_order(await make_customer(), await make_plan_with_stock())
    program.says(410)
    await send()
    line = await _line(owner, hook.id)
    assert (line.active, line.disabled_reason) == (False, "gone")
    assert await _alerts() == [f"webhook_off:{hook.id}"]


async def test_both_secrets_sign_for_a_day_after_a_change(
    program: Receiver, owner: Actor, calendar: Calendar
) -> None:
    hook = await listen(owner, program.url)
    async with unit_of_work() as session:
        fresh = await webhooks.rotate(session, owner, hook_id=hook.id)
    await _try(owner, hook.id)
    [got] = program.got
    for secret in (hook.secret, fresh):
        Webhook(secret.disclose()).verify(got.body, got.headers)
    calendar.go(hours=25)
    await _try(owner, hook.id)
    assert len(program.got[1].headers["webhook-signature"].split()) == 1
    Webhook(fresh.disclose()).verify(program.got[1].body, program.got[1].headers)


async def test_what_failed_is_on_record_and_can_be_sent_again_with_its_own_id(
    program: Receiver, owner: Actor
) -> None:
    hook = await listen(owner, program.url)
    program.says(422, "no entendí".encode())
    await _try(owner, hook.id)
    async with reading() as session:
        [line] = await webhook_deliveries.deliveries(session, owner, hook_id=hook.id, limit=5)
    assert (line.last_status, line.answer, line.state) == (422, "no entendí", "waiting")
    program.says(200)
    async with unit_of_work() as session:
        await webhook_deliveries.send_again(session, owner, hook_id=hook.id, delivery_id=line.id)
    await send()
    assert {one.id for one in program.got} == {str(line.event_id)}
    assert program.got[0].body == program.got[1].body == line.body


async def test_no_secret_cost_or_name_leaves(program: Receiver, owner: Actor) -> None:
    await listen(owner, program.url)
    ana = await make_customer(name="Ana Secreta", email="ana@canario.mx")
    plan = await make_plan_with_stock(cost=Decimal("77.77"), login="canario@cuenta.mx")
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    async with unit_of_work() as session:
        await tickets.start(
            session,
            as_customer(ana),
            customer_id=ana.id or 0,
            subject="Canario",
            body="texto canario",
        )
    await send()
    assert len(program.got) >= len(("placed", "received", "paid", "delivered", "opened"))
    everything = "".join(one.body + str(one.headers) for one in program.got).lower()
    for canary in ("canario", "secreta", "77.77", "whsec_", str(ana.phone)):
        assert canary not in everything, canary


async def test_a_subscription_is_announced_before_it_ends_and_when_it_ended(
    program: Receiver, owner: Actor, calendar: Calendar
) -> None:
    await listen(owner, program.url, "subscription.expiring", "subscription.ended")
    order = await place_order(await make_customer(), await make_plan_with_stock())
    await pay(order.id, order.total)
    calendar.go(days=28)
    for _ in range(2):  # late or twice, it is said once
        await look_for_ends()
    await send()
    assert program.types == ["subscription.expiring"]
    assert program.got[0].told["data"]["order_id"] == order.id


async def test_only_an_owner_has_webhooks_and_addresses_are_looked_at(
    program: Receiver, owner: Actor
) -> None:
    operator = as_staff(await make_staff())
    async with unit_of_work() as session:
        with pytest.raises(Forbidden):
            await webhooks.create(session, operator, url=program.url, events=["order.placed"])
        for url in ("", "ftp://x.mx", "https://ana:clave@x.mx/", "https://", "https://x.mx/#a"):
            with pytest.raises(InvalidInput) as refused:
                await webhooks.create(session, owner, url=url, events=["order.placed"])
            assert "url" in refused.value.fields
        with pytest.raises(InvalidInput) as refused:
            await webhooks.create(session, owner, url=program.url, events=["order.eaten"])
        assert set(refused.value.fields) == {"events"}


async def test_one_that_is_put_out_is_neither_tried_nor_tested(
    program: Receiver, owner: Actor
) -> None:
    hook = await listen(owner, program.url)
    async with unit_of_work() as session:
        await webhooks.disable(session, owner, hook_id=hook.id)
        with pytest.raises(Conflict):
            await webhook_deliveries.send_test(session, owner, hook_id=hook.id)
    await place_order(await make_customer(), await make_plan_with_stock())
    await send()
    assert program.got == []


async def make_plan_with_stock(*, login: str | None = None, **values: Any) -> models.Plan:
    plan = await make_plan(**values)
    await make_account(plan.service_id, login=login)
    return plan


async def _try(owner: Actor, hook_id: int) -> None:
    async with unit_of_work() as session:
        await webhook_deliveries.send_test(session, owner, hook_id=hook_id)
    await send()


async def _line(owner: Actor, hook_id: int) -> HookLine:
    async with reading() as session:
        return await webhooks.hook(session, owner, hook_id=hook_id)


async def _alerts() -> list[str]:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT kind FROM alerts WHERE closed_at IS NULL AND starts_with(kind, 'webhook')""",
        )
    return [row.kind for row in rows]
