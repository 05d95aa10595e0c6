"""The staff's work on orders over HTTP: notes, time to pay, the sales desk and its drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

import models
from infra.clock import today
from tests.api.people import of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order

ORDERS = "/api/ordenes-new"
DRAFTS = "/api/borradores"
PHONE = "5587654321"


@pytest.fixture
async def plan(program: httpx.AsyncClient) -> models.Plan:
    del program
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    return plan


@pytest.fixture
async def staff(program: httpx.AsyncClient) -> dict[str, str]:
    del program
    return await of_staff()


def basket(plan: models.Plan, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"phone": PHONE, "items": [{"plan_id": plan.id, "quantity": quantity}], **more}


async def test_notes_are_written_over_those_that_were_read_and_over_no_others(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    order = await place_order(await make_customer(), plan)
    where = f"{ORDERS}/{order.id}/notas"
    read = (await program.get(where, headers=staff)).json()
    assert (read["notes"], read["follow_up_on"]) == ("", None)
    change = {"notes": "paga el viernes", "follow_up_on": "2026-11-27", "version": read["version"]}
    kept = await program.put(where, json=change, headers=staff)
    assert (kept.json()["notes"], kept.json()["follow_up_on"]) == ("paga el viernes", "2026-11-27")
    late = await program.put(where, json={**change, "notes": "otra cosa"}, headers=staff)
    assert (late.status_code, late.json()["code"]) == (409, "notes_changed")


async def test_an_order_is_kept_longer_and_never_shorter(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    order = await place_order(await make_customer(), plan)
    where = f"{ORDERS}/{order.id}/apartado"
    until = {"until": (today() + timedelta(days=7)).isoformat()}
    before = (await program.get(f"{ORDERS}/{order.id}", headers=staff)).json()["expires_at"]
    longer = await program.post(where, json=until, headers=staff)
    assert longer.json()["expires_at"] > before
    again = await program.post(where, json=until, headers=staff)
    assert (again.status_code, again.json()["code"]) == (409, "hold_already")


async def test_an_order_is_placed_for_somebody_new_and_once_for_each_key(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    caller = {**await of_key("orders:write"), "Idempotency-Key": "venta-1"}
    sale = basket(plan, name="Bea", total="150.00")
    first, same = [await program.post("/api/ventas", json=sale, headers=caller) for _ in range(2)]
    assert (first.status_code, same.json()) == (201, first.json())
    assert first.json()["customer"] == {
        "id": first.json()["customer"]["id"],
        "phone": "+525587654321",
        "name": "Bea",
    }
    assert (first.json()["status"], "cost" in first.json()) == ("pending_payment", False)


async def test_what_is_paid_at_the_counter_is_delivered_at_once(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    sale = basket(plan, total="150.00", reference="EFECTIVO-1")
    sold = await program.post("/api/ventas", json=sale, headers=staff)
    assert (sold.status_code, sold.json()["status"]) == (201, "delivered")
    [unit] = (await program.get(f"{ORDERS}/{sold.json()['id']}/accesos", headers=staff)).json()
    assert (unit["plan_name"], unit["claim_id"], unit["ended_at"]) == ("1 mes", None, None)
    moved = await program.post(
        f"/api/suscripciones/{unit['subscription_id']}/reemplazar",
        json={"account": unit["account"]},
        headers=staff,
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "no_replacement")


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"total": "100.00"}, 409, "sale_changed"),
        ({"items": [{"plan_id": 0, "quantity": 1}]}, 422, "invalid_input"),
        ({"items": []}, 422, "invalid_input"),
        ({"phone": "12"}, 422, "invalid_input"),
        ({"cost": "1.00"}, 422, "invalid_input"),
        ({"reference": ""}, 422, "invalid_input"),
    ],
)
async def test_a_sale_that_is_not_what_was_agreed_to_is_refused(
    program: httpx.AsyncClient,
    plan: models.Plan,
    staff: dict[str, str],
    change: dict[str, Any],
    status: int,
    said: str,
) -> None:
    sale = basket(plan, total="150.00") | change
    answer = await program.post("/api/ventas", json=sale, headers=staff)
    assert (answer.status_code, answer.json()["code"]) == (status, said)


async def test_a_sale_names_what_is_short_and_no_plan_twice(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    short = basket(plan, 3, total="450.00")
    answer = await program.post("/api/ventas", json=short, headers=staff)
    assert (answer.json()["code"], answer.json()["plan_ids"]) == ("sale_short", [plan.id])
    twice = {**short, "items": [*basket(plan)["items"], *basket(plan)["items"]]}
    answer = await program.post("/api/ventas", json=twice, headers=staff)
    assert answer.json()["errors"].keys() == {"items"}


async def test_a_draft_is_kept_changed_sent_and_then_no_draft_any_more(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    kept = (await program.post(DRAFTS, json=basket(plan), headers=staff)).json()
    where = f"{DRAFTS}/{kept['id']}"
    assert [(line["plan_id"], line["quantity"]) for line in kept["items"]] == [(plan.id, 1)]
    assert (await program.get(where, headers=staff)).json() == kept
    change = {
        "delivery_preference": "web",
        "items": basket(plan, 2)["items"],
        "version": kept["version"],
    }
    changed = (await program.put(where, json=change, headers=staff)).json()
    assert changed["items"][0]["quantity"] == 2
    late = await program.put(where, json=change | {"delivery_preference": "web"}, headers=staff)
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed")
    sending = {"total": "300.00", "version": changed["version"]}
    sent = await program.post(f"{where}/enviar", json=sending, headers=staff)
    assert (sent.json()["status"], sent.json()["total"]) == ("pending_payment", "300.00")
    gone = await program.get(where, headers=staff)
    assert (gone.status_code, gone.json()["code"]) == (409, "order_state")


async def test_a_draft_is_given_up(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str]
) -> None:
    kept = (await program.post(DRAFTS, json=basket(plan), headers=staff)).json()
    assert (await program.delete(f"{DRAFTS}/{kept['id']}", headers=staff)).status_code == 204
    order = (await program.get(f"{ORDERS}/{kept['id']}", headers=staff)).json()
    assert order["status"] == "cancelled"
