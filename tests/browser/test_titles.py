"""A shop that has given itself a name has it in every title, also where no page was found."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from domain import shop_settings
from domain.actors import Actor
from infra.database import unit_of_work
from tests.browser.backdoor import inside
from tests.browser.conftest import Served, open_context
from tests.browser.people import sign_in_as_admin
from tests.builders import as_staff, make_staff

NAME = "Cine & «Casa»"
# Every title the document ever had.
WATCH = """titles = []; new MutationObserver(() => titles.push(document.title))
  .observe(document, { subtree: true, childList: true, characterData: true })"""


async def rename(owner: Actor, name: str) -> None:
    async with unit_of_work() as session:
        await shop_settings.change(session, owner, {"shop_name": name})


@pytest.fixture
async def renamed(served: Served) -> AsyncGenerator[None]:
    async with inside(served):
        owner = as_staff(await make_staff("owner"))
        await rename(owner, NAME)
        async with httpx.AsyncClient(base_url=served.origin) as program:
            while "Ayuda · Cuenty" in (await program.get("/ayuda/")).text:  # it is on its way
                pass
        yield
        await rename(owner, "Cuenty")


@pytest.mark.usefixtures("renamed")
async def test_the_shops_name_follows_from_page_to_page(phone: Page) -> None:
    await phone.add_init_script(WATCH)
    await phone.goto("/")
    await expect(phone.get_by_role("heading", level=1)).to_be_visible()
    await expect(phone).to_have_title(f"{NAME} · Netflix, Disney+, Spotify y más al mejor precio")
    assert await phone.evaluate("titles.filter(title => title.includes('Cuenty'))") == []
    await phone.get_by_role("link", name="Ayuda").first.click()
    await expect(phone).to_have_title(f"Ayuda · {NAME}")
    await phone.goto("/servicio/netflix")
    await expect(phone.get_by_role("heading", name="Netflix", level=1)).to_be_visible()
    await expect(phone).to_have_title(f"Netflix · {NAME}")
    await sign_in_as_admin(phone)
    await phone.goto("/admin/pedidos/")
    await expect(phone.get_by_role("heading", level=1)).to_be_visible()
    await expect(phone).to_have_title(f"Pedidos · {NAME}")
    await phone.goto("/aqui-no-hay-nada")
    await expect(phone.get_by_role("heading", name="Aquí no hay nada")).to_be_visible()
    await expect(phone).to_have_title(f"No encontramos esta página · {NAME}")


@pytest.mark.usefixtures("renamed")
async def test_without_scripts_the_title_is_the_same(chromium: Browser, served: Served) -> None:
    context = await open_context(chromium, served, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/terminos/")
    await expect(page).to_have_title(f"Términos y garantía · {NAME}")
    await context.close()
