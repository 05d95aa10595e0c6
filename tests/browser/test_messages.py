"""The staff and messages: a text is rewritten, a channel tried, a lost message sent again."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from domain.sql import run
from infra.database import unit_of_work
from models import Customer
from models.messages import Channel, MessageKind, MessageStatus
from tests.browser.backdoor import fresh_phone, inside, token_of
from tests.browser.conftest import Served
from tests.browser.people import sign_in_as_admin
from tests.builders import make_customer
from tests.domain.test_message_sending import make_message

BODY = "{shop}: tu pedido #{order} ya está listo. Míralo en {link}"


async def lose_a_message(served: Served) -> Customer:
    """WhatsApp refused what told this customer of their access, and there was no other way."""
    async with inside(served):
        eva = await make_customer(fresh_phone(), name="Eva Robles")
        number = await make_message(
            kind=MessageKind.DELIVERED,
            channel=Channel.WHATSAPP,
            status=MessageStatus.FAILED,
            error_code="twilio_63016",
            to_address=eva.phone,
            customer_id=eva.id,
        )
        async with unit_of_work() as session:
            await run(
                session,
                """INSERT INTO message_events (message_id, status, error_code)
                   VALUES (%(id)s, 'failed', 'twilio_63016')""",
                id=number,
            )
    return eva


async def test_a_text_is_rewritten_seen_and_brought_back(desk: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/mensajes/plantillas")
    await desk.get_by_role("link", name=re.compile("Accesos listos")).click()
    body = desk.get_by_label("Texto")
    shown = desk.get_by_role("status").filter(has_text="Correo")
    await expect(body).to_have_value(re.compile("ya están listos"))

    await body.fill("{shop}: listo, {nadie}.")
    await desk.get_by_role("button", name="Vista previa").click()
    await expect(desk.get_by_text("Usa solo las variables de la lista.")).to_be_visible()
    await body.fill(BODY.removesuffix("{link}"))
    await desk.get_by_role("button", name="{link}").click()
    await expect(body).to_have_value(BODY)
    await desk.get_by_role("button", name="Vista previa").click()
    await expect(shown).to_contain_text("tu pedido #123 ya está listo. Míralo en https://")

    await desk.get_by_role("button", name="Guardar").click()
    versions = desk.get_by_role("list", name="Versiones").get_by_role("listitem")
    await expect(versions.first).to_contain_text(re.compile(r"Versión 1 · admin · hoy.*En uso"))
    await versions.last.get_by_role("button", name="Volver a esta versión").click()
    await expect(versions.first).to_contain_text(re.compile(r"Versión 2 · admin.*En uso"))
    await expect(body).to_have_value(re.compile("ya están listos"))


async def test_a_form_that_somebody_overtook_overwrites_nothing(desk: Page) -> None:
    await sign_in_as_admin(desk)
    other = await desk.context.new_page()
    for page in (desk, other):
        await page.goto("/admin/mensajes/plantillas/waiting_stock")
        await expect(page.get_by_label("Texto")).to_have_value(re.compile("{order}"))
    await other.get_by_label("Texto").fill("{shop}: pedido #{order} en espera. {link}")
    await other.get_by_role("button", name="Guardar").click()
    await expect(other.get_by_text("En uso", exact=True)).to_be_visible()
    await desk.get_by_label("Texto").fill("{shop}: falta stock para el pedido #{order}.")
    await desk.get_by_role("button", name="Guardar").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Alguien guardó otra versión")
    await desk.reload()
    await expect(desk.get_by_label("Texto")).to_have_value(re.compile("en espera"))


async def test_a_channel_is_tried_and_a_lost_message_goes_out_again(
    served: Served, desk: Page
) -> None:
    eva = await lose_a_message(served)
    await sign_in_as_admin(desk)
    await desk.goto("/admin/mensajes")
    await desk.get_by_role("button", name="Mandar una prueba").click()
    asked = desk.get_by_role("dialog", name="Mandar una prueba")
    await asked.get_by_role("radio", name=re.compile("SMS")).check()
    await asked.get_by_label("¿A dónde?").fill("nadie")
    await asked.get_by_role("button", name="Mandar prueba").click()
    await expect(asked.get_by_text("Escribe un correo o un celular")).to_be_visible()
    await asked.get_by_label("¿A dónde?").clear()
    await asked.get_by_label("¿A dónde?").press_sequentially("55 1234 9876", delay=60)
    await asked.get_by_role("button", name="Mandar prueba").click()
    await expect(asked).to_be_hidden()
    history = desk.get_by_role("list", name="Historial de mensajes")
    mine = history.get_by_role("listitem").filter(has_text="•••• 9876")
    await expect(mine).to_contain_text(re.compile(r"Prueba.*SMS.*Enviado"))

    await desk.get_by_role("link", name=re.compile("Fallidos")).click()
    lost = history.get_by_role("listitem").filter(has_text="Eva Robles")
    await expect(lost).to_contain_text("WhatsApp pide una plantilla aprobada")
    assert eva.phone not in await desk.content()
    await lost.get_by_role("button", name="Ver pasos").click()
    await expect(lost.get_by_role("list").get_by_text("Falló")).to_be_visible()
    await lost.get_by_role("button", name="Reintentar").click()
    await expect(lost).to_have_count(0)
    await desk.get_by_role("link", name="Todos", exact=True).click()
    await desk.get_by_role("searchbox", name=re.compile("Buscar por")).fill(eva.phone)
    await desk.get_by_role("button", name="Filtrar").click()
    await expect(history.get_by_role("listitem")).to_have_count(1)
    await expect(lost).to_contain_text("Enviado")


async def test_the_risk_is_said_before_passwords_go_into_messages(
    served: Served, desk: Page
) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/mensajes/plantillas")
    await desk.get_by_role("button", name="Mandarlos dentro del mensaje").click()
    asked = desk.get_by_role("dialog", name=re.compile("contraseña dentro del mensaje"))
    await expect(asked).to_contain_text("podrán leerla")
    await asked.get_by_role("button", name="Sí, mandarla").click()
    await expect(desk.get_by_text("Encendido")).to_be_visible()
    await desk.get_by_role("button", name="Dejar de mandarlos").click()
    await expect(desk.get_by_text("Apagado")).to_be_visible()

    async with inside(served):
        token = await token_of("operator")
    await desk.context.clear_cookies()
    await desk.context.add_cookies(
        [{"name": "cuenty_session", "value": token, "url": served.origin, "httpOnly": True}]
    )
    await desk.goto("/admin/mensajes/plantillas")
    await expect(desk.get_by_text("Solo el dueño puede cambiarlo.")).to_be_visible()
    await desk.goto("/admin/mensajes/plantillas/delivered")
    await expect(desk.get_by_text("Solo el dueño puede cambiar los textos.")).to_be_visible()
    await expect(desk.get_by_role("button", name="Guardar")).to_have_count(0)
