"""What a customer does over HTTP with what they hold, and with an order that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

import models
from domain import shelf
from domain.sql import scalar
from infra.clock import today
from infra.database import reading
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order

HELD = "/api/suscripciones"
WISHES = "/api/avisos-de-stock"
REASON = {"reason": "me equivoqué"}
KEY = {"tracking_key": "mban-0100 2311", "bank": "BBVA", "paid_on": "2026-11-20"}


@pytest.fixture
async def ana(program: httpx.AsyncClient) -> models.Customer:
    del program
    await make_bank()
    return await make_customer()


@pytest.fixture
async def plan(ana: models.Customer) -> models.Plan:
    del ana
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    await make_account(plan.service_id, profiles=2)
    return plan


async def held(program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan) -> Any:
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    [one] = (await program.get(HELD, headers=await of_customer(ana))).json()["items"]
    return one


async def test_a_subscription_is_seen_opened_and_said_to_work(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    one, who = await held(program, ana, plan), await of_customer(ana)
    assert (one["plan_name"], one["confirmed"], one["report"]) == ("1 mes", False, None)
    where = f"{HELD}/{one['id']}"
    opened = await program.post(f"{where}/revelar", headers=who)
    assert (opened.json()["profile"], opened.json()["ends_on"]) == (one["profile"], one["ends_on"])
    assert opened.headers["cache-control"] == "no-store"
    async with reading() as session:
        seen = "SELECT count(*) FROM audit_entries WHERE action = 'credential.reveal'"
        assert await scalar(session, seen) == 1
    for _ in range(2):
        said = await program.post(f"{where}/confirmar", headers=who)
        assert said.json() == {**one, "confirmed": True}
    assert (await program.get(where, headers=who)).json() == said.json()


async def test_a_renewal_is_offered_ordered_once_and_pointed_at(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    one, who = await held(program, ana, plan), await of_customer(ana)
    where = f"{HELD}/{one['id']}"
    [offer] = (await program.get(f"{where}/renovaciones", headers=who)).json()
    assert (offer["plan_id"], offer["sale_price"], offer["same_plan"]) == (plan.id, "150.00", True)
    dear = {"plan_id": plan.id, "seen_total": "100.00"}
    refused = await program.post(f"{where}/renovar", json=dear, headers=who)
    assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
    wanted, key = {"plan_id": plan.id, "seen_total": "150.00"}, {"Idempotency-Key": "renueva-1"}
    first, same = [
        await program.post(f"{where}/renovar", json=wanted, headers={**who, **key})
        for _ in range(2)
    ]
    assert (first.status_code, same.json()) == (201, first.json())
    again = await program.post(f"{where}/renovar", json=wanted, headers=who)
    assert (again.json()["code"], again.json()["order"]) == ("renewal_pending", first.json()["id"])
    assert (await program.get(where, headers=who)).json()["renewal_order"] == first.json()["id"]


async def test_a_report_is_open_until_it_is_answered_and_there_is_one_at_a_time(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    one, who = await held(program, ana, plan), await of_customer(ana)
    where = f"{HELD}/{one['id']}/reportes"
    said = {"kind": "other", "details": "no abre"}
    reported = await program.post(where, json=said, headers=who)
    assert (reported.status_code, reported.json()["replaced"]) == (201, False)
    assert reported.json()["subscription"]["report"]["status"] == "open"
    again = await program.post(where, json=said, headers=who)
    assert (again.status_code, again.json()["code"]) == (409, "claim_open")


async def test_what_is_anothers_looks_as_if_it_were_not_there(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    one, bea = await held(program, ana, plan), await of_customer(await make_customer())
    waits = await place_order(ana, plan)
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"{HELD}/{one['id']}", None),
        ("POST", f"{HELD}/{one['id']}/revelar", None),
        ("POST", f"{HELD}/{one['id']}/confirmar", None),
        ("GET", f"{HELD}/{one['id']}/renovaciones", None),
        ("POST", f"{HELD}/{one['id']}/renovar", {"plan_id": plan.id}),
        ("POST", f"{HELD}/{one['id']}/reportes", {"kind": "other"}),
        ("POST", f"/api/ordenes-new/{waits.id}/cancelar", REASON),
        ("POST", f"/api/ordenes-new/{waits.id}/comprobantes", KEY),
    ]
    for method, path, body in asked:
        answer = await program.request(method, path, json=body, headers=bea)
        assert answer.status_code == 404, path
        for staff in (await of_staff("owner"), await of_key("orders:write", role="owner")):
            answer = await program.request(method, path, json=body, headers=staff)
            assert answer.status_code == 403, path
    assert (await program.get(HELD, headers=bea)).json()["items"] == []


async def test_ones_own_unpaid_order_is_cancelled_and_a_paid_one_is_not(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    waits, who = await place_order(ana, plan), await of_customer(ana)
    where = f"/api/ordenes-new/{waits.id}/cancelar"
    assert (await program.post(where, json={"reason": " "}, headers=who)).status_code == 422
    done = await program.post(where, json=REASON, headers=who)
    assert (done.status_code, done.json()["status"]) == (200, "cancelled")
    paid = await place_order(ana, plan)
    await pay(paid.id, paid.total)
    kept = await program.post(f"/api/ordenes-new/{paid.id}/cancelar", json=REASON, headers=who)
    assert (kept.status_code, kept.json()["code"]) == (409, "order_state")


async def test_a_transfer_is_told_by_its_key_and_the_staff_sees_it(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    waits, who = await place_order(ana, plan), await of_customer(ana)
    where = f"/api/ordenes-new/{waits.id}/comprobantes"
    told = {**KEY, "paid_on": today().isoformat()}
    late = {**KEY, "paid_on": (today() + timedelta(days=1)).isoformat()}
    refused = await program.post(where, json=late, headers=who)
    assert refused.json()["errors"].keys() == {"paid_on"}
    empty = await program.post(where, json={**told, "tracking_key": ""}, headers=who)
    assert empty.json()["errors"].keys() == {"tracking_key"}
    sent = await program.post(where, json=told, headers=who)
    assert sent.status_code == 201
    staff = await of_staff()
    [queued] = (await program.get("/api/pagos/comprobantes", headers=staff)).json()["items"]
    assert (queued["id"], queued["order_id"]) == (sent.json()["id"], waits.id)


async def test_a_wish_for_a_sold_out_plan_is_kept_and_given_up(
    program: httpx.AsyncClient, ana: models.Customer, plan: models.Plan
) -> None:
    gone, who = await make_plan(), await of_customer(ana)
    shelf.forget()
    there = await program.post(WISHES, json={"plan_id": plan.id}, headers=who)
    assert (there.status_code, there.json()["code"]) == (409, "in_stock")
    for _ in range(2):
        asked = await program.post(WISHES, json={"plan_id": gone.id}, headers=who)
        assert (asked.status_code, asked.json()) == (201, {"plan_ids": [gone.id]})
    assert (await program.delete(f"{WISHES}/{gone.id}", headers=who)).status_code == 204
    assert (await program.get(WISHES, headers=who)).json() == {"plan_ids": []}


async def test_reminders_are_turned_off_and_left_alone_where_they_are_not_named(
    program: httpx.AsyncClient, ana: models.Customer
) -> None:
    who, where = await of_customer(ana), "/api/auth/user/profile"
    named = {"name": "Ana", "delivery_preference": "web"}
    for change in ({**named, "reminders": False}, named):
        assert (await program.put(where, json=change, headers=who)).json()["reminders"] is False


async def test_a_customer_asks_to_be_erased_and_may_think_again(
    program: httpx.AsyncClient, ana: models.Customer
) -> None:
    who, where = await of_customer(ana), "/api/perfil/borrado"
    assert (await program.get(where, headers=who)).json() == {"asked_at": None}
    first, same = [await program.post(where, headers=who) for _ in range(2)]
    assert first.json()["asked_at"] == same.json()["asked_at"] is not None
    assert (await program.delete(where, headers=who)).status_code == 204
    assert (await program.get(where, headers=who)).json() == {"asked_at": None}
