"""The shelves: what is on sale, what it saves, how many are left, and how old that may be."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from domain import catalog, shelf
from domain.catalog import PlanOnSale, ServiceOnSale
from domain.errors import NotFound
from domain.sql import run
from infra.database import reading, unit_of_work
from state import views
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    place_order,
)
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def shelves() -> tuple[ServiceOnSale, ...]:
    async with reading() as session:
        return await catalog.shelves(session)


async def the_plan(plan_id: int | None) -> PlanOnSale:
    return next(p for s in await shelves() for p in s.plans if p.id == plan_id)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def test_the_saving_is_against_paying_month_by_month() -> None:
    service = await make_service()
    await make_plan(service)
    for months, price, saving in (
        (3, 420, 6),
        (6, 800, 11),
        (12, 1500, 16),
        (3, 450, 0),
        (3, 500, 0),
    ):
        plan = await make_plan(
            service, duration_months=months, cost=Decimal(price - 10), margin=Decimal(10)
        )
        found = await the_plan(plan.id)
        assert found.saving_percent == saving
        assert found.monthly_price == (Decimal(price) / months).quantize(Decimal("0.01"))


async def test_without_a_one_month_plan_nothing_is_said_to_be_saved() -> None:
    plan = await make_plan(duration_months=12, cost=Decimal(1), margin=Decimal(1))
    assert (await the_plan(plan.id)).saving_percent == 0


async def test_whole_accounts_are_compared_with_whole_accounts() -> None:
    service = await make_service()
    await make_plan(service)
    plan = await make_plan(service, duration_months=3, full_account=True, margin=Decimal(2000))
    assert (await the_plan(plan.id)).saving_percent == 0


async def test_what_is_left_is_said_in_words() -> None:
    for units, said in (
        (-1, "Agotado"),
        (0, "Agotado"),
        (1, "Último disponible"),
        (2, "Últimos 2"),
        (3, "Últimos 3"),
        (4, "4 disponibles"),
        (20, "20 disponibles"),
        (21, "Más de 20 disponibles"),
    ):
        assert views.availability(units) == said


async def test_what_others_hold_is_not_left() -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    assert (await the_plan(plan.id)).available == 3
    await place_order(await make_customer(), plan, quantity=2)
    assert (await the_plan(plan.id)).available == 1
    await change(
        "UPDATE profiles SET reserved_until = now() - interval '1 second' "
        "WHERE reserved_until IS NOT NULL"
    )
    assert (await the_plan(plan.id)).available == 3


async def test_the_plans_of_a_service_share_its_stock_but_for_what_is_dedicated() -> None:
    service = await make_service()
    month, year = await make_plan(service), await make_plan(service, duration_months=12)
    assert service.id is not None
    await make_account(service.id, profiles=2)
    await make_account(service.id, profiles=3, plan_id=year.id)
    assert (await the_plan(month.id)).available == 2
    assert (await the_plan(year.id)).available == 5


async def test_a_whole_account_is_left_only_while_every_profile_of_it_is_free() -> None:
    service = await make_service(max_profiles=3)
    assert service.id is not None
    whole = await make_plan(service, full_account=True)
    await make_account(service.id, profiles=3)
    await make_account(service.id, profiles=3)
    await make_account(service.id, profiles=2)
    assert (await the_plan(whole.id)).available == 2
    await change(
        "UPDATE profiles SET status = 'disabled' WHERE id = (SELECT min(id) FROM profiles)"
    )
    assert (await the_plan(whole.id)).available == 1


async def test_what_was_withdrawn_is_on_no_shelf() -> None:
    stays = await make_plan()
    for table in ("plans", "services"):
        for column in ("active = false", "archived_at = now()"):
            gone = await make_plan()
            which = gone.id if table == "plans" else gone.service_id
            await change(f"UPDATE {table} SET {column} WHERE id = {which}")  # noqa: S608  # our own
            found = await shelves()
            assert [p.id for s in found for p in s.plans] == [stays.id]
            assert [s.id for s in found] == [stays.service_id]


async def test_services_stand_in_the_owners_order_and_plans_by_their_length() -> None:
    last = await make_service(position=2)
    first = await make_service(position=1)
    for service in (last, first):
        for months in (12, 1, 3):
            await make_plan(service, duration_months=months)
    found = await shelves()
    assert [s.id for s in found] == [first.id, last.id]
    assert [p.duration_months for p in found[0].plans] == [1, 3, 12]


async def test_a_service_is_found_by_its_name_in_the_address() -> None:
    plan = await make_plan(await make_service(slug="cine"))
    assert [p.id for p in (await shelf.service("cine")).plans] == [plan.id]
    for slug in ("", "CINE", "otro", "cine\x00", "x" * 10_000):
        with pytest.raises(NotFound):
            await shelf.service(slug)


async def test_the_shelf_is_read_once_while_it_is_fresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []

    async def counted(session: object) -> tuple[ServiceOnSale, ...]:
        read.append(1)
        return await catalog.shelves(session)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf, "shelves", counted)
    monkeypatch.setattr(shelf, "FRESH", 1e9)
    await make_plan()
    first = await shelf.services()
    assert await shelf.services() is first
    assert len(read) == 1
    monkeypatch.setattr(shelf, "FRESH", -1)
    await shelf.services()
    assert len(read) == 2


async def test_a_new_price_is_on_the_shelf_as_soon_as_the_signal_comes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the signal the old price stands while the shelf is fresh."""
    monkeypatch.setattr(shelf, "FRESH", 1e9)
    await make_plan()
    assert (await shelf.services())[0].price_from == 150
    await change("UPDATE plans SET margin = 40")
    assert (await shelf.services())[0].price_from == 150
    heard = asyncio.Event()

    async def hear(topic: str) -> None:
        await shelf.on_signal(topic)
        heard.set()

    async with shop.deliver_signals() as signals, asyncio.timeout(20):
        signals.listen(hear)
        await change("UPDATE plans SET margin = 50")
        await heard.wait()
    assert (await shelf.services())[0].price_from == 170


async def test_other_signals_leave_the_shelf_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FRESH", 1e9)
    await make_plan()
    first = await shelf.services()
    for topic in ("orders", "order:1", "session:1", "catalogue"):
        await shelf.on_signal(topic)
    assert await shelf.services() is first
