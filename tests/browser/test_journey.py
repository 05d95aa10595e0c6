"""The path everything hangs on: from "I want it" to a credential that works, on a phone."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from infra.vault import KeyRing, Place
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
from tests.fixtures import ENVIRONMENT

SEEDED = """SELECT c.id, c.login_sealed, c.password_sealed FROM assignments a
    JOIN order_items i ON i.id = a.order_item_id JOIN profiles p ON p.id = a.profile_id
    JOIN accounts c ON c.id = p.account_id WHERE i.order_id = %s AND i.service_name = %s"""
ENTRY = "SELECT count(*) FROM audit_entries WHERE action = 'credential.reveal'"


async def test_a_customer_buys_two_services_and_sees_the_credential_the_moment_it_is_paid(
    served: Served, phone: Page, desk: Page
) -> None:
    frames, foreign = Frames(phone), Frames(desk)
    await add_to_cart(phone, "netflix", "Netflix")
    await add_to_cart(phone, "disney-plus", "Disney+")
    await phone.goto("/carrito")
    await expect(phone.get_by_text("$260.00 MXN").first).to_be_visible()
    await phone.get_by_role("link", name="Continuar").click()
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    number = await order(phone)

    main = phone.get_by_role("main")
    await expect(main.get_by_text("$260.00 MXN").first).to_be_visible()
    await expect(main.get_by_text("012345678901234567")).to_be_visible()
    await expect(main.get_by_text(f"Orden {number}", exact=False).first).to_be_visible()
    await expect(main.get_by_role("button", name=re.compile("CLABE"))).to_be_visible()

    await sign_in_as_admin(desk)
    await phone.evaluate("window.neverReloaded = true")
    await confirm_payment(desk, number)
    opening = phone.get_by_role("link", name=re.compile("accesos")).first
    await expect(opening).to_be_visible()
    assert await phone.evaluate("window.neverReloaded")

    login, password = credential(served, number, "Netflix")
    other_login, other_password = credential(served, number, "Disney+")
    secrets = (login, password, other_login, other_password)
    await opening.click()
    card = phone.get_by_role("article").filter(has_text="Netflix")
    await expect(card).to_be_visible()
    assert [frames.holding(secret) for secret in secrets] == [0, 0, 0, 0]

    looks = look_up(served, ENTRY)
    await card.get_by_role("button", name="Ver mis datos de acceso").click()
    await expect(card.get_by_text(login)).to_be_visible()
    await expect(card.get_by_text(password)).to_be_visible()
    assert look_up(served, ENTRY)[0][0] == int(str(looks[0][0])) + 1
    assert frames.holding(password) == 1
    assert frames.holding(other_password) == 0
    await card.get_by_role("button", name="Ocultar").click()
    await expect(card.get_by_text(password)).to_have_count(0)

    assert [foreign.holding(secret) for secret in secrets] == [0, 0, 0, 0]
    log = served.log.read_text(errors="replace")
    assert not [secret for secret in secrets if secret in log]


def credential(served: Served, number: int, service: str) -> tuple[str, str]:
    """What the seed sealed and the shop assigned."""
    [(account, login, password)] = look_up(served, SEEDED, number, service)
    keys = KeyRing(ENVIRONMENT["CUENTY_KEYS"])
    return (
        keys.unseal(bytes(login), Place("accounts", "login_sealed", account)).disclose(),
        keys.unseal(bytes(password), Place("accounts", "password_sealed", account)).disclose(),
    )


async def test_a_guests_cart_survives_signing_in(phone: Page) -> None:
    await add_to_cart(phone, "hbo-max", "HBO Max")
    await phone.goto("/ingresar?next=/carrito")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/carrito")
    await expect(phone.get_by_role("main").get_by_text("HBO Max").first).to_be_visible()


async def test_a_wrong_code_is_refused_beside_its_field_and_the_right_one_still_works(
    phone: Page,
) -> None:
    number = new_phone()
    await phone.goto("/ingresar")
    await phone.get_by_label("Número de celular").fill(number)
    await phone.get_by_role("button", name="Enviar código").click()
    code = phone.get_by_label("Código de 6 dígitos")
    await code.press_sequentially("000000")
    await expect(phone.get_by_text("Te quedan 4 intentos")).to_be_visible()
    await expect(code).to_have_attribute("aria-invalid", "true")


async def test_signing_out_leaves_nothing_behind(phone: Page) -> None:
    await phone.goto("/ingresar?next=/perfil")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/perfil")
    await phone.get_by_role("main").get_by_role("button", name="Cerrar sesión").click()
    await phone.wait_for_url(re.compile(r"/$"))
    await phone.goto("/mis-pedidos")
    await phone.wait_for_url("**/ingresar*")


async def test_a_customer_cancels_an_unpaid_order_and_says_why(phone: Page) -> None:
    await add_to_cart(phone, "prime-video", "Prime Video")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, new_phone())
    await phone.wait_for_url("**/pago")
    await order(phone)
    await phone.get_by_role("button", name="Cancelar pedido").click()
    dialog = phone.get_by_role("dialog")
    await dialog.get_by_label("¿Por qué lo cancelas?").fill("Me equivoqué de plan")
    await dialog.get_by_role("button", name=re.compile("Sí")).click()
    await expect(phone.get_by_role("main").get_by_text("Cancelado").first).to_be_visible()


async def test_an_operator_finds_an_order_by_phone_and_sees_what_waits(
    phone: Page, desk: Page
) -> None:
    number = new_phone()
    await add_to_cart(phone, "hbo-max", "HBO Max")
    await phone.goto("/ingresar?next=/pago")
    await sign_in(phone, number)
    await phone.wait_for_url("**/pago")
    placed = await order(phone)
    await sign_in_as_admin(desk)
    await expect(desk.get_by_role("main").get_by_text("Por confirmar").first).to_be_visible()
    await desk.goto(f"/admin/pedidos?q={number[-6:]}")
    await desk.get_by_role("link", name=re.compile(str(placed))).first.click()
    await desk.wait_for_url(f"**/admin/pedidos/{placed}")
    await expect(desk.get_by_role("main").get_by_text("Ana Torres").first).to_be_visible()
