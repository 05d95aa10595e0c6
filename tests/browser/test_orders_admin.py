"""An operator's day with orders: found, worked through by the hundred, noted, sold at the desk."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

import models
from domain.sql import run, scalar
from infra.database import unit_of_work
from tests.browser.backdoor import fresh_phone, inside
from tests.browser.conftest import DESKTOP, PHONE, Served, open_context
from tests.browser.people import look_up, new_phone, sign_in_as_admin
from tests.builders import make_account, make_customer, make_plan, make_service, pay, place_order

MOST_CLICKS = 6


class Clicks:
    """Counts what a hand does."""

    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    async def on(self, role: str, name: str | re.Pattern[str], *, within: str = "") -> None:
        place = self.page.get_by_role(within) if within else self.page  # type: ignore[arg-type]
        await place.get_by_role(role, name=name, exact=isinstance(name, str)).first.click()  # type: ignore[arg-type]
        self.made += 1


@pytest.fixture
async def plan(served: Served) -> AsyncGenerator[models.Plan]:
    """Of a service of its own, with room for a hundred; off the shelf afterwards."""
    async with inside(served):
        service = await make_service(name="Cien Canales")
        assert service.id is not None
        made = await make_plan(service)
        for _ in range(21):
            await make_account(service.id, profiles=5)
        yield made
    look_up(served, "UPDATE services SET active = false WHERE id = %s RETURNING id", service.id)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
async def desk(
    request: pytest.FixtureRequest, chromium: Browser, served: Served
) -> AsyncGenerator[Page]:
    context = await open_context(chromium, served, viewport=request.param)
    page = await context.new_page()
    await sign_in_as_admin(page)
    yield page
    await context.close()


def slug_of(served: Served, plan: models.Plan) -> str:
    [[slug]] = look_up(served, "SELECT slug FROM services WHERE id = %s", plan.service_id)
    return str(slug)


async def test_orders_are_found_by_filters_that_stay_in_the_address(
    desk: Page, plan: models.Plan
) -> None:
    name = "Filomena Buscada"
    part = await place_order(await make_customer(fresh_phone(), name=name), plan)
    paid = await place_order(await make_customer(fresh_phone(), name=name), plan)
    await pay(part.id, part.total - 1, reference="ABONO-FILO")
    await pay(paid.id, paid.total)
    await desk.goto("/admin/pedidos")
    search = desk.get_by_label("Buscar por número, celular, nombre, referencia o rastreo")
    await search.fill("filomena busc")
    await desk.get_by_role("button", name="Buscar", exact=True).click()
    await desk.wait_for_url("**q=filomena*")
    both = desk.get_by_label(re.compile(f"Elegir el pedido ({part.id}|{paid.id})$"))
    await expect(both.locator("visible=true")).to_have_count(2)
    await desk.get_by_text("Filtros", exact=True).click()
    await desk.get_by_label("Pago", exact=True).select_option("partial")
    await desk.get_by_role("button", name="Filtrar").click()
    await expect(both.locator("visible=true")).to_have_count(1)
    assert "pago=partial" in desk.url
    assert "q=filomena" in desk.url
    await desk.reload()
    await expect(both.locator("visible=true")).to_have_count(1)
    await expect(desk.get_by_label("Pago", exact=True)).to_have_value("partial")
    await desk.goto("/admin/pedidos?q=abono-filo")
    await expect(both.locator("visible=true")).to_have_count(1)


async def test_a_hundred_payments_are_confirmed_in_six_clicks(
    served: Served, desk: Page, plan: models.Plan
) -> None:
    placed = [(await place_order(await make_customer(fresh_phone()), plan)).id for _ in range(100)]
    await desk.goto(f"/admin/pedidos?tab=por-confirmar&servicio={slug_of(served, plan)}")
    await expect(desk.get_by_text("Elegir la página")).to_be_visible()
    hand = Clicks(desk)
    await hand.on("checkbox", "Elegir la página")
    await hand.on("button", "Elegir hasta 200")
    await expect(desk.get_by_text("100 elegidos")).to_be_visible()
    await hand.on("button", "Confirmar pagos")
    asked = desk.get_by_role("dialog", name="Confirmar pagos")
    await expect(asked.get_by_text("Se hará en 100 pedidos")).to_be_visible()
    await hand.on("button", "Confirmar pagos", within="dialog")
    results = desk.get_by_role("region", name="Resultado").get_by_role("listitem")
    await expect(results).to_have_count(100, timeout=60_000)
    await expect(results.filter(has_text="Pagado y entregado")).to_have_count(100)
    assert hand.made <= MOST_CLICKS
    [[delivered]] = look_up(
        served,
        "SELECT count(*) FROM orders WHERE id = ANY(%s) AND status = 'delivered'",
        placed,
    )
    assert delivered == 100


async def test_an_order_is_noted_and_comes_back_on_its_day(desk: Page, plan: models.Plan) -> None:
    order = await place_order(await make_customer(fresh_phone()), plan)
    await desk.goto(f"/admin/pedidos/{order.id}")
    await desk.get_by_role("button", name="Cambiar las notas").click()
    asked = desk.get_by_role("dialog", name="Notas del equipo")
    await asked.get_by_label("Notas").fill("Pide factura")
    await asked.get_by_label("Dar seguimiento el").fill("2026-01-15")
    await asked.get_by_role("button", name="Guardar").click()
    await expect(desk.get_by_text("Pide factura").first).to_be_visible()
    await expect(desk.get_by_text("Dar seguimiento el 15 ene").first).to_be_visible()
    await desk.goto("/admin/pedidos?tab=seguimiento&por=100")
    chosen = desk.get_by_label(f"Elegir el pedido {order.id}", exact=True)
    await expect(chosen.locator("visible=true")).to_be_visible()


@asynccontextmanager
async def nobody_fills() -> AsyncGenerator[None]:
    """The worker serves who waits by itself, but not while another fill is at it."""
    async with unit_of_work() as session:
        job = await scalar(
            session,
            """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status)
               VALUES ('default', 'assignments.fill', 'assignments.fill', 'doing') RETURNING id""",
        )
    yield
    async with unit_of_work() as session:
        await run(session, "DELETE FROM procrastinate_jobs WHERE id = %(id)s", id=job)


async def test_a_line_that_waits_gets_the_access_that_was_picked(
    desk: Page, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(fresh_phone()), plan)
    async with unit_of_work() as session:
        await run(
            session,
            "UPDATE accounts SET status = 'down' WHERE service_id = %(id)s",
            id=plan.service_id,
        )
    await pay(order.id, order.total)
    await desk.goto(f"/admin/pedidos/{order.id}")
    choose = desk.get_by_role("button", name=re.compile("Elegir acceso de"))
    await expect(choose).to_be_visible()
    async with nobody_fills():
        async with unit_of_work() as session:
            await run(
                session,
                "UPDATE accounts SET status = 'active' WHERE service_id = %(id)s",
                id=plan.service_id,
            )
        await choose.click()
        asked = desk.get_by_role("dialog", name="Elegir acceso")
        await asked.get_by_role("radio", name=re.compile("Perfil 4")).first.check()
        await asked.get_by_role("button", name="Entregar").click()
        await expect(desk.get_by_text("Los accesos ya se entregaron.")).to_be_visible()
    await expect(desk.get_by_role("main").get_by_text("Perfil 4", exact=True)).to_be_visible()


@pytest.mark.usefixtures("plan")
async def test_an_order_is_sold_at_the_desk_to_whoever_calls(served: Served, desk: Page) -> None:
    phone = new_phone()
    await desk.goto("/admin/vender")
    await desk.get_by_label("Celular").fill(phone)
    await desk.get_by_role("button", name="Buscar cliente").click()
    await expect(desk.get_by_text("Cliente nuevo")).to_be_visible()
    units = desk.get_by_role("group", name="Cantidad de Cien Canales 1 mes")
    await units.get_by_role("button", name="Agregar uno").click()
    await expect(desk.get_by_text("1 × Cien Canales 1 mes")).to_be_visible()
    await desk.get_by_label("Nombre").fill("Clara Caller")
    await desk.get_by_role("radio", name="Ya pagó completo").check()
    await desk.get_by_label("Referencia del pago").fill("CAJA 1")
    await desk.get_by_role("button", name="Hacer el pedido").click()
    await expect(desk.get_by_text("Pagado y entregado.")).to_be_visible()
    [[status, name]] = look_up(
        served,
        """SELECT o.status, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
           WHERE c.phone = %s""",
        f"+52{phone}",
    )
    assert (status, name) == ("delivered", "Clara Caller")


@pytest.mark.usefixtures("plan")
async def test_an_order_is_prepared_as_a_draft_and_sent_later(served: Served, desk: Page) -> None:
    phone = new_phone()
    await desk.goto("/admin/vender")
    await desk.get_by_label("Celular").fill(phone)
    await desk.get_by_role("button", name="Buscar cliente").click()
    await expect(desk.get_by_text("Cliente nuevo")).to_be_visible()
    units = desk.get_by_role("group", name="Cantidad de Cien Canales 1 mes")
    await units.get_by_role("button", name="Agregar uno").click()
    await desk.get_by_label("Nombre").fill("Dora Draft")
    await desk.get_by_role("button", name="Guardar borrador").click()
    await desk.wait_for_url("**/admin/vender?borrador=*")
    number = desk.url.rpartition("=")[2]
    await expect(desk.get_by_role("heading", name=f"Borrador #{number}")).to_be_visible()
    await desk.goto("/admin/pedidos?tab=borradores")
    link = desk.get_by_role("link", name=re.compile(f"#{number}( |$)")).locator("visible=true")
    await link.click()
    await expect(desk.get_by_role("heading", name=f"Borrador #{number}")).to_be_visible()
    await expect(desk.get_by_text("1 × Cien Canales 1 mes")).to_be_visible()
    await units.get_by_role("button", name="Agregar uno").click()
    await expect(desk.get_by_text("2 × Cien Canales 1 mes")).to_be_visible()
    await desk.get_by_role("button", name="Enviar instrucciones").click()
    await expect(desk.get_by_text(f"Pedido #{number}. Le mandamos cómo pagar.")).to_be_visible()
    [[status, total, told]] = look_up(
        served,
        """SELECT o.status, o.total::text, (SELECT kind FROM messages m WHERE m.order_id = o.id)
           FROM orders o WHERE o.id = %s""",
        number,
    )
    assert (status, total, told) == ("pending_payment", "300.00", "order_placed")


async def test_an_order_is_looked_at_beside_the_list_by_keyboard_alone(
    desk: Page, plan: models.Plan
) -> None:
    number = (await place_order(await make_customer(fresh_phone(), name="Vera"), plan)).id
    await desk.goto(f"/admin/pedidos?q={number}")
    row = desk.get_by_role("button", name=f"Vistazo al pedido {number}:").locator("visible=true")
    await row.focus()
    await desk.keyboard.press("Enter")
    drawer = desk.get_by_role("dialog", name=f"Pedido #{number}")
    await expect(drawer.get_by_role("link", name="Vera")).to_be_visible()
    await expect(drawer.get_by_text("Pedido realizado")).to_be_visible()
    await desk.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(row).to_be_focused()  # the list is where it was
    await desk.keyboard.press("Enter")
    await drawer.get_by_role("link", name="Confirmar pago").click()
    await desk.wait_for_url(f"**/admin/pedidos/{number}#pago")
    await expect(desk.get_by_role("button", name="Confirmar pago")).to_be_in_viewport()


async def test_an_order_looked_at_beside_the_list_changes_when_it_is_paid(
    desk: Page, plan: models.Plan
) -> None:
    order = await place_order(await make_customer(fresh_phone(), name="Vera"), plan)
    await desk.goto(f"/admin/pedidos?q={order.id}")
    await (
        desk.get_by_role("button", name=f"Vistazo al pedido {order.id}:")
        .locator("visible=true")
        .click()
    )
    drawer = desk.get_by_role("dialog", name=f"Pedido #{order.id}")
    await expect(drawer.get_by_role("link", name="Confirmar pago")).to_be_visible()
    await pay(order.id, order.total)
    await expect(drawer.get_by_text("Pago confirmado por")).to_be_visible()
    await expect(drawer.get_by_role("link", name="Confirmar pago")).to_be_hidden()
    await expect(drawer.get_by_role("link", name="Mandar su aviso otra vez")).to_be_visible()
