"""Drafts on the sales desk, event by event, and what two people at the same one get to see."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from domain import shelf
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.admin.sale import SalesDesk
from state.live import live
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
from tests.fixtures import Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

FORM = {"name": "Ana", "delivery_preference": "whatsapp"}
OpenDesk = Callable[[str], Any]


@pytest.fixture
async def desk(shop: object) -> AsyncGenerator[OpenDesk]:
    """Desks of operators by name, in a shop with two services of three free profiles each."""
    del shop
    await make_bank()
    for name in ("Netflix", "Spotify"):
        plan = await make_plan(await make_service(name=name))
        await make_account(plan.service_id, profiles=3)
    shelf.forget()
    async with tabs() as open_tab:

        async def sit_down(username: str) -> Tab:
            return open_tab(await sign_in_staff(await make_staff(username=username)))

        yield sit_down


async def go(tab: Tab, number: int = 0) -> dict[str, Any]:
    tab.path = f"/admin/vender?borrador={number}" if number else "/admin/vender"
    await tab.send(SalesDesk.load)
    return tab.sees(SalesDesk)


async def prepare(tab: Tab) -> dict[str, Any]:
    """A draft of one Netflix, as its author's desk shows it."""
    await go(tab)
    await tab.send(SalesDesk.find, form={"phone": "5512345678"})
    await tab.send(SalesDesk.change, plan_id=1, units=1)
    await tab.send(SalesDesk.keep, form=FORM)
    assert tab.went[-1] == "/admin/vender?borrador=1"
    return await go(tab, 1)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_a_draft_is_kept_found_in_its_tab_changed_and_sent(desk: OpenDesk) -> None:
    luz = await desk("luz")
    seen = await prepare(luz)
    assert seen["sold"].said.startswith("Guardamos el borrador #1.")
    assert (seen["draft"].number, seen["basket"].total) == (1, "$150.00 MXN")
    sol = await desk("sol")
    sol.path = "/admin/pedidos?tab=borradores"
    await sol.send(AdminOrders.load)
    assert [(row.number, row.status) for row in sol.sees(AdminOrders)["orders"]] == [(1, "pending")]
    seen = await go(sol, 1)
    assert (seen["buyer"].name, seen["draft"].number) == ("Ana", 1)
    assert seen["basket"].lines == ["1 × Netflix 1 mes · $150.00 MXN"]
    await sol.send(SalesDesk.change, plan_id=2, units=2)
    await sol.send(SalesDesk.sell, form={"delivery_preference": "whatsapp"})
    seen = sol.sees(SalesDesk)
    assert (seen["errors"], seen["sold"].said) == ({}, "Pedido #1. Le mandamos cómo pagar.")
    assert sol.went[-1] == "/admin/vender"
    assert (await go(sol))["sold"].number == 1  # what became of it stays to be read
    assert await value("SELECT status || ' ' || total FROM orders") == "pending_payment 450.00"


async def test_what_is_typed_stays_when_the_socket_comes_back(desk: OpenDesk) -> None:
    luz = await desk("luz")
    await prepare(luz)
    await luz.send(SalesDesk.change, plan_id=1, units=3)
    assert (await go(luz, 1))["basket"].total == "$450.00 MXN"
    assert (await go(luz))["basket"].total == ""  # another address is another sale


async def test_a_changed_draft_is_shown_as_it_is_and_not_overwritten(desk: OpenDesk) -> None:
    luz, sol = await desk("luz"), await desk("sol")
    await prepare(luz)
    await go(sol, 1)
    await sol.send(SalesDesk.change, plan_id=1, units=2)
    await sol.send(SalesDesk.keep, form=FORM)
    await luz.send(SalesDesk.change, plan_id=2, units=1)
    await luz.send(SalesDesk.keep, form=FORM)
    seen = luz.sees(SalesDesk)
    assert seen["notice"].startswith("Alguien cambió este borrador")
    assert seen["basket"].lines == ["2 × Netflix 1 mes · $300.00 MXN"]
    await luz.send(SalesDesk.change, plan_id=2, units=1)
    await luz.send(SalesDesk.sell, form=FORM)
    assert luz.sees(SalesDesk)["sold"].number == 1
    assert await value("SELECT total::text FROM orders") == "450.00"


