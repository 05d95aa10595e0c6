"""A customer says that an access works: once, about what is in force, and no more than is true."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import models
from domain import credentials, message_pages, message_receipts, my_accounts, order_pages, rotations
from domain.errors import Forbidden, NotFound
from domain.message_pages import OrderMessage
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.vault import Secret
from tests.builders import as_customer, as_staff, make_customer, make_plan, make_service, make_staff
from tests.domain.test_message_sending import fail, lease, sent
from tests.domain.test_renewals import subscribed

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def ana(shop: object) -> models.Customer:
    """She holds assignment 1 and was told of it in her panel and by WhatsApp."""
    del shop
    return (await subscribed())[0]


async def confirm(who: models.Customer, assignment_id: int = 1) -> None:
    async with unit_of_work() as session:
        await message_receipts.confirm(session, as_customer(who), assignment_id=assignment_id)


async def confirmed(who: models.Customer) -> list[bool]:
    async with reading() as session:
        return [held.confirmed for held in await my_accounts.held_by(session, as_customer(who))]


async def told() -> dict[str, tuple[str, str]]:
    """State and reason of each message about the access, by channel; the newest counts."""
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT channel, status, error_code FROM messages
               WHERE kind IN ('delivered', 'rotated') ORDER BY number""",
        )
    return {row.channel: (row.status, row.error_code) for row in rows}


async def by_whatsapp() -> Any:
    async with reading() as session:
        return await scalar(
            session,
            """SELECT id FROM messages WHERE kind = 'delivered' AND channel = 'whatsapp'""",
        )


async def lines() -> int:
    async with reading() as session:
        return await scalar(
            session, "SELECT count(*) FROM timeline_entries WHERE event = 'confirmed'"
        )


async def rotate(password: str = "otra-clave") -> None:  # noqa: S107  # made up
    owner = await make_staff("owner")
    async with unit_of_work() as session:
        await rotations.rotate_password(
            session, as_staff(owner), account_id=1, password=Secret(password)
        )


async def test_what_works_is_confirmed_once_and_the_order_says_so(ana: models.Customer) -> None:
    assert await confirmed(ana) == [False]
    for _ in range(2):
        await confirm(ana)
    assert await confirmed(ana) == [True]
    assert await lines() == 1
    async with reading() as session:
        order = await order_pages.order_page(session, as_customer(ana), order_id=1)
    assert [d.status for d in order.deliveries if d.channel == "web"] == ["confirmed"]


async def test_taps_at_the_same_time_are_one(ana: models.Customer) -> None:
    await asyncio.gather(*(confirm(ana) for _ in range(4)))
    assert await lines() == 1


async def test_whoever_is_told_in_the_panel_alone_confirms_too(ana: models.Customer) -> None:
    async with unit_of_work() as session:
        await run(session, "DELETE FROM message_events")
        await run(session, "DELETE FROM messages WHERE channel <> 'web'")
    await confirm(ana)
    assert await confirmed(ana) == [True]
    assert await told() == {"web": ("confirmed", "")}


async def test_a_message_that_still_waits_need_not_go_out(ana: models.Customer) -> None:
    await confirm(ana)
    assert await told() == {"web": ("confirmed", ""), "whatsapp": ("failed", "not_needed")}
    assert await lease(await by_whatsapp()) is None


async def test_of_a_message_on_its_way_nothing_more_is_known_than_before(
    ana: models.Customer,
) -> None:
    number = await by_whatsapp()
    assert await lease(number) is not None
    await confirm(ana)
    assert (await told())["whatsapp"] == ("queued", "")
    await sent(number)
    assert (await told())["whatsapp"] == ("sent", "")
    async with unit_of_work() as session:
        assert await message_receipts.report(
            session, message_id=number, provider_id="SM1", status="delivered"
        )
    assert (await told())["whatsapp"] == ("delivered", "")


async def test_what_arrived_is_confirmed_and_what_failed_stays_failed(
    ana: models.Customer,
) -> None:
    number = await by_whatsapp()
    await lease(number)
    await fail(number, "twilio_63016", final=True, usable=("sms",))
    async with reading() as session:
        copy = await scalar(session, "SELECT id FROM messages WHERE fallback_of IS NOT NULL")
    await lease(copy)
    await sent(copy)
    async with unit_of_work() as session:
        await message_receipts.report(
            session, message_id=copy, provider_id="SM1", status="delivered"
        )
    await confirm(ana)
    assert await told() == {
        "web": ("confirmed", ""),
        "whatsapp": ("failed", "twilio_63016"),
        "sms": ("confirmed", ""),
    }


