"""A customer in the back office: found, blocked, given another number; and what the law gives."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.people import look_up, new_phone, sign_in, sign_in_as_admin


async def open_customer(desk: Page, digits: str) -> None:
    """Through the search of the list, by the last digits of the phone."""
    await desk.goto("/admin/clientes")
    search = desk.get_by_role("searchbox", name="Buscar cliente por celular, nombre o correo")
    await search.fill(digits)
    await search.press("Enter")
    theirs = desk.get_by_role("row").filter(has_text=digits[-4:])
    await theirs.get_by_role("link", name="Ana Torres").click()
    await expect(desk.get_by_role("heading", name="Ana Torres", level=1)).to_be_visible()


async def test_an_operator_finds_blocks_unblocks_and_gives_another_number(
    phone: Page, desk: Page
) -> None:
    first, second = new_phone(), new_phone()
    await phone.goto("/ingresar?next=/mis-cuentas")
    await sign_in(phone, first)
    await phone.wait_for_url("**/mis-cuentas")
    await sign_in_as_admin(desk)
    await open_customer(desk, first[-8:])
    await desk.get_by_role("button", name="Bloquear", exact=True).click()
    await desk.get_by_role("button", name="Sí, bloquear").click()
    await expect(desk.get_by_text("Quedó bloqueado")).to_be_visible()
    await phone.wait_for_url("**/ingresar?next=**")
    await desk.get_by_role("button", name="Desbloquear").click()
    await expect(desk.get_by_text("Ya puede entrar")).to_be_visible()
    await desk.get_by_role("button", name="Cambiar celular").first.click()
    dialog = desk.get_by_role("dialog", name="Cambiar celular")
    await dialog.get_by_label("Celular nuevo").fill(second)
    await dialog.get_by_role("button", name="Cambiar celular").click()
    await expect(desk.get_by_text("Cambió su celular")).to_be_visible()
    await phone.goto("/ingresar?next=/perfil")
    await sign_in(phone, second, first_time=False)
    await phone.wait_for_url("**/perfil")
    await expect(phone.get_by_label("¿Cómo te llamas?")).to_have_value("Ana Torres")


async def test_a_customer_takes_their_data_and_the_owner_erases_who_asks(
    phone: Page, desk: Page, served: Served
) -> None:
    number = new_phone()
    await phone.goto("/ingresar?next=/perfil")
    await sign_in(phone, number)
    await phone.wait_for_url("**/perfil")
    async with phone.expect_download() as coming:
        await phone.get_by_role("button", name="Descargar mis datos").click()
    copy = json.loads((await (await coming.value).path()).read_text(encoding="utf-8"))
    assert copy["perfil"][0]["celular"] == f"+52{number}"
    await phone.get_by_role("button", name="Borrar mis datos…").click()
    await phone.get_by_role("button", name="Sí, pedirlo").click()
    await expect(phone.get_by_text("Pediste borrar tus datos")).to_be_visible()
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/clientes?tab=por-borrar&q={number}")
    await desk.get_by_role("table").get_by_role("link", name="Ana Torres").click()
    await desk.get_by_role("button", name="Borrar sus datos…").click()
    dialog = desk.get_by_role("dialog", name="¿Borrar los datos de este cliente?")
    await dialog.get_by_label("Para confirmar").fill(number[-4:])
    await dialog.get_by_role("button", name="Borrar para siempre").click()
    await expect(desk.get_by_role("heading", name="Cliente borrado", level=1)).to_be_visible()
    left = look_up(served, "SELECT 1 FROM customers WHERE phone = %s", f"+52{number}")
    assert left == []


async def test_one_search_above_every_page_finds_whom_it_is_about(phone: Page, desk: Page) -> None:
    number = new_phone()
    await phone.goto("/ingresar?next=/perfil")
    await sign_in(phone, number)
    await phone.wait_for_url("**/perfil")
    await sign_in_as_admin(desk)
    search = desk.get_by_role("searchbox", name="Buscar en toda la tienda")
    await search.fill(number[-8:])
    await search.press("Enter")
    await expect(desk.get_by_role("heading", name="Ana Torres", level=1)).to_be_visible()
    await search.fill("no hay nadie así")
    await search.press("Enter")
    await expect(desk.get_by_text("No encontramos nada con eso")).to_be_visible()
