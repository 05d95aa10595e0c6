"""A customer pays with a card from their order's page, for what it lacks, and is told truly."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import carts
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.live import live
from state.storefront.card import CONFIRMING, LEFT, REJECTED
from state.storefront.checkout import Checkout
from state.storefront.order import OrderStatusPage
from state.storefront.order_parts import OrderView
from tests.builders import (
    as_customer,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    pay,
    sign_in_customer,
)
from tests.fixtures import Shop
from tests.payments.fake_mercadopago import (
    DOWN,
    TOKEN,
    FakeMercadoPago,
    broken,
    refuses,
)
from tests.payments.till import jobs, look, make_order, state
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

UNAVAILABLE = "El pago con tarjeta no está disponible ahora."


@pytest.fixture
async def ana(shop: Shop) -> models.Customer:
    del shop
    return await make_customer()


@pytest.fixture
async def order(ana: models.Customer) -> int:
    """Of 150.00, ana's."""
    return await make_order(ana)


@pytest.fixture
async def tab(ana: models.Customer, order: int) -> AsyncGenerator[Tab]:
    """Ana's, on the page of her order."""
    async with tabs() as open_tab:
        opened = open_tab(await sign_in_customer(ana))
        opened.path = f"/pedido/{order}"
        await opened.send(OrderStatusPage.load)
        yield opened


def seen(tab: Tab) -> OrderView:
    return tab.sees(OrderStatusPage)["order"]  # type: ignore[no-any-return]


async def back(tab: Tab, order: int, said: str) -> OrderView:
    tab.path = f"/pedido/{order}?tarjeta={said}"
    await tab.send(OrderStatusPage.load)
    return seen(tab)


async def test_a_shop_without_cards_shows_nothing_of_them(tab: Tab) -> None:
    assert seen(tab).card.amount == ""
    await tab.send(OrderStatusPage.pay_by_card)
    assert tab.sees(OrderStatusPage)["notice"].startswith(UNAVAILABLE)
    assert tab.went == []
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM card_checkouts") == 0


async def test_a_card_pays_what_is_missing_and_the_page_turns_by_itself(
    mercadopago: FakeMercadoPago, cards: Any, shop: Shop, tab: Tab, order: int
) -> None:
    await pay(order, Decimal(50))
    await tab.send(OrderStatusPage.load)
    assert seen(tab).card.amount == "$100.00 MXN"
    await tab.send(OrderStatusPage.pay_by_card)
    [preference] = mercadopago.preferences.values()
    assert tab.went == [preference["init_point"]]
    assert preference["items"][0]["unit_price"] == 100
    assert preference["back_urls"]["success"].endswith(f"/pedido/{order}?tarjeta=lista")
    async with delivering(shop, live, tab) as handed_out:
        shown = await back(tab, order, "lista")
        assert (shown.headline, shown.what_next) == CONFIRMING
        assert shown.card.amount == "", "nobody pays twice while it is confirmed"
        assert shown.status == "pending_payment"
        mercadopago.pay(preference["id"])
        await look(cards)
        await handed_out(f"order:{order}")
        assert seen(tab).status == "delivered"
    assert await state(order) == ("delivered", 150)


async def test_coming_back_asks_the_provider_at_once_but_not_at_every_reload(
    mercadopago: FakeMercadoPago, cards: Any, tab: Tab, order: int
) -> None:
    await tab.send(OrderStatusPage.pay_by_card)
    mercadopago.pay(mercadopago.newest())
    await back(tab, order, "lista")
    assert await jobs("cards.look") == 1
    await cards.look()
    assert await state(order) == ("delivered", 150), "without a notice"
    await back(tab, order, "lista")
    await back(tab, order, "lista")
    assert await jobs("cards.look") == 1
    assert seen(tab).headline.startswith("¡Listo!")


async def test_coming_back_proves_nothing(
    mercadopago: FakeMercadoPago, tab: Tab, order: int
) -> None:
    await tab.send(OrderStatusPage.pay_by_card)
    await back(tab, order, "lista&status=approved&payment_id=1&collection_status=approved")
    assert seen(tab).status == "pending_payment"
    assert await state(order) == ("pending_payment", 0)
    assert mercadopago.payments == {}


