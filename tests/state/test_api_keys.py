"""The owner's page of keys: made once, shown once, ended at once."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from domain import api_keys
from domain.sql import scalar
from infra.database import reading
from state.admin.api_keys import ApiKeys, KeyRow
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

FORM: dict[str, Any] = {"name": "Contabilidad", "orders:read": "on", "days": "90"}
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "\ud800", "x" * 10**6]


def rows(tab: Tab) -> list[KeyRow]:
    return list(tab.sees(ApiKeys)["keys"])


def shown(tab: Tab) -> str:
    """What the last script put into the browser."""
    return tab.scripts[-1].rpartition("(")[2].rstrip(")").strip('"')


async def test_a_new_key_goes_to_the_browser_that_asked_once() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(ApiKeys.load)
        assert rows(tab) == []
        await tab.send(ApiKeys.create, form=FORM)
        key = shown(tab)
        assert key.startswith(api_keys.PREFIX)
        async with reading() as session:
            actor = await api_keys.resolve(session, key, address_hash="")
        assert actor is not None
        assert (actor.role, actor.scopes) == ("operator", {"orders:read"})
        [row] = rows(tab)
        assert (row.name, row.live, row.may) == ("Contabilidad", True, "Ver pedidos")
        assert key.endswith(row.ending)
        assert key not in str(tab.deltas)
        assert key.encode() not in pickle.dumps(tab.deltas)
        await tab.send(ApiKeys.load)
        assert shown(tab) == ""


async def test_costs_are_asked_for_by_name() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(ApiKeys.create, form={**FORM, "costs": "on"})
        assert "ve costos" in rows(tab)[0].detail
        assert "no ve costos" not in rows(tab)[0].detail


async def test_a_key_that_is_ended_is_over_in_the_list_and_at_the_door() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(ApiKeys.create, form=FORM)
        key = shown(tab)
        await tab.send(ApiKeys.revoke, key=rows(tab)[0].id)
        assert [(row.live, row.state) for row in rows(tab)] == [(False, "Cancelada")]
        async with reading() as session:
            assert await api_keys.resolve(session, key, address_hash="") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"orders:read": ""}, "scopes"), ({"days": "0"}, "days")],
)
async def test_what_is_missing_is_said_beside_its_field(change: dict[str, str], field: str) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(ApiKeys.create, form={**FORM, **change})
        assert set(tab.sees(ApiKeys)["errors"]) == {field}
        assert shown(tab) == ""


async def test_nobody_but_the_owner_makes_a_key() -> None:
    async with tabs() as open_tab:
        for token in (
            "",
            await sign_in_customer(await make_customer()),
            await sign_in_staff(await make_staff()),
        ):
            tab = open_tab(token)
            for handler, payload in (
                (ApiKeys.load, {}),
                (ApiKeys.create, {"form": FORM}),
                (ApiKeys.revoke, {"key": 1}),
            ):
                await tab.send(handler, **payload)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM api_keys") == 0


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda value: str(value)[:10])
async def test_nonsense_is_refused(nonsense: Any) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(ApiKeys.create, form=nonsense)
        await tab.send(ApiKeys.create, form={**FORM, "name": nonsense})
        await tab.send(ApiKeys.create, form={**FORM, "days": nonsense})
        await tab.send(ApiKeys.revoke, key=nonsense)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM api_keys") == 0
