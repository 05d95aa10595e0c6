"""The screen of availability, the alerts it raises, and «Avísame» on the page of a service."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

import models
from domain import restocks, shelf
from domain.alerts import OpenAlert
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from state.admin.alerts import alert_views
from state.admin.home import AdminHome
from state.admin.stock import AdminStock, PlanRow
from state.storefront.service import ServicePage
from tests.builders import (
    as_customer,
    make_account,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def plan() -> models.Plan:
    shelf.forget()
    made = await make_plan(await make_service(name="Cine", slug="cine"))
    await make_account(made.service_id, profiles=2)
    return made


@pytest.fixture
async def boss() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff("owner")))


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def sell_out() -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET status = 'disabled'")
    shelf.forget()


def the_plan(tab: Tab) -> PlanRow:
    return tab.sees(AdminStock)["services"][0].plans[0]


async def test_a_threshold_is_written_in_place_and_its_alert_is_on_the_summary(
    boss: Tab, plan: models.Plan
) -> None:
    await boss.send(AdminStock.load)
    assert (the_plan(boss).left, the_plan(boss).tone) == ("2 disponibles", "success")
    await boss.send(AdminStock.limit, plan_id=plan.id, typed="2")
    assert (the_plan(boss).tone, the_plan(boss).threshold) == ("warning", 2)
    assert boss.sees(AdminStock)["said"] == "Avisaremos cuando queden 2 o menos."
    await boss.send(AdminHome.load)
    (alert,) = boss.sees(AdminHome)["alerts"]
    assert alert.said == "Queda poco: Cine 1 mes (2)."
    assert (alert.grave, alert.address) == (False, "/admin/inventario/disponibilidad")
    await boss.send(AdminStock.limit, plan_id=plan.id, typed="")
    assert boss.sees(AdminStock)["said"] == "Ya no avisaremos."
    await boss.send(AdminHome.load)
    assert boss.sees(AdminHome)["alerts"] == []


@pytest.mark.parametrize("typed", ["100", "-1", "1.5", "muchos", None, [], {"a": 1}, True])
async def test_a_threshold_that_is_none_is_refused_in_words(
    boss: Tab, plan: models.Plan, typed: object
) -> None:
    await boss.send(AdminStock.limit, plan_id=plan.id, typed=typed)
    said = boss.sees(AdminStock).get("notice", "")
    assert said == ("" if not typed else "Escribe un número de 0 a 99.")
    assert await rows("SELECT low_stock FROM plans") == [(0,)]


async def test_the_owner_switches_the_rotation_and_an_operator_cannot(
    boss: Tab, plan: models.Plan
) -> None:
    await boss.send(AdminStock.load)
    assert boss.sees(AdminStock)["is_owner"] is True
    await boss.send(AdminStock.rotate, service_id=plan.service_id, wanted=False)
    assert boss.sees(AdminStock)["services"][0].rotates is False
    async with tabs() as open_tab:
        operator = open_tab(await sign_in_staff(await make_staff()))
        await operator.send(AdminStock.load)
        assert operator.sees(AdminStock)["is_owner"] is False
        await operator.send(AdminStock.rotate, service_id=plan.service_id, wanted=True)
        assert operator.went == ["/admin"]
    assert await rows("SELECT rotate_before_resale FROM services") == [(False,)]


async def test_a_customer_asks_undoes_and_sees_it_again_later(plan: models.Plan) -> None:
    await sell_out()
    ana = await make_customer(delivery_preference="email", email="ana@correo.mx")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/servicio/cine"
        await tab.send(ServicePage.load)
        assert tab.sees(ServicePage)["will_tell"] == "Te avisaremos por correo"
        await tab.send(ServicePage.ask, plan_id=str(plan.id))
        assert [p.asked for p in tab.sees(ServicePage)["plans"]] == [True]
        await tab.send(ServicePage.load)
        assert [p.asked for p in tab.sees(ServicePage)["plans"]] == [True]
        async with reading() as session:
            assert await restocks.open_for(session, as_customer(ana)) == {plan.id}
        await tab.send(ServicePage.forget, plan_id=str(plan.id))
        assert [p.asked for p in tab.sees(ServicePage)["plans"]] == [False]
    assert await rows("SELECT * FROM restock_requests") == []


async def test_who_asks_for_what_just_came_back_is_told_to_buy_it(plan: models.Plan) -> None:
    await sell_out()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        tab.path = "/servicio/cine"
        await tab.send(ServicePage.load)
        await make_account(plan.service_id, profiles=1)
        shelf.forget()
        await tab.send(ServicePage.ask, plan_id=str(plan.id))
        seen = tab.sees(ServicePage)
        assert seen["notice"] == "Este plan ya está disponible: agrégalo a tu carrito."
        assert [(p.available, p.asked) for p in seen["plans"]] == [(1, False)]


async def test_a_guest_who_asks_is_led_to_sign_in_and_back(plan: models.Plan) -> None:
    await sell_out()
    async with tabs() as open_tab:
        guest = open_tab()
        guest.path = "/servicio/cine"
        await guest.send(ServicePage.load)
        await guest.send(ServicePage.ask, plan_id=str(plan.id))
        assert guest.went == ["/ingresar?next=%2Fservicio%2Fcine"]
    assert await rows("SELECT * FROM restock_requests") == []


def test_alerts_of_one_kind_are_one_sentence() -> None:
    low = [OpenAlert(f"low_stock:{n}", {"plan": f"Cine {n}", "units": n}) for n in range(5)]
    beyond = [OpenAlert(f"beyond_paid_until:{n}", {}) for n in range(2)]
    said = [
        view.said for view in alert_views([*low, OpenAlert("signin_paused", {}), *beyond, *low[:1]])
    ]
    assert said[0] == "Queda poco: Cine 0 (agotado), Cine 1 (1), Cine 2 (2) y 3 planes más."
    assert said[1].startswith("Pausamos el acceso")
    assert said[2] == "2 cuentas están vendidas más allá de lo que pagaste al proveedor."
    assert [view.said for view in alert_views([OpenAlert("otro:1", {})])] == [
        "Aviso del sistema: otro"
    ]
