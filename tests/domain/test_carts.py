"""A cart belongs to one browser or to one customer, and never holds more than the shop sells."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from domain import carts
from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_guest,
    as_staff,
    make_account,
    make_customer,
    make_plan,
    make_service,
    make_staff,
)

pytestmark = pytest.mark.usefixtures("shop")


async def add(actor: Actor, plan_id: int | None, quantity: int = 1) -> int:
    assert plan_id is not None
    async with unit_of_work() as session:
        return await carts.add(session, actor, plan_id=plan_id, quantity=quantity)


async def cart_of(actor: Actor) -> carts.CartContents:
    async with reading() as session:
        return await carts.contents(session, actor)


async def lines_of(actor: Actor) -> dict[int, int]:
    return {line.plan_id: line.quantity for line in (await cart_of(actor)).items}


async def test_a_guests_cart_is_there_from_the_first_tap_with_todays_prices() -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    assert await add(as_guest(), plan.id, 2) == 2
    cart = await cart_of(as_guest())
    assert (cart.total, cart.count, cart.ready) == (Decimal("300.00"), 2, True)
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET margin = margin + 5")
    assert (await cart_of(as_guest())).total == Decimal("310.00")


async def test_a_line_is_capped_at_ten() -> None:
    plan = await make_plan()
    assert await add(as_guest(), plan.id, 10) == 10
    assert await add(as_guest(), plan.id, 1) == 10
    assert await lines_of(as_guest()) == {plan.id: 10}


async def test_a_quantity_outside_one_to_ten_is_refused() -> None:
    plan = await make_plan()
    assert plan.id is not None
    await add(as_guest(), plan.id)
    for quantity in (-1, 0, 11, 2**62):
        with pytest.raises(InvalidInput):
            await add(as_guest(), plan.id, quantity)
        with pytest.raises(InvalidInput):
            async with unit_of_work() as session:
                await carts.set_quantity(session, as_guest(), plan_id=plan.id, quantity=quantity)
    assert await lines_of(as_guest()) == {plan.id: 1}


async def test_browsers_and_customers_have_carts_of_their_own() -> None:
    plan = await make_plan()
    ana, luis = await make_customer(), await make_customer()
    everybody = [as_guest("a"), as_guest("b"), as_customer(ana), as_customer(luis)]
    for units, actor in enumerate(everybody, start=1):
        await add(actor, plan.id, units)
    assert [(await cart_of(actor)).count for actor in everybody] == [1, 2, 3, 4]


async def test_a_customers_cart_is_theirs_in_every_browser() -> None:
    plan = await make_plan()
    ana = await make_customer()
    await add(as_customer(ana, visitor_hash="v" * 64), plan.id)
    assert await lines_of(as_customer(ana, visitor_hash="w" * 64)) == {plan.id: 1}


async def test_nobody_touches_a_line_of_another_cart() -> None:
    plan = await make_plan()
    ana = as_customer(await make_customer())
    await add(ana, plan.id, 3)
    [line] = (await cart_of(ana)).items
    for stranger in (as_guest(), as_customer(await make_customer())):
        async with unit_of_work() as session:
            await carts.remove(session, stranger, item_id=line.id)
            await carts.empty(session, stranger)
        with pytest.raises(NotFound):
            async with unit_of_work() as session:
                await carts.set_quantity(session, stranger, plan_id=line.plan_id, quantity=1)
    assert await lines_of(ana) == {plan.id: 3}
    async with unit_of_work() as session:
        await carts.remove(session, ana, item_id=line.id)
    assert await lines_of(ana) == {}


async def test_without_a_browser_to_know_again_there_is_no_cart() -> None:
    plan = await make_plan()
    nobody = Actor(kind="guest")
    with pytest.raises(Unauthenticated):
        await add(nobody, plan.id)
    async with reading() as session:
        assert await carts.count(session, nobody) == 0
        assert await carts.count(session, as_staff(await make_staff())) == 0


async def test_signing_in_pours_the_guests_cart_into_the_customers() -> None:
    one, two, three = await make_plan(), await make_plan(), await make_plan()
    ana = await make_customer()
    guest = as_guest()
    await add(as_customer(ana), one.id, 7)
    await add(as_customer(ana), two.id, 2)
    await add(guest, one.id, 8)
    await add(guest, three.id, 1)
    for _ in range(2):  # a ticket may be redeemed while another sign-in does the same
        async with unit_of_work() as session:
            assert guest.visitor_hash is not None
            assert ana.id is not None
            await carts.adopt(session, visitor_hash=guest.visitor_hash, customer_id=ana.id)
    assert await lines_of(as_customer(ana)) == {one.id: 10, two.id: 2, three.id: 1}
    assert await lines_of(guest) == {}


async def test_two_taps_at_once_are_two_units() -> None:
    plan = await make_plan()
    await asyncio.gather(*(add(as_guest(), plan.id) for _ in range(4)))
    assert await lines_of(as_guest()) == {plan.id: 4}
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM carts") == 1


async def test_a_withdrawn_plan_is_not_added_and_is_named_where_it_was() -> None:
    for table in ("plans", "services"):
        for column in ("active = false", "archived_at = now()"):
            plan, guest = await make_plan(), as_guest(f"{table} {column}")
            await make_account(plan.service_id)
            await add(guest, plan.id)
            which = plan.id if table == "plans" else plan.service_id
            async with unit_of_work() as session:
                await run(session, f"UPDATE {table} SET {column} WHERE id = {which}")  # noqa: S608
            with pytest.raises(NotFound, match="plan_inactive"):
                await add(guest, plan.id)
            cart = await cart_of(guest)
            assert [line.on_sale for line in cart.items] == [False]
            assert not cart.ready
            with pytest.raises(Conflict, match="cart_changed"):
                async with reading() as session:
                    await carts.check(session, guest)


async def test_more_than_there_is_cannot_be_ordered_and_the_plan_is_named() -> None:
    service = await make_service(name="Cine")
    plan = await make_plan(service, name="3 meses")
    await make_account(plan.service_id, profiles=1)
    await add(as_guest(), plan.id, 2)
    with pytest.raises(Conflict, match="out_of_stock") as refusal:
        async with reading() as session:
            await carts.check(session, as_guest())
    assert "Cine 3 meses" in refusal.value.message


async def test_an_empty_cart_cannot_be_ordered() -> None:
    with pytest.raises(Conflict, match="cart_empty"):
        async with reading() as session:
            await carts.check(session, as_guest())


async def test_a_plan_that_does_not_exist_is_not_added() -> None:
    for plan_id in (0, -1, 2**63 - 1):
        with pytest.raises(NotFound):
            await add(as_guest(), plan_id)
