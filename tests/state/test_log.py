"""The owner's log in a tab: filters of the address, links, pages; nobody else's tab gets any."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain.actors import SYSTEM
from domain.records import audit
from infra.database import unit_of_work
from state.admin.log import AdminLog, LogView
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.fixtures import Shop
from tests.tabs import Tab, tabs


@pytest.fixture
async def tab(shop: Shop) -> AsyncGenerator[Tab]:
    """The tab of an owner, in a shop where sixty payments were confirmed."""
    del shop
    owner = await make_staff("owner", username="rosa")
    async with unit_of_work() as session:
        for number in range(1, 61):
            await audit(session, SYSTEM, "payment.confirm", "order", number, amount="150.00")
        await audit(session, SYSTEM, "account.status", "account", 9, before="active", after="down")
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(owner))


async def look(tab: Tab, query: str = "") -> LogView:
    tab.path = f"/admin/bitacora{query}"
    await tab.send(AdminLog.load)
    seen: dict[str, Any] = tab.sees(AdminLog)
    assert seen["notice"] == ""
    return seen["view"]


async def test_an_entry_says_what_turned_into_what_and_leads_to_its_object(tab: Tab) -> None:
    view = await look(tab, "?grupo=inventario")
    [row] = view.rows
    assert (row.did, row.who, row.object) == (
        "cambió el estado de una cuenta",
        "Cuenty",
        "Cuenta 9",
    )
    assert (row.address, row.only) == (
        "/admin/inventario/9",
        "/admin/bitacora?objeto=account&numero=9",
    )
    [line] = row.lines
    assert (line.label, line.before, line.after) == ("Estado", "Activa", "Caída")
    assert (await look(tab, "?objeto=account&numero=9")).rows[0].only == ""


async def test_pages_keep_the_filters_and_end(tab: Tab) -> None:
    view, seen = await look(tab, "?grupo=pedidos"), 0
    assert view.newer == ""
    while True:
        seen += len(view.rows)
        if not view.older:
            break
        assert "grupo=pedidos" in view.older
        view = await look(tab, view.older.removeprefix("/admin/bitacora"))
    assert seen == 60
    assert view.newer


async def test_the_form_shows_what_is_filtered_and_who_there_is(tab: Tab) -> None:
    view = await look(tab, "?persona=sistema&desde=2026-01-01&hasta=x")
    assert (view.filters.person, view.filters.since, view.filters.until) == (
        "sistema",
        "2026-01-01",
        "",
    )
    assert [one.label for one in view.people] == ["rosa", "Los clientes", "Cuenty, por sí solo"]
    assert view.filters.any
    assert not (await look(tab)).filters.any


@pytest.mark.parametrize("role", ["operator", "customer"])
async def test_nobody_else_s_tab_gets_any_of_it(tab: Tab, role: str) -> None:
    del tab
    async with tabs() as open_tab:
        other = open_tab(
            await sign_in_staff(await make_staff())
            if role == "operator"
            else await sign_in_customer(await make_customer())
        )
        other.path = "/admin/bitacora"
        await other.send(AdminLog.load)
        assert other.sees(AdminLog).get("view", LogView()).rows == ()
        assert other.went
