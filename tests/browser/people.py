"""What people do in the shop, in their words: found by role and label, never by sleeping."""

from __future__ import annotations

import itertools
import random
import re

import psycopg
from playwright.async_api import Page, expect

from tests.browser.conftest import Served

_phones = itertools.count(random.SystemRandom().randint(0, 8_000_000))


def new_phone() -> str:
    """Ten digits that nobody in this shop has yet."""
    return f"55{10_000_000 + next(_phones)}"


async def read_code(page: Page, phone: str) -> str:
    """The newest code sent to this phone, as the demo shows it."""
    answer = await page.request.get("/api/demo/messages", params={"to": f"+52{phone}"})
    found = re.search(r"\b\d{6}\b", (await answer.json())[0]["body"])
    assert found is not None
    return found.group()


async def add_to_cart(page: Page, slug: str, name: str) -> None:
    await page.goto(f"/servicio/{slug}")
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    await page.get_by_role("button", name="Agregar al carrito").click()
    await expect(page.get_by_role("status").get_by_text("carrito").first).to_be_visible()


async def sign_in(page: Page, phone: str, *, first_time: bool = True) -> None:
    """From the sign-in page to wherever it leads."""
    await page.get_by_label("Número de celular").press_sequentially(phone)
    await page.get_by_role("button", name="Enviar código").click()
    code = page.get_by_label("Código de 6 dígitos")
    await expect(code).to_be_visible()
    await code.press_sequentially(await read_code(page, phone))
    if first_time:
        await page.get_by_label("¿Cómo te llamas?").fill("Ana Torres")
        await page.get_by_role("button", name="Guardar y continuar").click()


async def order(page: Page) -> int:
    """From the checkout page to the placed order's page; its number."""
    await page.get_by_role("checkbox", name=re.compile("Acepto")).check()
    await page.get_by_role("button", name=re.compile("Hacer pedido|Confirmar pedido")).click()
    await page.wait_for_url("**/pedido/*")
    return int(page.url.rpartition("/")[2])


async def sign_in_as_admin(page: Page) -> None:
    await page.goto("/admin/ingresar")
    await page.get_by_label("Usuario").fill("admin")
    await page.get_by_label("Contraseña").fill("admin123")
    await page.get_by_role("button", name="Entrar").click()
    await page.wait_for_url("**/admin")


async def confirm_payment(page: Page, number: int) -> None:
    await page.goto(f"/admin/pedidos/{number}")
    await page.get_by_label("Referencia").fill(f"SPEI-{number}")
    await page.get_by_role("button", name="Confirmar pago").click()


async def report(page: Page, service: str, problem: str, details: str = "") -> None:
    """From the card of this service to the shop's word that it was received."""
    card = page.get_by_role("article").filter(has_text=service)
    await card.get_by_role("button", name="Reportar un problema").click()
    asked = page.get_by_role("dialog", name=f"Problema con {service}")
    await asked.get_by_role("radio", name=problem).check()
    await asked.get_by_label("Cuéntanos más").fill(details)
    await asked.get_by_role("button", name="Enviar reporte").click()
    await expect(asked.get_by_role("status").get_by_text("Recibimos tu reporte")).to_be_visible()
    await asked.get_by_role("button", name="Entendido").click()


class Frames:
    """Every frame a page's sockets carried."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        self.came: list[str] = []
        page.on("websocket", lambda s: s.on("framereceived", self._take))
        page.on("websocket", lambda s: s.on("framesent", self._keep))

    def _keep(self, frame: str | bytes) -> None:
        self.seen.append(frame if isinstance(frame, str) else frame.decode(errors="replace"))

    def _take(self, frame: str | bytes) -> None:
        self._keep(frame)
        self.came.append(self.seen[-1])

    def holding(self, text: str) -> int:
        return sum(text in frame for frame in self.seen)

    def received(self, text: str) -> int:
        """How many the server sent."""
        return sum(text in frame for frame in self.came)


def look_up(served: Served, statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(served.database) as link:
        return link.execute(statement.encode(), values).fetchall()
