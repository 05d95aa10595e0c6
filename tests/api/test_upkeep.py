"""Keeping the shop in order over HTTP: ends, suppliers, rotations, banks, messages and the log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

import models
from infra.clock import today
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order
from tests.rows import change, value

ENDS, BANKS, ROTATIONS = "/api/vencimientos", "/api/cuentas-bancarias", "/api/rotaciones"


@pytest.fixture
async def plan(program: httpx.AsyncClient) -> models.Plan:
    del program
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    return plan


async def sold(plan: models.Plan) -> tuple[models.Customer, int]:
    """Who holds a profile now, and the number of their order."""
    ana = await make_customer()
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    return ana, order.id


async def end_on(day: date) -> None:
    """As if what was sold had begun four years ago: only so every day of a year can be the end."""
    await change(
        """UPDATE assignments SET months = 48, ends_on = %(day)s,
               anchor_on = (%(day)s - interval '48 months')::date,
               starts_on = (%(day)s - interval '48 months')::date""",
        day=day,
    )


async def items(program: httpx.AsyncClient, path: str, who: dict[str, str]) -> list[Any]:
    answer = await program.get(path, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_what_ends_today_is_renewed_at_the_counter_once(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    await sold(plan)
    await end_on(today())
    clerk, reader = await of_key("subscriptions:write"), await of_key("subscriptions:read")
    [one] = await items(program, ENDS, reader)
    assert (one["ends_on"], one["renewal_order"]) == (str(today()), None)
    assert await items(program, f"{ENDS}?when=tomorrow", reader) == []
    body = {"ends_on": one["ends_on"], "reference": "EFECTIVO 1"}
    where = f"{ENDS}/{one['subscription_id']}/renovar"
    assert (await program.post(where, json=body, headers=reader)).status_code == 403
    done = await program.post(where, json=body, headers=clerk)
    assert (done.status_code, done.json()["status"]) == (201, "delivered")
    again = await program.post(where, json=body, headers=clerk)
    assert (again.status_code, again.json()["code"]) == (409, "end_changed")
    assert await items(program, ENDS, reader) == []
    assert await value("SELECT count(*) FROM orders") == 2


async def test_a_lapsed_access_is_taken_back_and_one_that_is_paid_is_not(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    await sold(plan)
    clerk = await of_staff()
    number = await value("SELECT id FROM assignments")
    early = await program.post(f"{ENDS}/{number}/liberar", headers=clerk)
    assert (early.status_code, early.json()["code"]) == (409, "still_paid")
    await end_on(today() - timedelta(days=1))
    assert [one["subscription_id"] for one in await items(program, f"{ENDS}?when=lapsed", clerk)]
    assert (await program.post(f"{ENDS}/{number}/liberar", headers=clerk)).status_code == 204
    over = await program.post(f"{ENDS}/{number}/liberar", headers=clerk)
    assert (over.status_code, over.json()["code"]) == (409, "access_ended")


async def test_a_supplier_is_paid_once_for_what_was_seen(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    del plan
    await change("UPDATE accounts SET paid_until = %(today)s", today=today())
    clerk = await of_staff()
    [due] = await items(program, "/api/pagos-a-proveedor", clerk)
    body = {"paid_until": due["paid_until"], "months": 1}
    where = f"/api/pagos-a-proveedor/{due['id']}"
    paid = await program.post(where, json=body, headers=clerk)
    assert (paid.status_code, paid.json()["paid_until"] > due["paid_until"]) == (201, True)
    again = await program.post(where, json=body, headers=clerk)
    assert (again.status_code, again.json()["code"]) == (409, "end_changed")


async def test_a_profile_that_waits_for_its_rotation_is_sold_again_once_it_is_safe(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    del plan
    await change("UPDATE profiles SET status = 'rotate'")
    clerk = await of_key("inventory:read", "inventory:write")
    first, second = await items(program, ROTATIONS, clerk)
    marked = await program.post(f"{ROTATIONS}/{first['profile_id']}", headers=clerk)
    assert marked.json() == {"served": 0}
    wrong = await program.put(
        f"{ROTATIONS}/{second['profile_id']}/pin", json={"pin": "12 4"}, headers=clerk
    )
    assert list(wrong.json()["errors"]) == ["pin"]
    renamed = await program.put(
        f"/api/inventario/perfiles/{second['profile_id']}", json={"label": "Sala"}, headers=clerk
    )
    assert renamed.status_code == 204
    [left] = await items(program, ROTATIONS, clerk)
    assert left["profile"] == "Sala"
    assert await value("SELECT count(*) FROM profiles WHERE status = 'free'") == 1


async def test_who_holds_an_account_is_listed_without_its_secrets(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    _, order = await sold(plan)
    account = await value(
        "SELECT account_id FROM profiles p JOIN assignments a ON a.profile_id = p.id"
    )
    answer = await program.get(f"/api/inventario/{account}/clientes", headers=await of_staff())
    [holder] = answer.json()
    assert holder["order_id"] == order
    assert not {"login", "password", "pin", "cost"} & holder.keys()


async def test_the_owner_in_person_alone_says_where_customers_pay(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    del plan
    owner = await of_staff("owner")
    body = {"holder": "Ana López", "clabe": "002180012345678906", "bank": "Citibanamex"}
    for stranger in (await of_staff(), await of_key("payments:write", role="owner")):
        assert (await program.get(BANKS, headers=stranger)).status_code in {401, 403}
        assert (await program.post(BANKS, json=body, headers=stranger)).status_code in {401, 403}
    wrong = await program.post(BANKS, json=body | {"clabe": "1234"}, headers=owner)
    assert list(wrong.json()["errors"]) == ["clabe"]
    first = (await items(program, BANKS, owner))[0]
    made = await program.post(BANKS, json=body, headers=owner)
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    kept = await program.delete(f"{BANKS}/{first['id']}", headers=owner)
    assert (kept.status_code, kept.json()["code"]) == (409, "bank_default")
    chosen = await program.put(f"{BANKS}/{number}/principal", headers=owner)
    assert chosen.json()["is_default"] is True
    rule = await program.put(f"{BANKS}/regla", json={"rule": "turns"}, headers=owner)
    assert rule.json() == {"rule": "turns"}
    assert (await program.delete(f"{BANKS}/{first['id']}", headers=owner)).status_code == 204
    assert [one["id"] for one in await items(program, BANKS, owner)] == [number]


async def test_a_message_is_followed_and_only_one_that_failed_goes_again(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    ana, order = await sold(plan)
    await change("UPDATE messages SET status = 'queued' WHERE channel <> 'web'")
    clerk = await of_key("messages:read", "messages:write")
    found = await items(program, f"/api/mensajes?q={order}", clerk)
    sent = next(one for one in found if one["kind"] == "delivered" and one["channel"] != "web")
    assert ana.phone not in str(found)
    whole = (await program.get(f"/api/mensajes/{sent['id']}", headers=clerk)).json()
    assert whole["steps"] is not None
    again = await program.post(f"/api/mensajes/{sent['id']}/reintentar", headers=clerk)
    assert (again.status_code, again.json()["code"]) == (409, "message_state")
    unknown = await program.get("/api/mensajes/no-es", headers=clerk)
    assert unknown.status_code == 404


async def test_the_log_of_an_order_is_the_owners_to_read(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    _, order = await sold(plan)
    where = f"/api/bitacora?object_type=order&object_id={order}"
    entries = await items(program, where, await of_key("log:read", role="owner"))
    assert "order.place" in [one["action"] for one in entries]
    assert all(one["did"] and one["object_id"] == str(order) for one in entries)
    for other in (await of_staff(), await of_customer(await make_customer())):
        assert (await program.get(where, headers=other)).status_code == 403
    half = await program.get("/api/bitacora?object_type=order", headers=await of_staff("owner"))
    assert list(half.json()["errors"]) == ["object_id"]


async def test_two_records_of_one_person_become_one_as_it_was_previewed(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    ana, order = await sold(plan)
    other, owner = await make_customer(), await of_staff("owner")
    where = f"/api/usuarios/{other.id}/unir"
    seen = (await program.get(f"{where}/{ana.id}", headers=owner)).json()["moving"]
    assert (seen["orders"], seen["subscriptions"]) == (1, 1)
    stale = {"goes": ana.id, "moving": seen | {"orders": 0}}
    refused = await program.post(where, json=stale, headers=owner)
    assert (refused.status_code, refused.json()["code"]) == (409, "merge_changed")
    clerk = await of_staff()
    assert (await program.post(where, json=stale, headers=clerk)).status_code == 403
    merged = await program.post(where, json={"goes": ana.id, "moving": seen}, headers=owner)
    assert merged.json()["id"] == other.id
    assert await value("SELECT customer_id FROM orders WHERE id = %(id)s", id=order) == other.id
    assert (await program.get(f"/api/usuarios/{ana.id}", headers=owner)).status_code == 404


async def test_a_person_is_forgotten_only_by_who_names_their_phone(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    ana, _ = await sold(plan)
    owner, where = await of_staff("owner"), f"/api/usuarios/{ana.id}/borrar"
    wrong = await program.post(where, json={"phone_ending": "0000"}, headers=owner)
    assert list(wrong.json()["errors"]) == ["phone_ending"]
    ending = {"phone_ending": ana.phone[-4:]}
    live = await program.post(where, json=ending, headers=owner)
    assert (live.status_code, live.json()["code"]) == (409, "erase_live")
    body = ending | {"end_subscriptions": True}
    assert (await program.post(where, json=body, headers=owner)).status_code == 204
    assert await value("SELECT count(*) FROM customers WHERE phone = %(p)s", p=ana.phone) == 0


async def test_another_phone_of_somebody_else_is_refused(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    del plan
    ana, other = await make_customer(), await make_customer()
    clerk, where = await of_key("customers:write"), f"/api/usuarios/{ana.id}/celular"
    taken = await program.post(where, json={"phone": other.phone}, headers=clerk)
    assert list(taken.json()["errors"]) == ["phone"]
    moved = await program.post(where, json={"phone": "5588887777"}, headers=clerk)
    assert moved.json()["phone"] == "+525588887777"
