"""What staff and the owner do with a customer's record, and what becomes of everything on it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import models
from domain import carts, codes, customer_data, orders, restocks, sessions, tickets
from domain import customer_changes as changes
from domain import customer_erasures as erasures
from domain import customer_merges as merges
from domain import customer_pages as pages
from domain.actors import Actor
from domain.errors import DomainError, InvalidInput
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
)
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")
PHONE, OTHER = "+525512345678", "+525587654321"


async def value(statement: str, **values: Any) -> Any:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def do(work: Any, *words: Any, **named: Any) -> str:
    """What became of a use case: the code of its refusal, or `done`."""
    try:
        async with unit_of_work() as session:
            await work(session, *words, **named)
    except DomainError as refusal:
        return refusal.code
    return "done"


async def staff(role: str = "owner") -> Actor:
    return as_staff(await make_staff(role))


async def on_sale() -> models.Plan:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


async def found(q: str = "", tab: str = "todos") -> list[str]:
    async with reading() as session:
        return [
            one.name
            for one in await pages.customers(
                session, Actor(kind="staff", id=1, role="operator"), tab=tab, q=q
            )
        ]


@pytest.mark.parametrize("q", ["5678", "55 1234 5678", "ANA@correo", "torres an", "pérez", "perez"])
async def test_a_customer_is_found_by_phone_mail_or_words_of_the_name(q: str) -> None:
    await make_customer(PHONE, name="Ana Pérez Torres", email="ana@correo.mx")
    await make_customer(OTHER, name="Bruno Díaz")
    assert await found(q) == ["Ana Pérez Torres"]


@pytest.mark.parametrize("q", ["0000", "nadie@", "%", "!!", "5% or", "' & |", "a:b"])
async def test_what_matches_nobody_or_is_no_search_finds_nobody(q: str) -> None:
    await make_customer(PHONE, name="Luz", email="luz@correo.mx")
    assert await found(q) == []


async def test_tabs_tell_who_buys_who_is_blocked_and_who_asked_to_go() -> None:
    plan = await on_sale()
    ana, luz, eva = [await make_customer(name=name) for name in ("Ana", "Luz", "Eva")]
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    await do(changes.block, await staff(), customer_id=luz.id)
    await do(erasures.ask, as_customer(eva))
    assert await found(tab="con-suscripcion") == ["Ana"]
    assert await found(tab="sin-compra") == ["Eva", "Luz"]
    assert await found(tab="bloqueados") == ["Luz"]
    assert await found(tab="por-borrar") == ["Eva"]
    async with reading() as session:
        page = await pages.customer(session, await staff(), customer_id=ana.id or 0)
    assert (page.orders, page.spent, page.live) == (1, order.total, 1)


async def test_who_is_blocked_is_out_at_once_and_neither_enters_nor_buys() -> None:
    plan, operator = await on_sale(), await staff("operator")
    ana = await make_customer(PHONE)
    token = await sign_in_customer(ana)
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=plan.id or 0)
    assert await do(changes.block, operator, customer_id=ana.id) == "done"
    async with reading() as session:
        assert await sessions.find(session, token) is None
    assert await do(orders.place, as_customer(ana)) == "buyer_blocked"
    assert await do(changes.unblock, operator, customer_id=ana.id) == "done"
    assert await do(orders.place, as_customer(ana)) == "done"
    assert await value("SELECT count(*) FROM audit_entries WHERE action LIKE 'customer.%%'") == 2


async def test_an_order_on_its_way_while_its_buyer_is_blocked_is_refused() -> None:
    plan, ana = await on_sale(), await make_customer()
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=plan.id or 0)
    async with unit_of_work() as session:
        await changes.block(session, await staff(), customer_id=ana.id or 0)
        late = asyncio.create_task(do(orders.place, as_customer(ana)))
        await until_somebody_waits()
    assert await late == "buyer_blocked"
    assert await value("SELECT count(*) FROM orders") == 0


async def until_somebody_waits() -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while not await value(waiting):
        pass


async def test_a_changed_phone_keeps_its_history_and_ends_sessions() -> None:
    ana, operator = await make_customer(PHONE), await staff("operator")
    token = await sign_in_customer(ana)
    assert await do(changes.change_phone, operator, customer_id=ana.id, phone="5587654321") == (
        "done"
    )
    async with reading() as session:
        assert await sessions.find(session, token) is None
        (before,) = await pages.phones_of(session, operator, customer_id=ana.id or 0)
    assert before.phone == PHONE
    assert await value("SELECT phone FROM customers") == OTHER
    audited = "SELECT string_agg(change::text || object_id, '') FROM audit_entries"
    assert "5512345678" not in await value(audited)
    assert "5587654321" not in await value(audited)


@pytest.mark.parametrize(
    ("phone", "why"),
    [(OTHER, "otro cliente"), (PHONE, "ya tiene"), ("123", "10 dígitos"), ("", "10 dígitos")],
)
async def test_a_phone_that_is_somebody_elses_or_none_is_refused(phone: str, why: str) -> None:
    ana = await make_customer(PHONE)
    await make_customer(OTHER)
    with pytest.raises(InvalidInput) as refusal:
        async with unit_of_work() as session:
            await changes.change_phone(session, await staff(), customer_id=ana.id or 0, phone=phone)
    assert why in refusal.value.fields["phone"]
    assert await value("SELECT count(*) FROM former_phones") == 0


async def two_of_one_person() -> tuple[models.Customer, models.Customer, models.Plan]:
    """Each has a paid order and an unpaid one; the second also a cart, a wish and a session."""
    plan = await on_sale()
    both = [await make_customer(PHONE, name="Ana"), await make_customer(OTHER, email="a@b.mx")]
    for one in both:
        order = await place_order(one, plan)
        await pay(order.id, order.total)
        await place_order(one, plan)
    async with unit_of_work() as session:
        await carts.add(session, as_customer(both[0]), plan_id=plan.id or 0, quantity=6)
        await carts.add(session, as_customer(both[1]), plan_id=plan.id or 0, quantity=6)
        for one in both:
            await run(
                session,
                "INSERT INTO restock_requests (plan_id, customer_id) VALUES (%(p)s, %(c)s)",
                p=plan.id,
                c=one.id,
            )
    await sign_in_customer(both[1])
    return both[0], both[1], plan


async def shown(stays: models.Customer, goes: models.Customer) -> merges.MergePreview:
    async with reading() as session:
        return await merges.preview(
            session, await staff(), stays_id=stays.id or 0, goes_id=goes.id or 0
        )


async def merge(stays: models.Customer, goes: models.Customer, seen: merges.Moving) -> str:
    return await do(merges.merge, await staff(), stays_id=stays.id, goes_id=goes.id, seen=seen)


async def test_what_a_duplicate_had_is_the_other_ones_after_a_merge() -> None:
    stays, goes, _ = await two_of_one_person()
    asked = {"subject": "No abre", "body": "Desde ayer."}
    assert await do(tickets.open_ticket, as_customer(goes), **asked) == "done"
    seen = (await shown(stays, goes)).moving
    assert (seen.orders, seen.payments, seen.subscriptions, seen.cart) == (2, 1, 1, 6)
    assert await merge(stays, goes, seen) == "done"
    async with reading() as session:
        page = await pages.customer(session, await staff(), customer_id=stays.id or 0)
        into = await pages.merged_into(session, await staff(), customer_id=goes.id or 0)
    assert (page.orders, page.live, page.email, into) == (4, 2, "a@b.mx", stays.id)
    assert await value("SELECT quantity FROM cart_items") == 10
    assert await value("SELECT count(*) FROM restock_requests") == 1
    assert await value("SELECT customer_id FROM tickets") == stays.id
    assert await value("SELECT actor_id FROM ticket_entries") == stays.id
    assert await value("SELECT count(*) FROM customers") == 1


async def test_a_merge_that_is_no_longer_what_was_shown_is_refused() -> None:
    stays, goes, plan = await two_of_one_person()
    seen = (await shown(stays, goes)).moving
    async with unit_of_work() as session:
        await carts.set_quantity(session, as_customer(goes), plan_id=plan.id or 0, quantity=1)
    assert await merge(stays, goes, seen) == "merge_changed"
    assert await value("SELECT count(*) FROM customers") == 2


async def test_two_with_too_many_unpaid_orders_or_one_blocked_are_not_merged(
    shop: Shop,
) -> None:
    stays, goes, _ = await two_of_one_person()
    seen = (await shown(stays, goes)).moving
    await do(changes.block, await staff(), customer_id=goes.id)
    assert await merge(stays, goes, seen) == "merge_blocked"
    await do(changes.unblock, await staff(), customer_id=goes.id)
    await do(erasures.ask, as_customer(goes))
    assert await merge(stays, goes, seen) == "merge_erasure"
    await do(erasures.withdraw, as_customer(goes))
    shop.configure(max_unpaid_orders=1)
    assert await merge(stays, goes, seen) == "merge_unpaid"
    assert await merge(stays, stays, seen) == "merge_same"


async def test_only_the_owner_merges_and_erases() -> None:
    ana, luz = await make_customer(PHONE), await make_customer(OTHER)
    operator, nothing = await staff("operator"), merges.Moving(0, 0, 0, 0, 0)
    named = {"stays_id": ana.id, "goes_id": luz.id, "seen": nothing}
    assert await do(merges.merge, operator, **named) == "forbidden"
    assert await do(erasures.erase, operator, customer_id=ana.id, typed="5678") == "forbidden"
    assert await do(changes.block, as_customer(ana), customer_id=luz.id) == "forbidden"


async def test_every_table_that_names_a_customer_has_its_rule_in_a_merge() -> None:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT conrelid::regclass::text AS name FROM pg_constraint
               WHERE contype = 'f' AND confrelid = 'customers'::regclass""",
        )
    assert {row.name for row in rows} == {*merges.MOVED, *merges.OWN_RULES}


