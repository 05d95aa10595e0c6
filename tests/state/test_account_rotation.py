"""A new password, PIN or login from the account's page: who hears, what is freed, what is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain import inventory, subscriptions
from domain.actors import SYSTEM
from domain.sql import scalar
from infra.database import reading, unit_of_work
from models import Customer
from state.admin.account import AccountPage
from state.admin.account_rotation import AccountRotation
from state.admin.account_versions import AccountVersions
from state.storefront.my_accounts import MyAccounts
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
from tests.fixtures import Calendar
from tests.state.test_account_secrets import stored
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("calendar")

NEW, LOGIN, PIN = "sello-nueva-clave", "sello-bien@correo.mx", "sello99"
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "\ud800", "x" * 10**6]


@pytest.fixture
async def holders(calendar: Calendar) -> list[Customer]:
    """Ana and Eva hold account 1 for a year; who held profile 3 left it, and Luz waits, paid."""
    service = await make_service(max_profiles=3)
    month = await make_plan(service)
    year = await make_plan(service, name="12 meses", duration_months=12)
    await make_bank()
    await make_account(month.service_id, profiles=3, login="sello-mal@correo.mx")
    people = [await make_customer(name=name) for name in ("Ana", "Eva", "Ivo", "Luz")]
    for who, plan in zip(people[:3], (year, year, month), strict=True):
        order = await place_order(who, plan)
        await pay(order.id, order.total)
    calendar.go(days=40)
    async with unit_of_work() as session:
        assert await subscriptions.release_lapsed(session) == 1
    spare = await make_account(month.service_id, profiles=1)
    waits = await place_order(people[3], month)
    async with unit_of_work() as session:
        await inventory.set_status(
            session, SYSTEM, account_id=spare.id or 0, status="down", reason="Se cayó"
        )
    await pay(waits.id, waits.total)
    return people


@pytest.fixture
async def tab(holders: list[Customer]) -> AsyncGenerator[Tab]:
    del holders
    async with tabs() as open_tab:
        opened = open_tab(await sign_in_staff(await make_staff("owner")))
        opened.path = "/admin/inventario/1"
        for handler in (AccountPage.load, AccountVersions.load):
            await opened.send(handler)
        yield opened


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def nothing_typed_is_kept(tab: Tab) -> None:
    kept, seen = await stored(tab), repr(tab.deltas) + repr(tab.scripts)
    for secret in (NEW, LOGIN, PIN):
        assert secret.encode() not in kept
        assert secret not in seen


async def test_a_new_password_is_told_frees_what_waited_and_serves_who_waits(
    tab: Tab, holders: list[Customer]
) -> None:
    assert [one.to_rotate for one in tab.sees(AccountPage)["account"].profiles] == [
        False,
        False,
        True,
    ]
    form = {"new_password": NEW, "password_reason": "Se filtró"}
    await tab.send(AccountRotation.change_password, form=form)
    assert tab.sees(AccountPage)["said"] == (
        "La contraseña versión 2 ya está en vigor. Avisamos a 2 suscripciones. "
        "Quedó libre 1 perfil. Atendimos 1 pedido que esperaba."
    )
    assert "dialog[open]" in tab.scripts[-1]
    assert tab.sees(AccountRotation)["changes"] == 1
    account = tab.sees(AccountPage)["account"]
    assert (account.version, account.profiles[2].customer) == (2, "Luz")
    await nothing_typed_is_kept(tab)

    now, before = tab.sees(AccountVersions)["versions"]
    assert (now.title, now.in_force, now.seen) == (
        "Contraseña, versión 2",
        True,
        "La vieron 0 de 3",
    )
    assert (before.in_force, before.kept, before.begun) == (False, True, "Desde el principio")
    assert before.ended.endswith(" · Se filtró")
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(holders[0]))
        await ana.send(MyAccounts.load)
        await ana.send(MyAccounts.reveal, card_id=ana.sees(MyAccounts)["cards"][0].id)
        assert NEW in ana.scripts[-1]
    await tab.send(AccountVersions.load)
    assert tab.sees(AccountVersions)["versions"][0].seen == "La vieron 1 de 3"
    await tab.send(AccountVersions.ask_who, version=2)
    seen = tab.sees(AccountVersions)["witnesses"]
    assert [(one.name, bool(one.seen)) for one in seen] == [
        ("Ana", True),
        ("Eva", False),
        ("Luz", False),
    ]


async def test_a_pin_changes_and_goes_for_the_profile_that_was_asked_for(tab: Tab) -> None:
    await tab.send(AccountRotation.ask, profile=2)
    seen = tab.sees(AccountRotation)
    assert (seen["label"], seen["has_pin"]) == ("Perfil 2", True)
    await tab.send(AccountRotation.change_pin, form={"new_pin": PIN, "pin_reason": ""})
    said = tab.sees(AccountPage)["said"]
    assert said == "Perfil 2 tiene un PIN nuevo. Avisamos a 1 suscripción."
    await nothing_typed_is_kept(tab)
    assert [one.title for one in tab.sees(AccountVersions)["versions"]] == [
        "Contraseña, versión 1",
        "PIN de Perfil 2, versión 1",
    ]
    await tab.send(AccountRotation.change_pin, form={"new_pin": "1", "pin_reason": ""})
    assert tab.sees(AccountRotation)["notice"], "one asking, one change"
    await tab.send(AccountRotation.ask, profile=2)
    await tab.send(AccountRotation.remove_pin)
    assert tab.sees(AccountPage)["said"].startswith("Perfil 2 ya no tiene PIN.")
    assert await value("SELECT pin_sealed IS NULL FROM profiles WHERE id = 2") is True


async def test_a_profile_made_safe_elsewhere_is_sold_again_and_serves_who_waits(tab: Tab) -> None:
    await tab.send(AccountRotation.mark_rotated, profile=3)
    assert tab.sees(AccountPage)["said"] == (
        "El perfil se puede vender otra vez. Atendimos 1 pedido que esperaba."
    )
    assert tab.sees(AccountPage)["account"].profiles[2].customer == "Luz"
    await tab.send(AccountRotation.mark_rotated, profile=1)
    assert tab.sees(AccountRotation)["notice"] == "Alguien usa este perfil ahora."


async def test_a_login_written_right_is_told_to_who_uses_it(tab: Tab) -> None:
    await tab.send(AccountRotation.correct_login, form={"new_login": LOGIN})
    said = tab.sees(AccountPage)["said"]
    assert said == "El usuario quedó corregido. Avisamos a 2 suscripciones."
    await nothing_typed_is_kept(tab)
    await make_account(await value("SELECT service_id FROM accounts WHERE id = 1"), login=NEW)
    await tab.send(AccountRotation.correct_login, form={"new_login": NEW})
    assert tab.sees(AccountRotation)["notice"].startswith("Ya hay una cuenta")
    await nothing_typed_is_kept(tab)


async def test_what_is_refused_is_said_beside_its_field_and_changes_nothing(tab: Tab) -> None:
    await tab.send(AccountRotation.ask, profile=1)
    refused = [
        (AccountRotation.change_password, {"new_password": ""}, "password"),
        (AccountRotation.change_password, {"new_password": "clave-de-la-cuenta"}, "password"),
        (AccountRotation.change_password, {"new_password": "x" * 300}, "password"),
        (
            AccountRotation.change_password,
            {"new_password": NEW, "password_reason": "x" * 201},
            "reason",
        ),
        (AccountRotation.change_pin, {"new_pin": "con espacio"}, "pin"),
        (AccountRotation.change_pin, {"new_pin": "1234"}, "pin"),
        (AccountRotation.correct_login, {"new_login": " "}, "login"),
    ]
    for handler, form, field in refused:
        await tab.send(handler, form=form)
        assert list(tab.sees(AccountRotation)["errors"]) == [field]
    await nothing_typed_is_kept(tab)
    for raw in NONSENSE:
        await tab.send(AccountRotation.ask, profile=raw)
        await tab.send(AccountRotation.mark_rotated, profile=raw)
        await tab.send(AccountVersions.ask_who, version=raw)
        for handler in (AccountRotation.change_password, AccountRotation.correct_login):
            await tab.send(handler, form=raw)
        await tab.send(AccountRotation.change_pin, form={"new_pin": raw, "pin_reason": raw})
        await tab.send(AccountRotation.remove_pin)
    assert await value("SELECT count(*) FROM credential_versions") == 0
    assert tab.sees(AccountRotation).get("changes", 0) == 0


async def test_before_the_page_shows_an_account_nothing_is_changed() -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    async with tabs() as open_tab:
        early = open_tab(await sign_in_staff(await make_staff()))
        early.path = "/admin/inventario/1"
        await early.send(AccountRotation.change_password, form={"new_password": NEW})
        assert early.sees(AccountRotation)["notice"] == "No encontramos lo que buscas."
        ana = open_tab(await sign_in_customer(await make_customer()))
        await ana.send(AccountRotation.mark_rotated, profile=1)
        await ana.send(AccountVersions.load)
        assert (ana.sees(AccountRotation), ana.sees(AccountVersions)) == ({}, {})
    assert await value("SELECT count(*) FROM credential_versions") == 0