async def test_the_same_page_is_used_while_it_is_open_for_the_same_amount(
    mercadopago: FakeMercadoPago, tab: Tab, order: int
) -> None:
    for _ in range(3):
        await tab.send(OrderStatusPage.pay_by_card)
    assert len(mercadopago.preferences) == 1
    assert len(set(tab.went)) == 1
    await pay(order, Decimal(50))
    await tab.send(OrderStatusPage.pay_by_card)
    assert len(mercadopago.preferences) == 2
    async with unit_of_work() as session:
        await run(session, "UPDATE card_checkouts SET expires_at = now() + interval '1 minute'")
    await tab.send(OrderStatusPage.pay_by_card)
    assert len(mercadopago.preferences) == 3


async def test_what_became_of_a_try_is_said_and_another_is_offered(
    mercadopago: FakeMercadoPago, cards: Any, tab: Tab, order: int
) -> None:
    await tab.send(OrderStatusPage.pay_by_card)
    assert (await back(tab, order, "no")).card.said == LEFT
    number = mercadopago.pay(mercadopago.newest(), "rejected")
    await look(cards)
    assert (await back(tab, order, "no")).card.said == REJECTED
    assert (await back(tab, order, "lista")).card.amount == "$150.00 MXN"
    mercadopago.move(number, "in_process")
    await look(cards)
    shown = await back(tab, order, "")
    assert (shown.headline, shown.card.amount) == (CONFIRMING[0], "")
    await tab.send(OrderStatusPage.pay_by_card)
    assert "en revisión" in tab.sees(OrderStatusPage)["notice"]
    assert (await back(tab, order, "<script>")).card.said == ""


@pytest.mark.parametrize("ill", [DOWN, broken(500), refuses(0, 429), refuses(401, 401), refuses(0)])
async def test_while_the_provider_is_down_the_customer_is_told_and_can_transfer(
    mercadopago: FakeMercadoPago, tab: Tab, ill: Any, caplog: pytest.LogCaptureFixture
) -> None:
    mercadopago.always = ill
    await tab.send(OrderStatusPage.pay_by_card)
    assert tab.sees(OrderStatusPage)["notice"].startswith(UNAVAILABLE)
    assert tab.went == []
    assert seen(tab).payment.clabe
    assert TOKEN not in caplog.text
    mercadopago.always = type(ill)()
    await tab.send(OrderStatusPage.pay_by_card)
    assert len(tab.went) == 1


async def test_nobody_pays_by_card_for_an_order_that_is_not_theirs_or_not_open(
    mercadopago: FakeMercadoPago, tab: Tab, order: int
) -> None:
    async with tabs() as open_tab:
        stranger = open_tab(await sign_in_customer(await make_customer()))
        stranger.path = f"/pedido/{order}"
        await stranger.send(OrderStatusPage.load)
        await stranger.send(OrderStatusPage.pay_by_card)
        await back(stranger, order, "lista")
        assert (stranger.went, mercadopago.preferences) == ([], {})
        assert await jobs("cards.look") == 0
    await pay(order, Decimal(150))
    await tab.send(OrderStatusPage.pay_by_card)
    assert tab.went == []
    assert mercadopago.preferences == {}


async def at_checkout(ana: models.Customer) -> None:
    """Something of 150.00 in her cart."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=plan.id or 0, quantity=1)


FORM = {"terms": "on", "delivery_preference": "whatsapp"}


async def test_who_chooses_a_card_at_checkout_goes_right_to_pay(
    mercadopago: FakeMercadoPago, ana: models.Customer
) -> None:
    await at_checkout(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/pago"
        await tab.send(Checkout.load)
        assert tab.sees(Checkout)["money"].cards is True
        await tab.send(Checkout.place, form={**FORM, "pay_by": "card"})
        assert tab.went == [mercadopago.preferences[mercadopago.newest()]["init_point"]]


async def test_an_order_is_placed_even_if_the_card_page_cannot_open(
    mercadopago: FakeMercadoPago, ana: models.Customer
) -> None:
    await at_checkout(ana)
    mercadopago.always = broken(503)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/pago"
        await tab.send(Checkout.load)
        await tab.send(Checkout.place, form={**FORM, "pay_by": "card"})
        assert tab.went == ["/pedido/1?tarjeta=cerrada"]
        tab.path = tab.went[0]
        await tab.send(OrderStatusPage.load)
        assert "Tu pedido está hecho" in seen(tab).card.said


async def test_control_who_transfers_goes_to_the_order(
    mercadopago: FakeMercadoPago, ana: models.Customer
) -> None:
    await at_checkout(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/pago"
        await tab.send(Checkout.load)
        await tab.send(Checkout.place, form={**FORM, "pay_by": "transfer"})
        assert tab.went == ["/pedido/1"]
        assert mercadopago.preferences == {}
