"""A bank's statement pays twenty orders while one of their customers watches."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from domain.payments import reference_of
from infra.clock import today
from tests.browser.backdoor import fresh_phone, inside
from tests.browser.conftest import Served
from tests.browser.people import add_to_cart, look_up, new_phone, order, sign_in, sign_in_as_admin
from tests.builders import make_account, make_customer, make_plan, place_order

STATEMENTS = "/admin/pagos/estados-de-cuenta"
OTHERS = 19


async def others(served: Served) -> list[int]:
    """Orders of as many customers, with stock for all of them."""
    async with inside(served):
        plan = await make_plan()
        await make_account(plan.service_id, profiles=OTHERS)
        return [
            (await place_order(await make_customer(fresh_phone()), plan)).id for _ in range(OTHERS)
        ]


def statement_of(total: str, first: int, rest: list[int]) -> bytes:
    """As a bank without a shape of its own exports it, the reference's zeros lost."""
    rows = ["Fecha,Concepto,Referencia,Abono,Saldo"]
    day, balance = f"{today():%d/%m/%Y}", 1000
    for number in (first, *rest):
        amount = total if number == first else "150.00"
        reference = reference_of(number).lstrip("0") if number % 2 else ""
        balance += 500
        concept = "SPEI RECIBIDO" if reference else f"SPEI RECIBIDO Orden {number}"
        rows.append(f"{day},{concept},{reference},{amount},{balance}.00")
    rows.append(f"{day},RENTA DEL LOCAL,,7777.00,90000.00")
    return "\n".join(rows).encode()


async def test_a_statement_pays_twenty_orders_while_a_customer_watches(
    served: Served, phone: Page, desk: Page
) -> None:
    rest = await others(served)
    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    number = await order(phone)
    await phone.evaluate("window.neverReloaded = true")
    [(total,)] = look_up(served, "SELECT total FROM orders WHERE id = %s", number)

    await sign_in_as_admin(desk)
    await desk.goto(STATEMENTS)
    file = statement_of(str(total), number, rest)
    await desk.get_by_label("Archivo", exact=True).set_input_files(
        [{"name": "movimientos.csv", "mimeType": "text/csv", "buffer": file}]
    )
    await desk.get_by_role("button", name="Leer el archivo").click()
    await desk.get_by_role("button", name="Leer los movimientos").click()
    await expect(desk.get_by_role("link", name="Coinciden 20")).to_be_visible()
    await expect(desk.get_by_role("link", name="Sin pedido 1")).to_be_visible()
    await desk.get_by_role("button", name="Aplicar 20 pagos seguros").click()

    opening = phone.get_by_role("link", name=re.compile("accesos")).first
    await expect(opening).to_be_visible(timeout=30_000)
    assert await phone.evaluate("window.neverReloaded")
    paid = desk.get_by_role("main").get_by_text("Aplicado", exact=True)
    await expect(paid).to_have_count(OTHERS + 1, timeout=30_000)
    delivered = look_up(
        served,
        "SELECT count(*) FROM orders WHERE id = ANY(%s) AND status = 'delivered'",
        [number, *rest],
    )
    assert delivered == [(OTHERS + 1,)]

    await desk.goto(STATEMENTS)
    await desk.get_by_label("Archivo", exact=True).set_input_files(
        [{"name": "movimientos.csv", "mimeType": "text/csv", "buffer": file}]
    )
    await desk.get_by_role("button", name="Leer el archivo").click()
    await expect(desk.get_by_role("alert").get_by_text("ya estaban importados")).to_be_visible()
