"""The search above every page of the back office."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from domain import search
from domain.errors import Forbidden
from infra.database import reading
from state.admin.search import AdminSearch
from tests.builders import (
    as_customer,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def tab(shop: object) -> AsyncGenerator[Tab]:
    """An operator's tab."""
    del shop
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def find(tab: Tab, q: object) -> dict[str, list[str]]:
    await tab.send(AdminSearch.find, form={"q": q})
    groups = tab.sees(AdminSearch)["groups"]
    return {group.label: [hit.address for hit in group.hits] for group in groups}


async def test_an_order_a_person_and_an_account_are_found_by_what_one_has_of_them(tab: Tab) -> None:
    await make_bank()
    plan = await make_plan()
    account = await make_account(plan.service_id, login="correo-secreto@stream.mx")
    ana = await make_customer("+525512345678", name="Ana Peña")
    placed = await place_order(ana, plan)
    order, person = f"/admin/pedidos/{placed.id}", f"/admin/clientes/{ana.id}"
    assert await find(tab, "12345678") == {"Pedidos": [order], "Clientes": [person]}
    assert await find(tab, "pena") == {"Pedidos": [order], "Clientes": [person]}
    assert await find(tab, "correo-secreto@stream.mx") == {
        "Cuentas": [f"/admin/inventario/{account.id}"]
    }
    assert order in (await find(tab, f"{placed.id}"))["Pedidos"]


async def test_what_was_typed_is_in_no_state_and_no_address(tab: Tab) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, login="correo-secreto@stream.mx")
    await find(tab, "correo-secreto@stream.mx")
    assert "correo-secreto" not in str(tab.deltas) + str(tab.scripts)


async def test_nothing_found_is_said_and_nonsense_finds_nothing(tab: Tab) -> None:
    for nonsense in ("no hay tal cosa", "", None, [], "x" * 5000, "\x00", "²", "%_\\", "\ud800"):
        assert await find(tab, nonsense) == {}
    assert await find(tab, "nadie") == {}
    assert tab.sees(AdminSearch)["asked"]


async def test_a_customer_finds_nothing(tab: Tab) -> None:
    del tab
    ana = await make_customer("+525512345678", name="Ana Peña")
    async with tabs() as open_tab:
        theirs = open_tab(await sign_in_customer(ana))
        await theirs.send(AdminSearch.find, form={"q": "pena"})
        assert f"/admin/clientes/{ana.id}" not in str(theirs.deltas) + str(theirs.scripts)
    async with reading() as session:
        with pytest.raises(Forbidden):
            await search.everywhere(session, as_customer(ana), "pena")