async def test_an_erased_person_is_nowhere_and_the_money_is() -> None:
    plan, owner = await on_sale(), await staff()
    ana = await make_customer(PHONE, name="Ana Peculiar", email="peculiar@correo.mx", notes="Alta")
    await do(changes.change_phone, owner, customer_id=ana.id, phone=OTHER)
    async with unit_of_work() as session:
        await codes.request(session, Actor(kind="guest", address_hash="a"), phone=OTHER)
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    await place_order(ana, plan)
    asked = {"subject": "De Ana Peculiar", "body": "Soy Ana Peculiar y no abre."}
    assert await do(tickets.open_ticket, as_customer(ana), **asked) == "done"
    await keep(
        models.ContactMessage(
            name="Peculiar", phone=PHONE, subject="Hola", body="Soy Peculiar, llámenme."
        )
    )
    await do(erasures.ask, as_customer(ana))
    named: dict[str, Any] = {"customer_id": ana.id, "typed": "4321"}
    assert await do(erasures.erase, owner, customer_id=ana.id, typed="5678") == "invalid_input"
    assert await do(erasures.erase, owner, **named) == "erase_live"
    assert await do(erasures.erase, owner, **named, end_subscriptions=True) == "done"
    assert await do(erasures.erase, owner, **named) == "customer_erased"
    for table in await tables():
        whole = await value(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608
        for trace in ("Peculiar", "peculiar", "5512345678", "5587654321"):
            assert trace not in whole, table
    assert await value("SELECT count(*) FROM payments") == 1
    assert await value("SELECT sum(total) FROM orders") == 2 * order.total
    assert await value("SELECT count(*) FROM assignments WHERE released_at IS NULL") == 0
    assert await found(tab="por-borrar") == []


async def tables() -> list[str]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        )
    return [row.name for row in rows]


