"""From "I transferred" to "delivered": a photo from a phone, accepted by one key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.people import (
    add_to_cart,
    look_up,
    new_phone,
    order,
    sign_in,
    sign_in_as_admin,
)
from tests.pictures import receipt, saved


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """One that no other order has sent."""
    made = tmp_path / "foto.jpg"
    made.write_bytes(saved(receipt(f"Folio {new_phone()}")))
    return made


async def ordered(phone: Page, slug: str, name: str) -> int:
    await add_to_cart(phone, slug, name)
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    return await order(phone)


async def at_receipt(desk: Page, served: Served, number: int) -> None:
    [(receipt_id,)] = look_up(served, "SELECT max(id) FROM receipts WHERE order_id = %s", number)
    await desk.goto(f"/admin/pagos?comprobante={receipt_id}")
    await expect(desk.get_by_text(f"Orden {number} ·", exact=False)).to_be_visible()


async def test_a_photo_from_a_phone_is_accepted_by_a_key_and_the_customers_page_turns_to_delivered(
    served: Served, phone: Page, desk: Page, photo: Path
) -> None:
    number = await ordered(phone, "netflix", "Netflix")
    assert phone.viewport_size == {"width": 390, "height": 844}
    await phone.evaluate("window.neverReloaded = true")
    await phone.get_by_label("Tomar foto").set_input_files(photo)
    await expect(phone.get_by_text("foto.jpg")).to_be_visible()
    await phone.get_by_role("button", name="Enviar comprobante").click()
    await expect(phone.get_by_role("heading", name="Estamos revisando")).to_be_visible()

    await sign_in_as_admin(desk)
    await expect(desk.get_by_role("link", name="Comprobantes por revisar")).to_be_visible()
    await at_receipt(desk, served, number)
    shown = desk.get_by_role("button", name="Ampliar el comprobante").get_by_role("img")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.naturalWidth > 300")
    await desk.get_by_label("Monto recibido").press("a")  # who types, types
    await expect(desk.get_by_label("Monto recibido")).to_have_value("a150.00")
    await desk.get_by_label("Monto recibido").fill("150.00")
    await desk.get_by_role("heading", name="Pagos").click()
    await desk.keyboard.press("a")
    await expect(desk.get_by_text(f"Pedido #{number}: pago confirmado")).to_be_visible()

    await expect(phone.get_by_role("link", name=re.compile("accesos")).first).to_be_visible()
    await expect(phone.get_by_role("main").get_by_text("Entregado").first).to_be_visible()
    assert await phone.evaluate("window.neverReloaded")


async def test_a_refused_receipt_says_why_on_the_open_page_and_another_may_be_sent(
    served: Served, phone: Page, desk: Page, photo: Path
) -> None:
    number = await ordered(phone, "hbo-max", "HBO Max")
    send = phone.get_by_role("button", name="Enviar comprobante")
    await send.click()
    await expect(phone.get_by_role("alert").get_by_text("Elige una foto")).to_be_visible()
    await phone.get_by_text("Escribir la clave de rastreo").click()
    await phone.get_by_label("Clave de rastreo").fill(f"CLAVE{number}")
    await send.click()
    await expect(phone.get_by_text("Escribe desde qué banco")).to_be_visible()
    await expect(phone.get_by_label("Clave de rastreo")).to_have_value(f"CLAVE{number}")
    await phone.get_by_label("Banco desde").fill("BBVA")
    await send.click()
    await expect(phone.get_by_role("heading", name="Estamos revisando")).to_be_visible()

    await sign_in_as_admin(desk)
    await at_receipt(desk, served, number)
    await expect(desk.get_by_text("Sin imagen")).to_be_visible()
    await desk.get_by_role("heading", name="Pagos").click()
    await desk.keyboard.press("r")
    asked = desk.get_by_role("dialog", name="Rechazar el comprobante")
    await asked.get_by_role("radio", name="Otro", exact=True).check()
    await asked.get_by_label("Escribe el motivo").fill("Esa clave no existe")
    await asked.get_by_role("button", name="Rechazar").click()
    await expect(desk.get_by_text(f"Pedido #{number}: rechazado")).to_be_visible()

    said = phone.get_by_text("No pudimos aceptar tu comprobante: Esa clave no existe.")
    await expect(said).to_be_visible()
    await phone.get_by_label("Elegir foto o PDF").set_input_files(photo)
    await phone.get_by_role("button", name="Enviar comprobante").click()
    await expect(phone.get_by_role("heading", name="Estamos revisando")).to_be_visible()