async def test_a_new_password_is_unconfirmed_until_its_holder_says_that_it_works(
    ana: models.Customer,
) -> None:
    await confirm(ana)
    await rotate()
    assert await confirmed(ana) == [False]
    assert (await told())["web"] == ("delivered", "")
    await confirm(ana)
    assert await confirmed(ana) == [True]
    assert (await told())["web"] == ("confirmed", "")
    assert await lines() == 2


async def test_a_corrected_login_is_unconfirmed(ana: models.Customer) -> None:
    await confirm(ana)
    owner = await make_staff("owner")
    async with unit_of_work() as session:
        await rotations.correct_login(
            session, as_staff(owner), account_id=1, login=Secret("bien@correo.mx")
        )
    assert await confirmed(ana) == [False]
    await confirm(ana)
    assert await confirmed(ana) == [True]


async def test_what_was_told_of_an_old_password_is_not_confirmed_with_the_new_one(
    ana: models.Customer,
) -> None:
    await rotate()
    await confirm(ana)
    async with reading() as session:
        rows = await fetch(
            session, "SELECT kind, status FROM messages WHERE channel = 'web' ORDER BY number"
        )
    assert [tuple(row) for row in rows] == [("delivered", "delivered"), ("rotated", "confirmed")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE profiles SET pin_version = pin_version + 1, pin_sealed = NULL",
        "UPDATE assignments SET profile_id = 2",
    ],
)
async def test_another_pin_or_profile_is_unconfirmed(ana: models.Customer, change: str) -> None:
    """Whether or not a message told of it: a whole account hears of its replacement once."""
    await confirm(ana)
    async with unit_of_work() as session:
        await run(session, change)
    assert await confirmed(ana) == [False]


async def test_opening_an_access_does_not_confirm_it_and_keeps_what_was_confirmed(
    ana: models.Customer,
) -> None:
    for expected in (False, True):
        async with unit_of_work() as session:
            await credentials.reveal(session, as_customer(ana), assignment_id=1)
        assert await confirmed(ana) == [expected]
        await confirm(ana)


async def test_nobody_confirms_what_is_not_theirs_or_has_ended(ana: models.Customer) -> None:
    with pytest.raises(NotFound):
        await confirm(await make_customer())
    async with unit_of_work() as session:
        await run(
            session, "UPDATE assignments SET released_at = now(), release_reason = 'released'"
        )
    for number in (1, 99):
        with pytest.raises(NotFound):
            await confirm(ana, number)
    assert await lines() == 0


async def of_order(number: int = 1) -> list[OrderMessage]:
    staff = await make_staff()
    async with reading() as session:
        return await message_pages.of_order(session, as_staff(staff), order_id=number)


@pytest.mark.usefixtures("ana")
async def test_an_order_lists_what_its_customer_was_told_and_by_what_instead() -> None:
    number = await by_whatsapp()
    await lease(number)
    await fail(number, "twilio_30003", final=True, usable=("sms",))
    found = {(m.kind, m.channel): m for m in await of_order() if m.kind == "delivered"}
    assert set(found) == {("delivered", c) for c in ("web", "whatsapp", "sms")}
    failed = found["delivered", "whatsapp"]
    assert (failed.status, failed.error_code, failed.fell_back) == ("failed", "twilio_30003", "sms")
    assert failed.service.startswith("Servicio")
    assert [m.service for m in await of_order() if m.kind == "order_placed"] == [""]
    assert await of_order(99) == []


async def test_messages_that_differ_in_nothing_are_one_line() -> None:
    await subscribed(await make_plan(await make_service(max_profiles=3), full_account=True), 3)
    async with reading() as session:
        number = await scalar(session, "SELECT id FROM orders")
    panel = [m for m in await of_order(number) if m.channel == "web"]
    assert [(m.kind, m.times) for m in panel] == [("delivered", 3)]


async def test_an_order_s_messages_are_for_staff(ana: models.Customer) -> None:
    with pytest.raises(Forbidden):
        async with reading() as session:
            await message_pages.of_order(session, as_customer(ana), order_id=1)
