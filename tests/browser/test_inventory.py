"""An operator keeps the stock from a phone, and the shop sells what the stock says."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.people import Frames, look_up, new_phone, sign_in_as_admin
from tests.browser.test_imports import BACK, SELL_OUT

LIST = "/admin/inventario"
PASSWORD = "clave que nadie ve"
PLANS = 4


async def sold_out(page: Page, plans: int) -> None:
    """Of the service's plans, so many say that nothing is left; the catalog is a second old."""
    said = page.get_by_role("main").get_by_text("Agotado", exact=True)
    async with asyncio.timeout(20):
        while True:
            await page.goto("/servicio/spotify")
            await expect(page.get_by_role("heading", name="Spotify", level=1)).to_be_visible()
            if await said.count() == plans:
                return


async def add_account(page: Page, login: str) -> str:
    """Refused once for a name that is missing, with everything else still there; its number."""
    await page.get_by_role("link", name="Agregar cuenta").click()
    await expect(page.get_by_role("heading", name="Agregar cuenta")).to_be_visible()
    await page.get_by_label("Servicio").select_option(label="Spotify")
    await page.get_by_label("Usuario").fill(login)
    await page.get_by_label("Contraseña").fill(PASSWORD)
    name = page.get_by_label("Nombre del perfil 1")
    await name.fill("")
    await page.get_by_role("button", name="Guardar cuenta").click()
    await expect(name).to_be_focused()
    await expect(page.get_by_label("Contraseña")).to_have_value(PASSWORD)
    await name.fill("Principal")
    await page.get_by_role("button", name="Guardar cuenta").click()
    await expect(page.get_by_text("La cuenta ya está en el inventario.")).to_be_visible()
    return page.url.rpartition("/")[2]


async def dedicate(page: Page) -> None:
    """To the plan of one month, after a cost that is none."""
    await page.get_by_role("button", name="Editar datos").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Plan").select_option(label="1 mes")
    await dialog.get_by_label("Costo en MXN").fill("ochenta")
    await dialog.get_by_role("button", name="Guardar").click()
    await expect(dialog.get_by_text("Escribe un costo")).to_be_visible()
    await dialog.get_by_label("Costo en MXN").fill("80")
    await dialog.get_by_role("button", name="Guardar").click()
    await expect(page.get_by_text("Guardamos los datos de la cuenta.")).to_be_visible()
    await expect(page.get_by_text("$80.00 MXN").first).to_be_visible()


async def test_an_account_is_added_found_corrected_and_paused_and_the_shop_follows(
    served: Served, phone: Page, desk: Page
) -> None:
    taken = [row[0] for row in look_up(served, SELL_OUT)]
    login = f"nueva{new_phone()}@correo.mx"
    try:
        await sold_out(desk, PLANS)
        frames = Frames(phone)
        await sign_in_as_admin(phone)
        await phone.goto(LIST)
        number = await add_account(phone, login)
        await sold_out(desk, 0)
        await dedicate(phone)
        await sold_out(desk, PLANS - 1)
        await phone.get_by_role("button", name="Cambiar estado").click()
        dialog = phone.get_by_role("dialog")
        await dialog.get_by_role("radio", name=re.compile("En mantenimiento")).check()
        await dialog.get_by_role("button", name="Guardar estado").click()
        await expect(phone.get_by_text("no se vende nada de ella")).to_be_visible()
        await sold_out(desk, PLANS)

        await phone.goto(LIST)
        await phone.get_by_role("searchbox").fill(login.upper())
        await phone.get_by_role("button", name="Buscar").click()
        found = phone.get_by_role("link", name=re.compile(f"Spotify · {number}"))
        await expect(found).to_contain_text("En mantenimiento")
        assert phone.url == served.at(LIST)
        assert frames.received(PASSWORD) == frames.received(login) == 0
        await found.click()
        await phone.get_by_role("button", name="Cambiar estado").click()
        await dialog.get_by_role("button", name="Retirar para siempre").click()
        await dialog.get_by_label("Motivo").fill("Fue una prueba")
        await dialog.get_by_role("button", name="Sí, retirar").click()
        await expect(phone.get_by_text("Esta cuenta está retirada")).to_be_visible()
    finally:
        look_up(served, BACK, taken)
    log = served.log.read_text(errors="replace")
    assert login not in log
    assert PASSWORD not in log
