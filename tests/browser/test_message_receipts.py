"""A notice that did not arrive, from the desk; an access that works, from the phone."""

from __future__ import annotations

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from domain.sql import fetch_one, run
from infra.database import reading, unit_of_work
from models import Customer
from tests.browser.backdoor import inside
from tests.browser.conftest import Served
from tests.browser.people import sign_in_as_admin
from tests.browser.test_renewals import carry, holder_of_netflix


async def let_whatsapp_fail(served: Served, customer: Customer) -> int:
    """As if the provider had said so: the order whose notice it was."""
    async with inside(served):
        async with unit_of_work() as session:
            await run(
                session,
                """UPDATE messages SET status = 'failed', error_code = 'twilio_30003',
                       leased_until = NULL, in_doubt_since = NULL
                   WHERE customer_id = %(id)s AND kind = 'delivered' AND channel = 'whatsapp'""",
                id=customer.id,
            )
        async with reading() as session:
            found = await fetch_one(
                session,
                """SELECT order_id FROM messages
                   WHERE customer_id = %(id)s AND kind = 'delivered' AND status = 'failed'""",
                id=customer.id,
            )
    assert found is not None
    return found.order_id


def notice(page: Page, *words: str) -> Locator:
    """The line of a card that holds all of these."""
    found = page.get_by_role("listitem")
    for word in words:
        found = found.filter(has_text=word)
    return found


async def test_a_notice_that_failed_is_sent_by_another_way_and_a_second_time_has_to_wait(
    served: Served, desk: Page
) -> None:
    _, ana = await holder_of_netflix(served)
    number = await let_whatsapp_fail(served, ana)
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/pedidos/{number}")
    failed = notice(desk, "Accesos listos · Netflix", "WhatsApp")
    await expect(failed.get_by_text("Falló")).to_be_visible()
    await expect(failed.get_by_text("El teléfono está apagado o sin señal.")).to_be_visible()

    await desk.get_by_text("Mandar de nuevo").click()
    await expect(desk.get_by_role("radio", name=re.compile("^Correo"))).to_be_disabled()
    await expect(desk.get_by_text("Este cliente no dejó un correo.")).to_be_visible()
    await desk.get_by_role("radio", name=re.compile("^SMS")).check()
    send = desk.get_by_role("button", name="Mandar otra vez")
    await send.click()
    await expect(desk.get_by_role("status").get_by_text("Va en camino por SMS.")).to_be_visible()
    again = notice(desk, "Accesos listos · Netflix", "SMS")
    await expect(again.get_by_text("Enviado")).to_be_visible()  # by itself, once it went

    await desk.reload()  # the first press is long over, also for the page
    await desk.get_by_text("Mandar de nuevo").click()
    await send.click()
    wait = desk.get_by_text(re.compile(r"Acabas de mandarlo\. Espera \d+ segundos\."))
    await expect(wait).to_be_visible()
    await expect(again).to_have_count(1)
    results = await Axe().run(desk)
    assert [v["id"] for v in results.response["violations"]] == []


async def test_what_works_is_confirmed_on_the_phone_and_the_open_order_shows_it(
    served: Served, phone: Page, desk: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    number = await let_whatsapp_fail(served, ana)
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/pedidos/{number}")
    panel = notice(desk, "Accesos listos · Netflix", "Panel")
    await expect(panel.get_by_text("Disponible")).to_be_visible()
    await desk.evaluate("window.neverReloaded = true")

    await carry(phone.context, served, token)
    await phone.goto("/mis-cuentas")
    card = phone.get_by_role("article").filter(has_text="Netflix")
    await card.get_by_role("button", name="Confirmar que funciona").tap()
    thanks = card.get_by_role("status").get_by_text("Confirmaste que funciona")
    await expect(thanks).to_be_visible()
    await expect(card.get_by_role("button", name="Confirmar que funciona")).to_have_count(0)

    await expect(panel.get_by_text("Confirmado")).to_be_visible()
    said = desk.get_by_text("El cliente confirmó que su acceso de Netflix funciona")
    await expect(said).to_be_visible()
    assert await desk.evaluate("window.neverReloaded")
    await phone.reload()
    await expect(thanks).to_be_visible()
    results = await Axe().run(phone)
    assert [v["id"] for v in results.response["violations"]] == []
