"""Keys for programs: what they open, what they do not, and when they end."""

from datetime import timedelta

import httpx
import pytest
import time_machine

from domain import api_keys
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.sql import fetch_one, run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from tests.api.people import bearer, key, of_key
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)

ORDERS = "/api/ordenes-new"


async def test_a_key_opens_what_its_scopes_name_and_nothing_else(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    order = await place_order(await make_customer(), plan)
    move = {"status": "cancelled", "reason": "Prueba"}
    path = f"{ORDERS}/{order.id}/estado"
    reader, writer = await of_key("orders:read"), await of_key("orders:read", "orders:write")
    assert (await program.get(ORDERS, headers=reader)).status_code == 200
    refused = await program.put(path, json=move, headers=reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    other = await program.get(f"{ORDERS}/admin/estadisticas", headers=writer)
    assert other.status_code == 403
    assert (await program.put(path, json=move, headers=writer)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/cart"),
        ("POST", "/api/ordenes-new"),
        ("GET", "/api/ordenes-new/1/credenciales"),
        ("GET", "/api/auth/user/profile"),
        ("POST", "/api/auth/logout"),
        ("GET", "/api/admin/exportar/inventario"),
        ("POST", "/api/admin/importaciones"),
    ],
)
async def test_no_key_does_what_only_people_do(
    program: httpx.AsyncClient, method: str, path: str
) -> None:
    whole = await of_key(*api_keys.SCOPES, role="owner")
    body = {"json": {}} if method == "POST" else {}
    answer = await program.request(method, path, headers=whole, **body)  # type: ignore[arg-type]
    assert answer.status_code == 403


async def test_costs_are_for_keys_of_the_owners_role(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    scopes = ("orders:read", "statistics:read")
    for path in (ORDERS, f"{ORDERS}/{order.id}", f"{ORDERS}/admin/estadisticas"):
        for role, shown in (("operator", False), ("owner", True)):
            answer = await program.get(path, headers=await of_key(*scopes, role=role))
            assert ("cost" in answer.text, "profit" in answer.text) == (shown, shown), path


async def test_a_key_ends_with_its_time_its_revocation_and_its_owner(
    program: httpx.AsyncClient,
) -> None:
    owner = as_staff(await make_staff("owner"))  # a shop is never without one
    made = await key(["orders:read"], days=1)
    who = bearer(made.key.disclose())
    assert (await program.get(ORDERS, headers=who)).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert (await program.get(ORDERS, headers=who)).status_code == 401
    async with reading() as session:
        row = await fetch_one(session, "SELECT * FROM api_keys WHERE id = %(id)s", id=made.id)
    assert row is not None
    ends = "UPDATE staff_users SET {} WHERE id = %(id)s"
    for change, back in (("disabled_at = now()", "disabled_at = NULL"), ("role = 'operator'", "")):
        async with unit_of_work() as session:
            await run(session, ends.format(change), id=row.staff_id)
        assert (await program.get(ORDERS, headers=who)).status_code == 401
        async with unit_of_work() as session:
            await run(session, ends.format(back or "role = 'owner'"), id=row.staff_id)
        assert (await program.get(ORDERS, headers=who)).status_code == 200
    async with unit_of_work() as session:
        await api_keys.revoke(session, owner, key_id=made.id)
        await api_keys.revoke(session, owner, key_id=made.id)
    assert (await program.get(ORDERS, headers=who)).status_code == 401


async def test_a_key_that_is_almost_right_is_refused(program: httpx.AsyncClient) -> None:
    good = (await key(["orders:read"])).key.disclose()
    assert (await program.get(ORDERS, headers=bearer(good))).status_code == 200
    last = "A" if good[-1] != "A" else "B"
    for wrong in (good[:-1], good[:-1] + last, good + "A", good.upper(), "cuenty_", good[7:]):
        assert (await program.get(ORDERS, headers=bearer(wrong))).status_code == 401
    in_a_cookie = {"Cookie": f"cuenty_session={good}"}
    assert (await program.get(ORDERS, headers=in_a_cookie)).status_code == 401


async def test_a_key_is_shown_once_and_only_its_hash_is_kept(program: httpx.AsyncClient) -> None:
    made = await key(["orders:read"])
    text = made.key.disclose()
    await program.get(ORDERS, headers=bearer(text))
    async with reading() as session:
        row = await fetch_one(session, "SELECT * FROM api_keys WHERE id = %(id)s", id=made.id)
        written = await scalar(session, "SELECT string_agg(a::text, '') FROM audit_entries a")
    assert row is not None
    assert text not in str(row)
    assert text not in str(written)
    assert text.endswith(row.ending)
    assert row.last_used_at is not None
    assert text not in repr(made)


async def test_what_a_key_did_is_on_record_with_its_number(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    order = await place_order(await make_customer(), plan)
    made = await key(["orders:write"])
    await program.put(
        f"{ORDERS}/{order.id}/estado",
        json={"status": "cancelled", "reason": "Prueba"},
        headers=bearer(made.key.disclose()),
    )
    async with reading() as session:
        change = await scalar(
            session, "SELECT change FROM audit_entries WHERE action = 'order.cancelled'"
        )
    assert change["api_key"] == made.id


async def test_only_an_owner_in_person_makes_lists_and_ends_keys(
    program: httpx.AsyncClient,  # noqa: ARG001  # its shop
) -> None:
    owner, operator = as_staff(await make_staff("owner")), as_staff(await make_staff())
    made = await key(["orders:read"], role="owner")
    async with reading() as session:
        program_of_the_owner = await api_keys.resolve(session, made.key.disclose(), address_hash="")
    assert program_of_the_owner is not None
    for who in (operator, program_of_the_owner):
        async with unit_of_work() as session:
            with pytest.raises(Forbidden):
                await api_keys.create(session, who, name="x", scopes=["orders:read"], days=1)
            with pytest.raises(Forbidden):
                await api_keys.keys(session, who)
            with pytest.raises(Forbidden):
                await api_keys.revoke(session, who, key_id=made.id)
    async with unit_of_work() as session:
        [line] = await api_keys.keys(session, owner)
        assert (line.name, line.live, line.last_used_at is not None) == (
            *("Contabilidad", True),
            True,
        )
        with pytest.raises(NotFound):
            await api_keys.revoke(session, owner, key_id=made.id + 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["orders:*"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"role": "admin"}, "role"),
    ],
)
async def test_a_key_needs_a_name_scopes_and_an_end(
    program: httpx.AsyncClient,  # noqa: ARG001  # its shop
    change: dict[str, object],
    field: str,
) -> None:
    owner = as_staff(await make_staff("owner"))
    good = {"name": "Caja", "scopes": ["orders:read"], "days": 30, "role": "operator"}
    async with unit_of_work() as session:
        with pytest.raises(InvalidInput) as refused:
            await api_keys.create(session, owner, **{**good, **change})  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}
