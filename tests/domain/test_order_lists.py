"""Looking through orders: every filter, every order, page by page while the shop goes on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import order_lists
from domain.actors import Actor
from domain.errors import Forbidden
from domain.order_filters import Wanted
from domain.order_lists import ListedOrder
from domain.payments import reference_of
from domain.sql import run
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
    pay,
    place_order,
)
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
async def operator(calendar: object) -> Actor:
    del calendar
    await make_bank()
    return as_staff(await make_staff())


@pytest.fixture
async def plan(operator: object) -> models.Plan:
    del operator
    plan = await make_plan(await make_service(slug="netflix"))
    await make_account(plan.service_id, profiles=20)
    return plan


async def listed(actor: Actor, **said: str) -> list[int]:
    return [order.id for order in await rows(actor, **said)]


async def rows(actor: Actor, **said: str) -> list[ListedOrder]:
    async with reading() as session:
        return await order_lists.order_list(session, actor, Wanted.of(said))


async def paged(actor: Actor, size: int, meanwhile: Any = None, **said: str) -> list[int]:
    """Every page after the other, and what happens after the first."""
    wanted, seen, after = Wanted.of(said), list[int](), None
    while True:
        async with reading() as session:
            page = await order_lists.order_list(session, actor, wanted, after=after, limit=size)
        seen += [order.id for order in page]
        if len(page) < size:
            return seen
        after = order_lists.mark_of(wanted, page[-1])
        if meanwhile is not None:
            await meanwhile()
            meanwhile = None


async def test_each_filter_leaves_what_it_says(
    operator: Actor, plan: models.Plan, calendar: Calendar
) -> None:
    dear = await make_plan(await make_service(slug="spotify"), cost="800", margin="200")
    ana = await make_customer("+525511112222", name="Ana María López", delivery_preference="web")
    eva = await make_customer("+525533334444", name="Eva", email="eva@correo.mx")
    old = await place_order(ana, plan)
    await pay(old.id, old.total, reference="FOLIO 77", tracking_key="mx123abc", bank="BBVA")
    calendar.go(days=10)
    await make_account(dear.service_id, profiles=1)
    short = await place_order(eva, dear, delivery_preference="email")
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled' WHERE service_id = 2")
    await pay(short.id, short.total)
    part = await place_order(ana, plan, delivery_preference="whatsapp")
    await pay(part.id, Decimal(50), reference="ABONO")
    everything = [part.id, short.id, old.id]
    assert await listed(operator) == everything
    for said, found in (
        ({"tab": "por-confirmar"}, [part.id]),
        ({"tab": "en-proceso"}, [short.id]),
        ({"pago": "partial"}, [part.id]),
        ({"pago": "paid"}, [short.id, old.id]),
        ({"pago": "partial", "tab": "entregados"}, []),
        ({"entrega": "espera"}, [short.id]),
        ({"entrega": "entregado"}, [old.id]),
        ({"entrega": "fallo"}, []),
        ({"servicio": "spotify"}, [short.id]),
        ({"servicio": "netflix"}, [part.id, old.id]),
        ({"servicio": "nada"}, []),
        ({"canal": "email"}, [short.id]),
        ({"desde": "2026-01-25"}, [part.id, short.id]),
        ({"hasta": "2026-01-15"}, [old.id]),
        ({"desde": "2026-01-16", "hasta": "2026-01-24"}, []),
        ({"minimo": "1000"}, [short.id]),
        ({"maximo": "$999.99"}, [part.id, old.id]),
        ({"minimo": "150", "maximo": "150", "orden": "antiguos"}, [old.id, part.id]),
        ({"q": f"#{old.id}"}, [old.id]),
        ({"q": reference_of(old.id)}, [old.id]),
        ({"q": "2222"}, [part.id, old.id]),
        ({"q": "55 3333 4444"}, [short.id]),
        ({"q": "lop maria"}, [part.id, old.id]),
        ({"q": "lópez", "tab": "entregados"}, [old.id]),
        ({"q": "folio 77"}, [old.id]),
        ({"q": "MX123ABC"}, [old.id]),
        ({"q": "nadie"}, []),
        ({"q": "%"}, []),
        ({"pago": "?", "desde": "ayer", "minimo": "mil", "orden": "x", "tab": "?"}, everything),
    ):
        assert await listed(operator, **said) == found, said


async def test_few_and_many_that_pass_a_filter_are_found_alike(
    operator: Actor, plan: models.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same questions when no filter counts as one that few pass."""
    placed = [await place_order(await make_customer(), plan) for _ in range(4)]
    await pay(placed[1].id, placed[1].total)
    for said in (
        {"q": "Ana", "orden": "antiguos"},
        {"servicio": "netflix", "pago": "unpaid"},
        {"minimo": "150", "orden": "espera"},
        {"hasta": "2030-01-01", "orden": "total"},
    ):
        few = await listed(operator, **said)
        with monkeypatch.context() as patch:
            patch.setattr(order_lists, "FEW", 1)
            assert await listed(operator, **said) == few != []


