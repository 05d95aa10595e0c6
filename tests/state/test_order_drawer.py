"""An order looked at beside the list: what it needs, and the ways to do it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

import models
from domain import drafts, order_endings
from domain.actors import SYSTEM
from domain.sql import run
from infra.database import unit_of_work
from state.admin.order_drawer import DrawerView
from state.admin.orders import AdminOrders
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 0, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def plan() -> models.Plan:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    return plan


@pytest.fixture
async def tab() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff(username="luz")))
        tab.path = "/admin/pedidos"
        await tab.send(AdminOrders.load)
        yield tab


async def look(tab: Tab, number: Any) -> DrawerView:
    await tab.send(AdminOrders.look, order=number)
    [seen] = tab.sees(AdminOrders)["peek"]
    return seen


def ways(seen: DrawerView) -> list[str]:
    return [f"{one.label} {one.address.partition('#')[2]}" for one in seen.steps]


async def test_it_shows_the_order_and_the_steps_that_are_allowed_now(
    tab: Tab, plan: models.Plan
) -> None:
    ana = await make_customer(name="Ana")
    order = await place_order(ana, plan)
    seen = await look(tab, order.id)
    assert (seen.order.customer, seen.order.customer_id, seen.order.missing) == (
        "Ana",
        ana.id,
        "$150.00 MXN",
    )
    assert [(one.detail, one.total) for one in seen.order.lines] == [
        ("1 × $150.00 MXN", "$150.00 MXN")
    ]
    assert ways(seen) == [
        "Confirmar pago pago",
        "Recordar el pago o ampliar su apartado mientras",
        "Cancelar cancelar",
    ]
    await pay(order.id, order.total)
    seen = await look(tab, order.id)
    assert ways(seen) == ["Mandar su aviso otra vez avisos"]
    assert [one.amount for one in seen.order.money.rows] == ["+$150.00 MXN"]
    assert [one.title for one in seen.order.timeline] == [
        "Accesos entregados",
        "Accesos asignados: 1",
        "Pago confirmado por $150.00 MXN",
        "Pedido realizado",
    ]


async def test_an_order_that_waits_for_stock_leads_to_serving_it(
    tab: Tab, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(order.id, order.total)
    assert ways(await look(tab, order.id)) == [
        "Entregar lo que espera stock espera",
        "Cancelar cancelar",
    ]
    async with unit_of_work() as session:
        boss = as_staff(await make_staff("owner"))
        await order_endings.cancel(session, boss, order_id=order.id, reason="Ya no")
    assert ways(await look(tab, order.id)) == []


async def test_a_draft_leads_to_where_it_is_finished(tab: Tab, plan: models.Plan) -> None:
    assert plan.id
    async with unit_of_work() as session:
        number = await drafts.keep(
            session,
            SYSTEM,
            phone="55 1234 5678",
            name="Ana",
            lines={plan.id: 1},
            delivery_preference="web",
        )
    seen = await look(tab, number)
    assert [(one.label, one.address) for one in seen.steps] == [
        ("Editar o enviar", "/admin/vender?borrador=1"),
        ("Descartar", "/admin/pedidos/1#cancelar"),
    ]
    assert seen.order.lines[0].fulfilment == "Sin enviar"


async def test_what_is_no_order_closes_it_again_and_is_said(tab: Tab, plan: models.Plan) -> None:
    await place_order(await make_customer(), plan)
    for raw in (*NONSENSE, 99):
        await tab.send(AdminOrders.look, order=raw)
        assert tab.sees(AdminOrders).get("peek", []) == []
        assert tab.sees(AdminOrders)["notice"] != ""
        assert "close()" in tab.scripts[-1]


async def test_no_customer_looks(plan: models.Plan) -> None:
    ana = await make_customer()
    order = await place_order(ana, plan)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(AdminOrders.look, order=order.id)
        assert tab.sees(AdminOrders) == {}
