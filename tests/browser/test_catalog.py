"""The owner runs the catalog from a phone, and nothing that was sold is touched."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.backdoor import inside, token_of
from tests.browser.conftest import Served
from tests.browser.people import add_to_cart, look_up, new_phone, order, sign_in, sign_in_as_admin
from tests.browser.wire import wire
from tests.builders import make_account

LIST = "/admin/catalogo"


async def make_service(page: Page, name: str, slug: str) -> int:
    """Refused once for an address that is none, with everything else still there; its number."""
    await page.goto(LIST)
    await page.get_by_role("link", name="Agregar servicio").click()
    await page.get_by_label("Nombre").fill(name)
    await page.get_by_label("Categoría").fill("Deportes")
    await page.get_by_label("Dirección en la tienda").fill("Con Espacios")
    await page.get_by_label("Perfiles por cuenta").fill("3")
    await page.get_by_role("button", name="Guardar servicio").click()
    await expect(page.get_by_text("Usa minúsculas, números y guiones")).to_be_visible()
    await expect(page.get_by_label("Nombre")).to_have_value(name)
    await page.get_by_label("Dirección en la tienda").fill(slug)
    await page.get_by_role("button", name="Guardar servicio").click()
    await page.wait_for_url(re.compile(r"/admin/catalogo/\d+$"))
    return int(page.url.rpartition("/")[2])


async def add_plan(page: Page, name: str, cost: str, margin: str, sale: str) -> None:
    """Its sale price is there before anything is saved."""
    await page.get_by_role("button", name="Agregar plan").click()
    dialog = page.get_by_role("dialog", name="Agregar plan")
    await dialog.get_by_label("Nombre").fill(name)
    await dialog.get_by_label("Te cuesta").fill(cost)
    await dialog.get_by_label("Ganas").fill(margin)
    await expect(dialog.get_by_role("status")).to_have_text(sale)
    await dialog.get_by_role("button", name="Guardar plan").click()
    await expect(page.get_by_text("Agregamos el plan.")).to_be_visible()


async def raise_prices(page: Page, service: str) -> None:
    await page.goto("/admin/catalogo/precios")
    await page.get_by_label("A qué planes").select_option(label=service)
    await page.get_by_label("Cuánto").fill("10")
    await page.get_by_role("button", name="Ver cómo quedan").click()
    shown = page.get_by_role("table", name="Precios nuevos")
    await expect(shown.get_by_role("row").filter(has_text="1 mes (copia)")).to_be_visible()
    await expect(shown.get_by_text("$110.00 MXN (+10.00)").first).to_be_visible()
    await page.get_by_role("button", name="Aplicar estos precios").click()
    await expect(page.get_by_text("Cambiamos 2 precios.")).to_be_visible()


async def test_the_owner_makes_sells_copies_raises_and_archives_and_an_order_keeps_its_price(
    served: Served, phone: Page, desk: Page
) -> None:
    slug = f"liga-{new_phone()}"
    name = f"Liga {slug[-4:]}"
    await sign_in_as_admin(desk)
    number = await make_service(desk, name, slug)
    await add_plan(desk, "1 mes", "60.50", "39.50", "$100.00 MXN")
    async with inside(served):
        await make_account(number, profiles=3)
    await add_to_cart(phone, slug, name)
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    placed = await order(phone)

    await desk.get_by_role("button", name="Copiar 1 mes").click()
    await expect(desk.get_by_role("heading", name="1 mes (copia)")).to_be_visible()
    await raise_prices(desk, name)
    await phone.goto(f"/servicio/{slug}")
    await expect(phone.get_by_text("$110.00 MXN").first).to_be_visible()

    await desk.goto(f"{LIST}/{number}")
    await desk.get_by_role("button", name="Archivar servicio…").click()
    await desk.get_by_role("button", name="Sí, archivar").first.click()
    await expect(desk.get_by_text("Lo archivamos")).to_be_visible()
    await phone.goto(f"/servicio/{slug}")
    await expect(phone.get_by_text("ya no lo manejemos")).to_be_visible()
    await phone.goto(f"/pedido/{placed}")
    await expect(phone.get_by_text("$100.00 MXN").first).to_be_visible()


async def test_a_price_that_was_real_is_struck_through_in_the_shop(
    served: Served, desk: Page, phone: Page
) -> None:
    await sign_in_as_admin(desk)
    slug = f"copa-{new_phone()}"
    number = await make_service(desk, "Copa", slug)
    await add_plan(desk, "1 mes", "60", "40", "$100.00 MXN")
    look_up(
        served,
        """UPDATE plans SET created_at = created_at - interval '8 days'
           WHERE service_id = %s RETURNING id""",
        number,
    )
    await desk.reload()  # a form just saved takes no second press within a moment
    await desk.get_by_role("button", name="Editar 1 mes").click()
    dialog = desk.get_by_role("dialog", name="Editar plan")
    await dialog.get_by_label("Ganas").fill("20")
    await expect(dialog.get_by_role("status")).to_have_text("$80.00 MXN")
    await dialog.get_by_label("Precio tachado").select_option("100.00")
    await dialog.get_by_role("button", name="Guardar plan").click()
    await expect(desk.get_by_text("Guardamos el plan.")).to_be_visible()
    await phone.goto(f"/servicio/{slug}")
    await expect(phone.locator("s", has_text="$100.00 MXN")).to_be_visible()
    look_up(served, "UPDATE services SET active = false WHERE id = %s RETURNING id", number)


@pytest.mark.parametrize(("who", "told"), [("operator", False), ("owner", True)])
async def test_an_operators_frames_never_hold_cost_or_margin(
    served: Served, who: str, told: bool
) -> None:
    """The control: the owner's do."""
    [(service,)] = look_up(
        served,
        """INSERT INTO services (slug, name, category, max_profiles, active)
           VALUES (%s, 'Canario', 'Canario', 1, false) RETURNING id""",
        f"canario-{new_phone()}",
    )
    [(plan,)] = look_up(
        served,
        """INSERT INTO plans (service_id, name, duration_months, cost, margin)
           VALUES (%s, '1 mes', 1, 713.37, 91.53) RETURNING id""",
        service,
    )
    look_up(
        served,
        """INSERT INTO price_changes (plan_id, actor_kind, cost_after, margin_after)
           VALUES (%s, 'system', 713.37, 91.53) RETURNING id""",
        plan,
    )
    catalog = "reflex___state____state.state___admin"
    async with inside(served):
        token = await token_of(who)
    async with wire(served, token, path=f"{LIST}/{service}") as tab:
        await tab.call(f"{catalog}___catalog_service____admin_service.load")
        await tab.call(f"{catalog}___catalog_plan____plan_editing.begin", {"plan_id": plan})
        await tab.call(f"{catalog}___catalog____admin_catalog.load")
        frames = "\n".join(tab.frames)
    assert "804.90" in frames
    assert ("713.37" in frames, "91.53" in frames) == (told, told)


