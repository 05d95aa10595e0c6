"""Stock comes in sealed, once, and follows its account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import models
from domain import inventory
from domain.actors import Actor
from domain.availability import available
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.inventory import NewProfile, login_hash
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.vault import Place, Secret, ring
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
    place_order,
)
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def rows(statement: str) -> list[object]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def left(plan_id: int | None) -> int:
    assert plan_id is not None
    async with reading() as session:
        return (await available(session, [plan_id]))[plan_id]


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def add(actor: Actor, service_id: int, **values: object) -> int:
    given = {
        "login": Secret("cuenta@correo.mx"),
        "password": Secret("clave"),
        "profiles": [NewProfile("Uno")],
        **values,
    }
    async with unit_of_work() as session:
        return await inventory.add_account(
            session,
            actor,
            service_id=service_id,
            **given,  # type: ignore[arg-type]
        )


async def test_login_password_and_pins_are_in_no_row_as_they_are_read() -> None:
    plan = await make_plan()
    secrets = ("canario.login@correo.mx", "canario-clave", "8642")
    await make_account(
        plan.service_id, login=secrets[0], password=secrets[1], pin=secrets[2], profiles=2
    )
    kept = str(
        await rows("SELECT a::text, p::text FROM accounts a JOIN profiles p ON p.account_id = a.id")
        + await rows("SELECT e::text FROM audit_entries e")
    )
    async with reading() as session:
        raw = await fetch(session, "SELECT login_sealed || password_sealed AS bytes FROM accounts")
        pins = await fetch(session, "SELECT pin_sealed AS bytes FROM profiles")
    for secret in secrets:
        assert secret not in kept
        assert all(secret.encode() not in row.bytes for row in [*raw, *pins])
    account = await make_account(plan.service_id, password=secrets[1])
    place = Place("accounts", "password_sealed", account.id)
    assert ring().unseal(account.password_sealed, place).disclose() == secrets[1]


async def test_equal_secrets_are_sealed_to_different_bytes() -> None:
    plan = await make_plan()
    one = await make_account(plan.service_id, password="igual")
    two = await make_account(plan.service_id, password="igual")
    assert one.password_sealed != two.password_sealed


async def test_a_login_is_found_by_its_keyed_hash_however_it_is_written(shop: Shop) -> None:
    plan = await make_plan()
    account = await make_account(plan.service_id, login="Ana.Lopez@Correo.MX")
    assert account.login_hash == login_hash(Secret("  ana.lopez@correo.mx "))
    assert account.login_hash != login_hash(Secret("ana.lopez@correo.com"))
    shop.configure(pepper="another-pepper-" + "p" * 32)
    assert account.login_hash != login_hash(Secret("ana.lopez@correo.mx"))


async def test_a_service_has_each_login_once() -> None:
    here, there = await make_plan(), await make_plan()
    await make_account(here.service_id, login="ana@correo.mx")
    with pytest.raises(Conflict, match="login_taken"):
        await make_account(here.service_id, login=" ANA@correo.mx ")
    await make_account(there.service_id, login="ana@correo.mx")
    assert await rows("SELECT count(*) FROM profiles") == [(10,)]


async def test_an_incomplete_account_is_refused() -> None:
    plan = await make_plan()
    operator = as_staff(await make_staff())
    incomplete: list[dict[str, object]] = [
        {"login": Secret("")},
        {"login": Secret("   ")},
        {"password": Secret("")},
        {"profiles": []},
    ]
    for values in incomplete:
        with pytest.raises(InvalidInput):
            await add(operator, plan.service_id, **values)
    assert await rows("SELECT 1 FROM accounts") == []


async def test_only_staff_add_stock_and_it_is_on_record_who_did() -> None:
    plan = await make_plan()
    for stranger in (as_guest(), as_customer(await make_customer())):
        with pytest.raises(Forbidden):
            await add(stranger, plan.service_id)
    operator = await make_staff()
    account = await add(as_staff(operator), plan.service_id)
    assert await rows("SELECT actor_kind, actor_id, action, object_id FROM audit_entries") == [
        ("staff", operator.id, "account.add", str(account))
    ]


async def test_the_profiles_of_an_account_out_of_service_are_not_sold() -> None:
    plan = await make_plan()
    account = await make_account(plan.service_id, profiles=3)
    await make_account(plan.service_id, profiles=1)
    for status, units in (
        ("maintenance", 1),
        ("active", 4),
        ("down", 1),
        ("active", 4),
        ("retired", 1),
    ):
        await change(f"UPDATE accounts SET status = '{status}' WHERE id = {account.id}")  # noqa: S608
        assert await left(plan.id) == units


async def test_dedicating_an_account_to_a_plan_takes_it_from_the_others() -> None:
    service = await make_service()
    assert service.id is not None
    month, year = await make_plan(service), await make_plan(service, duration_months=12)
    account = await make_account(service.id, profiles=3)
    assert (await left(month.id), await left(year.id)) == (3, 3)
    await change(f"UPDATE accounts SET plan_id = {year.id} WHERE id = {account.id}")  # noqa: S608
    assert (await left(month.id), await left(year.id)) == (0, 3)
    await change(f"UPDATE accounts SET plan_id = NULL WHERE id = {account.id}")  # noqa: S608
    assert (await left(month.id), await left(year.id)) == (3, 3)


async def test_what_a_profile_says_of_its_account_is_always_what_the_account_says() -> None:
    """Whatever anybody writes into the copies, at birth or when a profile moves house."""
    one, two = await make_plan(), await make_plan()
    here = await make_account(one.service_id, profiles=1, paid_until=date(2027, 5, 1))
    there = await make_account(two.service_id, profiles=1, plan_id=two.id)
    await change(
        f"""INSERT INTO profiles (account_id, position, label, service_id, dedicated_to, sellable)
            VALUES ({here.id}, 9, 'Otro', 999, 999, false)"""  # noqa: S608  # of this test
    )
    same = """SELECT count(*) FROM profiles p JOIN accounts a ON a.id = p.account_id
              WHERE p.service_id <> a.service_id OR p.dedicated_to <> coalesce(a.plan_id, 0)
                 OR p.paid_until <> coalesce(a.paid_until, '9999-12-31')
                 OR p.sellable <> (a.status = 'active')"""
    assert await rows(same) == [(0,)]
    await change(
        f"UPDATE profiles SET account_id = {there.id} WHERE position = 9"  # noqa: S608
    )
    assert await rows(same) == [(0,)]
    await change("UPDATE accounts SET paid_until = '2028-01-01', status = 'down'")
    assert await rows(same) == [(0,)]


async def test_dedicated_stock_goes_first_then_what_is_paid_for_longest() -> None:
    service = await make_service()
    assert service.id is not None
    plan = await make_plan(service)
    short = await make_account(service.id, profiles=1, paid_until=date(2027, 1, 1))
    long = await make_account(service.id, profiles=1, paid_until=date(2028, 1, 1))
    own = await make_account(
        service.id, profiles=1, plan_id=plan.id, paid_until=date(2026, 12, 1), cost=Decimal(9)
    )
    await make_bank()
    taken = [await next_account_sold(plan) for _ in range(3)]
    assert taken == [own.id, long.id, short.id]


async def next_account_sold(plan: models.Plan) -> int:
    order = await place_order(await make_customer(), plan)
    async with reading() as session:
        return int(
            await scalar(
                session,
                "SELECT account_id FROM profiles WHERE reserved_order_id = %(o)s",
                o=order.id,
            )
        )
