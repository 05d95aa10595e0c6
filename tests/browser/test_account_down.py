"""An account is down: its holders get another access in one action, and their cards say so."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from tests.browser.backdoor import fresh_phone, inside
from tests.browser.conftest import Served
from tests.browser.people import Frames, look_up, sign_in_as_admin
from tests.browser.test_renewals import carry
from tests.builders import (
    make_account,
    make_customer,
    make_plan,
    make_service,
    pay,
    place_order,
    sign_in_customer,
)

OLD, NEW = "la-que-se-cayo@correo.mx", "la-de-repuesto@correo.mx"
PASSWORD = "clave-de-repuesto"


@dataclass(frozen=True, slots=True)
class Down:
    """Ana, then Eva hold `account`; elsewhere there is stock for one of them."""

    account: int
    service_id: int
    ana: str


@pytest.fixture
async def shared(served: Served) -> AsyncGenerator[Down]:
    async with inside(served):
        service = await make_service(max_profiles=4)
        plan = await make_plan(service)
        assert service.id is not None
        account = await make_account(service.id, profiles=2, login=OLD)
        people = [await make_customer(fresh_phone(), name=name) for name in ("Ana", "Eva")]
        for who in people:
            order = await place_order(who, plan)
            await pay(order.id, order.total)
        await make_account(service.id, profiles=1, login=NEW, password=PASSWORD)
        assert account.id is not None
        made = Down(account.id, service.id, await sign_in_customer(people[0]))
    yield made
    look_up(served, "UPDATE services SET active = false WHERE id = %s RETURNING id", service.id)


async def mark_down(desk: Page) -> None:
    await desk.get_by_role("button", name="Cambiar estado").click()
    asked = desk.get_by_role("dialog", name="Cambiar estado")
    await asked.get_by_role("radio", name=re.compile("Caída")).check()
    await asked.get_by_label("Motivo").fill("El proveedor la cerró")
    await asked.get_by_role("button", name="Guardar").click()


async def test_its_holders_are_swapped_while_one_watches_and_what_was_short_follows(
    served: Served, phone: Page, desk: Page, shared: Down
) -> None:
    await carry(phone.context, served, shared.ana)
    await phone.goto("/mis-cuentas")
    card = phone.get_by_role("article")
    open_it = card.get_by_role("button", name="Ver mis datos de acceso")
    await open_it.tap()
    await expect(card.get_by_text(OLD)).to_be_visible()
    await phone.evaluate("window.neverReloaded = true")

    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/inventario/{shared.account}")
    await mark_down(desk)
    offer = desk.get_by_role("button", name=re.compile("^Cambiar a (todos|su)"))
    await expect(offer).to_have_text("Cambiar a todos sus clientes (2)")
    await offer.click()
    asked = desk.get_by_role("dialog", name="¿Cambiar a los 2 clientes?")
    await asked.get_by_role("button", name="Sí, cambiar").click()
    results = desk.get_by_role("region", name="Resultado").get_by_role("listitem")
    await expect(results).to_have_count(2)
    await expect(results.filter(has_text="Ana")).to_contain_text("ya puede ver su acceso nuevo")
    await expect(results.filter(has_text="Eva")).to_contain_text("No hay stock libre")
    await expect(offer).to_have_text("Cambiar a su cliente")

    await expect(card.get_by_text("Te dimos un acceso nuevo")).to_be_visible()
    await expect(card.get_by_text(OLD)).to_have_count(0)
    await open_it.tap()
    await expect(card.get_by_text(NEW)).to_be_visible()
    await expect(card.get_by_text(PASSWORD)).to_be_visible()
    assert await phone.evaluate("window.neverReloaded")

    async with inside(served):
        await make_account(shared.service_id, profiles=1)
    await offer.click()
    asked = desk.get_by_role("dialog", name="¿Cambiar a su cliente?")
    await asked.get_by_role("button", name="Sí, cambiar").click()
    await expect(results).to_have_count(1)
    await expect(results).to_contain_text("ya puede ver su acceso nuevo")
    await expect(offer).to_have_count(0)
    await expect(desk.get_by_text("Nadie usa esta cuenta ahora.").first).to_be_visible()


async def test_staff_open_one_secret_at_a_time_and_put_a_new_one_in_force(
    desk: Page, shared: Down
) -> None:
    frames = Frames(desk)
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/inventario/{shared.account}")
    main = desk.get_by_role("main")
    await main.get_by_role("button", name="Ver usuario").click()
    await expect(main.get_by_text(OLD)).to_be_visible()
    await main.get_by_role("button", name="Ver PIN de Perfil 1").click()
    await expect(main.get_by_text("1234", exact=True)).to_be_visible()
    await expect(main.get_by_text(OLD)).to_have_count(0)
    assert (frames.holding(OLD), frames.holding('\\"1234\\"')) == (1, 1)

    await main.get_by_role("button", name="Corregir usuario").click()
    asked = desk.get_by_role("dialog", name="Corregir usuario")
    await asked.get_by_role("button", name="Corregir usuario").click()
    await expect(asked.get_by_text("Este dato es necesario.")).to_be_visible()
    await desk.keyboard.press("Escape")

    await main.get_by_role("button", name="Cambiar contraseña").click()
    asked = desk.get_by_role("dialog", name="Cambiar contraseña")
    await expect(asked.get_by_text("Avisaremos a 2 suscripciones")).to_be_visible()
    await asked.get_by_role("button", name="Generar").click()
    typed = asked.get_by_label("Contraseña nueva")
    made = await typed.input_value()
    assert re.fullmatch(r"[A-Z][a-z2-9]{3}(-[a-z2-9]{4}){3}", made)
    await asked.get_by_role("button", name="Cambiar contraseña").click()
    await expect(asked).to_be_hidden()
    await expect(main.get_by_text("La contraseña versión 2 ya está en vigor.")).to_be_visible()
    await main.get_by_role("button", name="Cambiar contraseña").click()
    await expect(typed).to_have_value("")
    await desk.keyboard.press("Escape")
    assert frames.holding(made) == 1, "only the form carries it, and nothing answers it"

    await main.get_by_role("button", name="Ver contraseña", exact=True).click()
    await expect(main.get_by_text(made)).to_be_visible()
    await main.get_by_role("button", name="Ocultar contraseña").click()
    await expect(main.get_by_text(made)).to_have_count(0)
    await main.get_by_role("button", name="¿Quién la ha visto?").first.click()
    seen = desk.get_by_role("dialog", name="¿Quién ha visto la contraseña?")
    await expect(seen.get_by_text("Aún no la ve")).to_have_count(2)