async def test_a_stale_form_is_refused_and_what_was_typed_stays(desk: Page, phone: Page) -> None:
    await sign_in_as_admin(desk)
    await sign_in_as_admin(phone)
    number = await make_service(desk, "Torneo", f"torneo-{new_phone()}")
    await phone.goto(f"{LIST}/{number}")
    await expect(phone.get_by_label("Nombre", exact=True).first).to_have_value("Torneo")
    await desk.get_by_label("Condiciones").fill("Uno a la vez.")
    await desk.get_by_role("button", name="Guardar servicio").click()
    await expect(desk.get_by_text("Guardamos el servicio.")).to_be_visible()
    await phone.get_by_label("Descripción").fill("Fútbol en vivo")
    await phone.get_by_role("button", name="Guardar servicio").click()
    await expect(
        phone.get_by_text("admin cambió mientras tanto: condiciones").first
    ).to_be_visible()
    await expect(phone.get_by_label("Descripción")).to_have_value("Fútbol en vivo")
    await phone.get_by_role("button", name="Cargar lo nuevo").click()
    await expect(phone.get_by_label("Condiciones")).to_have_value("Uno a la vez.")


async def test_a_service_is_dragged_to_where_another_one_stands(desk: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto(LIST)
    rows = desk.get_by_role("main").get_by_role("listitem").filter(has=desk.get_by_role("heading"))
    await expect(rows.nth(2)).to_be_visible()
    names = await rows.get_by_role("heading").all_inner_texts()
    await rows.nth(2).drag_to(rows.nth(0))
    await expect(desk.get_by_text(f"{names[2]} está en el lugar 1.")).to_be_visible()
    expected = [names[2], names[0], names[1], *names[3:]]
    await expect(rows.get_by_role("heading")).to_have_text(expected)
    await rows.nth(0).get_by_role("button", name=f"Bajar {names[2]}").click()  # also by keyboard
    await expect(desk.get_by_text(f"{names[2]} está en el lugar 2.")).to_be_visible()
    await rows.nth(1).get_by_role("button", name=f"Bajar {names[2]}").click()
    await expect(rows.get_by_role("heading")).to_have_text(names)
