"""Money on the pages: a coupon made and used, too much becoming credit, credit paying, a refund."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.people import (
    add_to_cart,
    look_up,
    new_phone,
    order,
    sign_in,
    sign_in_as_admin,
)


async def test_a_coupon_is_made_used_and_seen_by_its_owner(
    phone: Page, desk: Page, served: Served
) -> None:
    await sign_in_as_admin(desk)
    await desk.goto("/admin/cupones")
    await desk.get_by_role("button", name="Nuevo cupón").click()
    form = desk.get_by_role("dialog", name="Nuevo cupón")
    await form.get_by_label("Código").fill("para ana")
    await form.get_by_role("button", name="Guardar").click()
    await expect(form.get_by_text("Escribe un monto mayor a cero")).to_be_visible()
    await form.get_by_label("Cuánto").fill("10")
    await form.get_by_label("Por cliente").fill("1")
    await form.get_by_role("button", name="Guardar").click()
    await expect(desk.get_by_role("heading", name="PARAANA", level=2)).to_be_visible()

    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    await phone.get_by_text("¿Tienes un cupón?").click()
    field = phone.get_by_label("Código", exact=True)
    await field.fill("no-hay")
    await phone.get_by_role("button", name="Aplicar").click()
    await expect(phone.get_by_text("Ese cupón no existe o ya no está activo.")).to_be_visible()
    await field.fill("paraana")
    await phone.get_by_role("button", name="Aplicar").click()
    await expect(phone.get_by_text("−$15.00 MXN")).to_be_visible()
    await field.fill("otro")
    await phone.get_by_role("button", name="Cambiar", exact=True).click()
    await expect(phone.get_by_text("Ese cupón no existe o ya no está activo.")).to_be_visible()
    await expect(field).to_have_value("otro")
    await expect(phone.get_by_text("−$15.00 MXN")).to_be_visible()
    number = await order(phone)
    await expect(phone.get_by_text("PARAANA · −$15.00 MXN")).to_be_visible()
    await expect(phone.get_by_text("$135.00 MXN").first).to_be_visible()

    await desk.reload()
    await desk.get_by_role("button", name="Ver los usos del cupón PARAANA").click()
    used = desk.get_by_role("dialog", name="Usos de PARAANA")
    await expect(used.get_by_role("link", name=f"Pedido #{number}")).to_be_visible()
    assert look_up(served, "SELECT uses FROM coupons WHERE code = 'PARAANA'") == [(1,)]


async def test_too_much_becomes_credit_which_pays_the_next_order_and_a_part_goes_back(
    phone: Page, desk: Page, served: Served
) -> None:
    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    first = await order(phone)
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/pedidos/{first}")
    await desk.get_by_label("Monto recibido").fill("350")
    await desk.get_by_role("button", name="Confirmar pago").click()
    await expect(desk.get_by_text("no tienen destino")).to_be_visible()
    await desk.get_by_role("button", name="Pasar a saldo a favor").click()
    await expect(desk.get_by_text("$200.00 MXN pasaron a su saldo a favor.")).to_be_visible()
    await expect(phone.get_by_text("Pasó a tu saldo a favor")).to_be_visible()

    await phone.goto("/perfil")
    await expect(phone.get_by_text("Saldo a favor")).to_be_visible()
    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/pago")
    await phone.get_by_role("checkbox", name=re.compile("Usar mi saldo a favor")).check()
    await expect(phone.get_by_role("button", name="Hacer pedido y recibirlo")).to_be_visible()
    second = await order(phone)
    await expect(phone.get_by_role("link", name="Ver mis accesos")).to_be_visible()
    assert look_up(served, "SELECT status FROM orders WHERE id = %s", second) == [("delivered",)]

    await desk.goto(f"/admin/pedidos/{second}")
    await desk.get_by_role("button", name="Registrar devolución").click()
    asked = desk.get_by_role("dialog", name="Registrar devolución")
    await asked.get_by_label("Monto devuelto").fill("500")
    await asked.get_by_label("Referencia o clave de rastreo").fill("DEV-1")
    await asked.get_by_label("Motivo").fill("Falló un día")
    await asked.get_by_role("button", name="Registrar", exact=True).click()
    await expect(asked.get_by_text("Es más de lo que le queda a este pedido.")).to_be_visible()
    await asked.get_by_label("Monto devuelto").fill("50")
    await asked.get_by_role("button", name="Registrar", exact=True).click()
    await expect(desk.get_by_text("Registramos la devolución")).to_be_visible()
    await expect(phone.get_by_text("Te devolvimos")).to_be_visible()
    await expect(phone.get_by_text("Falló un día")).to_be_visible()

    await desk.goto("/admin/pagos/lista?q=" + str(first))
    await expect(desk.get_by_role("link", name=f"#{first}").first).to_be_visible()
    await desk.goto("/admin/pagos/caja")
    await expect(desk.get_by_text("Devolución por transferencia")).to_be_visible()


async def test_a_paid_order_that_is_cancelled_says_where_its_money_goes(
    phone: Page, desk: Page, served: Served
) -> None:
    await add_to_cart(phone, "netflix", "Netflix")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    number = await order(phone)
    await sign_in_as_admin(desk)
    await desk.goto(f"/admin/pedidos/{number}")
    await desk.get_by_label("Monto recibido").fill("100")
    await desk.get_by_role("button", name="Confirmar pago").click()
    await expect(desk.get_by_text("Pago parcial registrado")).to_be_visible()
    await desk.get_by_role("button", name="Cancelar pedido").click()
    asked = desk.get_by_role("dialog", name="¿Cancelar este pedido?")
    await asked.get_by_label("Motivo").fill("Ya no lo quiere")
    await asked.get_by_role("radio", name="Ya se lo devolví").check()
    await asked.get_by_label("Referencia o clave de rastreo").fill("DEV-9")
    await asked.get_by_role("button", name="Sí, cancelar").click()
    await expect(desk.get_by_text("El pedido se canceló")).to_be_visible()
    await expect(phone.get_by_text("Te devolvimos")).to_be_visible()
    assert look_up(
        served, "SELECT kept + loose, refunded FROM order_money WHERE order_id = %s", number
    ) == [(0, 100)]
