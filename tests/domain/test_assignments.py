"""Credentials: given whole, in line, for calendar months, and seen only by their holder."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

import models
from domain import credentials
from domain.errors import Conflict, NotFound, Unauthenticated
from domain.sql import fetch, run, scalar
from infra.clock import add_months
from infra.database import reading, unit_of_work
from infra.vault import Secret
from tests.builders import (
    as_customer,
    as_guest,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    pay,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")


async def value(statement: str, **values: object) -> object:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def lose_stock() -> None:
    """What was held breaks before the payment arrives."""
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
                   reserved_until = NULL""",
        )


async def waiting_orders(plan: models.Plan, *quantities: int) -> list[int]:
    """Paid orders for which nothing is in stock, in the order in which they were paid."""
    placed = []
    for quantity in quantities:
        await make_account(plan.service_id, profiles=quantity)
        placed.append(await place_order(await make_customer(), plan, quantity=quantity))
    await lose_stock()
    for order in placed:
        assert (await pay(order.id, order.total)).status == "processing"
    return [order.id for order in placed]


async def test_a_paid_order_without_stock_waits_and_is_never_shown_as_delivered() -> None:
    await make_bank()
    [order] = await waiting_orders(await make_plan(), 1)
    assert await value("SELECT fulfilment FROM order_items") == "waiting_stock"
    assert await value("SELECT status FROM orders WHERE id = %(o)s", o=order) == "processing"


async def test_new_stock_serves_the_order_that_paid_first() -> None:
    await make_bank()
    plan = await make_plan()
    first, second = await waiting_orders(plan, 1, 1)
    await make_account(plan.service_id, profiles=1)
    assert await value("SELECT status FROM orders WHERE id = %(o)s", o=first) == "delivered"
    assert await value("SELECT status FROM orders WHERE id = %(o)s", o=second) == "processing"
    await make_account(plan.service_id, profiles=1)
    assert await value("SELECT status FROM orders WHERE id = %(o)s", o=second) == "delivered"


async def test_an_item_is_given_whole_and_what_it_waits_with_is_nobody_elses() -> None:
    await make_bank()
    plan = await make_plan()
    [order] = await waiting_orders(plan, 3)
    await make_account(plan.service_id, profiles=2)
    assert await value("SELECT count(*) FROM assignments") == 0
    with pytest.raises(Conflict, match="out_of_stock"):
        await place_order(await make_customer(), plan)
    await make_account(plan.service_id, profiles=2)
    assert await value("SELECT status FROM orders WHERE id = %(o)s", o=order) == "delivered"
    assert await value("SELECT count(*) FROM assignments") == 3


async def test_what_is_in_stock_is_given_while_the_rest_of_the_order_waits() -> None:
    await make_bank()
    here, gone = await make_plan(), await make_plan()
    await make_account(here.service_id, profiles=1)
    await make_account(gone.service_id, profiles=1)
    placed = await place_order(await make_customer(), here, gone)
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
                   reserved_until = NULL WHERE service_id = %(s)s""",
            s=gone.service_id,
        )
    await pay(placed.id, placed.total)
    async with reading() as session:
        items = await fetch(session, "SELECT fulfilment FROM order_items ORDER BY id")
    assert [item.fulfilment for item in items] == ["delivered", "waiting_stock"]


async def test_a_whole_account_gives_every_profile_of_one_account() -> None:
    await make_bank()
    service = await make_service(max_profiles=4)
    assert service.id is not None
    plan = await make_plan(service, full_account=True)
    await make_account(service.id, profiles=4)
    await make_account(service.id, profiles=4)
    placed = await place_order(await make_customer(), plan, quantity=2)
    await pay(placed.id, placed.total)
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT a.unit_index / 4 AS unit, count(DISTINCT p.account_id) AS accounts,
                      count(*) AS profiles
               FROM assignments a JOIN profiles p ON p.id = a.profile_id GROUP BY 1 ORDER BY 1""",
        )
    assert [(r.unit, r.accounts, r.profiles) for r in rows] == [(0, 1, 4), (1, 1, 4)]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 10, 31), 6, date(2027, 4, 30)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_are_calendar_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


async def test_a_subscription_starts_on_the_local_day_not_on_utcs() -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    placed = await place_order(await make_customer(), plan)
    with time_machine.travel("2026-11-24T03:00:00+00:00", tick=True):
        await pay(placed.id, placed.total)
    assert await value("SELECT starts_on FROM assignments") == date(2026, 11, 23)


async def _delivered(customer: models.Customer) -> int:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1, login="uno@correo.mx", password="clave-7")
    placed = await place_order(customer, plan)
    await pay(placed.id, placed.total)
    return int(str(await value("SELECT id FROM assignments")))


async def test_the_holder_sees_the_credential_and_each_look_is_audited() -> None:
    ana = await make_customer()
    assignment = await _delivered(ana)
    for _ in range(2):
        async with unit_of_work() as session:
            seen = await credentials.reveal(session, as_customer(ana), assignment_id=assignment)
    assert (seen.login.disclose(), seen.password.disclose()) == ("uno@correo.mx", "clave-7")
    assert seen.pin == Secret("1234")
    assert "clave-7" not in repr(seen)
    looks = "SELECT count(*) FROM audit_entries WHERE action = 'credential.reveal'"
    assert await value(looks) == 2


async def test_nobody_else_sees_the_credential() -> None:
    assignment = await _delivered(await make_customer())
    stranger = as_customer(await make_customer())
    with pytest.raises(NotFound):
        async with unit_of_work() as session:
            await credentials.reveal(session, stranger, assignment_id=assignment)
    with pytest.raises(Unauthenticated):
        async with unit_of_work() as session:
            await credentials.reveal(session, as_guest(), assignment_id=assignment)


async def test_a_released_subscription_shows_nothing() -> None:
    ana = await make_customer()
    assignment = await _delivered(ana)
    async with unit_of_work() as session:
        await run(session, "UPDATE assignments SET released_at = now(), release_reason = 'lapsed'")
    with pytest.raises(Conflict, match="access_ended"):
        async with unit_of_work() as session:
            await credentials.reveal(session, as_customer(ana), assignment_id=assignment)


async def test_each_assignment_has_one_message_per_channel() -> None:
    await _delivered(await make_customer())
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT channel, status FROM messages
               WHERE assignment_id IS NOT NULL ORDER BY channel""",
        )
    assert [(r.channel, r.status) for r in rows] == [("web", "delivered"), ("whatsapp", "queued")]
    jobs = """SELECT count(*) FROM procrastinate_jobs j JOIN messages m
              ON m.id::text = j.args->>'message_id' WHERE m.kind = 'delivered'"""
    assert await value(jobs) == 1


async def test_nothing_of_the_credential_is_readable_in_the_database() -> None:
    await _delivered(await make_customer())
    async with reading() as session:
        for table in ("accounts", "profiles", "messages", "audit_entries", "procrastinate_jobs"):
            dump = await scalar(session, f"SELECT string_agg(t::text, '|') FROM {table} t")  # noqa: S608
            for secret in ("uno@correo.mx", "clave-7"):
                assert secret not in dump
                assert secret.encode().hex() not in dump
