"""From a supplier's list to a customer's screen: an import serves the order that waits for it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from domain.import_files import read
from tests.browser.conftest import Served
from tests.browser.people import (
    Frames,
    add_to_cart,
    confirm_payment,
    look_up,
    new_phone,
    order,
    sign_in,
    sign_in_as_admin,
)

IMPORT = "/admin/inventario/importar"
# What the seed stocked of this service is taken off sale, so that a paid order has to wait.
SELL_OUT = """UPDATE accounts SET status = 'maintenance'
    WHERE service_id = (SELECT id FROM services WHERE slug = 'spotify') RETURNING id"""
BACK = "UPDATE accounts SET status = 'active' WHERE id = ANY(%s) RETURNING id"


async def test_an_import_fills_the_order_that_waits_while_its_customer_watches(
    served: Served, phone: Page, desk: Page
) -> None:
    frames = Frames(desk)
    await add_to_cart(phone, "spotify", "Spotify")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    number = await order(phone)
    taken = [row[0] for row in look_up(served, SELL_OUT)]
    try:
        await sign_in_as_admin(desk)
        await confirm_payment(desk, number)
        main = phone.get_by_role("main")
        await expect(main.get_by_text("En proceso").first).to_be_visible()
        await phone.evaluate("window.neverReloaded = true")

        await desk.goto(IMPORT)
        login = f"llegada{number}@correo.mx"
        lines = f"{login}:clave-{number}\n{login}x:\nfalta-la-clave\n"
        await desk.get_by_label("O pega las líneas").fill(lines)
        await desk.get_by_label("Servicio").select_option(label="Spotify")
        await desk.get_by_role("button", name="Revisar antes de importar").click()
        await expect(desk.get_by_text("Falta la contraseña.").first).to_be_visible()
        await expect(desk.get_by_text("Línea 3")).to_be_visible()
        await desk.get_by_role("button", name="Importar 1 cuenta").click()
        await expect(desk.get_by_text("Entraron 1 cuenta")).to_be_visible()

        await expect(main.get_by_text("Entregado").first).to_be_visible()
        assert await phone.evaluate("window.neverReloaded")
    finally:
        look_up(served, BACK, taken)
    assert frames.holding(f"clave-{number}") == 0
    assert frames.holding(login) == 0
    log = served.log.read_text(errors="replace")
    assert f"clave-{number}" not in log

    await desk.get_by_role("button", name="Deshacer").click()
    await desk.get_by_role("dialog").get_by_role("button", name=re.compile("Sí")).click()
    await expect(desk.get_by_role("alert").get_by_text("ya se vendió")).to_be_visible()


async def test_a_refused_file_leaves_everything_as_it_was_typed(desk: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto(IMPORT)
    lines = desk.get_by_label("O pega las líneas")
    await lines.fill("usuario,clave\n")
    await desk.get_by_role("button", name="Revisar antes de importar").click()
    await expect(desk.get_by_role("alert").get_by_text("No encontramos filas")).to_be_visible()
    await expect(lines).to_have_value("usuario,clave\n")


async def test_a_file_is_chosen_imported_and_undone(served: Served, desk: Page) -> None:
    await sign_in_as_admin(desk)
    await desk.goto(IMPORT)
    rows = "".join(f"u{n}@lista.mx,clave{n},Netflix\n" for n in range(3))
    content = f"Correo,Contraseña,Servicio\n{rows}".encode()
    await desk.get_by_label("Archivo", exact=True).set_input_files(
        [{"name": "lista.csv", "mimeType": "text/csv", "buffer": content}]
    )
    await desk.get_by_role("button", name="Revisar antes de importar").click()
    await expect(desk.get_by_role("heading", name="lista.csv")).to_be_visible()
    await desk.get_by_role("button", name="Importar 3 cuentas").click()
    await expect(desk.get_by_text("Entraron 3 cuentas")).to_be_visible()
    await desk.get_by_role("button", name="Deshacer").click()
    await desk.get_by_role("dialog").get_by_role("button", name=re.compile("Sí")).click()
    await expect(desk.get_by_text("Esta importación se deshizo")).to_be_visible()
    left = "SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL AND plan_id IS NULL"
    assert look_up(served, f"{left} AND login_sealed IS NULL") == [(0,)]
    await desk.goto(IMPORT)
    await expect(desk.get_by_role("link", name=re.compile("lista.csv"))).to_be_visible()


async def test_the_owner_takes_the_stock_out_and_its_secrets_after_typing_the_password_again(
    served: Served, desk: Page
) -> None:
    frames = Frames(desk)
    await sign_in_as_admin(desk)
    await desk.goto(IMPORT)
    await desk.get_by_role("button", name="Exportar").click()
    async with desk.expect_download() as plain:
        await desk.get_by_role("button", name="CSV").click()
    assert (await plain.value).suggested_filename.endswith(".csv")

    await desk.get_by_role("button", name="Exportar").click()
    await desk.get_by_role("button", name="Con los datos de acceso").click()
    dialog = desk.get_by_role("dialog")
    await dialog.get_by_label("Tu contraseña").fill("no es esta")
    await dialog.get_by_role("button", name="Descargar").click()
    await expect(dialog.get_by_text("La contraseña no es correcta.")).to_be_visible()
    await dialog.get_by_label("Tu contraseña").fill("admin123")
    async with desk.expect_download() as whole:
        await dialog.get_by_role("button", name="Descargar").click()
    saved = await (await whole.value).path()
    found = read(saved.read_bytes())
    password = found.rows[0].cells[found.header.index("Contraseña")]
    assert password
    assert frames.holding(password) == 0
    taken = "SELECT count(*) FROM audit_entries WHERE action = 'stock.export_secrets'"
    assert look_up(served, taken) == [(1,)]
