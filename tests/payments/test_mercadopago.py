"""The adapter asks through the official client, and whatever comes back is an answer or a code."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest

from infra.clock import now
from infra.payments.provider import CardProvider, card_provider
from infra.payments.shapes import CardProviderError, CheckoutWanted
from tests.fixtures import Shop
from tests.payments.fake_mercadopago import (
    DOWN,
    HALF,
    SECRET,
    TOKEN,
    Does,
    FakeMercadoPago,
    broken,
    refuses,
    silent,
)


@pytest.fixture
def provider(mercadopago: FakeMercadoPago) -> CardProvider:
    del mercadopago
    return card_provider()


def wanted(amount: str = "150.10", **values: object) -> CheckoutWanted:
    said = {
        "reference": "7-0123456789abcdef",
        "order_id": 7,
        "title": "Pedido #7 · Cuenty",
        "amount": Decimal(amount),
        "expires_at": now() + timedelta(hours=24),
        "back": "https://mitienda.mx/pedido/7",
        **values,
    }
    return CheckoutWanted(**said)  # type: ignore[arg-type]


async def test_a_checkout_asks_for_exactly_the_amount_and_comes_back_to_the_order(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    url = await provider.open_checkout(wanted())
    assert url == mercadopago.preferences[mercadopago.newest()]["init_point"]
    said = mercadopago.preferences[mercadopago.newest()]
    [item] = said["items"]
    assert (item["unit_price"], item["currency_id"], item["quantity"]) == (150.10, "MXN", 1)
    assert said["external_reference"] == "7-0123456789abcdef"
    assert said["back_urls"]["success"] == "https://mitienda.mx/pedido/7?tarjeta=lista"
    assert said["auto_return"] == "approved"
    assert said["expires"] is True
    assert "payer" not in said


async def test_a_shop_without_https_is_not_returned_to_by_itself(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    await provider.open_checkout(wanted(back="http://localhost:3000/pedido/7"))
    assert "auto_return" not in mercadopago.preferences[mercadopago.newest()]


async def test_the_same_checkout_asked_for_twice_is_one(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    mercadopago.then("preference", HALF)
    with pytest.raises(CardProviderError):
        await provider.open_checkout(wanted())
    await provider.open_checkout(wanted())
    assert len(mercadopago.preferences) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://mercadopago.com.evil.mx/x",
        "https://evilmercadopago.com/x",
        "javascript:alert(1)",
        "http://www.mercadopago.com.mx/x",
        None,
        7,
    ],
)
async def test_a_customer_is_sent_nowhere_but_to_mercado_pago(
    provider: CardProvider, address: object
) -> None:
    with pytest.raises(CardProviderError, match="unclear"):
        provider._safe(address)  # type: ignore[attr-defined]


def test_control_mercado_pagos_own_page_is_gone_to(provider: CardProvider) -> None:
    url = "https://www.mercadopago.com.mx/checkout/v1/redirect?pref_id=1-2"
    assert provider._safe(url) == url  # type: ignore[attr-defined]


async def test_what_a_payment_is_comes_from_the_api(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    number = mercadopago.add("7-abc", 1234.5, "approved")
    mercadopago.give_back_in_panel(number, 34.25)
    said = await provider.payment(number)
    assert said is not None
    assert (said.number, said.amount, said.currency) == (number, Decimal("1234.50"), "MXN")
    assert (said.reference, said.paid, said.live, said.disputed) == ("7-abc", True, True, False)
    assert [refund.amount for refund in said.refunds] == [Decimal("34.25")]
    assert await provider.payment("999") is None


async def test_a_search_reads_all_pages(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    for _ in range(120):
        mercadopago.add("7-abc", 1.0)
    mercadopago.add("8-abc", 1.0)
    assert len(await provider.payments_of("7-abc")) == 120
    assert len(await provider.changed_since(now() - timedelta(hours=1))) == 121


async def test_a_payment_that_cannot_be_read_hides_no_other(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    mercadopago.add("7-abc", 1.0)
    mercadopago.add("7-abc", 1.0, currency_id=None)
    mercadopago.add("7-abc", 0.001)
    assert len(await provider.payments_of("7-abc")) == 1


async def test_a_refund_with_the_same_key_is_made_once(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    number = mercadopago.add("7-abc", 150.0)
    first = await provider.give_back(number, Decimal("50.00"), "key-1")
    again = await provider.give_back(number, Decimal("50.00"), "key-1")
    assert first.number == again.number
    assert mercadopago.payments[number]["transaction_amount_refunded"] == 50


ENDS = [
    (DOWN, "unreachable", False),
    (broken(), "unreachable", False),
    (broken(503), "unreachable", False),
    (refuses(0, 429), "busy", False),
    (refuses(401, 401), "mercadopago_401", False),
    (refuses(2063), "mercadopago_2063", True),
    (refuses(0, 400), "mercadopago_400", True),
    (Does(page="<html>"), "unclear", False),
    (Does(page="[]"), "unclear", False),
    (Does(page='{"id": 1, "amount": "x"}'), "unclear", False),
    (Does(page='{"id": 1, "amount": 1, "status": "in_process"}'), "refund_waits", False),
    (Does(page='{"id": 1, "amount": 1, "status": "rejected"}'), "refund_refused", True),
]


@pytest.mark.parametrize(("does", "code", "final"), ENDS)
async def test_whatever_goes_wrong_is_a_code_that_quotes_nothing(
    provider: CardProvider,
    mercadopago: FakeMercadoPago,
    caplog: pytest.LogCaptureFixture,
    does: Does,
    code: str,
    final: bool,  # a column of the table
) -> None:
    number = mercadopago.add("7-abc", 150.0)
    mercadopago.then("refund", does)
    with pytest.raises(CardProviderError) as refusal:
        await provider.give_back(number, Decimal(50), "key-1")
    assert (refusal.value.code, refusal.value.final) == (code, final)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    for secret in (TOKEN, SECRET, mercadopago.url):
        assert secret not in caplog.text


async def test_silence_ends_in_time_and_keeps_the_loop_free(
    shop: Shop, mercadopago: FakeMercadoPago
) -> None:
    shop.configure(mercadopago_timeout_seconds=0.2)
    mercadopago.always = silent()
    with pytest.raises(CardProviderError, match="timeout"):
        await card_provider().payment("1")


async def test_nothing_is_asked_twice_by_itself(
    provider: CardProvider, mercadopago: FakeMercadoPago
) -> None:
    mercadopago.always = broken(503)
    with pytest.raises(CardProviderError):
        await provider.payment("1")
    assert mercadopago.asked["payment"] == 1


@pytest.mark.usefixtures("shop")
async def test_without_a_set_up_there_is_no_provider() -> None:
    with pytest.raises(CardProviderError, match="not_configured"):
        card_provider()


LOADED = "import sys, api.app, jobs.cards; sys.exit('mercadopago' in sys.modules)"


def test_a_shop_without_cards_never_loads_the_client() -> None:
    """Its 350 ms and its memory are for who uses it."""
    said = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", LOADED],
        check=False,
        env={"DATABASE_URL": "postgresql://localhost/none", "PATH": "/usr/bin:/bin"},
    )
    assert said.returncode == 0
