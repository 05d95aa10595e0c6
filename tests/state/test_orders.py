"""Working through many orders at once: foretold, done row by row, and never done twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

import models
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.admin.orders import AdminOrders
from tests.builders import (
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

pytestmark = pytest.mark.usefixtures("calendar")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "\ud800", "x" * 10**6]


@pytest.fixture
async def plan(calendar: object) -> models.Plan:
    del calendar
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


@pytest.fixture
async def tab(plan: models.Plan) -> AsyncGenerator[Tab]:
    """An operator's tab on a shop where three orders wait for their payment."""
    for name in ("Ana", "Eva", "Luz"):
        await place_order(await make_customer(name=name), plan)
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def look(tab: Tab, query: str = "") -> dict[str, Any]:
    tab.path = f"/admin/pedidos{query}"
    await tab.send(AdminOrders.load)
    assert tab.sees(AdminOrders)["notice"] == ""
    return tab.sees(AdminOrders)


async def ask(tab: Tab, action: str, *orders: int) -> Any:
    for order in orders:
        await tab.send(AdminOrders.toggle, order=order)
    await tab.send(AdminOrders.ask, action=action)
    return tab.sees(AdminOrders)["batch"]


async def act(tab: Tab, action: str, *orders: int, **form: str) -> list[str]:
    await ask(tab, action, *orders)
    await tab.send(AdminOrders.run, form=form)
    return [f"{one.title}: {one.said}" for one in tab.sees(AdminOrders)["results"]]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_chosen_payments_are_confirmed_once_and_each_says_so(tab: Tab) -> None:
    await look(tab)
    assert await act(tab, "confirm", 1, 3, reference="BBVA 9") == [
        "#1 · Ana: Pagado y entregado",
        "#3 · Luz: Pagado y entregado",
    ]
    progress = [
        delta[AdminOrders.get_full_name()].get("progress_rx_state_")
        for delta in tab.deltas
        if AdminOrders.get_full_name() in delta
    ]
    assert [one for one in progress if one] == ["1 de 2", "2 de 2"]
    references = "SELECT string_agg(reference, ' ' ORDER BY id) FROM payments"
    assert await value(references) == "BBVA 9-1 BBVA 9-3"
    assert tab.sees(AdminOrders)["chosen"] == []
    batch = await ask(tab, "confirm", 1, 2, 3)
    assert (batch.applies, batch.skipped, batch.total) == (1, 2, "$150.00 MXN")
    assert [(one.why, one.orders) for one in batch.reasons] == [
        ("El pedido está entregado y eso ya no se puede hacer.", "#1, #3")
    ]
    await tab.send(AdminOrders.run, form={})
    await tab.send(AdminOrders.run, form={})  # a second tap
    assert await value("SELECT count(*) FROM payments") == 3


async def test_what_changed_since_it_was_foretold_refuses_its_row(tab: Tab) -> None:
    await look(tab)
    await ask(tab, "confirm", 1, 2)
    await pay(1, Decimal(50), reference="ABONO")
    await tab.send(AdminOrders.run, form={})
    said = [one.said for one in tab.sees(AdminOrders)["results"]]
    assert said == [
        "No se pudo: Lo que falta pagar cambió mientras tanto. Mira el pedido otra vez.",
        "Pagado y entregado",
    ]


async def test_every_action_works_through_its_orders(tab: Tab) -> None:
    await look(tab)
    assert await act(tab, "remind", 1) == ["#1 · Ana: Recordatorio en camino"]
    assert await act(tab, "extend", 1, days="3") == ["#1 · Ana: Apartado hasta el 18 ene"]
    assert await act(tab, "cancel", 1, reason="No contestó") == ["#1 · Ana: Cancelado"]
    await act(tab, "confirm", 2)
    assert await act(tab, "resend", 2, channel="sms") == ["#2 · Eva: Va en camino por SMS"]
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    assert await act(tab, "confirm", 3) == ["#3 · Luz: Pagado; espera stock"]
    assert await act(tab, "assign", 3) == [
        "#3 · Luz: No se pudo: Todavía no hay stock para este pedido."
    ]
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'active'")
    assert await act(tab, "assign", 3) == ["#3 · Luz: Entregado"]


async def test_what_the_dialog_asks_for_is_checked_before_anything_is_done(tab: Tab) -> None:
    await look(tab)
    await ask(tab, "cancel", 1)
    for raw in NONSENSE:
        await tab.send(AdminOrders.run, form=raw)
        await tab.send(AdminOrders.run, form={"reason": raw})
    assert list(tab.sees(AdminOrders)["errors"]) == ["reason"]
    await ask(tab, "extend")
    await tab.send(AdminOrders.run, form={"days": "999"})
    assert list(tab.sees(AdminOrders)["errors"]) == ["days"]
    for raw in NONSENSE:
        await tab.send(AdminOrders.ask, action=raw)
        await tab.send(AdminOrders.toggle, order=raw)
    await tab.send(AdminOrders.run, form={"reason": "x"})
    await tab.send(AdminOrders.toggle, order=99)
    assert tab.sees(AdminOrders)["chosen"] == [1]
    assert await value("SELECT count(*) FROM orders WHERE status <> 'pending_payment'") == 0


async def test_a_page_or_all_that_the_filters_show_can_be_chosen(tab: Tab) -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO orders (customer_id, status, total, cost, delivery_preference,
                                   instructions, created_at)
               SELECT customer_id, 'cancelled', total, cost, delivery_preference, instructions,
                      now() - interval '1 day' FROM orders, generate_series(1, 80)""",
        )
    await look(tab)
    await tab.send(AdminOrders.toggle_page)
    assert len(tab.sees(AdminOrders)["chosen"]) == 25
    await tab.send(AdminOrders.toggle_page)
    assert tab.sees(AdminOrders)["chosen"] == []
    await tab.send(AdminOrders.choose_all)
    assert len(tab.sees(AdminOrders)["chosen"]) == 200
    await look(tab, "?tab=por-confirmar")
    await tab.send(AdminOrders.choose_all)
    assert tab.sees(AdminOrders)["chosen"] == [3, 2, 1]
    seen = await look(tab, "?por=100&tab=cancelados")
    assert len(seen["orders"]) == 100
    assert "por=100" in seen["older"]


async def test_filters_stay_in_the_address_of_every_page_and_tab(tab: Tab) -> None:
    seen = await look(tab, "?servicio=servicio-1&pago=unpaid&minimo=10&orden=total&q=ana")
    assert seen["filters"].count == 3
    assert "pago=unpaid" in seen["tabs"][1].address
    assert "orden=total" in seen["tabs"][1].address
    assert seen["q"] == "ana"


async def test_a_customer_neither_sees_nor_does_any_of_it(tab: Tab) -> None:
    del tab
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        await ana.send(AdminOrders.load)
        await ana.send(AdminOrders.toggle, order=1)
        await ana.send(AdminOrders.choose_all)
        await ana.send(AdminOrders.ask, action="confirm")
        await ana.send(AdminOrders.run, form={})
        assert ana.sees(AdminOrders) == {}
    assert await value("SELECT count(*) FROM payments") == 0
