"""What is wrong is found at once, nothing typed is lost, and the way to pay fits on paper."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.people import add_to_cart, new_phone, order, sign_in


async def at_checkout(phone: Page) -> None:
    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")


async def test_a_refused_order_leads_to_the_field_that_is_wrong_and_keeps_what_was_typed(
    phone: Page,
) -> None:
    await at_checkout(phone)
    terms = phone.get_by_role("checkbox", name=re.compile("Acepto"))
    send = phone.get_by_role("button", name=re.compile("Hacer pedido"))
    await phone.get_by_role("radio", name="Correo electrónico").check()
    await phone.get_by_label("Tu correo").fill("ana@mal")
    await terms.check()
    await send.click()
    await expect(phone.get_by_label("Tu correo")).to_be_focused()
    await expect(phone.get_by_text("Escribe un correo válido")).to_be_in_viewport()
    await expect(phone.get_by_label("Tu correo")).to_have_value("ana@mal")
    await phone.get_by_label("Tu correo").fill("ana@correo.mx")
    await terms.uncheck()
    await send.click()
    await expect(terms).to_be_focused()
    await order(phone)


async def test_the_instructions_are_dark_on_white_paper_whatever_the_theme(phone: Page) -> None:
    await at_checkout(phone)
    number = await order(phone)
    await phone.emulate_media(color_scheme="dark")
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Instrucciones de pago")).to_be_visible()
    shades = "[document.body, document.documentElement].map((one) => getComputedStyle(one))"
    ink = f"{shades}.map((style) => style.color + ' on ' + style.backgroundColor)"
    on_screen = await phone.evaluate(ink)
    await phone.emulate_media(media="print", color_scheme="dark")
    on_paper = await phone.evaluate(ink)
    assert on_paper != on_screen
    assert "rgb(42, 33, 27)" in on_paper[0]
    assert on_paper[1].endswith("rgb(255, 255, 255)")
    await expect(phone.get_by_text(f"Orden {number}")).to_be_visible()
    await expect(phone.get_by_role("button", name="Compartir")).to_be_hidden()
