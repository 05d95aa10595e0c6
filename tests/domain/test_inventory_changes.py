"""An account's life: paused, down, back, retired, corrected, paid to the supplier, found again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import models
from domain import account_pages, inventory, inventory_pages, inventory_secrets
from domain.actors import SYSTEM
from domain.availability import available
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.inventory_rows import NewProfile
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from infra.vault import Secret
from models.inventory import Account
from tests.builders import (
    as_customer,
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
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def rows(statement: str) -> list[tuple[object, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def put(account: Account, status: str, reason: str = "motivo") -> None:
    async with unit_of_work() as session:
        await inventory.set_status(
            session, SYSTEM, account_id=account.id or 0, status=status, reason=reason
        )


async def edit(account: Account, **values: object) -> None:
    given = {
        "plan_id": account.plan_id,
        "paid_until": account.paid_until,
        "cost": account.cost,
        "notes": account.notes,
        **values,
    }
    async with unit_of_work() as session:
        await inventory.edit_account(
            session,
            SYSTEM,
            account_id=account.id or 0,
            **given,  # type: ignore[arg-type]
        )


async def add_profiles(account: Account, count: int) -> None:
    async with unit_of_work() as session:
        await inventory.add_profiles(
            session,
            SYSTEM,
            account_id=account.id or 0,
            profiles=[NewProfile(f"Nuevo {n}") for n in range(count)],
        )


async def pay_supplier(account: Account, until: date, cost: str = "99") -> None:
    async with unit_of_work() as session:
        await inventory.renew_with_supplier(
            session, SYSTEM, account_id=account.id or 0, paid_until=until, cost=Decimal(cost)
        )


async def stocked(profiles: int = 1) -> tuple[models.Plan, Account]:
    await make_bank()
    plan = await make_plan()
    return plan, await make_account(plan.service_id, profiles=profiles)


async def order_state(order_id: int) -> str:
    ((status,),) = await rows(f"SELECT status FROM orders WHERE id = {order_id}")  # noqa: S608
    return str(status)


async def test_an_unpaid_order_finds_its_place_again_when_the_account_comes_back() -> None:
    plan, account = await stocked()
    order = await place_order(await make_customer(), plan)
    await put(account, "down")
    await put(account, "active")
    with pytest.raises(Conflict, match="out_of_stock"):
        await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    assert await order_state(order.id) == "delivered"


async def test_an_order_paid_while_its_account_is_down_is_served_from_another() -> None:
    plan, account = await stocked()
    order = await place_order(await make_customer(), plan)
    await put(account, "down")
    other = await make_account(plan.service_id, profiles=1)
    await pay(order.id, order.total)
    assert await rows(
        "SELECT p.account_id FROM assignments a JOIN profiles p ON p.id = a.profile_id"
    ) == [(other.id,)]
    await put(account, "active")
    async with reading() as session:
        assert (await available(session))[plan.id or 0] == 1


async def test_an_order_paid_while_all_is_down_waits_and_is_served_when_it_is_back() -> None:
    plan, account = await stocked()
    order = await place_order(await make_customer(), plan)
    await put(account, "maintenance")
    await pay(order.id, order.total)
    assert await order_state(order.id) == "processing"
    await put(account, "active")
    assert await order_state(order.id) == "delivered"


async def test_an_account_somebody_uses_is_not_retired_and_a_retired_one_never_changes() -> None:
    plan, account = await stocked(profiles=2)
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    with pytest.raises(Conflict, match="account_in_use"):
        await put(account, "retired")
    await rows_changed(
        "UPDATE assignments SET released_at = now(), release_reason = 'lapsed'",
        "UPDATE profiles SET status = 'rotate' WHERE status = 'assigned'",
    )
    held = await place_order(await make_customer(), plan)
    await put(account, "retired")
    assert await rows("SELECT DISTINCT status, reserved_order_id FROM profiles") == [
        ("disabled", None)
    ]
    for attempt in (put(account, "active"), edit(account, notes="x")):
        with pytest.raises(Conflict, match="account_retired"):
            await attempt
    await make_account(plan.service_id, profiles=1)
    await pay(held.id, held.total)
    assert await order_state(held.id) == "delivered"


async def rows_changed(*statements: str) -> None:
    async with unit_of_work() as session:
        for statement in statements:
            await run(session, statement)


async def test_going_down_and_retiring_ask_for_a_reason_and_a_known_status() -> None:
    _, account = await stocked()
    wrong = (("down", ""), ("retired", " "), ("rota", "x"))
    for status, reason in wrong:
        with pytest.raises(InvalidInput):
            await put(account, status, reason)
    await put(account, "maintenance", "")
    assert await rows("SELECT status FROM accounts") == [("maintenance",)]


async def test_a_new_dedication_lets_go_of_holds_it_leaves_without_their_plan() -> None:
    await make_bank()
    service = await make_service()
    month, year = await make_plan(service), await make_plan(service, duration_months=12)
    account = await make_account(month.service_id, profiles=2)
    misplaced = await place_order(await make_customer(), month)
    kept = await place_order(await make_customer(), year)
    await edit(account, plan_id=year.id)
    held = "SELECT reserved_order_id FROM profiles WHERE reserved_order_id IS NOT NULL"
    assert await rows(held) == [(kept.id,)]
    await pay(misplaced.id, misplaced.total)
    assert await order_state(misplaced.id) == "processing"
    await edit(account, plan_id=None)
    assert await order_state(misplaced.id) == "delivered", "shared again, it has a free profile"
    await pay(kept.id, kept.total)
    assert await order_state(kept.id) == "delivered"


async def test_an_order_that_is_served_holds_nothing_of_what_it_no_longer_needs() -> None:
    """Its line for a month cannot use what is the year's now, and the year's line wants half."""
    await make_bank()
    service = await make_service()
    month, year = await make_plan(service), await make_plan(service, duration_months=12)
    account = await make_account(month.service_id, profiles=4)
    order = await place_order(await make_customer(), month, year, quantity=2)
    await edit(account, plan_id=year.id)
    await make_account(month.service_id, profiles=2)
    await pay(order.id, order.total)
    assert await order_state(order.id) == "delivered"
    assert await rows("SELECT id FROM profiles WHERE reserved_order_id IS NOT NULL") == []


async def test_wrong_fields_are_named_and_nothing_is_kept() -> None:
    plan, account = await stocked()
    elsewhere = await make_plan()
    before = await rows("SELECT * FROM accounts")
    for field, value in (
        ("plan_id", elsewhere.id),
        ("cost", Decimal(-1)),
        ("cost", Decimal("0.001")),
        ("notes", "x" * 1001),
    ):
        with pytest.raises(InvalidInput) as refused:
            await edit(account, **{field: value})
        assert list(refused.value.fields) == [field]
    with pytest.raises(InvalidInput) as refused:
        async with unit_of_work() as session:
            await inventory.add_account(
                session,
                SYSTEM,
                service_id=plan.service_id,
                login=Secret(" "),
                password=Secret(""),
                profiles=[NewProfile("Uno"), NewProfile("", Secret("12 34"))],
            )
    assert list(refused.value.fields) == ["login", "password"]
    with pytest.raises(InvalidInput) as refused:
        async with unit_of_work() as session:
            await inventory.add_account(
                session,
                SYSTEM,
                service_id=plan.service_id,
                login=Secret("x"),
                password=Secret("x"),
                profiles=[NewProfile("Uno"), NewProfile("", Secret("12 34"))],
            )
    assert list(refused.value.fields) == ["label_2", "pin_2"]
    assert await rows("SELECT * FROM accounts") == before


async def test_an_account_has_no_more_profiles_than_its_service_allows() -> None:
    _, account = await stocked(profiles=3)
    await add_profiles(account, 2)
    with pytest.raises(Conflict, match="profiles_limit"):
        await add_profiles(account, 1)
    assert await rows("SELECT array_agg(position ORDER BY position) FROM profiles") == [
        ([1, 2, 3, 4, 5],)
    ]
    async with unit_of_work() as session:
        with pytest.raises(Conflict, match="profiles_limit"):
            await inventory.add_account(
                session,
                SYSTEM,
                service_id=account.service_id,
                login=Secret("otra@correo.mx"),
                password=Secret("clave"),
                profiles=[inventory.NewProfile(f"Perfil {n}") for n in range(6)],
            )


async def test_a_profile_is_named_anew() -> None:
    await stocked()
    async with unit_of_work() as session:
        await inventory.edit_profile(session, SYSTEM, profile_id=1, label="  Sala ")
    assert await rows("SELECT label FROM profiles") == [("Sala",)]
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await inventory.edit_profile(session, SYSTEM, profile_id=1, label=" ")
    with pytest.raises(NotFound):
        async with unit_of_work() as session:
            await inventory.edit_profile(session, SYSTEM, profile_id=9, label="x")


async def test_paying_the_supplier_moves_its_date_forward_and_ends_the_warning() -> None:
    await make_bank()
    plan = await make_plan()
    account = await make_account(plan.service_id, profiles=1, paid_until=date(2020, 1, 1))
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    alert = "SELECT kind FROM alerts WHERE closed_at IS NULL"
    open_one = [(f"beyond_paid_until:{account.id}",)]
    assert await rows(alert) == open_one
    for day in (date(2019, 1, 1), date(2020, 1, 1)):
        with pytest.raises(InvalidInput):
            await pay_supplier(account, day)
    await pay_supplier(account, date(2020, 6, 1))
    assert await rows(alert) == open_one, "still short of the end that was sold"
    await pay_supplier(account, date(2999, 1, 1), "120.50")
    assert await rows(alert) == []
    assert await rows("SELECT paid_before, paid_until, cost FROM supplier_renewals") == [
        (date(2020, 1, 1), date(2020, 6, 1), Decimal(99)),
        (date(2020, 6, 1), date(2999, 1, 1), Decimal("120.50")),
    ]
    account.paid_until = date(2020, 1, 1)
    await edit(account, notes="se equivocaron")
    assert await rows(alert) == open_one, "a corrected date warns again"


async def test_a_secret_is_shown_one_at_a_time_to_staff_and_it_is_on_record() -> None:
    plan = await make_plan()
    account = await make_account(plan.service_id, profiles=1, login="ana@correo.mx", pin="8642")
    operator = await make_staff()
    async with unit_of_work() as session:
        shown = [
            await inventory_secrets.reveal_account(
                session, as_staff(operator), account_id=account.id or 0, what=what
            )
            for what in ("login", "password")
        ] + [await inventory_secrets.reveal_pin(session, as_staff(operator), profile_id=1)]
    assert [s.disclose() for s in shown] == ["ana@correo.mx", "clave-de-la-cuenta", "8642"]
    assert await rows(
        """SELECT action, change->>'what' FROM audit_entries WHERE action LIKE '%%reveal'
           ORDER BY id"""
    ) == [("account.reveal", "login"), ("account.reveal", "password"), ("profile.reveal", None)]
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await inventory_secrets.reveal_account(
                session, as_staff(operator), account_id=account.id or 0, what="password_sealed"
            )
    with pytest.raises(Forbidden):
        async with reading() as session:
            await inventory_pages.find(session, as_customer(await make_customer()), "x")


async def found(q: str) -> list[int]:
    async with reading() as session:
        return [one.id for one in await inventory_pages.find(session, SYSTEM, q)]


async def test_an_account_is_found_by_its_number_or_its_exact_login_at_any_service() -> None:
    here, there = await make_plan(), await make_plan()
    one = await make_account(here.service_id, login="ana@correo.mx")
    two = await make_account(there.service_id, login="ANA@correo.mx")
    three = await make_account(there.service_id, login="5512345678")
    assert await found(" Ana@Correo.mx ") == [two.id, one.id]
    assert await found("5512345678") == [three.id]
    assert await found(f"#{one.id}") == await found(str(one.id)) == [one.id]
    for nothing in ("ana", "ana@correo", "%", "", "²", "9" * 60, "ana@correo.mx\x01"):
        assert await found(nothing) == []


async def listed(**asked: object) -> list[int]:
    async with reading() as session:
        lines = await inventory_pages.account_list(session, SYSTEM, **asked)  # type: ignore[arg-type]
    return [one.id for one in lines]


async def test_the_list_is_paged_by_status_and_service_and_says_what_is_free() -> None:
    await make_bank()
    here, there = await make_plan(), await make_plan()
    accounts = [await make_account(plan.service_id) for plan in (here, there, here, there, here)]
    ids = [account.id or 0 for account in accounts]
    await put(accounts[2], "down")
    order = await place_order(await make_customer(), here, quantity=2)
    await pay(order.id, order.total)
    await place_order(await make_customer(), here)
    assert await listed() == ids[::-1]
    assert await listed(limit=2) == [ids[4], ids[3]]
    assert await listed(limit=2, before=ids[3]) == [ids[2], ids[1]]
    assert await listed(service_id=here.service_id) == [ids[4], ids[2], ids[0]]
    assert await listed(status="down") == [ids[2]]
    assert await listed(status="active", service_id=here.service_id) == [ids[4], ids[0]]
    async with reading() as session:
        (first,) = await inventory_pages.find(session, SYSTEM, f"#{ids[0]}")
        counts = await inventory_pages.counts(session, SYSTEM)
        of_here = await inventory_pages.counts(session, SYSTEM, service_id=here.service_id)
    assert (first.profiles, first.free, first.held, first.to_rotate) == (5, 2, 2, 0)
    assert counts == {"active": 4, "maintenance": 0, "down": 1, "retired": 0}
    assert (of_here["active"], of_here["down"]) == (2, 1)


async def test_the_page_of_an_account_says_who_holds_it_and_who_did_without_its_secrets() -> None:
    plan, account = await stocked(profiles=2)
    for name in ("Ana", "Eva"):
        order = await place_order(await make_customer(name=name), plan)
        await pay(order.id, order.total)
    await rows_changed(
        "UPDATE assignments SET released_at = now(), release_reason = 'lapsed' WHERE id = 1",
        "UPDATE profiles SET status = 'rotate' WHERE id = 1",
    )
    await pay_supplier(account, date(2999, 1, 1))
    async with reading() as session:
        page = await account_pages.account_page(session, SYSTEM, account_id=account.id or 0)
    assert [(p.status, p.customer_name) for p in page.profiles] == [
        ("rotate", ""),
        ("assigned", "Eva"),
    ]
    assert page.will_be_told == 1
    assert [(p.customer_name, p.reason) for p in page.past] == [("Ana", "lapsed")]
    assert [event.action for event in page.history] == ["account.supplier_renewal", "account.add"]
    assert page.payments[0].paid_until == date(2999, 1, 1)
    assert "correo.mx" not in str(page)
    with pytest.raises(NotFound):
        async with reading() as session:
            await account_pages.account_page(session, SYSTEM, account_id=999)


async def test_the_list_reads_index_ranges_however_large_the_stock_is(shop: Shop) -> None:
    del shop
    one, two = await make_service(), await make_service()
    await rows_changed(
        f"""INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed, status)
            SELECT CASE n %% 2 WHEN 0 THEN {one.id} ELSE {two.id} END, '', n::text, '',
                   CASE n %% 50 WHEN 0 THEN 'down' ELSE 'active' END
            FROM generate_series(1, 20000) AS n""",  # noqa: S608  # of this test
        "INSERT INTO profiles (account_id, position, label) SELECT id, 1, 'x' FROM accounts",
        "ANALYZE accounts, profiles",
    )
    asked = {"statuses": ["active", "down"], "service": one.id, "before": 9000, "limit": 26}
    async with reading() as session:
        for statement, values in (
            (inventory_pages.PAGE_OF_ALL, asked),
            (inventory_pages.PAGE_OF_SERVICE, asked),
            (inventory_pages.COUNT_SERVICE, {**asked, "most": 1000}),
            (inventory_pages.FOUND, {"number": 5, "hash": "77", "limit": 25}),
        ):
            plan = "\n".join(
                row[0] for row in await fetch(session, "EXPLAIN " + statement, **values)
            )
            for table in ("accounts", "profiles"):
                assert f"Seq Scan on {table}" not in plan, plan
