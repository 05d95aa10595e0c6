"""Telling a customer again that their accesses are ready: by a way there is, and not at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import models
from domain import message_actions
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests
from domain.message_actions import RESEND_SECONDS, RESENDS_PER_DAY
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_staff,
    pay,
    place_order,
)
from tests.domain.test_message_sending import fail, later, lease
from tests.domain.test_renewals import renew, subscribed

pytestmark = pytest.mark.usefixtures("shop")

EVERY = ("whatsapp", "sms", "email")


@pytest.fixture
async def desk() -> models.StaffUser:
    return await make_staff()


async def again(
    staff: models.StaffUser,
    channel: str = "sms",
    *,
    order_id: int = 1,
    usable: tuple[str, ...] = EVERY,
) -> None:
    async with unit_of_work() as session:
        await message_actions.resend(
            session, as_staff(staff), order_id=order_id, channel=channel, usable=usable
        )


async def resent() -> list[Any]:
    async with reading() as session:
        return await fetch(
            session,
            """SELECT id, channel, kind, to_address, status, assignment_id FROM messages
               WHERE occasion LIKE 'resend:%%' AND fallback_of IS NULL ORDER BY number""",
        )


async def ways(
    staff: models.StaffUser, *usable: str, order_id: int = 1
) -> list[tuple[str, str, str]]:
    async with reading() as session:
        found = await message_actions.ways(
            session, as_staff(staff), order_id=order_id, usable=usable
        )
    return [(way.channel, way.address, way.why_not) for way in found]


async def test_what_is_sent_again_goes_by_the_way_chosen_and_can_be_told_from_the_first(
    desk: models.StaffUser,
) -> None:
    ana, _ = await subscribed()
    await again(desk)
    [one] = await resent()
    assert tuple(one)[1:] == ("sms", "delivered", ana.phone, "queued", 1)
    outgoing = await lease(one.id)
    assert outgoing is not None
    assert "#1" in outgoing.body.disclose()
    async with reading() as session:
        jobs = await scalar(
            session,
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'message_id' = %(id)s",
            id=str(one.id),
        )
        said = await fetch(session, "SELECT data FROM timeline_entries WHERE event = 'resent'")
        kept = await fetch(session, "SELECT * FROM audit_entries WHERE action = 'message.resend'")
    assert jobs == 1
    assert [row.data for row in said] == [{"channel": "SMS"}]
    assert [(row.actor_id, row.object_id) for row in kept] == [(desk.id, "1")]


async def test_whatsapp_is_reached_under_the_form_of_the_number_it_knows(
    desk: models.StaffUser,
) -> None:
    ana, _ = await subscribed()
    older = f"+521{ana.phone[3:]}"
    async with unit_of_work() as session:
        await run(session, "UPDATE customers SET whatsapp = %(older)s", older=older)
    await again(desk, "whatsapp")
    assert [one.to_address for one in await resent()] == [older]
    assert (await ways(desk, *EVERY))[:2] == [("whatsapp", older, ""), ("sms", ana.phone, "")]


async def test_it_waits_between_two_times_and_stops_for_the_day_after_some(
    desk: models.StaffUser,
) -> None:
    await subscribed()
    for time in range(RESENDS_PER_DAY):
        await again(desk, EVERY[time % 2])
        with pytest.raises(TooManyRequests) as refused:
            await again(desk, "whatsapp")
        assert refused.value.code == "resend_soon"
        assert 0 < refused.value.retry_in <= RESEND_SECONDS
        assert str(refused.value.retry_in) in refused.value.message
        await later(RESEND_SECONDS)
    with pytest.raises(TooManyRequests, match="resend_limit"):
        await again(desk)
    assert len(await resent()) == RESENDS_PER_DAY
    await later(24 * 3600)
    await again(desk)
    assert len(await resent()) == RESENDS_PER_DAY + 1


async def test_of_two_operators_who_press_at_once_one_sends(desk: models.StaffUser) -> None:
    await subscribed()
    done = await asyncio.gather(again(desk), again(desk, "whatsapp"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "TooManyRequests"]
    assert len(await resent()) == 1


async def test_what_went_by_another_way_because_the_chosen_one_failed_counts_as_one_time(
    desk: models.StaffUser,
) -> None:
    await subscribed()
    await again(desk, "whatsapp")
    [one] = await resent()
    await lease(one.id)
    await fail(one.id, "twilio_63016", final=True, usable=("sms",))
    async with reading() as session:
        copy = await scalar(
            session, "SELECT channel FROM messages WHERE fallback_of = %(id)s", id=one.id
        )
    assert copy == "sms"
    for _ in range(RESENDS_PER_DAY - 1):
        await later(RESEND_SECONDS)
        await again(desk, "whatsapp")
    assert len(await resent()) == RESENDS_PER_DAY


async def test_a_way_that_is_not_there_is_refused_and_says_why(desk: models.StaffUser) -> None:
    ana, _ = await subscribed()
    assert await ways(desk, "whatsapp", "email") == [
        ("whatsapp", ana.phone, ""),
        ("sms", ana.phone, "channel_unusable"),
        ("email", "", "customer_email"),
    ]
    for channel, why in (
        ("sms", "Ese canal todavía no está configurado."),
        ("email", "Este cliente no dejó un correo."),
        ("web", "Elige por dónde mandarlo."),
        ("", "Elige por dónde mandarlo."),
    ):
        with pytest.raises(InvalidInput) as refused:
            await again(desk, channel, usable=("whatsapp", "email"))
        assert refused.value.fields == {"channel": why}
    assert await resent() == []


async def test_an_order_without_an_access_has_nothing_to_tell_again(
    desk: models.StaffUser,
) -> None:
    ana, plan = await subscribed()
    order = await place_order(ana, plan)
    assert await ways(desk, *EVERY, order_id=order.id) == []
    with pytest.raises(Conflict, match="not_delivered"):
        await again(desk, order_id=order.id)
    async with unit_of_work() as session:
        await run(
            session, "UPDATE assignments SET released_at = now(), release_reason = 'released'"
        )
    assert await ways(desk, *EVERY) == []
    with pytest.raises(Conflict, match="not_delivered"):
        await again(desk)
    with pytest.raises(NotFound):
        await again(desk, order_id=99)


async def test_the_order_of_a_renewal_has_no_access_of_its_own(desk: models.StaffUser) -> None:
    ana, plan = await subscribed()
    order = await renew(ana, plan)
    await pay(order.id, order.total)
    with pytest.raises(Conflict, match="not_delivered"):
        await again(desk, order_id=order.id)


async def test_only_staff_send_again() -> None:
    ana, _ = await subscribed()
    for call in (message_actions.resend, message_actions.ways):
        given: dict[str, Any] = {"order_id": 1, "usable": EVERY}
        if call is message_actions.resend:
            given["channel"] = "sms"
        with pytest.raises(Forbidden):
            async with unit_of_work() as session:
                await call(session, as_customer(ana), **given)
    assert await resent() == []
