"""Secrets of an account: one at a time, on record, and nowhere but in the browser that asked."""

from __future__ import annotations

import pickle
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

from domain import rotations
from domain.actors import SYSTEM
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from infra.vault import Secret
from models.inventory import Account
from state.admin.account import AccountPage
from state.admin.account_secrets import AccountSecrets
from state.admin.account_versions import AccountVersions
from tests.builders import (
    make_account,
    make_customer,
    make_plan,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

LOGIN, FIRST, SECOND, PIN = "sello-login@correo.mx", "sello-uno", "sello-dos", "4711"
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6, 99]
CLOSED = '{"key": "", "value": ""}'


@pytest.fixture
async def account() -> Account:
    """With one password and one PIN behind it."""
    plan = await make_plan()
    made = await make_account(plan.service_id, profiles=2, login=LOGIN, password=FIRST, pin=PIN)
    assert made.id is not None
    async with unit_of_work() as session:
        await rotations.rotate_password(
            session, SYSTEM, account_id=made.id, password=Secret(SECOND), reason="Se filtró"
        )
    return made


@pytest.fixture
async def people(account: Account) -> AsyncGenerator[tuple[Tab, Tab]]:
    """The tabs of an operator and of the owner, both on the account's page."""
    async with tabs() as open_tab:
        pair = []
        for role in ("operator", "owner"):
            tab = open_tab(await sign_in_staff(await make_staff(role)))
            tab.path = f"/admin/inventario/{account.id}"
            for handler in (AccountPage.load, AccountVersions.load):
                await tab.send(handler)
            pair.append(tab)
        yield pair[0], pair[1]


async def audited(action: str) -> list[dict[str, Any]]:
    async with reading() as session:
        found = await fetch(
            session,
            "SELECT change FROM audit_entries WHERE action = %(action)s ORDER BY id",
            action=action,
        )
    return [row.change for row in found]


def told(tab: Tab) -> str:
    return tab.scripts[-1]


async def stored(tab: Tab) -> bytes:
    """Everything the server remembers of a tab."""
    states = tab.processor._root_context.state_manager  # type: ignore[union-attr]
    root = await states.get_state(rx.BaseStateToken(ident=tab.token, cls=rx.State))
    kinds = RegistrationContext.get().base_states.values()
    return b"".join([pickle.dumps(await root.get_state(kind)) for kind in kinds])


async def test_each_secret_is_opened_alone_and_each_opening_is_one_entry(
    people: tuple[Tab, Tab], account: Account
) -> None:
    tab, _ = people
    asked = [
        (AccountSecrets.reveal, {"what": "login"}, f"{account.id}:login", LOGIN),
        (AccountSecrets.reveal, {"what": "password"}, f"{account.id}:password:2", SECOND),
        (AccountSecrets.reveal_pin, {"profile": 1}, f"{account.id}:pin:1:1", PIN),
    ]
    secrets = {LOGIN, SECOND, PIN}
    for handler, payload, key, secret in asked:
        await tab.send(handler, **payload)
        assert f'{{"key": "{key}", "value": "{secret}"}}' in told(tab)
        assert [other for other in secrets - {secret} if other in told(tab)] == []
        assert tab.sees(AccountSecrets)["notice"] == ""
    assert await audited("account.reveal") == [
        {"what": "login", "version": 2},
        {"what": "password", "version": 2},
    ]
    assert await audited("profile.reveal") == [{"account": account.id, "version": 1}]
    assert [row.said for row in tab.sees(AccountPage)["account"].history[:3]] == [
        "Perfil 1: se vio el PIN",
        "Se vio la contraseña",
        "Se vio el usuario",
    ]


async def test_nothing_opened_stays_on_the_server_or_in_a_change_of_state(
    people: tuple[Tab, Tab],
) -> None:
    _, owner = people
    await owner.send(AccountSecrets.reveal, what="login")
    await owner.send(AccountSecrets.reveal, what="password")
    await owner.send(AccountSecrets.reveal_pin, profile=1)
    await owner.send(AccountSecrets.reveal_version, version=1)
    kept = await stored(owner)
    seen = repr(owner.deltas)
    for secret in (LOGIN, FIRST, SECOND, PIN):
        assert sum(secret in script for script in owner.scripts) == 1
        assert secret.encode() not in kept
        assert secret not in seen
    assert b"Perfil 1" in kept, "control: the search finds what is kept"


async def test_an_old_version_is_the_owners_to_see(people: tuple[Tab, Tab]) -> None:
    operator, owner = people
    await operator.send(AccountSecrets.reveal_version, version=1)
    assert (operator.went, FIRST in repr(operator.scripts)) == (["/admin"], False)
    assert await audited("account.reveal_version") == []
    await owner.send(AccountSecrets.reveal_version, version=1)
    assert f'"value": "{FIRST}"' in told(owner)
    assert await audited("account.reveal_version") == [{"version": 1, "profile": None}]


async def test_what_is_not_there_opens_nothing_and_closes_what_was_open(
    people: tuple[Tab, Tab],
) -> None:
    _, owner = people
    for raw in NONSENSE:
        for handler, payload in (
            (AccountSecrets.reveal, {"what": raw}),
            (AccountSecrets.reveal_pin, {"profile": raw}),
            (AccountSecrets.reveal_version, {"version": raw}),
        ):
            await owner.send(handler, **payload)
            assert CLOSED in told(owner)
            assert owner.sees(AccountSecrets)["notice"]
    async with reading() as session:
        count = await scalar(
            session, "SELECT count(*) FROM audit_entries WHERE action LIKE '%%reveal%%'"
        )
    assert count == 0


async def test_customers_open_nothing_of_the_stock(account: Account) -> None:
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        ana.path = f"/admin/inventario/{account.id}"
        await ana.send(AccountSecrets.reveal, what="password")
        await ana.send(AccountSecrets.reveal_pin, profile=1)
        await ana.send(AccountSecrets.reveal_version, version=1)
        assert (ana.scripts, ana.sees(AccountSecrets)) == ([], {})
