"""An operator says what the columns of an unknown file hold, and sees what it reads to so."""

from __future__ import annotations

from playwright.async_api import Page, expect

from infra.clock import today
from tests.browser.people import sign_in_as_admin

STATEMENTS = "/admin/pagos/estados-de-cuenta"


async def test_the_movements_follow_the_columns_that_are_chosen(desk: Page) -> None:
    day = f"{today():%d/%m/%Y}"
    file = (
        "Cuando,Texto,Suma,Queda\n"
        f"{day},SALDO ANTERIOR,,1000.00\n"
        f"{day},Renta de noviembre,150.00,850.00\n"
        f"{day},Deposito de Ana,120.00,970.00\n"
    ).encode()
    await sign_in_as_admin(desk)
    await desk.goto(STATEMENTS)
    await desk.get_by_label("Archivo", exact=True).set_input_files(
        [{"name": "raro.csv", "mimeType": "text/csv", "buffer": file}]
    )
    await desk.get_by_role("button", name="Leer el archivo").click()
    read = desk.get_by_role("list", name="Primeros movimientos").get_by_role("listitem")
    await expect(desk.get_by_text("Así no se lee ningún movimiento.")).to_be_visible()
    await expect(read).to_have_count(0)

    for column, held in (("Cuando", "Fecha"), ("Texto", "Concepto"), ("Suma", "Monto")):
        await desk.get_by_label(column, exact=True).select_option(label=held)
    await expect(read).to_have_count(2)
    await expect(read.filter(has_text="Renta de noviembre")).to_contain_text("Abono")
    await desk.get_by_label("Queda", exact=True).select_option(label="Saldo")
    await expect(read.filter(has_text="Renta de noviembre")).to_contain_text("Cargo")
    await expect(read.filter(has_text="Deposito de Ana")).to_contain_text("+$120.00 MXN")

    await desk.get_by_role("button", name="Leer los movimientos").click()
    await expect(desk.get_by_role("link", name="Ignorados 1")).to_be_visible()
