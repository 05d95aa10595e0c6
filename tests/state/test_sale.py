"""The sales desk, event by event; an operator never gets to see what anything costs the shop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

from domain import shelf
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.admin.sale import SalesDesk
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def tab(shop: object) -> AsyncGenerator[Tab]:
    """An operator's tab in a shop with three free profiles that cost it 123.45 each."""
    del shop
    await make_bank()
    plan = await make_plan(await make_service(name="Netflix"), cost="123.45", margin="26.55")
    await make_account(plan.service_id, profiles=3, cost=Decimal("987.65"))
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        tab.path = "/admin/vender"
        await tab.send(SalesDesk.load)
        yield tab


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


ORDER = {"how": "ask", "name": "Ana", "delivery_preference": "whatsapp", "reference": ""}


async def test_an_order_is_made_from_a_phone_to_its_payment(tab: Tab) -> None:
    (service,) = tab.sees(SalesDesk)["services"]
    assert [(plan.name, plan.price, plan.available) for plan in service.plans] == [
        ("1 mes", "$150.00 MXN", 3)
    ]
    await tab.send(SalesDesk.find, form={"phone": "5512345678"})
    assert tab.sees(SalesDesk)["buyer"].detail == "Cliente nuevo"
    await tab.send(SalesDesk.change, plan_id=1, units=2)
    assert tab.sees(SalesDesk)["basket"].total == "$300.00 MXN"
    await tab.send(SalesDesk.sell, form=ORDER)
    seen = tab.sees(SalesDesk)
    assert seen["sold"].said == "Pedido #1. Le mandamos cómo pagar."
    assert (seen["basket"].total, seen["services"][0].plans[0].available) == ("", 1)
    await tab.send(SalesDesk.sell, form=ORDER)  # a second tap
    assert await value("SELECT count(*) FROM orders") == 1
    await tab.send(SalesDesk.find, form={"phone": "55 1234 5678"})
    assert tab.sees(SalesDesk)["buyer"].detail.startswith("1 pedido")
    await tab.send(SalesDesk.change, plan_id=1, units=1)
    await tab.send(SalesDesk.sell, form={**ORDER, "how": "paid", "reference": ""})
    assert list(tab.sees(SalesDesk)["errors"]) == ["reference"]
    await tab.send(SalesDesk.sell, form={**ORDER, "how": "paid", "reference": "CAJA"})
    assert tab.sees(SalesDesk)["sold"].said == "Pedido #2. Pagado y entregado."
    for secret in ("123.45", "26.55", "987.65"):
        assert secret not in str(tab.deltas)


async def test_a_price_that_changed_is_shown_before_it_is_charged(tab: Tab) -> None:
    await tab.send(SalesDesk.find, form={"phone": "5512345678"})
    await tab.send(SalesDesk.change, plan_id=1, units=1)
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET margin = margin + 50")
    await tab.send(SalesDesk.sell, form=ORDER)
    seen = tab.sees(SalesDesk)
    assert seen["notice"] == "Un precio o un plan cambió. Revisa los artículos y el total."
    assert seen["basket"].total == "$200.00 MXN"
    await tab.send(SalesDesk.sell, form=ORDER)
    assert tab.sees(SalesDesk)["sold"].number > 0


async def test_nonsense_sells_nothing(tab: Tab) -> None:
    for raw in NONSENSE:
        await tab.send(SalesDesk.find, form=raw)
        await tab.send(SalesDesk.find, form={"phone": raw})
        await tab.send(SalesDesk.change, plan_id=raw, units=raw)
        await tab.send(SalesDesk.sell, form=raw)
        await tab.send(SalesDesk.sell, form={**ORDER, "name": raw, "how": raw})
    assert await value("SELECT count(*) FROM orders") == 0


async def test_a_customer_does_not_sell() -> None:
    shelf.forget()
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        await ana.send(SalesDesk.load)
        await ana.send(SalesDesk.find, form={"phone": "5512345678"})
        await ana.send(SalesDesk.sell, form=ORDER)
        assert ana.sees(SalesDesk) == {}
