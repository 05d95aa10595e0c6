"""The list of accounts: filters in the address, a search that is not, and it follows the stock."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

import models
from domain import inventory
from domain.actors import SYSTEM
from infra.clock import today
from infra.database import unit_of_work
from state.admin.inventory import PAGE, Inventory
from state.live import live
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def cinema() -> models.Service:
    return await make_service(name="Cine", slug="cine")


@pytest.fixture
async def tab() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def look(tab: Tab, query: str = "") -> dict[str, Any]:
    tab.path = f"/admin/inventario{query}"
    await tab.send(Inventory.load)
    assert tab.sees(Inventory)["notice"] == ""
    return tab.sees(Inventory)


async def set_status(account_id: int | None, status: str) -> None:
    assert account_id is not None
    async with unit_of_work() as session:
        await inventory.set_status(
            session, SYSTEM, account_id=account_id, status=status, reason="prueba"
        )


async def test_each_account_says_what_is_left_of_it_and_what_it_needs(
    tab: Tab, cinema: models.Service
) -> None:
    await make_bank()
    plan = await make_plan(cinema)
    sold = await make_account(
        plan.service_id, plan_id=plan.id, paid_until=today() + timedelta(days=3)
    )
    order = await place_order(await make_customer(), plan, quantity=2)
    await pay(order.id, order.total)
    late = await make_account(plan.service_id, profiles=1, paid_until=today() - timedelta(days=1))
    await set_status(late.id, "down")
    second, first = (await look(tab))["rows"]
    assert (first.id, first.service, first.plan) == (sold.id, "Cine", "Solo 1 mes")
    assert (first.places, first.held, first.to_rotate) == ("3 de 5", 2, 0)
    assert (first.paid_note, first.paid_tone) == ("Vence en 3 días", "warning")
    assert (second.plan, second.status, second.tone) == ("Compartida", "Caída", "error")
    assert (second.paid_note, second.places, second.unsold) == ("Venció ayer", "1 de 1", True)


async def test_tabs_count_and_narrow_and_the_address_keeps_the_service(
    tab: Tab, cinema: models.Service
) -> None:
    music = await make_service(name="Música")
    assert cinema.id
    assert music.id
    paused = await make_account(cinema.id)
    await set_status(paused.id, "maintenance")
    await make_account(cinema.id)
    await make_account(music.id)
    seen = await look(tab)
    assert [(one.label, one.count) for one in seen["tabs"]] == [
        ("Todas", "3"),
        ("Activas", "2"),
        ("En mantenimiento", "1"),
        ("Caídas", ""),
        ("Retiradas", ""),
    ]
    seen = await look(tab, f"?estado=mantenimiento&servicio={cinema.id}")
    assert [row.id for row in seen["rows"]] == [paused.id]
    assert [one.count for one in seen["tabs"]] == ["2", "1", "1", "", ""]
    assert seen["tabs"][1].address == f"/admin/inventario?estado=activas&servicio={cinema.id}"
    assert seen["service"] == str(cinema.id)


@pytest.mark.parametrize("query", ["?estado=rotas", "?servicio=²", "?servicio=-1", "?before=x"])
async def test_a_mangled_address_shows_everything(
    tab: Tab, cinema: models.Service, query: str
) -> None:
    assert cinema.id
    await make_account(cinema.id)
    assert len((await look(tab, query))["rows"]) == 1


async def test_a_long_list_goes_on_and_comes_back(tab: Tab, cinema: models.Service) -> None:
    assert cinema.id
    for _ in range(PAGE + 2):
        await make_account(cinema.id, profiles=1)
    first = await look(tab)
    shown = [row.id for row in first["rows"]]
    assert (len(shown), first["newer"]) == (PAGE, "")
    rest = await look(tab, first["older"].removeprefix("/admin/inventario"))
    assert [row.id for row in rest["rows"]] == [shown[-1] - 1, shown[-1] - 2]
    assert (rest["newer"], rest["older"]) == ("/admin/inventario", "")


async def test_a_login_is_found_exactly_and_kept_nowhere(tab: Tab, cinema: models.Service) -> None:
    assert cinema.id
    wanted = await make_account(cinema.id, login="Luz@Correo.mx")
    await make_account(cinema.id, login="otra@correo.mx")
    await look(tab)
    for typed in (" luz@correo.MX ", f"#{wanted.id}", str(wanted.id)):
        await tab.send(Inventory.search, form={"q": typed})
        assert [row.id for row in tab.sees(Inventory)["rows"]] == [wanted.id]
        assert tab.sees(Inventory)["found"] is True
    await tab.send(Inventory.search, form={"q": "luz@correo"})
    assert tab.sees(Inventory)["rows"] == []
    assert "luz@" not in str(tab.deltas).casefold()
    assert tab.went == []
    await tab.send(Inventory.search, form={"q": " "})
    assert len(tab.sees(Inventory)["rows"]) == 2
    assert tab.sees(Inventory)["found"] is False


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_nonsense_finds_nothing_and_breaks_nothing(tab: Tab, nonsense: Any) -> None:
    await tab.send(Inventory.search, form={"q": nonsense})
    await tab.send(Inventory.search, form=nonsense)
    assert tab.sees(Inventory).get("rows", []) == []


async def test_an_open_list_follows_what_comes_in_and_what_changes(
    shop: Shop, tab: Tab, cinema: models.Service
) -> None:
    assert cinema.id
    assert (await look(tab))["rows"] == []
    async with delivering(shop, live, tab) as handed_out:
        account = await make_account(cinema.id)
        await handed_out("inventory")
        assert [row.status for row in tab.sees(Inventory)["rows"]] == ["Activa"]
        await set_status(account.id, "maintenance")
        await handed_out("inventory")
        assert [row.status for row in tab.sees(Inventory)["rows"]] == ["En mantenimiento"]
        await tab.send(Inventory.search, form={"q": "nadie@correo.mx"})
        await set_status(account.id, "active")
        await handed_out("inventory")
        assert tab.sees(Inventory)["rows"] == []  # what was found stays as it was found


async def test_a_customer_is_shown_nothing_of_it(cinema: models.Service) -> None:
    assert cinema.id
    await make_account(cinema.id)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await tab.send(Inventory.load)
        await tab.send(Inventory.search, form={"q": "1"})
        assert tab.sees(Inventory).get("rows", []) == []
