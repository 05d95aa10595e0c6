"""The owner's catalog: made, changed and withdrawn, and nothing that was sold is touched."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import carts, catalog_changes, catalog_pages, orders, plans, prices, services, shelf
from domain.actors import Actor
from domain.catalog import shelves
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.prices import Money
from domain.services import ServiceSheet
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")
SHEET = ServiceSheet("Cine", "cine", "Películas", 4)


@pytest.fixture
async def owner() -> Actor:
    return as_staff(await make_staff("owner"))


@pytest.fixture
async def operator() -> Actor:
    return as_staff(await make_staff())


async def done(command: Any, actor: Actor, *given: Any, **values: Any) -> Any:
    async with unit_of_work() as session:
        return await command(session, actor, *given, **values)


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def age(days: int) -> None:
    """Everything about plans and prices happened so many days earlier."""
    async with unit_of_work() as session:
        await run(session, f"UPDATE plans SET created_at = created_at - interval '{days} days'")  # noqa: S608
        await run(session, f"UPDATE price_changes SET at = at - interval '{days} days'")  # noqa: S608


async def priced(owner: Actor, plan: models.Plan, cost: int, margin: int, **more: Any) -> None:
    [(version,)] = await rows(f"SELECT version FROM plans WHERE id = {plan.id}")  # noqa: S608
    money = Money(Decimal(cost), Decimal(margin), **more)
    await done(plans.edit, owner, plan_id=plan.id, version=version, name=plan.name, money=money)


async def test_a_service_with_a_plan_is_on_the_shelf_last(owner: Actor) -> None:
    await make_plan(await make_service(position=7))
    number = await done(services.create, owner, SHEET)
    async with reading() as session:
        assert [s.name for s in await shelves(session)] != ["Cine"]
    await done(
        plans.create,
        owner,
        service_id=number,
        name="1 mes",
        duration_months=1,
        capacity="profile",
        money=Money(Decimal(60), Decimal("19.50")),
    )
    async with reading() as session:
        last = (await shelves(session))[-1]
    assert (last.name, last.price_from) == ("Cine", Decimal("79.50"))
    assert await rows("SELECT cost_before, cost_after, margin_after FROM price_changes") == [
        (None, Decimal(60), Decimal("19.50"))
    ]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " "}, {"name"}),
        ({"slug": "Con Espacios"}, {"slug"}),
        ({"slug": "-cine"}, {"slug"}),
        ({"max_profiles": 0, "category": ""}, {"max_profiles", "category"}),
        ({"max_profiles": 21}, {"max_profiles"}),
        ({"color": "rojo"}, {"color"}),
    ],
)
async def test_what_is_wrong_with_a_service_is_said_beside_its_field(
    owner: Actor, wrong: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await done(services.create, owner, replace(SHEET, **wrong))
    assert set(refused.value.fields) == fields


async def test_two_services_never_share_an_address(owner: Actor) -> None:
    await done(services.create, owner, SHEET)
    other = await done(services.create, owner, replace(SHEET, slug="otro"))
    for attempt in (
        done(services.create, owner, SHEET),
        done(services.edit, owner, service_id=other, version=1, sheet=SHEET),
    ):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert refused.value.fields == {"slug": "Otro servicio ya usa esta dirección."}


async def test_profiles_per_account_never_fall_below_what_an_account_has(owner: Actor) -> None:
    number = await done(services.create, owner, SHEET)
    await make_account(number, profiles=3)
    with pytest.raises(InvalidInput, match="invalid_input") as refused:
        await done(
            services.edit,
            owner,
            service_id=number,
            version=1,
            sheet=replace(SHEET, max_profiles=2),
        )
    assert refused.value.fields == {
        "max_profiles": "Ya hay cuentas con 3 perfiles: no puede ser menos."
    }
    await done(
        services.edit, owner, service_id=number, version=1, sheet=replace(SHEET, max_profiles=3)
    )


async def test_a_stale_form_is_refused_naming_who_changed_what(
    owner: Actor, operator: Actor
) -> None:
    """The control: with the version it was filled with, the same form is taken."""
    number = await done(services.create, owner, SHEET)
    await done(
        services.edit,
        operator,
        service_id=number,
        version=1,
        sheet=replace(SHEET, description="Estrenos", terms="Uno a la vez."),
    )
    late = replace(SHEET, name="Cinema")
    with pytest.raises(Conflict, match="catalog_changed") as refused:
        await done(services.edit, owner, service_id=number, version=1, sheet=late)
    [(who,)] = await rows(f"SELECT username FROM staff_users WHERE id = {operator.id}")  # noqa: S608
    assert refused.value.data == {"who": who, "what": "descripción, condiciones"}
    assert await rows("SELECT name, description FROM services") == [("Cine", "Estrenos")]
    await done(services.edit, owner, service_id=number, version=2, sheet=late)
    assert await rows("SELECT name FROM services") == [("Cinema",)]


async def test_services_change_places_and_stop_at_the_ends(owner: Actor) -> None:
    made = [await make_service(position=1) for _ in range(3)]
    first, middle, last = (service.id for service in made)
    for moved, up, order in (
        (last, True, [first, last, middle]),
        (first, True, [first, last, middle]),
        (middle, False, [first, last, middle]),
        (first, False, [last, first, middle]),
    ):
        await done(services.move, owner, service_id=moved, up=up)
        async with reading() as session:
            assert [line.id for line in await catalog_pages.lines(session, owner)] == order


async def test_a_service_is_put_where_another_one_stands(owner: Actor) -> None:
    a, b, c, d = [(await make_service(position=1)).id for _ in range(4)]
    for moved, place, order in (
        (a, c, [b, c, a, d]),
        (d, b, [d, b, c, a]),
        (d, d, [d, b, c, a]),
    ):
        await done(services.put_at, owner, service_id=moved, place_of=place)
        async with reading() as session:
            assert [line.id for line in await catalog_pages.lines(session, owner)] == order
    for moved, place in ((a, 10**9), (10**9, a)):
        with pytest.raises(NotFound):
            await done(services.put_at, owner, service_id=moved, place_of=place)


async def test_what_nobody_ever_used_is_deleted_and_the_rest_is_archived(owner: Actor) -> None:
    await make_bank()
    used, unused = await make_plan(), await make_plan()
    await make_account(used.service_id)
    placed = await place_order(await make_customer(), used)
    assert used.id
    assert unused.id
    for kind, one, ending in (
        ("plan", used.id, "archived"),
        ("service", used.service_id, "archived"),
        ("service", unused.service_id, "deleted"),
    ):
        assert await done(catalog_changes.withdraw, owner, kind, one) == ending
    assert await rows("SELECT id FROM plans") == [(used.id,)]
    assert await rows("SELECT unit_price, plan_name FROM order_items") == [(Decimal(150), "1 mes")]
    assert await rows("SELECT id, total FROM orders") == [(placed.id, Decimal(150))]
    async with reading() as session:
        assert await shelves(session) == ()
    await done(catalog_changes.bring_back, owner, "service", used.service_id)
    await done(catalog_changes.bring_back, owner, "plan", used.id)
    async with reading() as session:
        assert [s.id for s in await shelves(session)] == [used.service_id]


async def test_a_new_price_reaches_carts_and_never_an_order(owner: Actor) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await done(carts.add, as_customer(ana), plan_id=plan.id)
    await priced(owner, plan, 120, 60)
    async with reading() as session:
        assert (await carts.contents(session, as_customer(ana))).total == 180
    with pytest.raises(Conflict, match="cart_changed"):
        await done(orders.place, as_customer(ana), seen_total=Decimal(150))
    assert await rows(f"SELECT total FROM orders WHERE id = {placed.id}") == [(Decimal(150),)]  # noqa: S608
    again = await done(orders.place, as_customer(ana), seen_total=Decimal(180))
    assert again.total == 180


async def test_only_a_price_the_plan_really_had_is_struck_through(owner: Actor) -> None:
    plan = await make_plan()
    with pytest.raises(InvalidInput) as refused:  # asked for less than a week
        await priced(owner, plan, 100, 20, list_price=Decimal(150))
    assert set(refused.value.fields) == {"list_price"}
    await age(8)
    for invented in (Decimal(200), Decimal("150.01")):
        with pytest.raises(InvalidInput):
            await priced(owner, plan, 100, 20, list_price=invented)
    with pytest.raises(InvalidInput):  # not higher than what is asked
        await priced(owner, plan, 120, 30, list_price=Decimal(150))
    await priced(owner, plan, 100, 20, list_price=Decimal(150))
    async with reading() as session:
        assert (await shelves(session))[0].plans[0].list_price == 150
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET list_until = now()")
    async with reading() as session:
        assert (await shelves(session))[0].plans[0].list_price is None


async def test_a_price_of_more_than_ninety_days_ago_is_no_discount(owner: Actor) -> None:
    plan = await make_plan()
    assert plan.id
    await age(8)
    await priced(owner, plan, 100, 20)
    await age(91)
    async with reading() as session:
        assert [one.price for one in await prices.former(session, [plan.id])] == [Decimal(120)]


async def test_a_copy_waits_paused_with_the_same_prices(owner: Actor) -> None:
    plan = await make_plan()
    copied = await done(plans.clone, owner, plan_id=plan.id)
    assert await rows(
        f"SELECT name, active, cost, margin FROM plans WHERE id = {copied}"  # noqa: S608
    ) == [("1 mes (copia)", False, Decimal(120), Decimal(30))]


@pytest.mark.parametrize(
    ("cost", "margin", "field"),
    [("-1", "30", "cost"), ("1.005", "3", "cost"), ("NaN", "1", "cost"),
     ("10", "-10", "margin"), ("1", "0.001", "margin"), ("999999", "2", "margin")],
)  # fmt: skip
async def test_no_price_is_below_zero_or_finer_than_a_cent(
    owner: Actor, cost: str, margin: str, field: str
) -> None:
    plan = await make_plan()
    with pytest.raises(InvalidInput) as refused:
        await done(
            plans.edit,
            owner,
            plan_id=plan.id,
            version=1,
            name="1 mes",
            money=Money(Decimal(cost), Decimal(margin)),
        )
    assert set(refused.value.fields) == {field}


async def test_prices_are_the_owners_alone(owner: Actor, operator: Actor) -> None:
    """The control: the owner may do each of them."""
    plan = await make_plan()
    money = Money(Decimal(1), Decimal(1))
    attempts: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (plans.edit, (), {"plan_id": plan.id, "version": 1, "name": "Otro", "money": money}),
        (plans.clone, (), {"plan_id": plan.id}),
        (prices.costs, (), {"service_id": plan.service_id}),
        (prices.cost_history, (), {"service_id": plan.service_id}),
        (catalog_changes.withdraw, ("plan", plan.id), {}),
        (services.create, (SHEET,), {}),
    ]
    for command, given, values in attempts:
        with pytest.raises(Forbidden):
            await done(command, operator, *given, **values)
    assert await rows("SELECT name, version FROM plans") == [("1 mes", 1)]
    await done(plans.rename, operator, plan_id=plan.id, version=1, name="Un mes")
    await done(catalog_changes.set_active, operator, "plan", plan.id, active=False)
    for command, given, values in attempts:
        await done(
            command, owner, *given, **values | {"version": 3} if "version" in values else values
        )


async def test_what_does_not_exist_is_not_found(owner: Actor) -> None:
    with pytest.raises(NotFound):
        await done(plans.clone, owner, plan_id=10**9)
    with pytest.raises(NotFound):
        await done(services.move, owner, service_id=10**9, up=True)
    shelf.forget()