@pytest.mark.parametrize("order", ["nuevos", "antiguos", "espera", "total", ""])
async def test_every_order_is_seen_once_page_by_page(
    operator: Actor, plan: models.Plan, calendar: Calendar, order: str
) -> None:
    """Three at a time were placed in the same second, and some cost the same."""
    dear = await make_plan(await make_service(), cost="800", margin="200")
    await make_account(dear.service_id, profiles=9)
    placed: list[int] = []
    for number in range(9):
        plans = (plan, dear)[number % 2]
        placed.append((await place_order(await make_customer(), plans)).id)
        if number % 3 == 2:
            calendar.go(minutes=5)

    async def paid() -> None:
        """The last row of the first page moves on: a place is not a row."""
        await pay(placed[1], Decimal(1000))

    seen = await paged(operator, 2, paid, orden=order)
    assert sorted({*seen}) == placed, "none is passed by"
    expected = {
        "nuevos": placed[::-1],
        "": placed[::-1],
        "antiguos": placed,
        "total": placed[1::2][::-1] + placed[::2][::-1],
    }
    if order == "espera":
        assert seen[-1] == placed[1], "paid now, it waits anew"
    else:
        assert seen == expected[order]


async def test_who_waits_longest_comes_first_counted_from_the_payment(
    operator: Actor, plan: models.Plan, calendar: Calendar
) -> None:
    first, second = [await place_order(await make_customer(), plan) for _ in range(2)]
    calendar.go(hours=3)
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled'")
    await pay(first.id, first.total)
    assert await listed(operator, orden="espera") == [second.id, first.id]
    waiting, paid = await rows(operator, orden="espera")
    assert paid.waiting
    assert paid.since - waiting.since == timedelta(hours=3)


async def test_orders_to_follow_up_come_by_their_day(operator: Actor, plan: models.Plan) -> None:
    placed = [await place_order(await make_customer(), plan) for _ in range(3)]
    async with unit_of_work() as session:
        for order, day in ((placed[0], date(2026, 2, 1)), (placed[2], date(2026, 1, 20))):
            await run(
                session,
                "UPDATE orders SET follow_up_on = %(d)s WHERE id = %(id)s",
                d=day,
                id=order.id,
            )
    assert await listed(operator, tab="seguimiento") == [placed[2].id, placed[0].id]
    assert await listed(operator, tab="seguimiento", orden="nuevos") == [placed[2].id, placed[0].id]
    assert await paged(operator, 1, tab="seguimiento") == [placed[2].id, placed[0].id]


async def test_a_row_says_how_far_its_delivery_got(operator: Actor, plan: models.Plan) -> None:
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    assert [row.delivery for row in await rows(operator)] == ["queued"]
    async with unit_of_work() as session:
        await run(session, "UPDATE messages SET status = 'failed' WHERE channel = 'whatsapp'")
    assert [row.delivery for row in await rows(operator, entrega="fallo")] == ["failed"]
    async with unit_of_work() as session:
        await run(session, "UPDATE messages SET status = 'confirmed' WHERE channel = 'web'")
    assert [row.delivery for row in await rows(operator, entrega="confirmado")] == ["confirmed"]


async def test_no_customer_looks_through_orders(operator: Actor) -> None:
    del operator
    ana = as_customer(await make_customer())
    async with reading() as session:
        with pytest.raises(Forbidden):
            await order_lists.order_list(session, ana, Wanted())
        with pytest.raises(Forbidden):
            await order_lists.order_ids(session, ana, Wanted(), most=5)
