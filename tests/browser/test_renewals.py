"""Renewing on a phone: two taps, a transfer, and the card shows the new end by itself."""

from __future__ import annotations

import re

from playwright.async_api import BrowserContext, Page, expect

from domain import my_accounts, renewals, rotations
from domain.sql import fetch_one, scalar
from infra.clock import add_months, today
from infra.database import reading, unit_of_work
from infra.vault import Secret
from models import Customer, Plan
from state.views import day
from tests.browser.backdoor import fresh_phone, inside
from tests.browser.conftest import Served
from tests.browser.people import confirm_payment, sign_in_as_admin
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_customer,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
)


async def holder_of_netflix(served: Served) -> tuple[str, Customer]:
    """A customer who bought a month of it today, and what their cookie carries."""
    async with inside(served):
        ana = await make_customer(fresh_phone())
        async with reading() as session:
            plan = await fetch_one(
                session,
                """SELECT p.id, p.service_id FROM plans p JOIN services s ON s.id = p.service_id
                   WHERE s.slug = 'netflix' AND p.duration_months = 1""",
            )
        assert plan is not None
        await make_account(plan.service_id)  # whatever the others of this shop have bought
        order = await place_order(ana, Plan(id=plan.id, service_id=plan.service_id))
        await pay(order.id, order.total)
        return await sign_in_customer(ana), ana


async def carry(context: BrowserContext, served: Served, token: str) -> None:
    await context.add_cookies(
        [{"name": "cuenty_session", "value": token, "url": served.origin, "httpOnly": True}]
    )


async def test_a_customer_renews_in_two_taps_and_sees_the_new_end_without_a_reload(
    served: Served, phone: Page, desk: Page
) -> None:
    token, _ = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    watching = await phone.context.new_page()
    for page in (phone, watching):
        await page.goto("/mis-cuentas")
        card = page.get_by_role("article").filter(has_text="Netflix")
        await expect(card.get_by_text(day(add_months(today(), 1)))).to_be_visible()
    await watching.evaluate("window.neverReloaded = true")

    card = phone.get_by_role("article").filter(has_text="Netflix")
    await card.get_by_role("button", name="Renovar").tap()
    asked = phone.get_by_role("dialog", name="Renovar Netflix")
    await expect(asked.get_by_role("radio", name=re.compile("^1 mes"))).to_be_checked()
    await expect(asked.get_by_text(day(add_months(today(), 2)))).to_be_visible()
    await asked.get_by_role("button", name="Confirmar renovación").tap()
    await phone.wait_for_url("**/pedido/*")
    number = int(phone.url.rpartition("/")[2])
    main = phone.get_by_role("main")
    await expect(main.get_by_text("Renovación de tu suscripción")).to_be_visible()

    waits = watching.get_by_role("link", name=re.compile(f"pendiente de pago.*#{number}"))
    await expect(waits).to_be_visible()
    await sign_in_as_admin(desk)
    await confirm_payment(desk, number)
    card = watching.get_by_role("article").filter(has_text="Netflix")
    await expect(card.get_by_text(day(add_months(today(), 2)))).to_be_visible()
    await expect(waits).to_have_count(0)
    assert await watching.evaluate("window.neverReloaded")
    await expect(main.get_by_text("Renovado")).to_be_visible()


async def test_opened_data_stay_open_until_they_are_no_longer_those_in_force(
    served: Served, phone: Page
) -> None:
    token, ana = await holder_of_netflix(served)
    await carry(phone.context, served, token)
    await phone.goto("/mis-cuentas")
    card = phone.get_by_role("article").filter(has_text="Netflix")
    await card.get_by_role("button", name="Ver mis datos de acceso").tap()
    hide = card.get_by_role("button", name="Ocultar")
    await expect(hide).to_be_visible()

    async with inside(served):  # something else about it changes: its end
        await renew_and_pay(ana)
    await expect(card.get_by_text(day(add_months(today(), 2)))).to_be_visible()
    await expect(hide).to_be_visible()

    async with inside(served):
        await rotate(ana)
    await expect(card.get_by_text("Cambió tu contraseña: vuelve a verla.")).to_be_visible()
    await expect(hide).to_have_count(0)
    await card.get_by_role("button", name="Ver mis datos de acceso").tap()
    await expect(hide).to_be_visible()
    await expect(card.get_by_text("Cambió tu contraseña: vuelve a verla.")).to_have_count(0)


async def renew_and_pay(ana: Customer) -> None:
    async with unit_of_work() as session:
        [held] = await my_accounts.held_by(session, as_customer(ana))
        [offer, *_] = await renewals.options(session, as_customer(ana), assignment_id=held.id)
        order = await renewals.place(
            session, as_customer(ana), assignment_id=held.id, plan_id=offer.plan_id
        )
    await pay(order.id, order.total)


async def rotate(ana: Customer) -> None:
    staff = as_staff(await make_staff())
    async with unit_of_work() as session:
        account = await scalar(
            session,
            """SELECT p.account_id FROM profiles p JOIN assignments a ON a.profile_id = p.id
               WHERE a.customer_id = %(ana)s""",
            ana=ana.id,
        )
        await rotations.rotate_password(
            session, staff, account_id=account, password=Secret("otra-clave-2026")
        )
