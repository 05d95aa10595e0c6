"""What an operator does, event by event, and what they never get to see."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain.orders import OrderPlaced
from domain.sql import run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from state.admin.home import AdminHome
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.admin.sign_in import AdminSignIn
from tests.builders import (
    PASSWORD,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def tab(shop: object) -> AsyncGenerator[Tab]:
    """An operator's tab."""
    del shop
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    """It costs the shop 123.45 and is sold for 150.00."""
    del shop
    await make_bank(is_sample=True)
    made = await make_plan(cost="123.45", margin="26.55")
    await make_account(made.service_id, profiles=5, cost=Decimal("987.65"))
    return made


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def open_order(tab: Tab, placed: OrderPlaced) -> None:
    tab.path = f"/admin/pedidos/{placed.id}"
    await tab.send(AdminOrder.load)


async def test_a_refused_sign_in_says_the_same_whatever_was_wrong() -> None:
    await make_staff(username="olga")
    async with tabs() as open_tab:
        guest = open_tab()
        for username, password in (("olga", "no es esta"), ("nadie", PASSWORD)):
            await guest.send(AdminSignIn.sign_in, form={"username": username, "password": password})
            notice = guest.sees(AdminSignIn)["notice"]
            assert notice == "El usuario o la contraseña no son correctos."
        await guest.send(AdminSignIn.sign_in, form={"username": "", "password": "x"})
        assert list(guest.sees(AdminSignIn)["errors"]) == ["username"]
        for nonsense in NONSENSE:
            await guest.send(AdminSignIn.sign_in, form=nonsense)
            await guest.send(AdminSignIn.sign_in, form={"username": "olga", "password": nonsense})
            await guest.send(AdminSignIn.sign_in, form={"username": nonsense, "password": "x"})
        assert guest.scripts == []
        assert PASSWORD not in str(guest.deltas)


async def test_the_right_password_posts_a_ticket_and_never_leads_off_the_admin() -> None:
    await make_staff(username="olga")
    async with tabs() as open_tab:
        guest = open_tab()
        form = {"username": "olga", "password": PASSWORD}
        for wanted, following in (("/admin/pedidos", '"/admin/pedidos"'), ("//x.mx", '"/admin"')):
            guest.path = f"/admin/ingresar?next={wanted}"
            await guest.send(AdminSignIn.sign_in, form=form)
            assert "/api/auth/session" in guest.scripts[-1]
            assert following in guest.scripts[-1].replace("\\", "")
        assert PASSWORD not in str(guest.deltas) + str(guest.scripts)


async def test_the_queues_say_what_waits(tab: Tab, plan: models.Plan) -> None:
    await place_order(await make_customer(), plan)
    paid = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(
            session,
            "INSERT INTO alerts (kind) VALUES ('code_budget'), ('beyond_paid_until:1'), ('otro')",
        )
        await run(
            session,
            """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
                   reserved_until = NULL""",
        )
    await pay(paid.id, paid.total)
    await tab.send(AdminHome.load)
    seen = tab.sees(AdminHome)
    work = seen["work"]
    assert (work.to_confirm, work.lapsing, work.waiting_stock) == ("1", "0", "1")
    assert work.sample_bank is True
    assert len(seen["alerts"]) == 4
    assert seen["alerts"][3].said == "Hay pedidos pagados que esperan stock."
    late = seen["alerts"][1]
    assert late.said == "1 cuenta está vendida más allá de lo que pagaste al proveedor."
    assert (late.address, late.label) == ("/admin/inventario/1", "Ver la cuenta")


async def shown(tab: Tab, query: str = "") -> list[int]:
    tab.path = f"/admin/pedidos{query}"
    await tab.send(AdminOrders.load)
    assert tab.sees(AdminOrders)["notice"] == ""
    return [row.number for row in tab.sees(AdminOrders)["orders"]]


async def test_orders_are_found_by_tab_number_and_end_of_the_phone(
    tab: Tab, plan: models.Plan
) -> None:
    one = await place_order(await make_customer("+525511112222"), plan)
    two = await place_order(await make_customer("+525533334444"), plan)
    await pay(two.id, two.total)
    assert await shown(tab) == [two.id, one.id]
    assert await shown(tab, "?tab=por-confirmar") == [one.id]
    assert await shown(tab, "?tab=entregados") == [two.id]
    assert await shown(tab, "?tab=nada") == [two.id, one.id]
    assert await shown(tab, f"?q={one.id}") == [one.id]
    assert await shown(tab, "?q=55 3333 4444") == [two.id]
    assert await shown(tab, "?q=2222&tab=entregados") == []
    assert await shown(tab, "?q=ana") == [two.id, one.id]
    assert await shown(tab, "?q=eva") == []
    for strange in ("²", "1²", "٣", "%00", "%ED%A0%80", "9" * 40, "%25", "x" * 5000):
        await shown(tab, f"?q={strange}&before={strange}")