@pytest.mark.parametrize("late", [SalesDesk.sell, SalesDesk.keep, SalesDesk.give_up])
@pytest.mark.parametrize(
    ("first", "said"),
    [
        (SalesDesk.sell, "ya está pendiente de pago. Lo último: Pedido realizado (sol, hoy, "),
        (SalesDesk.give_up, "ya está cancelado. Lo último: Pedido cancelado: Borrador descartado"),
    ],
)
async def test_who_comes_too_late_sees_what_happened_and_who_did_it(
    desk: OpenDesk, first: Any, late: Any, said: str
) -> None:
    luz, sol = await desk("luz"), await desk("sol")
    await prepare(luz)
    await go(sol, 1)
    for tab, handler in ((sol, first), (luz, late)):
        payload = {} if handler == SalesDesk.give_up else {"form": FORM}
        await tab.send(handler, **payload)
    seen = luz.sees(SalesDesk)
    assert said in seen["sold"].said
    assert (seen["sold"].tone, seen["draft"].number, seen["notice"]) == ("warning", 0, "")
    await luz.send(SalesDesk.begin)
    assert said in (await go(luz, 1))["sold"].said  # its address still leads to what became of it
    assert await value("SELECT count(*) FROM orders") == 1


async def test_an_open_draft_follows_what_others_do_with_it(shop: Shop, desk: OpenDesk) -> None:
    luz, sol = await desk("luz"), await desk("sol")
    await prepare(luz)
    await go(sol, 1)
    async with delivering(shop, live, luz) as handed_out:
        await sol.send(SalesDesk.give_up)
        await handed_out("orders")
        assert "Borrador descartado" in luz.sees(SalesDesk)["sold"].said


async def test_what_is_no_longer_on_sale_is_left_out_and_said(desk: OpenDesk) -> None:
    luz = await desk("luz")
    await prepare(luz)
    await luz.send(SalesDesk.change, plan_id=2, units=1)
    await luz.send(SalesDesk.keep, form=FORM)
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET active = false WHERE id = 1")
    shelf.forget()
    sol = await desk("sol")
    seen = await go(sol, 1)
    assert seen["draft"].gone == "Ya no está a la venta: Netflix 1 mes."
    assert seen["basket"].total == "$150.00 MXN"
    await sol.send(SalesDesk.sell, form=FORM)
    assert sol.sees(SalesDesk)["sold"].number == 1


@pytest.mark.parametrize("number", ["99", "²", "-1", "9" * 40, "%00"])
async def test_what_is_no_draft_is_said_on_an_empty_desk(desk: OpenDesk, number: str) -> None:
    luz = await desk("luz")
    luz.path = f"/admin/vender?borrador={number}"
    await luz.send(SalesDesk.load)
    seen = luz.sees(SalesDesk)
    assert (seen["loaded"], seen["basket"].total) == (True, "")
    assert bool(seen["notice"]) == (number == "99")


async def test_the_order_s_page_leads_to_the_draft_and_asks_for_no_payment(desk: OpenDesk) -> None:
    luz = await desk("luz")
    await prepare(luz)
    luz.path = "/admin/pedidos/1"
    await luz.send(AdminOrder.load)
    order = luz.sees(AdminOrder)["order"]
    assert (order.status, order.awaits_payment, order.missing) == ("pending", False, "")


async def test_a_customer_prepares_nothing(desk: OpenDesk) -> None:
    await prepare(await desk("luz"))
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        for handler, payload in ((SalesDesk.keep, {"form": FORM}), (SalesDesk.give_up, {})):
            await ana.send(handler, **payload)
        assert ana.sees(SalesDesk) == {}
    assert await value("SELECT status FROM orders") == "pending"
