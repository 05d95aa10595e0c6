"""Take the pictures of the README and the documents, from a demo shop of their own.

`make screenshots` runs it. Phone is 390 × 844, desktop 1280 × 800, each in light and dark.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.browser.conftest import DESKTOP, FLAGS, PHONE, free_port  # noqa: E402  # after the path
from tests.browser.people import (  # noqa: E402
    add_to_cart,
    confirm_payment,
    order,
    sign_in,
    sign_in_as_admin,
)
from tests.pictures import receipt, saved  # noqa: E402

PICTURES = PROJECT / "docs" / "screenshots"
GUEST = {
    "home": "/",
    "service": "/servicio/netflix",
    "sign-in": "/ingresar",
    "empty-cart": "/carrito",
    "help": "/ayuda",
    "not-found": "/no-existe",
}
CUSTOMER = {
    "cart": "/carrito",
    "checkout": "/pago",
    "order": "/pedido/{waiting}",
    "order-delivered": "/pedido/{paid}",
    "orders": "/mis-pedidos",
    "accounts": "/mis-cuentas",
    "profile": "/perfil",
}
STAFF = {
    "admin-home": "/admin",
    "admin-orders": "/admin/pedidos",
    "admin-orders-filters": "/admin/pedidos?pago=unpaid",
    "admin-order": "/admin/pedidos/{waiting}",
    "admin-order-delivered": "/admin/pedidos/{paid}",
    "admin-receipts": "/admin/pagos",
    "admin-payments": "/admin/pagos/lista",
    "admin-statements": "/admin/pagos/estados-de-cuenta",
    "admin-cash": "/admin/pagos/caja",
    "admin-coupons": "/admin/cupones",
    "admin-integrations": "/admin/integraciones",
    "admin-sale": "/admin/vender",
    "admin-catalog": "/admin/catalogo",
    "admin-service": "/admin/catalogo/1",
    "admin-prices": "/admin/catalogo/precios",
    "admin-inventory": "/admin/inventario",
    "admin-account": "/admin/inventario/1",
    "admin-stock": "/admin/inventario/disponibilidad",
    "admin-expirations": "/admin/vencimientos",
    "admin-claims": "/admin/garantias",
    "admin-customers": "/admin/clientes",
    "admin-customer": "/admin/clientes/1",
    "admin-messages": "/admin/mensajes",
    "admin-template": "/admin/mensajes/plantillas/delivered",
    "admin-support": "/admin/soporte",
    "admin-ticket": "/admin/soporte/1",
    "admin-team": "/admin/equipo",
    "admin-settings": "/admin/ajustes",
    "admin-log": "/admin/bitacora",
}
WHOLE = {"admin-home"}  # its figures are below the fold


@contextmanager
def demo() -> Generator[str]:
    """A seeded demo shop with orders in every state; its address."""
    with tempfile.TemporaryDirectory(prefix="cuenty-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)  # root's database runs as another user
        port = free_port()
        environment = {**os.environ, "PORT": str(port), "CUENTY_DATA_DIR": f"{folder}/shop"}
        command = [sys.executable, "-m", "cuenty_app.cli"]
        subprocess.run([*command, "seed", "--demo"], cwd=PROJECT, env=environment, check=True)  # noqa: S603
        process = subprocess.Popen([*command, "run"], cwd=PROJECT, env=environment)  # noqa: S603
        try:
            origin = f"http://localhost:{port}"
            wait_for(origin)
            yield origin
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_for(origin: str) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{origin}/health", timeout=5):  # noqa: S310  # our own
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the demo shop did not start")


async def take(page: Page, pages: dict[str, str], **numbers: int) -> None:
    for width, size in (("phone", PHONE), ("desktop", DESKTOP)):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for name, path in pages.items():
                await page.goto(path.format(**numbers))
                await expect(page.get_by_role("heading", level=1).first).to_be_visible()
                await page.wait_for_load_state("networkidle")
                await expect(page.locator("main .cu-skeleton:visible")).to_have_count(0)
                await page.screenshot(
                    path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=name in WHOLE
                )


async def everything(browser: Browser, origin: str) -> None:
    async def someone() -> Page:
        context = await browser.new_context(locale="es-MX", base_url=origin, viewport=PHONE)  # type: ignore[arg-type]
        return await context.new_page()

    guest, buyer, boss = await someone(), await someone(), await someone()
    await take(guest, GUEST)
    await add_to_cart(buyer, "netflix", "Netflix")
    await buyer.goto("/ingresar?next=/pago")
    await sign_in(buyer, "5587654321")
    await buyer.wait_for_url("**/pago")
    paid = await order(buyer)
    await sign_in_as_admin(boss)
    await confirm_payment(boss, paid)
    await expect(boss.get_by_role("main").get_by_text("Entregado").first).to_be_visible()
    for slug, name in (("hbo-max", "HBO Max"), ("disney-plus", "Disney+")):
        await add_to_cart(buyer, slug, name)
    await buyer.goto("/pago")
    waiting = await order(buyer)
    await add_to_cart(buyer, "prime-video", "Prime Video")
    await take(buyer, CUSTOMER, paid=paid, waiting=waiting)
    await send_receipt(buyer, waiting)
    await take(boss, STAFF, paid=paid, waiting=waiting)


async def send_receipt(buyer: Page, number: int) -> None:
    await buyer.goto(f"/pedido/{number}")
    photo = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": saved(receipt("Folio 4711"))}
    await buyer.get_by_label("Tomar foto").set_input_files(photo)  # type: ignore[arg-type]
    await buyer.get_by_role("button", name="Enviar comprobante").click()
    await expect(buyer.get_by_role("heading", name="Estamos revisando")).to_be_visible()


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        with demo() as origin:
            await everything(browser, origin)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
