"""The people who run the shop, from the invitation to the door, and the bank they are paid at."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from pyotp import TOTP

from infra import clock
from tests.browser.conftest import Served, open_context, serving
from tests.browser.people import (
    add_to_cart,
    look_up,
    new_phone,
    order,
    sign_in,
    sign_in_as_admin,
)
from tests.conftest import fresh_database

WORDS = "un pulpo toca la guitarra azul"
CLABE, OTHER_CLABE = "012180001234567899", "646180157000000004"


@pytest.fixture(scope="module")
def served(postgres: str, template: str) -> Generator[Served]:
    """A shop of its own: what an owner decides counts for everybody in it."""
    with fresh_database(postgres, template) as url, serving(url) as shop:
        yield shop


@pytest.fixture
async def operator_phone(chromium: Browser, served: Served) -> AsyncGenerator[Page]:
    context = await open_context(chromium, served, has_touch=True, is_mobile=True)
    yield await context.new_page()
    await context.close()


async def invite(desk: Page, username: str) -> str:
    """The link, as the owner copies it."""
    await desk.goto("/admin/equipo")
    await desk.get_by_role("button", name="Invitar a alguien").click()
    asked = desk.get_by_role("dialog", name="Invitar a alguien")
    await asked.get_by_label("Usuario").fill(username)
    await asked.get_by_role("button", name="Crear invitación").click()
    await expect(asked.get_by_role("button", name="Copiar enlace")).to_be_visible()
    link = await asked.get_by_role("code").inner_text()
    await asked.get_by_role("button", name="Listo").click()
    return link


async def accept(page: Page, link: str) -> None:
    await page.goto(link)
    await page.get_by_label("Contraseña nueva").fill(WORDS)
    await page.get_by_label("Escríbela otra vez").fill(WORDS)
    await page.get_by_role("button", name="Guardar y entrar").click()
    await page.wait_for_url("**/admin")


async def turn_on_two_steps(page: Page) -> str:
    """The secret, as somebody types it who cannot scan; it leaves one code used."""
    await page.goto("/admin/mi-cuenta")
    await page.get_by_role("button", name="Activar", exact=True).click()
    asked = page.get_by_role("dialog", name="Activar la verificación en dos pasos")
    await expect(asked.get_by_role("img", name="Código QR")).to_be_visible()
    secret = (await asked.get_by_text(re.compile(r"^([A-Z2-7]{4} ?){8}$")).inner_text()).replace(
        " ", ""
    )
    await asked.get_by_label("Código de 6 dígitos").fill(TOTP(secret).now())
    await asked.get_by_role("button", name="Activar", exact=True).click()
    await expect(asked.get_by_role("listitem")).to_have_count(10)
    await asked.get_by_role("button", name="Ya los guardé").click()
    await expect(page.get_by_text("Te quedan 10 códigos")).to_be_visible()
    return secret


async def test_an_operator_is_invited_secures_the_account_and_is_put_out(
    served: Served, desk: Page, operator_phone: Page
) -> None:
    await sign_in_as_admin(desk)
    link = await invite(desk, "olga.reyes")
    await accept(operator_phone, link)
    menu = operator_phone.get_by_role("banner")
    await menu.get_by_label("Menú").click()
    await expect(menu.get_by_role("link", name="Mi cuenta")).to_be_visible()
    for kept_from_operators in ("Equipo", "Ajustes"):
        await expect(menu.get_by_role("link", name=kept_from_operators)).to_have_count(0)
    secret = await turn_on_two_steps(operator_phone)
    await operator_phone.context.clear_cookies()
    await sign_in_with_code(operator_phone, secret)

    await operator_phone.goto("/admin/pedidos")
    await expect(operator_phone.get_by_role("heading", name="Pedidos", level=1)).to_be_visible()
    [[number]] = look_up(served, "SELECT id FROM staff_users WHERE username = 'olga.reyes'")
    await desk.goto(f"/admin/equipo/{number}")
    await expect(desk.get_by_text("Activados")).to_be_visible()
    sessions = desk.get_by_role("button", name=re.compile("Cerrar la sesión de"))
    await expect(sessions).to_have_count(2)  # clearing the cookies signed nobody out
    for _ in range(2):
        before = await sessions.count()
        await sessions.first.click()
        await expect(sessions).to_have_count(before - 1)
    await operator_phone.wait_for_url("**/admin/ingresar?**")

    await operator_phone.goto(link)
    await expect(operator_phone.get_by_text("ya se usó o venció")).to_be_visible()


async def sign_in_with_code(page: Page, secret: str) -> None:
    """With the code of the step to come: this one's may have turned it on."""
    await page.goto("/admin/ingresar")
    await page.get_by_label("Usuario").fill("olga.reyes")
    await page.get_by_label("Contraseña").fill(WORDS)
    await page.get_by_role("button", name="Entrar").click()
    code = page.get_by_label("Código de tu autenticador")
    await code.press_sequentially("000000", delay=100)
    await page.get_by_role("button", name="Entrar").click()
    await expect(page.get_by_text("El código no es correcto")).to_be_visible()
    await code.clear()
    right = TOTP(secret).at(clock.now() + timedelta(seconds=30))
    await code.press_sequentially(right, delay=100)
    await page.get_by_role("button", name="Entrar").click()
    await page.wait_for_url("**/admin")


async def write_bank(desk: Page, clabe: str, bank: str) -> None:
    form = desk.get_by_role("dialog", name=re.compile("cuenta"))
    await form.get_by_label("CLABE").fill(clabe)
    await expect(form.get_by_text(bank)).to_be_visible()
    await form.get_by_label("Nombre del banco").fill("")
    await form.get_by_label("Titular").fill("Rosa Díaz")
    await form.get_by_role("button", name="Guardar").click()
    await expect(form).to_be_hidden()


async def buy(page: Page, slug: str, name: str) -> int:
    await add_to_cart(page, slug, name)
    await page.goto("/pago")
    return await order(page)


async def test_a_new_account_is_told_to_new_orders_and_old_orders_keep_their_own(
    desk: Page, phone: Page
) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/ajustes")
    await desk.get_by_role("button", name="Cambiar la cuenta de").first.click()
    await write_bank(desk, CLABE, "BBVA Mexico")
    await phone.goto("/ingresar?next=/carrito")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/carrito")
    before = await buy(phone, "netflix", "Netflix")
    await expect(phone.get_by_text(CLABE)).to_be_visible()

    await desk.get_by_role("button", name="Agregar cuenta").click()
    await write_bank(desk, OTHER_CLABE, "STP")
    await desk.get_by_role("button", name="Hacer principal la cuenta de STP").click()
    await expect(
        desk.get_by_role("button", name="Hacer principal la cuenta de BBVA")
    ).to_be_visible()
    await buy(phone, "spotify", "Spotify")
    await expect(phone.get_by_text(OTHER_CLABE)).to_be_visible()
    await phone.goto(f"/pedido/{before}")
    await expect(phone.get_by_text(CLABE)).to_be_visible()
    await expect(phone.get_by_text(OTHER_CLABE)).to_have_count(0)


async def test_what_the_owner_decides_shows_in_the_shop_at_once(desk: Page, phone: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/ajustes")
    await desk.get_by_label("Vendedor").fill("Rosa Díaz, persona física")
    await (
        desk.locator("form")
        .filter(has=desk.get_by_label("Vendedor"))
        .get_by_role("button", name="Guardar")
        .click()
    )
    await expect(desk.get_by_text("Ya vale en toda la tienda")).to_be_visible()
    await phone.goto("/terminos")
    await expect(phone.get_by_text("Rosa Díaz, persona física, en México")).to_be_visible()
