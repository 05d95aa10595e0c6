"""Customers in the back office: found, changed, merged and erased, by those who may."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain import customer_pages, tickets
from domain.sql import scalar
from infra.database import reading, unit_of_work
from state.admin.customer import AdminCustomer
from state.admin.customers import AdminCustomers
from state.storefront.my_data import MyData
from tests.builders import (
    as_customer,
    make_customer,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Calendar
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**5]


@pytest.fixture
async def tab(shop: object) -> AsyncGenerator[Tab]:
    """An owner's tab."""
    del shop
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff("owner")))


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def open_page(tab: Tab, customer: int | None) -> dict[str, Any]:
    tab.path = f"/admin/clientes/{customer}"
    await tab.send(AdminCustomer.load)
    return tab.sees(AdminCustomer)


async def names(tab: Tab, query: str) -> list[str]:
    tab.path = f"/admin/clientes{query}"
    await tab.send(AdminCustomers.load)
    return [row.name for row in tab.sees(AdminCustomers)["shown"].rows]


async def test_the_list_is_searched_and_paged_by_its_address(tab: Tab) -> None:
    for number in range(30):
        await make_customer(name=f"Cliente {number}")
    first = await names(tab, "")
    assert (len(first), first[0]) == (25, "Cliente 29")
    older = tab.sees(AdminCustomers)["shown"].older
    assert len(await names(tab, older.removeprefix("/admin/clientes"))) == 5
    assert await names(tab, "?q=cliente+7") == ["Cliente 7"]
    for strange in ("?q=%00", "?q=%ED%A0%80", "?tab=nada&before=x", "?q='"):
        await names(tab, strange)
        assert tab.sees(AdminCustomers)["notice"] == ""


@pytest.mark.parametrize("few", [1, 2000])
async def test_words_of_many_and_words_of_few_find_the_same(
    tab: Tab, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_pages, "FEW", few)
    for name in ("Ana Ruiz", "Bea Ruiz", "Ana Sol"):
        await make_customer(name=name)
    assert await names(tab, "?q=ana") == ["Ana Sol", "Ana Ruiz"]
    assert await names(tab, "?q=ruiz+be") == ["Bea Ruiz"]
    assert await names(tab, "?q=nadie") == []
    assert await names(tab, "?q=ana&tab=bloqueados") == []


async def test_a_customer_s_page_shows_their_tickets_and_which_wait_too_long(
    calendar: Calendar, tab: Tab
) -> None:
    ana, bea = await make_customer(name="Ana"), await make_customer(name="Bea")
    for customer, subject in ((ana, "No abre"), (bea, "Otra cosa"), (ana, "Mi factura")):
        async with unit_of_work() as session:
            await tickets.open_ticket(
                session, as_customer(customer), subject=subject, body="Desde ayer."
            )
        calendar.go(hours=3)
    shown = (await open_page(tab, ana.id))["customer"].tickets
    assert [(one.id, one.subject, one.state, one.age, one.late) for one in shown] == [
        (3, "Mi factura", "Abierto", "Espera hace 3 h", False),
        (1, "No abre", "Abierto", "Espera hace 9 h", True),
    ]


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_changes(tab: Tab) -> None:
    ana = await make_customer("+525512345678", name="Ana")
    await open_page(tab, ana.id)
    form = {"name": "Otra", "email": "no es", "preference": "web", "notes": ""}
    await tab.send(AdminCustomer.save, form=form)
    assert list(tab.sees(AdminCustomer)["errors"]) == ["email"]
    await tab.send(AdminCustomer.change_phone, form={"phone": "5512345678"})
    assert tab.sees(AdminCustomer)["errors"] == {"phone": "Es el celular que ya tiene."}
    await tab.send(AdminCustomer.erase, form={"typed": "0000"})
    assert list(tab.sees(AdminCustomer)["errors"]) == ["typed"]
    assert await value("SELECT name FROM customers") == "Ana"
    await tab.send(AdminCustomer.save, form=form | {"email": "otra@correo.mx"})
    assert tab.sees(AdminCustomer)["customer"].title == "Otra"


async def test_a_duplicate_is_shown_then_merged_and_its_page_leads_to_who_stays(tab: Tab) -> None:
    ana, other = await make_customer("+525512345678"), await make_customer("+525587654321")
    await open_page(tab, ana.id)
    await tab.send(AdminCustomer.preview, form={"duplicate": "5500000000", "keep": "this"})
    assert tab.sees(AdminCustomer)["errors"] == {"duplicate": "Ningún cliente tiene ese celular."}
    await tab.send(AdminCustomer.preview, form={"duplicate": "55 8765 4321", "keep": "this"})
    assert tab.sees(AdminCustomer)["merging"].goes_id == other.id
    await tab.send(AdminCustomer.merge)
    assert tab.sees(AdminCustomer)["said"] == "Ahora son un solo cliente."
    await open_page(tab, other.id)
    assert tab.went[-1] == f"/admin/clientes/{ana.id}"


async def test_an_operator_neither_merges_nor_erases() -> None:
    ana = await make_customer("+525512345678")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        await open_page(tab, ana.id)
        for handler, payload in (
            (AdminCustomer.preview, {"form": {"duplicate": "5587654321", "keep": "this"}}),
            (AdminCustomer.merge, {}),
            (AdminCustomer.erase, {"form": {"typed": "5678"}}),
        ):
            await tab.send(handler, **payload)
            assert tab.went[-1] == "/admin"
    assert await value("SELECT erased_at IS NULL FROM customers") is True


async def test_a_customer_asks_to_be_erased_and_the_owner_carries_it_out(tab: Tab) -> None:
    ana = await make_customer("+525512345678", name="Ana")
    async with tabs() as open_tab:
        own = open_tab(await sign_in_customer(ana))
        await own.send(MyData.ask)
        assert own.sees(MyData)["asked"].startswith("hoy")
        await own.send(MyData.withdraw)
        assert own.sees(MyData)["asked"] == ""
        await own.send(MyData.ask)
    assert await names(tab, "?tab=por-borrar") == ["Ana"]
    await open_page(tab, ana.id)
    await tab.send(AdminCustomer.erase, form={"typed": "5678"})
    assert tab.sees(AdminCustomer)["customer"].title == "Cliente borrado"
    assert await names(tab, "?tab=por-borrar") == []


async def test_nonsense_does_nothing(tab: Tab) -> None:
    ana = await make_customer("+525512345678", name="Ana")
    await open_page(tab, ana.id)
    for raw in NONSENSE:
        for handler, fields in (
            (AdminCustomer.save, ("name", "email", "preference", "notes")),
            (AdminCustomer.change_phone, ("phone",)),
            (AdminCustomer.preview, ("duplicate", "keep")),
            (AdminCustomer.erase, ("typed", "end")),
        ):
            await tab.send(handler, form=raw)
            await tab.send(handler, form=dict.fromkeys(fields, raw))
    await tab.send(AdminCustomer.merge)
    assert await value("SELECT name || phone FROM customers") == "Ana+525512345678"
    assert (await open_page(tab, 999))["phase"] == "missing"
