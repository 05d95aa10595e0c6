"""A card pays at Mercado Pago's page, here a stand-in's, and the order delivers itself."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Served, open_context, serving
from tests.browser.people import (
    add_to_cart,
    look_up,
    new_phone,
    order,
    sign_in,
    sign_in_as_admin,
)
from tests.conftest import fresh_database
from tests.payments.fake_mercadopago import FakeMercadoPago, fake_mercadopago


@dataclass(frozen=True, slots=True)
class CardShop:
    """A served shop that takes cards, and the Mercado Pago it asks."""

    served: Served
    mercadopago: FakeMercadoPago


@pytest.fixture(scope="module")
def card_shop(postgres: str, template: str) -> Generator[CardShop]:
    with (
        pytest.MonkeyPatch.context() as patch,
        fake_mercadopago() as fake,
        fresh_database(postgres, template) as url,
    ):
        for name, value in fake.settings().items():
            patch.setenv(f"CUENTY_{name.upper()}", value)
        with serving(url) as served:
            fake.shop = served.origin
            yield CardShop(served, fake)


@pytest.fixture
async def buyer(chromium: Browser, card_shop: CardShop) -> AsyncGenerator[Page]:
    context = await open_context(chromium, card_shop.served, has_touch=True, is_mobile=True)
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def owner(chromium: Browser, card_shop: CardShop) -> AsyncGenerator[Page]:
    context = await open_context(chromium, card_shop.served, viewport=DESKTOP)
    yield await context.new_page()
    await context.close()


async def to_checkout(page: Page) -> None:
    await add_to_cart(page, "netflix", "Netflix")
    await page.goto("/ingresar?next=/pago")
    await sign_in(page, new_phone())
    await page.wait_for_url("**/pago")


def status(card_shop: CardShop, number: int) -> str:
    [(found,)] = look_up(card_shop.served, "SELECT status FROM orders WHERE id = %s", number)
    return str(found)


async def test_a_card_pays_at_checkout_and_the_owner_gives_it_back(
    buyer: Page, owner: Page, card_shop: CardShop
) -> None:
    await to_checkout(buyer)
    await buyer.get_by_role("radio", name=re.compile("Tarjeta")).check()
    await buyer.get_by_role("checkbox", name=re.compile("Acepto")).check()
    await buyer.get_by_role("button", name=re.compile("Hacer pedido")).click()
    await expect(buyer.get_by_role("heading", name="Mercado Pago")).to_be_visible()
    await buyer.get_by_role("button", name="Pagar", exact=True).click()
    await buyer.wait_for_url("**/pedido/*")
    number = int(buyer.url.partition("/pedido/")[2].partition("?")[0])
    await expect(buyer.get_by_role("link", name="Ver mis accesos")).to_be_visible()
    await expect(buyer.get_by_text("Recibimos tu pago")).to_be_visible()
    assert status(card_shop, number) == "delivered"

    await sign_in_as_admin(owner)
    await owner.goto(f"/admin/pedidos/{number}")
    await owner.get_by_role("button", name="Registrar devolución").click()
    asked = owner.get_by_role("dialog", name="Registrar devolución")
    await expect(asked.get_by_text("Mercado Pago devuelve a su tarjeta")).to_be_visible()
    await asked.get_by_label("Monto devuelto").fill("50")
    await asked.get_by_label("Motivo").fill("Falló un día")
    await asked.get_by_role("button", name="Registrar", exact=True).click()
    await expect(owner.get_by_text("Le pedimos a Mercado Pago")).to_be_visible()
    await expect(owner.get_by_text("Devolución a su tarjeta")).to_be_visible()
    await expect(buyer.get_by_text("Te devolvimos")).to_be_visible()
    [payment] = card_shop.mercadopago.payments.values()
    assert payment["transaction_amount_refunded"] == 50


async def test_the_page_waits_for_the_truth_and_then_turns_by_itself(
    buyer: Page, card_shop: CardShop
) -> None:
    await to_checkout(buyer)
    number = await order(buyer)
    pay = buyer.get_by_role("button", name=re.compile("con tarjeta"))
    await pay.click()
    await buyer.get_by_role("button", name="Pagar con una tarjeta sin fondos").click()
    await expect(buyer.get_by_text("Tu tarjeta no pasó")).to_be_visible()
    await pay.click()
    await buyer.get_by_role("button", name="Pagar y esperar revisión").click()
    await expect(buyer.get_by_role("heading", name="Estamos confirmando tu pago")).to_be_visible()
    await expect(pay).to_have_count(0)
    assert status(card_shop, int(number)) == "pending_payment"
    waiting = list(card_shop.mercadopago.payments)[-1]
    card_shop.mercadopago.move(waiting, "approved")
    assert card_shop.mercadopago.tell(waiting) == 200
    await expect(buyer.get_by_role("link", name="Ver mis accesos")).to_be_visible()
    assert status(card_shop, int(number)) == "delivered"


async def test_a_notice_that_never_comes_keeps_nobody_waiting(
    buyer: Page, card_shop: CardShop
) -> None:
    """Who comes back is reason enough to ask."""
    await to_checkout(buyer)
    number = await order(buyer)
    await buyer.get_by_role("button", name=re.compile("con tarjeta")).click()
    await buyer.get_by_label("Avisar a la tienda").uncheck()
    await buyer.get_by_role("button", name="Pagar", exact=True).click()
    await expect(buyer.get_by_role("link", name="Ver mis accesos")).to_be_visible()
    assert status(card_shop, int(number)) == "delivered"
