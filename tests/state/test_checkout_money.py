"""A coupon and credit at checkout, and on the page of an order that waits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import models
from domain import credit
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.storefront.checkout import Checkout
from state.storefront.order import OrderStatusPage
from tests.builders import (
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
    sign_in_customer,
)
from tests.state.test_storefront import FORM, cart_at_checkout
from tests.tabs import tabs

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    await keep(models.Coupon(code="BUENFIN", percent=Decimal(10), limit_total=1))
    return plan


async def with_credit(amount: int) -> models.Customer:
    ana = await make_customer()
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=ana.id or 0, amount=Decimal(amount), reason="espera"
        )
    return ana


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_the_total_follows_the_coupon_and_the_credit_and_what_is_covered_is_delivered(
    plan: models.Plan,
) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await with_credit(200)))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.use_coupon, form={"coupon": "buenfin"})
        seen = tab.sees(Checkout)["money"]
        assert (seen.discount, seen.to_pay, seen.credit) == (
            "−$15.00 MXN",
            "$135.00 MXN",
            "$200.00 MXN",
        )
        await tab.send(Checkout.use_credit, wanted=True)
        assert tab.sees(Checkout)["money"].covered
        await tab.send(Checkout.spend, amount="35")
        assert tab.sees(Checkout)["money"].to_pay == "$100.00 MXN"
        await tab.send(Checkout.spend, amount="135")
        await tab.send(Checkout.place, form=FORM)
    assert await value("SELECT status FROM orders") == "delivered"
    assert await value("SELECT credit FROM customers") == 65


async def test_a_coupon_that_does_not_count_is_said_beside_its_field(plan: models.Plan) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        for said in ("NADA", {}, "x" * 500, "\ud800"):
            await tab.send(Checkout.use_coupon, form={"coupon": said})
            assert set(tab.sees(Checkout)["errors"]) == {"coupon"}
            assert tab.sees(Checkout)["money"].to_pay == "$150.00 MXN"


async def test_a_wrong_code_leaves_the_coupon_that_counts_and_an_empty_one_takes_it_away(
    plan: models.Plan,
) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.use_coupon, form={"coupon": "buenfin"})
        await tab.send(Checkout.use_coupon, form={"coupon": "otro"})
        seen = tab.sees(Checkout)
        assert set(seen["errors"]) == {"coupon"}
        assert seen["notice"] == ""
        assert (seen["money"].coupon, seen["money"].to_pay) == ("BUENFIN", "$135.00 MXN")
        await tab.send(Checkout.use_coupon, form={"coupon": " "})
        seen = tab.sees(Checkout)
        assert (seen["money"].coupon, seen["money"].to_pay) == ("", "$150.00 MXN")


async def test_more_credit_than_there_is_or_than_the_order_takes_is_refused_beside_its_field(
    plan: models.Plan,
) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await with_credit(100)))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.use_credit, wanted=True)
        for amount in ("100.01", "9999"):
            await tab.send(Checkout.spend, amount=amount)
            seen = tab.sees(Checkout)
            assert seen["errors"] == {
                "use_credit": "De este pedido puedes pagar hasta $100.00 MXN con tu saldo."
            }
            assert seen["money"].using_plain == "100.00"
        await tab.send(Checkout.place, form={**FORM, "use_credit": "9999"})
        assert set(tab.sees(Checkout)["errors"]) == {"use_credit"}
        assert await value("SELECT count(*) FROM orders") == 0
        await tab.send(Checkout.place, form={**FORM, "use_credit": "40"})
    assert await value("SELECT credit FROM customers") == 60


async def test_a_refused_order_leads_to_the_field_that_is_wrong(plan: models.Plan) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.place, form={**FORM, "delivery_preference": "email", "email": "a"})
        assert "aria-invalid" in tab.scripts[-1]


async def test_who_comes_second_to_the_last_use_sees_the_total_without_it(
    plan: models.Plan,
) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.use_coupon, form={"coupon": "BUENFIN"})
        async with unit_of_work() as session:
            await run(session, "UPDATE coupons SET uses = 1")
        await tab.send(Checkout.place, form=FORM)
        seen = tab.sees(Checkout)
        assert (seen["refused"], seen["money"].to_pay) == ("coupon", "$150.00 MXN")
        assert seen["errors"]["coupon"] == "Ese cupón ya se agotó."
    assert await value("SELECT count(*) FROM orders") == 0


async def test_an_order_that_waits_can_be_paid_with_credit_on_its_page(plan: models.Plan) -> None:
    ana = await with_credit(60)
    placed = await place_order(ana, plan)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = f"/pedido/{placed.id}"
        await tab.send(OrderStatusPage.load)
        assert tab.sees(OrderStatusPage)["order"].money.credit == "$60.00 MXN"
        await tab.send(OrderStatusPage.pay_with_credit)
        seen = tab.sees(OrderStatusPage)["order"]
        assert (seen.money.credit, seen.money.missing) == ("", "$90.00 MXN")
        assert [row.title for row in seen.money.rows] == ["Usaste tu saldo a favor"]
        assert seen.payment.amount == "$90.00 MXN"
