"""The tags written into a shared link do not outlive the page they were written for."""

from __future__ import annotations

from playwright.async_api import Page, expect


async def test_the_title_follows_the_page_from_a_shared_link_on(phone: Page) -> None:
    answer = await phone.goto("/servicio/netflix")
    assert answer is not None
    assert "<title>Netflix desde" in await answer.text()
    await expect(phone.get_by_role("heading", name="Netflix", level=1)).to_be_visible()
    await phone.get_by_role("link", name="Ayuda").first.click()
    await expect(phone).to_have_title("Ayuda · Cuenty")


async def test_an_unknown_service_answers_404_and_says_so(phone: Page) -> None:
    answer = await phone.goto("/servicio/no-existe")
    assert answer is not None
    assert answer.status == 404
    await expect(phone.get_by_role("heading", level=1)).to_be_visible()
