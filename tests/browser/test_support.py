"""A ticket from the phone, its answer from the desk, both pages changing by themselves."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Served, open_context
from tests.browser.people import look_up, sign_in_as_admin
from tests.browser.test_renewals import carry, holder_of_netflix

SPITE = "<img src=x onerror=\"document.title='hecho'\"> {{nombre}} <b>negritas</b>"


async def write(page: Page, words: str) -> None:
    await page.get_by_label("Tu mensaje").fill(words)
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("log").get_by_text(words)).to_be_visible()


async def ask(page: Page, subject: str, words: str) -> int:
    """From the form to the ticket's own page; its number."""
    await page.get_by_label("Asunto").fill(subject)
    await page.get_by_label("Cuéntanos").fill(words)
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("heading", name=subject, level=1)).to_be_visible()
    await expect(page.get_by_role("log").get_by_text(words)).to_be_visible()
    return int(page.url.rpartition("/")[2])


async def test_a_ticket_from_a_card_is_answered_and_solved_without_a_reload(
    served: Served, phone: Page, desk: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    await sign_in_as_admin(desk)
    await desk.goto("/admin/soporte")
    await expect(desk.get_by_role("link", name=re.compile("^Abiertos"))).to_be_visible()
    for page in (phone, desk):
        await page.evaluate("window.neverReloaded = true")

    await phone.goto("/mis-cuentas")
    await phone.get_by_role("link", name="Pedir ayuda con Netflix").click()
    await expect(phone.get_by_text("¿Dejó de funcionar?")).to_be_visible()
    chosen = phone.get_by_label("¿Sobre qué es?").locator("option:checked")
    await expect(chosen).to_contain_text("Netflix")
    subject = f"No suena en mi tele {ana.id}"
    number = await ask(phone, subject, SPITE)
    await phone.evaluate("window.neverReloaded = true")

    row = desk.get_by_role("row").filter(has_text=subject)
    await expect(row.get_by_text("Espera hace un momento")).to_be_visible()
    await expect(row.get_by_text("Nuevo")).to_be_visible()
    await row.get_by_role("link", name=f"Ticket #{number}").click()
    await desk.get_by_role("button", name="Tomarlo").click()
    await expect(desk.get_by_text("Ahora es tuyo.")).to_be_visible()
    await expect(desk.get_by_role("log").get_by_text("admin lo tomó")).to_be_visible()
    accesses = desk.get_by_role("listitem").filter(has_text="De esto habla")
    await expect(accesses).to_contain_text("Netflix")

    await desk.get_by_text("Nota interna", exact=True).click()
    await desk.get_by_label("Para el equipo").fill("Ya le pasó el mes pasado.")
    await desk.get_by_role("button", name="Guardar nota").click()
    await expect(desk.get_by_role("log").get_by_text("Ya le pasó")).to_be_visible()

    await desk.get_by_label("Respuesta", exact=True).fill("Buen día.")
    await desk.get_by_label("Respuesta guardada").select_option("Un dispositivo a la vez")
    await desk.get_by_role("button", name="Insertar").click()
    await desk.get_by_role("button", name="Responder").click()
    await expect(desk.get_by_label("Respuesta", exact=True)).to_have_value("")

    log = phone.get_by_role("log")
    await expect(log.get_by_text("Tu perfil es para un dispositivo a la vez")).to_be_visible()
    await expect(log.get_by_text("Buen día.")).to_be_visible()
    await expect(log.get_by_text("Ya le pasó")).to_have_count(0)
    await expect(phone.get_by_role("status").get_by_text("Te respondimos")).to_be_visible()
    await expect(desk.get_by_text("El cliente ya vio todo.")).to_be_visible()

    await write(phone, "Ya suena, gracias.")
    await expect(desk.get_by_role("log").get_by_text("Ya suena, gracias.")).to_be_visible()
    await desk.get_by_role("button", name="Resolver").click()
    await expect(desk.get_by_text("El ticket quedó resuelto.")).to_be_visible()
    await expect(phone.get_by_role("status").get_by_text("Resuelto")).to_be_visible()
    for page in (phone, desk):
        assert await page.evaluate("window.neverReloaded")
        assert await page.title() != "hecho"
        await expect(page.get_by_role("log").get_by_text(SPITE)).to_be_visible()


async def test_what_somebody_is_typing_stays_while_the_ticket_changes(
    served: Served, phone: Page, desk: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    await phone.goto("/soporte")
    number = await ask(phone, f"Una duda {ana.id}", "¿Puedo verlo en mi tableta?")
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/soporte/{number}")
    await desk.get_by_label("Respuesta", exact=True).fill("Sí, claro: entra con")
    await phone.get_by_label("Tu mensaje").fill("Olvidé decir que")
    await desk.get_by_role("button", name="Tomarlo").click()
    await expect(desk.get_by_role("log").get_by_text("admin lo tomó")).to_be_visible()
    await write(phone, "Es una tableta vieja.")
    await expect(desk.get_by_role("log").get_by_text("Es una tableta vieja.")).to_be_visible()
    await expect(desk.get_by_label("Respuesta", exact=True)).to_have_value("Sí, claro: entra con")


async def test_a_visitor_writes_on_the_contact_page_and_the_operator_finds_it(
    served: Served, chromium: Browser, phone: Page, desk: Page
) -> None:
    _, ana = await holder_of_netflix(served)
    await sign_in_as_admin(desk)
    await desk.goto("/admin/soporte?tab=contacto")
    await expect(desk.get_by_role("link", name="Ver atendidos")).to_be_visible()

    await phone.goto("/ayuda")
    await phone.get_by_role("contentinfo").get_by_role("link", name="Contacto").click()
    await phone.get_by_role("button", name="Enviar mensaje").click()
    await expect(phone.get_by_text("Escribe tu nombre.")).to_be_visible()
    await expect(phone.get_by_text("Escribe un correo o un celular")).to_be_visible()
    subject = f"No puedo entrar {ana.id}"
    await phone.get_by_label("Tu nombre").fill("Ana Torres")
    await phone.get_by_label("Correo o celular").fill(ana.phone[3:])
    await phone.get_by_label("Asunto").fill(subject)
    await phone.get_by_label("Mensaje").fill("No me llega el código.")
    await phone.get_by_role("button", name="Enviar mensaje").click()
    await expect(phone.get_by_text("Recibimos tu mensaje.")).to_be_visible()

    mine = desk.get_by_role("article").filter(has_text=subject)
    await expect(mine.get_by_text("Ya es cliente")).to_be_visible()
    await mine.get_by_role("button", name="Convertir en ticket").click()
    await expect(desk.get_by_role("heading", name=subject)).to_be_visible()
    log = desk.get_by_role("log")
    await expect(log.get_by_text("Desde la página de contacto")).to_be_visible()
    await expect(log.get_by_text("No me llega el código.")).to_be_visible()

    machine = await open_context(chromium, served)
    page = await machine.new_page()
    await page.goto("/contacto")
    await page.get_by_label("Tu nombre").fill("Robot")
    await page.get_by_label("Correo o celular").fill("robot@correo.mx")
    await page.get_by_label("Asunto").fill("Compra aquí")
    await page.get_by_label("Mensaje").fill("Ofertas")
    await page.locator("[name=website]").evaluate("field => { field.value = 'https://x.mx' }")
    await page.get_by_role("button", name="Enviar mensaje").click()
    await expect(page.get_by_text("Recibimos tu mensaje.")).to_be_visible()
    await machine.close()
    assert look_up(served, "SELECT 1 FROM contact_messages WHERE name = 'Robot'") == []


async def test_a_reply_is_written_once_and_used_by_everybody(desk: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/soporte")
    await desk.get_by_role("link", name="Respuestas guardadas").click()
    await desk.get_by_label("Título").first.fill("Horario")
    await desk.get_by_label("Texto").first.fill("Hola, {nombre}. Atendemos de 9 a 21.")
    await desk.get_by_role("button", name="Guardar respuesta").click()
    await expect(desk.get_by_text("«Horario» quedó guardada.")).to_be_visible()
    mine = desk.get_by_role("listitem").filter(has_text="Horario")
    await mine.get_by_text("Horario").first.click()
    await mine.get_by_label("Título").fill("Horario de verano")
    await mine.get_by_label("Texto").fill("Hola, {nombre}. Atendemos de 8 a 22.")
    await mine.get_by_role("button", name="Guardar").click()
    await expect(desk.get_by_text("«Horario de verano» quedó guardada.")).to_be_visible()
    await mine.get_by_text("Horario de verano").first.click()
    await expect(mine.get_by_label("Texto")).to_have_value("Hola, {nombre}. Atendemos de 8 a 22.")
    await mine.get_by_role("button", name="Borrar").click()
    await expect(desk.get_by_text("La respuesta se borró.")).to_be_visible()
    await expect(mine).to_have_count(0)
