"""A program orders with a coupon and with credit."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

import models
from domain import credit
from infra.database import unit_of_work
from tests.api.test_shopping import fill, of_customer
from tests.builders import (
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
)


@pytest.fixture
async def plan(program: httpx.AsyncClient) -> models.Plan:
    del program
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    await keep(models.Coupon(code="BUENFIN", percent=Decimal(10), limit_each=1))
    return plan


async def test_coupon_and_credit_leave_less_to_pay_and_the_answer_says_how_much(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    customer = await make_customer()
    ana = await of_customer(customer)
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=customer.id or 0, amount=Decimal(100), reason="espera"
        )
    profile = (await program.get("/api/auth/user/profile", headers=ana)).json()
    assert profile["credit"] == "100.00"
    await fill(program, ana, plan.id)
    body = {"coupon": "buenfin", "use_credit": "35.00"}
    order = (await program.post("/api/ordenes-new", json=body, headers=ana)).json()
    assert {name: order[name] for name in ("total", "discount", "coupon_code", "missing")} == {
        "total": "135.00",
        "discount": "15.00",
        "coupon_code": "BUENFIN",
        "missing": "100.00",
    }
    assert order["payment_instructions"]["amount"] == "100.00"
    await fill(program, ana, plan.id)
    spent = await program.post("/api/ordenes-new", json=body, headers=ana)
    assert (spent.status_code, spent.json()["errors"]) == (
        422,
        {"coupon": "Ya usaste ese cupón."},
    )
    short = await program.post("/api/ordenes-new", json={"use_credit": "90.00"}, headers=ana)
    assert (short.status_code, short.json()["code"]) == (409, "credit_short")
    for wrong in ("-1.00", "0", "1.234", "mucho", True):
        answer = await program.post("/api/ordenes-new", json={"use_credit": wrong}, headers=ana)
        assert answer.status_code == 422, wrong


async def test_what_credit_covers_is_delivered_at_once(
    program: httpx.AsyncClient, plan: models.Plan
) -> None:
    customer = await make_customer()
    ana = await of_customer(customer)
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=customer.id or 0, amount=Decimal(200), reason="espera"
        )
    await fill(program, ana, plan.id)
    placed = await program.post("/api/ordenes-new", json={"use_credit": "200.00"}, headers=ana)
    assert (placed.status_code, placed.json()["status"], placed.json()["missing"]) == (
        201,
        "delivered",
        "0.00",
    )
