"""axe-core finds nothing to complain about, on any page, in either theme, on phone and desktop."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Served, open_context
from tests.browser.people import (
    add_to_cart,
    confirm_payment,
    look_up,
    new_phone,
    order,
    report,
    sign_in,
    sign_in_as_admin,
)
from tests.browser.test_support import ask
from tests.pictures import receipt, saved

OPEN = (
    "/",
    "/servicio/netflix",
    "/servicio/no-existe",
    "/ingresar",
    "/carrito",
    "/ayuda",
    "/contacto",
    "/terminos",
    "/privacidad",
    "/admin/ingresar",
    "/admin/invitacion?llave=no-existe",
    "/demo/mensajes",
    "/no-existe",
)
OWN = (
    "/carrito",
    "/pago",
    "/pedido/{waiting}",
    "/pedido/{paid}",
    "/pedido/{reviewed}",
    "/mis-pedidos",
    "/mis-cuentas",
    "/perfil",
    "/soporte",
    "/soporte?nuevo=1",
    "/soporte/{ticket}",
)
STAFF = (
    "/admin",
    "/admin/pedidos",
    "/admin/pedidos?pago=unpaid&por=100",
    "/admin/pagos",
    "/admin/pagos?comprobante={receipt}",
    "/admin/pagos/estados-de-cuenta",
    "/admin/vender",
    "/admin/pedidos/{waiting}",
    "/admin/pedidos/{paid}",
    "/admin/pagos/lista",
    "/admin/pagos/caja",
    "/admin/cupones",
    "/admin/pedidos/{reviewed}",
    "/admin/inventario",
    "/admin/inventario/nueva",
    "/admin/inventario/1",
    "/admin/inventario/disponibilidad",
    "/admin/catalogo",
    "/admin/catalogo/1",
    "/admin/catalogo/nuevo",
    "/admin/catalogo/precios",
    "/admin/bitacora",
    "/admin/buscar",
    "/admin/llaves",
    "/admin/integraciones",
    "/admin/garantias",
    "/admin/garantias?tab=cerradas",
    "/admin/garantias/{claim}",
    "/admin/mensajes",
    "/admin/mensajes?tab=fallidos",
    "/admin/mensajes/plantillas",
    "/admin/mensajes/plantillas/delivered",
    "/admin/soporte",
    "/admin/soporte?tab=contacto",
    "/admin/soporte/{ticket}",
    "/admin/soporte/respuestas",
    "/admin/equipo",
    "/admin/equipo/1",
    "/admin/mi-cuenta",
    "/admin/ajustes",
    "/admin/clientes",
    "/admin/clientes/{customer}",
)


@pytest.fixture(scope="module")
async def people(
    chromium: Browser, served: Served
) -> AsyncGenerator[tuple[BrowserContext, BrowserContext, dict[str, int]]]:
    """A customer with a paid order, reported, an unpaid one and a cart; an administrator."""
    buyer, boss = await open_context(chromium, served), await open_context(chromium, served)
    page, desk = await buyer.new_page(), await boss.new_page()
    await add_to_cart(page, "netflix", "Netflix")
    await page.goto("/ingresar?next=/pago")
    await sign_in(page, new_phone())
    await page.wait_for_url("**/pago")
    paid = await order(page)
    await sign_in_as_admin(desk)
    await confirm_payment(desk, paid)
    await expect(desk.get_by_role("main").get_by_text("Entregado").first).to_be_visible()
    await page.goto("/mis-cuentas")
    await report(page, "Netflix", "La cuenta no abre")
    [[claim]] = look_up(
        served,
        """SELECT c.id FROM claims c JOIN assignments a ON a.id = c.assignment_id
           JOIN order_items i ON i.id = a.order_item_id WHERE i.order_id = %s""",
        paid,
    )
    await page.goto("/soporte")
    ticket = await ask(page, "Una duda", "¿Sirve en mi tele?")
    await add_to_cart(page, "disney-plus", "Disney+")
    await page.goto("/pago")
    waiting = await order(page)
    await add_to_cart(page, "prime-video", "Prime Video")
    await page.goto("/pago")
    reviewed = await order(page)
    sent = await page.context.request.post(
        f"/api/comprobantes/{reviewed}",
        multipart={
            "file": {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": saved(receipt())}
        },
        headers={"Origin": served.origin},
    )
    await add_to_cart(page, "hbo-max", "HBO Max")
    await page.close()
    await desk.close()
    [[bought]] = look_up(served, "SELECT customer_id FROM orders WHERE id = %s", paid)
    numbers = {"paid": paid, "waiting": waiting, "claim": int(str(claim)), "ticket": ticket}
    numbers |= {"reviewed": reviewed, "receipt": (await sent.json())["id"]}
    yield buyer, boss, numbers | {"customer": int(str(bought))}
    await buyer.close()
    await boss.close()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(PHONE["width"], "light"), (PHONE["width"], "dark"), (DESKTOP["width"], "dark")],
)
@pytest.mark.parametrize("who", ["anybody", "customer", "staff"])
async def test_no_page_has_a_barrier(
    people: tuple[BrowserContext, BrowserContext, dict[str, int]],
    chromium: Browser,
    served: Served,
    who: str,
    width: int,
    scheme: str,
) -> None:
    buyer, boss, numbers = people
    anybody = await open_context(chromium, served)
    context, paths = {
        "anybody": (anybody, OPEN),
        "customer": (buyer, OWN),
        "staff": (boss, STAFF),
    }[who]
    page = await context.new_page()
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    await page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for path in paths:
        if barriers := await barriers_of(page, path.format(**numbers)):
            found[path] = barriers
    await page.close()
    await anybody.close()
    assert found == {}


@pytest.mark.parametrize(("width", "scheme"), [(PHONE["width"], "dark"), (1280, "light")])
async def test_an_order_beside_the_list_has_no_barrier(
    people: tuple[BrowserContext, BrowserContext, dict[str, int]], width: int, scheme: str
) -> None:
    _, boss, numbers = people
    page = await boss.new_page()
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(f"/admin/pedidos?q={numbers['paid']}")
    opener = page.get_by_role("button", name=f"Vistazo al pedido {numbers['paid']}:")
    await opener.locator("visible=true").click()
    drawer = page.get_by_role("dialog", name=f"Pedido #{numbers['paid']}")
    await expect(drawer.get_by_role("link", name="Abrir el pedido")).to_be_visible()
    assert await barriers(page) == []
    await page.close()


async def barriers_of(page: Page, path: str) -> list[str]:
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    return await barriers(page)


async def barriers(page: Page) -> list[str]:
    results = await Axe().run(page)
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in results.response["violations"]]


async def test_the_check_itself_sees_a_barrier(chromium: Browser, served: Served) -> None:
    """The control: a button nobody can name."""
    context = await open_context(chromium, served)
    page = await context.new_page()
    await page.goto("/ayuda")
    await page.wait_for_load_state("networkidle")  # the page is drawn anew when it comes alive
    await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    results = await Axe().run(page)
    assert "button-name" in [v["id"] for v in results.response["violations"]]
    await context.close()