async def test_the_list_comes_a_page_at_a_time_and_keeps_its_filters(
    tab: Tab, plan: models.Plan
) -> None:
    first = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO orders (customer_id, status, total, cost, delivery_preference,
                                   instructions)
               SELECT customer_id, 'cancelled', total, cost, delivery_preference, instructions
               FROM orders, generate_series(1, 27)""",
        )
    assert len(await shown(tab, "?tab=cancelados")) == 25
    older = tab.sees(AdminOrders)["older"]
    assert "tab=cancelados" in older
    rest = await shown(tab, older.removeprefix("/admin/pedidos"))
    assert len(rest) == 2
    assert first.id not in rest
    assert tab.sees(AdminOrders)["newer"] == "/admin/pedidos?tab=cancelados"


async def test_confirming_the_whole_payment_delivers(tab: Tab, plan: models.Plan) -> None:
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await open_order(tab, placed)
    form = {"amount": "$150.00", "paid_on": clock.today().isoformat(), "reference": ""}
    await tab.send(AdminOrder.confirm, form=form)
    seen = tab.sees(AdminOrder)
    assert seen["order"].customer_id == ana.id
    assert (seen["order"].status, seen["tone"]) == ("delivered", "success")
    assert seen["said"] == "Pago confirmado. Los accesos ya se entregaron."
    await tab.send(AdminOrder.confirm, form={**form, "reference": ""})
    assert list(tab.sees(AdminOrder)["errors"]) == ["reference"], "the order's own is taken"
    await tab.send(AdminOrder.cancel, form={"reason": "tarde"})
    assert "entregado" in tab.sees(AdminOrder)["notice"]


async def test_a_part_of_the_payment_says_what_is_missing(tab: Tab, plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await open_order(tab, placed)
    today = clock.today().isoformat()
    await tab.send(
        AdminOrder.confirm, form={"amount": "100", "paid_on": today, "reference": "ABONO"}
    )
    seen = tab.sees(AdminOrder)
    assert seen["said"] == "Pago parcial registrado. Faltan $50.00 MXN."
    assert (seen["order"].status, seen["order"].missing_plain) == ("pending_payment", "50.00")
    await tab.send(AdminOrder.confirm, form={"amount": "50", "paid_on": today})
    assert tab.sees(AdminOrder)["order"].status == "delivered"


async def test_a_wrong_payment_is_refused_beside_its_field(tab: Tab, plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await open_order(tab, placed)
    good = {"amount": "150", "paid_on": clock.today().isoformat()}
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    wrong: list[tuple[str, Any]] = [
        *(("amount", v) for v in ("0", "-1", "1.005", "mil", "1e3", float("inf"), *NONSENSE)),
        *(("paid_on", v) for v in (tomorrow, "2026-02-30", "hoy", *NONSENSE)),
        *(("reference", v) for v in ("x" * 41, "1\x00", [], "\ud800", "x" * 10**6)),
        *(("tracking_key", v) for v in ("x" * 31, "1\x00", {}, "\ud800")),
        *(("bank", v) for v in ("x" * 61, "1\x00", 5)),
    ]
    for name, raw in wrong:
        await tab.send(AdminOrder.confirm, form={**good, name: raw})
        assert list(tab.sees(AdminOrder)["errors"]) == [name], repr(raw)[:50]
    for nonsense in NONSENSE:
        await tab.send(AdminOrder.confirm, form=nonsense)
        assert "amount" in tab.sees(AdminOrder)["errors"]
    assert await value("SELECT count(*) FROM payments") == 0


async def test_cancelling_asks_for_a_reason_and_frees_the_stock(
    tab: Tab, plan: models.Plan
) -> None:
    placed = await place_order(await make_customer(), plan, quantity=2)
    await open_order(tab, placed)
    for nonsense in NONSENSE:
        await tab.send(AdminOrder.cancel, form=nonsense)
        assert list(tab.sees(AdminOrder)["errors"]) == ["reason"]
    await tab.send(AdminOrder.cancel, form={"reason": "Lo pidió por teléfono"})
    seen = tab.sees(AdminOrder)
    assert (seen["order"].status, seen["tone"]) == ("cancelled", "success")
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id IS NOT NULL") == 0


async def test_an_operator_gets_no_cost_and_no_credential(tab: Tab, plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await tab.send(AdminHome.load)
    await shown(tab)
    await open_order(tab, placed)
    await tab.send(AdminOrder.confirm, form={"amount": "150", "paid_on": clock.today().isoformat()})
    await shown(tab)
    everything = str(tab.deltas) + str(tab.scripts)
    assert "150.00" in everything
    for secret in ("123.45", "26.55", "987.65", "clave-de-la-cuenta", "@correo.mx"):
        assert secret not in everything
    # Pages that nobody opened are empty but have a field of that name.
    opened = {page.get_full_name() for page in (AdminHome, AdminOrders, AdminOrder)}
    shown_to_them = [{k: v for k, v in delta.items() if k in opened} for delta in tab.deltas]
    assert "150.00" in str(shown_to_them)
    assert "cost" not in str(shown_to_them)
