"""What the shop's messages say, and whom they tell."""

from __future__ import annotations

import pytest

from domain import demo, messages
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)
from tests.domain.test_message_sending import BODY, lease, make_message, row

pytestmark = pytest.mark.usefixtures("shop")


async def an_order_that_is_ready() -> tuple[int, str]:
    """Its number and the text that tells of it."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, login="canario@correo.mx", password="canario-clave")
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await pay(placed.id, placed.total)
    async with reading() as session:
        [told] = await fetch(
            session,
            "SELECT id FROM messages WHERE channel = 'whatsapp' AND kind = 'delivered'",
        )
    outgoing = await lease(told.id)
    assert outgoing is not None
    assert outgoing.to == ana.phone
    async with reading() as session:
        sealed = await scalar(
            session, "SELECT body_sealed FROM messages WHERE id = %(id)s", id=told.id
        )
    assert b"canario" not in bytes(sealed)
    return placed.id, outgoing.body.disclose()


async def test_an_order_that_is_ready_is_told_with_a_link_and_without_its_credentials() -> None:
    order_id, text = await an_order_that_is_ready()
    assert f"#{order_id}" in text
    assert "/m/" in text
    assert "canario" not in text


async def test_a_shop_whose_owner_wants_it_sends_the_credentials_which_only_the_keys_can_read() -> (
    None
):
    async with unit_of_work() as session:
        await run(
            session,
            "INSERT INTO shop_settings (name, value) VALUES ('credentials_in_messages', 'true')",
        )
    _, text = await an_order_that_is_ready()
    assert "Usuario: canario@correo.mx" in text
    assert "Contraseña: canario-clave" in text


async def test_a_placed_order_tells_where_to_pay_and_a_paid_one_no_longer_does() -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    told = "SELECT id FROM messages WHERE kind = 'order_placed' ORDER BY number DESC LIMIT 1"
    first = await place_order(await make_customer(), plan)
    async with reading() as session:
        number = await scalar(session, told)
    outgoing = await lease(number)
    assert outgoing is not None
    text = outgoing.body.disclose()
    assert "012180001234567891" in text
    assert "$150.00 MXN" in text
    assert f"Orden {first.id}" in text
    second = await place_order(await make_customer(), plan)
    async with reading() as session:
        number = await scalar(session, told)
    await pay(second.id, second.total)
    assert await lease(number, "sms", "email") is None
    assert ((await row(number)).status, (await row(number)).error_code) == ("failed", "not_needed")


async def test_the_staff_hears_of_an_alert_once_each_by_the_way_they_left() -> None:
    await make_staff("owner", whatsapp="+525511111111", email="dueña@correo.mx")
    await make_staff("operator", email="turno@correo.mx")
    await make_staff("operator")
    for _ in range(2):
        async with unit_of_work() as session:
            await messages.tell_staff(session, "staff_alert", occasion="alert:1")
    async with reading() as session:
        told = await fetch(session, "SELECT channel, to_address FROM messages ORDER BY number")
        jobs = await scalar(session, "SELECT count(*) FROM procrastinate_jobs")
    assert [tuple(one) for one in told] == [
        ("whatsapp", "+525511111111"),
        ("email", "turno@correo.mx"),
    ]
    assert jobs == 2


async def test_the_demo_shows_its_messages_newest_first_and_by_whom_they_went_to() -> None:
    await make_message()
    await make_message(to_address="+525587654321")
    async with reading() as session:
        everything = await demo.messages(session)
        his = await demo.messages(session, to="+525587654321")
    assert [one.to for one in everything] == ["+525587654321", "+525512345678"]
    assert [one.body for one in his] == [BODY]