async def test_who_is_owed_an_access_is_not_erased() -> None:
    plan = await on_sale()
    ana = await make_customer(PHONE)
    order = await place_order(ana, plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled'")
        await run(session, "UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL")
    await pay(order.id, order.total)
    named: dict[str, Any] = {"customer_id": ana.id, "typed": "5678", "end_subscriptions": True}
    assert await do(erasures.erase, await staff(), **named) == "erase_waiting"


async def test_the_copy_of_ones_data_holds_all_of_it_and_no_secret_or_cost() -> None:
    plan = await on_sale()
    ana, luz = await make_customer(PHONE, name="Ana"), await make_customer(OTHER, name="Ajena")
    for one in (ana, luz):
        order = await place_order(one, plan)
        await pay(order.id, order.total, reference=f"SPEI-{one.name}")
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled' WHERE status = 'free'")
        await restocks.ask(session, as_customer(ana), plan_id=plan.id or 0)
    copy: dict[str, list[dict[str, Any]]] = {}
    async for part, rows in customer_data.rows(as_customer(ana)):
        copy.setdefault(part, []).extend(rows)
    assert set(copy) == set(customer_data.PARTS)
    assert [one["celular"] for one in copy["perfil"]] == [PHONE]
    assert [one["referencia"] for one in copy["pagos"]] == ["SPEI-Ana"]
    assert len(copy["suscripciones"]) == len(copy["pedidos"]) == len(copy["avisos_de_stock"]) == 1
    for foreign in ("Ajena", OTHER, "120.00", "clave-de-la-cuenta", "cost"):
        assert foreign not in str(copy)
