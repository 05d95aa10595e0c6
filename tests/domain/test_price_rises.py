"""Prices changed together: what is applied is what was looked at, all of it or nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain import price_rises
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.price_rises import Preview, PriceRise
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from tests.builders import as_staff, make_plan, make_service, make_staff

pytestmark = pytest.mark.usefixtures("shop")
TEN = PriceRise(Decimal(10), percent=True, rounding="cent")


@pytest.fixture
async def owner() -> Actor:
    return as_staff(await make_staff("owner"))


async def look(actor: Actor, rise: PriceRise) -> Preview:
    async with reading() as session:
        return await price_rises.preview(session, actor, rise)


async def apply(actor: Actor, rise: PriceRise, seal: str) -> int:
    async with unit_of_work() as session:
        return await price_rises.apply(session, actor, rise, seal=seal)


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


@pytest.mark.parametrize(
    ("by", "percent", "rounding", "price"),
    [
        ("10", True, "cent", "165.83"),
        ("10", True, "peso", "166.00"),
        ("10", True, "five", "165.00"),
        ("10", True, "ten", "170.00"),
        ("-5.75", False, "cent", "145.00"),
        ("-50", True, "peso", "75.00"),
    ],
)
def test_the_new_price_is_rounded_as_asked(
    by: str, percent: bool, rounding: str, price: str
) -> None:
    rise = PriceRise(Decimal(by), percent=percent, rounding=rounding)
    assert rise.applied_to(Decimal("150.75")) == Decimal(price)


async def test_all_plans_of_a_service_rise_and_their_costs_stay(owner: Actor) -> None:
    service, other = await make_service(), await make_plan()
    for months in (1, 3):
        await make_plan(service, duration_months=months)
    rise = PriceRise(Decimal(10), percent=True, rounding="peso", service_id=service.id)
    seen = await look(owner, rise)
    assert [(new.before, new.after) for new in seen.prices] == [(150, 165), (150, 165)]
    assert await apply(owner, rise, seen.seal) == 2
    assert await rows("SELECT cost, margin, sale_price FROM plans ORDER BY id") == [
        (120, 30, 150),
        (120, 45, 165),
        (120, 45, 165),
    ]
    assert await rows("SELECT margin_before, margin_after FROM price_changes") == [(30, 45)] * 2
    assert (await look(owner, TEN)).prices[0].plan_id == other.id


async def test_a_category_is_changed_without_the_others(owner: Actor) -> None:
    music = await make_plan(await make_service(category="Música"))
    await make_plan()
    rise = PriceRise(Decimal(-20), percent=False, rounding="cent", category="Música")
    assert [new.plan_id for new in (await look(owner, rise)).prices] == [music.id]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE plans SET margin = margin + 1",
        "UPDATE plans SET cost = cost + 1, margin = margin - 1",
        "UPDATE plans SET archived_at = now() WHERE id = (SELECT min(id) FROM plans)",
    ],
)
async def test_a_stale_preview_changes_nothing(owner: Actor, meanwhile: str) -> None:
    """The control: the preview made after it is applied."""
    await make_plan()
    await make_plan()
    seen = await look(owner, TEN)
    async with unit_of_work() as session:
        await run(session, meanwhile)
    before = await rows("SELECT cost, margin FROM plans ORDER BY id")
    with pytest.raises(Conflict, match="prices_changed"):
        await apply(owner, TEN, seen.seal)
    assert await rows("SELECT cost, margin FROM plans ORDER BY id") == before
    assert await apply(owner, TEN, (await look(owner, TEN)).seal)


async def test_a_second_tap_finds_the_preview_stale(owner: Actor) -> None:
    await make_plan()
    seen = await look(owner, TEN)
    await apply(owner, TEN, seen.seal)
    with pytest.raises(Conflict, match="prices_changed"):
        await apply(owner, TEN, seen.seal)
    assert await rows("SELECT sale_price FROM plans") == [(165,)]


async def test_a_price_struck_through_goes_when_it_is_no_longer_higher(owner: Actor) -> None:
    await make_plan()
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET list_price = 160, list_until = now() + '1 day'")
    seen = await look(owner, TEN)
    assert [new.loses_list for new in seen.prices] == [True]
    await apply(owner, TEN, seen.seal)
    assert await rows("SELECT sale_price, list_price, list_until FROM plans") == [(165, None, None)]


@pytest.mark.parametrize("by", ["0", "0.001", "501", "NaN", "-100"])
async def test_a_change_that_is_none_is_refused(owner: Actor, by: str) -> None:
    await make_plan()
    with pytest.raises(InvalidInput) as refused:
        await look(owner, PriceRise(Decimal(by), percent=True, rounding="cent"))
    assert set(refused.value.fields) == {"by"}


async def test_nothing_to_change_is_said(owner: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        await look(owner, TEN)
    assert set(refused.value.fields) == {"scope"}
    await make_plan()
    with pytest.raises(Conflict, match="price_change_none"):
        await look(owner, PriceRise(Decimal("0.01"), percent=True, rounding="ten"))


async def test_an_operator_neither_looks_nor_applies(owner: Actor) -> None:
    await make_plan()
    operator = as_staff(await make_staff())
    seal = (await look(owner, TEN)).seal
    with pytest.raises(Forbidden):
        await look(operator, TEN)
    with pytest.raises(Forbidden):
        await apply(operator, TEN, seal)
