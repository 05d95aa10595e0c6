"""An owner tells a program of theirs what happens in the shop, and sees that it arrives."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect
from standardwebhooks import Webhook

from tests.browser.people import Frames, sign_in_as_admin
from tests.receiver import receiver


async def test_a_program_is_added_and_its_test_is_seen_to_arrive(desk: Page) -> None:
    with receiver() as program:
        frames = Frames(desk)
        await sign_in_as_admin(desk)
        await desk.get_by_role("link", name="Integraciones").click()
        await desk.get_by_role("button", name="Nueva integración").click()
        form = desk.get_by_role("dialog", name="Nueva integración")
        await form.get_by_label("Dirección").fill(program.url)
        await form.get_by_label("Nombre").fill("Bot de avisos")
        await form.get_by_role("checkbox", name="Pedido pagado por completo").check()
        await form.get_by_role("button", name="Guardar").click()
        await expect(form).to_be_hidden()

        secret = await desk.locator("code", has_text="whsec_").inner_text()
        await desk.get_by_role("button", name="Ya lo copié").click()
        await expect(desk.get_by_text(secret)).to_be_hidden()

        await desk.get_by_role("link", name=re.compile("Bot de avisos")).click()
        await expect(desk.get_by_role("heading", name="Bot de avisos", level=1)).to_be_visible()
        await desk.get_by_role("button", name="Enviar prueba").click()
        delivery = desk.get_by_role("list", name="Entregas").get_by_role("listitem")
        await expect(delivery.get_by_text("Entregado")).to_be_visible(timeout=60_000)
        await expect(desk.get_by_text("Funciona", exact=True)).to_be_visible()
        [got] = program.got
        Webhook(secret).verify(got.body, got.headers)
        assert frames.received(secret) == 1

        await delivery.get_by_text("Lo que enviamos y lo que respondió").click()
        await expect(delivery.get_by_text("webhook.test", exact=False).first).to_be_visible()
        await expect(delivery.get_by_text(got.id)).to_be_visible()

        await desk.get_by_role("button", name="Borrar").click()
        asked = desk.get_by_role("dialog", name="¿Borrar esta integración?")
        await asked.get_by_role("button", name="Sí, borrarla").click()
        await desk.wait_for_url("**/admin/integraciones")
        await expect(desk.get_by_text("Bot de avisos")).to_be_hidden()
