"""An account is down: its holders are moved to other stock, each once; what is short is said."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain import claims, replacements
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from models import Plan
from state.admin.account import AccountPage
from state.admin.account_holders import AccountHolders
from tests.builders import (
    as_customer,
    as_staff,
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
from tests.fixtures import Calendar
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("calendar")

NO_STOCK = "No se pudo: No hay stock libre para dar otro acceso de este servicio."
MOVED = "Cambiado: ya puede ver su acceso nuevo"


@pytest.fixture
async def plan(calendar: Calendar) -> Plan:
    """Ana, Eva and Luz bought in this order, a day apart; Luz, then Ana reported it."""
    made = await make_plan(await make_service(max_profiles=3))
    await make_account(made.service_id, profiles=3)
    await make_bank()
    people = []
    for name in ("Ana", "Eva", "Luz"):
        people.append(await make_customer(name=name))
        order = await place_order(people[-1], made)
        await pay(order.id, order.total)
        calendar.go(days=1)
    for number in (3, 1):
        async with unit_of_work() as session:
            await claims.report(
                session,
                as_customer(people[number - 1]),
                assignment_id=number,
                kind="account_down",
            )
    return made


@pytest.fixture
async def desks(plan: Plan) -> AsyncGenerator[tuple[Tab, Tab]]:
    """Two operators look at the account."""
    del plan
    async with tabs() as open_tab:
        one, other = [open_tab(await sign_in_staff(await make_staff())) for _ in range(2)]
        await look(one)
        await look(other)
        yield one, other


@pytest.fixture
def tab(desks: tuple[Tab, Tab]) -> Tab:
    return desks[0]


async def look(tab: Tab, account: object = 1) -> None:
    tab.path = f"/admin/inventario/{account}"
    for handler in (AccountPage.load, AccountHolders.load):
        await tab.send(handler)


def names(tab: Tab) -> list[str]:
    return [one.name for one in tab.sees(AccountHolders)["holders"]]


def said(tab: Tab) -> list[tuple[str, str]]:
    return [(one.title.partition(" ")[0], one.said) for one in tab.sees(AccountHolders)["results"]]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def where() -> list[int]:
    """The account of each subscription."""
    async with reading() as session:
        found = await fetch(
            session,
            """SELECT p.account_id FROM assignments a JOIN profiles p ON p.id = a.profile_id
               ORDER BY a.id""",
        )
    return [row.account_id for row in found]


async def test_holders_stand_in_the_order_in_which_scarce_stock_is_given(tab: Tab) -> None:
    seen = tab.sees(AccountHolders)["holders"]
    assert [(one.name, one.reported, one.until) for one in seen] == [
        ("Luz", True, "Hasta el 17 feb 2026"),
        ("Ana", True, "Hasta el 15 feb 2026"),
        ("Eva", False, "Hasta el 16 feb 2026"),
    ]


async def test_all_are_moved_one_by_one_and_what_finds_no_stock_stays_until_there_is(
    tab: Tab, plan: Plan
) -> None:
    await make_account(plan.service_id, profiles=2)
    await tab.send(AccountHolders.swap_all)
    assert said(tab) == [("Luz", MOVED), ("Ana", MOVED), ("Eva", NO_STOCK)]
    assert [one.order for one in tab.sees(AccountHolders)["results"]] == [3, 1, 0]
    assert (names(tab), await where()) == (["Eva"], [2, 1, 2])
    assert tab.sees(AccountPage)["account"].will_be_told == 1
    progress = [
        delta[AccountHolders.get_full_name()].get("progress_rx_state_")
        for delta in tab.deltas
        if AccountHolders.get_full_name() in delta
    ]
    assert [one for one in progress if one] == ["1 de 3", "2 de 3", "3 de 3"]
    assert tab.sees(AccountHolders)["running"] is False

    await make_account(plan.service_id, profiles=1)
    await tab.send(AccountHolders.swap_all)
    assert (said(tab), names(tab), await where()) == ([("Eva", MOVED)], [], [2, 3, 2])
    await tab.send(AccountHolders.swap_all)
    assert tab.sees(AccountHolders)["notice"] == "Nadie tiene ya esta cuenta."
    assert await value("SELECT count(*) FROM replacements") == 3
    assert await value("SELECT count(*) FROM claims WHERE status = 'open'") == 0


async def test_two_operators_who_move_them_at_once_move_each_once(
    desks: tuple[Tab, Tab], plan: Plan
) -> None:
    tab, other = desks
    await make_account(plan.service_id, profiles=3)
    await make_account(plan.service_id, profiles=3)
    await other.send(AccountHolders.ask, holder=2)
    await tab.send(AccountHolders.swap_all)
    await other.send(AccountHolders.swap)
    assert said(other) == [("Eva", "No se pudo: Esta suscripción ya cambió de cuenta.")]
    assert names(other) == []
    assert await value("SELECT count(*) FROM replacements") == 3
    async with unit_of_work() as session:  # the control: a wish that names no account moves again
        await replacements.replace(session, as_staff(await make_staff()), assignment_id=2)
    assert await value("SELECT count(*) FROM replacements") == 4


async def test_one_holder_is_moved_after_being_asked_about(tab: Tab, plan: Plan) -> None:
    await make_account(plan.service_id, profiles=3)
    await tab.send(AccountHolders.ask, holder=2)
    assert tab.sees(AccountHolders)["chosen"].name == "Eva"
    await tab.send(AccountHolders.swap)
    assert (said(tab), await where()) == ([("Eva", MOVED)], [1, 2, 1])
    assert names(tab) == ["Luz", "Ana"]


async def test_a_whole_account_is_one_holder_and_moves_whole(calendar: Calendar) -> None:
    del calendar
    plan = await make_plan(await make_service(max_profiles=3), full_account=True)
    await make_account(plan.service_id, profiles=3)
    await make_bank()
    order = await place_order(await make_customer(name="Ana"), plan)
    await pay(order.id, order.total)
    await make_account(plan.service_id, profiles=3)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        account = await value("SELECT max(id) - 1 FROM accounts")
        await look(tab, account)
        (one,) = tab.sees(AccountHolders)["holders"]
        assert one.what == "Cuenta completa, 3 perfiles · 1 mes"
        await tab.send(AccountHolders.swap_all)
        assert said(tab) == [("Ana", MOVED)]
    assert (await where())[-3:] == [account + 1] * 3


async def test_nonsense_and_customers_move_nobody(tab: Tab, plan: Plan) -> None:
    await make_account(plan.service_id, profiles=3)
    for raw in (None, {}, [], -1, 10**400, "", "\ud800", 99):
        await tab.send(AccountHolders.ask, holder=raw)
        await tab.send(AccountHolders.swap)
        assert tab.sees(AccountHolders)["notice"] == "Nadie tiene ya esta cuenta."
    for path in ("nada", "0", "99", "-1"):
        await look(tab, path)
        await tab.send(AccountHolders.swap_all)
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        for handler in (AccountHolders.load, AccountHolders.swap_all, AccountHolders.swap):
            await ana.send(handler)
        assert ana.sees(AccountHolders) == {}
    assert await value("SELECT count(*) FROM replacements") == 0
