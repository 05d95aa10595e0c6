"""Coupons, credit and the money of orders, by HTTP: the same rules as on the pages."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import models
from infra.clock import today
from tests.api.people import of_customer, of_key, of_staff
from tests.api.test_shopping import fill
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order

COUPONS = "/api/cupones"
BACK = {"method": "transfer", "reason": "pagó de más", "reference": "DEV-1"}


@pytest.fixture
async def owner(program: httpx.AsyncClient) -> dict[str, str]:
    del program
    return await of_staff("owner")


@pytest.fixture
async def plan(program: httpx.AsyncClient) -> models.Plan:
    del program
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    return plan


async def made(program: httpx.AsyncClient, owner: dict[str, str], **terms: Any) -> Any:
    body = {"code": "buen fin", "percent": "10", **terms}
    answer = await program.post(COUPONS, json=body, headers=owner)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_coupon_is_made_quoted_used_changed_and_looked_through(
    program: httpx.AsyncClient, owner: dict[str, str], plan: models.Plan
) -> None:
    coupon = await made(program, owner, limit_each=1)
    assert (coupon["code"], coupon["percent"], coupon["amount"]) == ("BUENFIN", "10.00", None)
    ana = await of_customer(await make_customer())
    await fill(program, ana, plan.id)
    quote = await program.get("/api/cart/cupon?code=BuenFin", headers=ana)
    assert quote.json() == {
        "code": "BUENFIN",
        "discount": "15.00",
        "total": "135.00",
        "currency": "MXN",
    }
    await program.post("/api/ordenes-new", json={"coupon": "BUENFIN"}, headers=ana)
    again = await program.get("/api/cart/cupon?code=BUENFIN", headers=ana)
    assert again.json()["errors"] == {"coupon": "Ya usaste ese cupón."}
    [use] = (await program.get(f"{COUPONS}/{coupon['id']}/usos", headers=owner)).json()["items"]
    assert (use["amount"], use["returned"]) == ("15.00", False)
    off = {"percent": "10", "active": False}
    changed = await program.put(f"{COUPONS}/{coupon['id']}", json=off, headers=owner)
    assert (changed.json()["active"], changed.json()["limit_each"]) == (False, None)
    [listed] = (await program.get(COUPONS, headers=owner)).json()["items"]
    assert listed == changed.json()
    assert (listed["uses"], listed["saved"]) == (1, "15.00")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"percent": "101"}, "percent"),
        ({"percent": None, "amount": "0.00"}, "amount"),
        ({"percent": "10", "amount": "10"}, "amount"),
        ({"percent": None}, "percent"),
        ({"percent": 10}, "percent"),
        ({"code": "¿?"}, "code"),
        ({"service_id": 1, "plan_id": 1}, "scope"),
        ({"service_id": 999}, "scope"),
        ({"limit_total": 0}, "limit_total"),
        ({"from_on": "2026-02-02", "until_on": "2026-02-01"}, "until_on"),
        ({"uses": 3}, "uses"),
    ],
)
async def test_a_coupon_without_sense_is_refused_beside_its_field(
    program: httpx.AsyncClient, owner: dict[str, str], terms: dict[str, Any], field: str
) -> None:
    body = {"code": "BUENFIN", "percent": "10", **terms}
    answer = await program.post(COUPONS, json=body, headers=owner)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


async def test_a_coupon_is_made_once_for_each_key_of_a_request(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    headers, body = owner | {"Idempotency-Key": "k"}, {"code": "BUENFIN", "amount": "20"}
    first, second = [await program.post(COUPONS, json=body, headers=headers) for _ in range(2)]
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    third = await program.post(COUPONS, json=body, headers=owner)
    assert list(third.json()["errors"]) == ["code"]


async def test_money_too_much_becomes_credit_that_pays_and_is_paid_out(
    program: httpx.AsyncClient, owner: dict[str, str], plan: models.Plan
) -> None:
    customer = await make_customer()
    ana, clerk = await of_customer(customer), await of_key("payments:write", "payments:read")
    order = await place_order(customer, plan)
    await pay(order.id, order.total + 100)
    path, credit = f"/api/ordenes-new/{order.id}", f"/api/usuarios/{customer.id}/saldo"
    moved = await program.post(f"{path}/a-saldo", headers=clerk)
    assert (moved.json()["loose"], moved.json()["credited"]) == ("0.00", "100.00")
    assert [line["amount"] for line in moved.json()["lines"]] == ["250.00", "-100.00"]
    twice = await program.post(f"{path}/a-saldo", headers=clerk)
    assert (twice.status_code, twice.json()["code"]) == (409, "money_moved")

    gift = {"amount": "25.00", "reason": "por la espera"}
    assert (await program.post(credit, json=gift, headers=owner)).json()["balance"] == "125.00"
    other = await place_order(customer, plan)
    paid = await program.post(
        f"/api/ordenes-new/{other.id}/saldo", json={"amount": "50.00"}, headers=ana
    )
    assert (paid.json()["status"], paid.json()["missing"]) == ("pending_payment", "100.00")
    for _ in range(2):
        out = await program.post(
            f"{credit}/devoluciones", json={**BACK, "amount": "70.00"}, headers=owner
        )
        assert (out.status_code, out.json()["balance"]) == (201, "5.00")
    assert (await program.get("/api/saldo", headers=ana)).json()["balance"] == "5.00"
    causes: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await program.get(
            "/api/saldo/movimientos", params={"limit": 3, "cursor": cursor}, headers=ana
        )
        causes += [entry["cause"] for entry in page.json()["items"]]
        cursor = page.json()["next_cursor"]
    assert causes == ["paid_out", "used", "gift", "overpayment"]


async def test_a_refund_is_on_record_once_and_never_more_than_there_is(
    program: httpx.AsyncClient, owner: dict[str, str], plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    path = f"/api/ordenes-new/{order.id}/devoluciones"
    much = await program.post(path, json={**BACK, "amount": "151.00"}, headers=owner)
    assert list(much.json()["errors"]) == ["amount"]
    blank = await program.post(
        path, json={**BACK, "amount": "1.00", "reason": " ", "reference": ""}, headers=owner
    )
    assert set(blank.json()["errors"]) == {"reason", "reference"}
    for _ in range(2):
        done = await program.post(path, json={**BACK, "amount": "50.00"}, headers=owner)
        assert (done.status_code, done.json()["refunded"]) == (201, "50.00")
        assert (done.json()["kept"], done.json()["due"]) == ("100.00", "100.00")
    figures = await program.get("/api/ordenes-new/admin/estadisticas", headers=owner)
    assert figures.json()["total_refunds"] == "50.00"
    assert figures.json()["by_day"][-1]["day"] == today().isoformat()
    assert figures.json()["by_day"][-1]["refunds"] == "50.00"


async def test_nobody_pays_with_anothers_credit_or_reads_it(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)
    other = await of_customer(await make_customer())
    path = f"/api/ordenes-new/{order.id}/saldo"
    assert (await program.post(path, json={}, headers=other)).status_code == 404
    assert (await program.get("/api/saldo", headers=other)).json()["balance"] == "0.00"
    operator = await of_key("payments:write")
    refused = await program.post(
        f"/api/ordenes-new/{order.id}/devoluciones",
        json={**BACK, "amount": "1.00"},
        headers=operator,
    )
    assert refused.status_code == 403
