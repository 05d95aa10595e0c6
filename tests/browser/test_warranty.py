"""A report from the phone, its answer from the desk, and the open card that changes by itself."""

from __future__ import annotations

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from domain.sql import scalar
from infra.database import reading
from models import Customer
from state import views
from tests.browser.backdoor import inside
from tests.browser.conftest import Served
from tests.browser.people import report, sign_in_as_admin
from tests.browser.test_renewals import carry, holder_of_netflix
from tests.builders import make_account


async def open_card(page: Page) -> Locator:
    await page.goto("/mis-cuentas")
    return page.get_by_role("article").filter(has_text="Netflix")


async def reveal(card: Locator) -> str:
    """The login it shows."""
    await card.get_by_role("button", name="Ver mis datos de acceso").click()
    shown = card.get_by_role("code").first
    await expect(shown).to_be_visible()
    return await shown.inner_text()


async def open_report(desk: Page, customer: Customer) -> None:
    """From the counter of the summary to the report of this customer."""
    await sign_in_as_admin(desk)
    await desk.get_by_role("main").get_by_role("link", name=re.compile("^Garantías")).click()
    theirs = desk.get_by_role("row").filter(has_text=views.phone(customer.phone))
    await theirs.get_by_role("link", name=re.compile("^Reporte #")).click()
    await expect(desk.get_by_role("heading", name=re.compile("^Reporte #"))).to_be_visible()


async def test_a_reported_access_is_changed_and_the_open_card_opens_the_new_one(
    served: Served, phone: Page, desk: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    async with inside(served):
        async with reading() as session:
            netflix = await scalar(session, "SELECT id FROM services WHERE slug = 'netflix'")
        await make_account(netflix, profiles=1)
    await carry(phone.context, served, token)
    card = await open_card(phone)
    before = await reveal(card)
    await phone.evaluate("window.neverReloaded = true")
    await report(phone, "Netflix", "La contraseña no funciona", "Dice que no existe.")
    await expect(card.get_by_text("Lo reportaste hoy")).to_be_visible()
    await expect(card.get_by_role("button", name="Reportar un problema")).to_have_count(0)

    await open_report(desk, ana)
    await expect(desk.get_by_text("Dice que no existe.")).to_be_visible()
    await desk.get_by_role("button", name="Cambiar acceso").click()
    await expect(desk.get_by_role("status").get_by_text("Tiene un acceso nuevo")).to_be_visible()
    await expect(desk.get_by_role("button", name="Cambiar acceso")).to_have_count(0)

    await expect(card.get_by_text("Te dimos un acceso nuevo")).to_be_visible()
    await expect(card.get_by_text("Lo reportaste")).to_have_count(0)
    await expect(card.get_by_text(before)).to_have_count(0)
    assert await reveal(card) != before
    await expect(card.get_by_text("Te dimos un acceso nuevo")).to_have_count(0)
    assert await phone.evaluate("window.neverReloaded")


async def test_a_rejection_needs_its_reason_which_the_open_card_then_shows(
    served: Served, phone: Page, desk: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    card = await open_card(phone)
    await report(phone, "Netflix", "Alguien más usa mi perfil")

    await open_report(desk, ana)
    await desk.get_by_role("button", name="Rechazar").click()
    asked = desk.get_by_role("dialog", name="¿Rechazar este reporte?")
    await asked.get_by_role("button", name="Rechazar").click()
    await expect(asked.get_by_text("Escribe la respuesta para el cliente.")).to_be_visible()
    await asked.get_by_label("Respuesta").fill("Tu perfil es el 1: entraste al 2.")
    await asked.get_by_role("button", name="Rechazar").click()
    await expect(desk.get_by_role("status").get_by_text("quedó rechazado")).to_be_visible()

    await expect(card.get_by_text("Tu perfil es el 1: entraste al 2.")).to_be_visible()
    await expect(card.get_by_role("button", name="Reportar un problema")).to_be_visible()


async def test_the_dialog_says_beside_the_field_what_is_missing_and_what_may_help(
    served: Served, phone: Page
) -> None:
    token, _ = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    card = await open_card(phone)
    await card.get_by_role("button", name="Reportar un problema").click()
    asked = phone.get_by_role("dialog", name="Problema con Netflix")
    await asked.get_by_role("button", name="Enviar reporte").click()
    await expect(asked.get_by_text("Elige qué problema tienes.")).to_be_visible()
    help_ = asked.get_by_text("Cierra la aplicación en tus otros dispositivos")
    await expect(help_).to_be_hidden()
    await asked.get_by_role("radio", name="Dice que hay demasiadas pantallas").check()
    await expect(help_).to_be_visible()
    results = await Axe().run(phone)
    assert [v["id"] for v in results.response["violations"]] == []
