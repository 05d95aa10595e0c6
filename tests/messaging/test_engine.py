"""The whole way of a message: the job, the adapter, and a Twilio that fails in every way."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from domain import message_receipts
from domain.sql import fetch, fetch_one, run
from infra.database import reading, unit_of_work
from infra.messaging.channels import channel_for
from infra.messaging.reach import usable
from models.messages import Channel, MessageKind
from tests.builders import make_customer
from tests.domain.test_message_sending import later, make_message, make_test_message, row
from tests.fixtures import Shop
from tests.messaging.fake_twilio import (
    HALF,
    FakeTwilio,
    broken,
    busy,
    refuses,
    silent,
)

PRODUCTION = {
    "env": "production",
    "public_url": "https://cuenty.mx",
    "jwt_secret": "j" * 40,
    "pepper": "p" * 40,
    "twilio_timeout_seconds": 1.5,
}
Send = Callable[[UUID], Awaitable[None]]


@pytest.fixture
def tasks(shop: Shop, twilio: FakeTwilio) -> Any:
    shop.configure(**PRODUCTION, **twilio.settings())
    return importlib.import_module("jobs.tasks")


@pytest.fixture
def send(tasks: Any) -> Send:
    async def one(number: UUID) -> None:
        await tasks.messages.send(str(number))

    return one


async def report(number: UUID, sid: str, status: str, code: str = "") -> bool:
    async with unit_of_work() as session:
        return await message_receipts.report(
            session,
            message_id=number,
            provider_id=sid,
            status=status,
            code=code,
            usable=usable(),
        )


async def messages() -> list[Any]:
    async with reading() as session:
        return await fetch(session, "SELECT * FROM messages ORDER BY number")


async def alerts() -> list[str]:
    async with reading() as session:
        found = await fetch(session, "SELECT kind FROM alerts WHERE closed_at IS NULL ORDER BY id")
    return [alert.kind for alert in found]


async def test_a_message_goes_out_with_the_address_for_its_reports(
    send: Send, twilio: FakeTwilio
) -> None:
    number = await make_message()
    await send(number)
    found = await row(number)
    assert (found.status, found.provider_id) == ("sent", twilio.messages[0]["sid"])
    assert twilio.sent[0]["StatusCallback"] == (
        f"https://cuenty.mx/api/webhooks/entrada/twilio?mensaje={number}"
    )


@pytest.mark.parametrize("ending", [silent(accepts=True), HALF], ids=["timeout", "broken off"])
async def test_what_twilio_took_without_saying_so_is_not_sent_again(
    send: Send, twilio: FakeTwilio, ending: Any
) -> None:
    number = await make_message()
    twilio.next.append(ending)
    await send(number)
    assert (await row(number)).status == "queued"
    await later(60)
    await send(number)
    found = await row(number)
    assert (found.status, found.provider_id) == ("sent", twilio.messages[0]["sid"])
    assert len(twilio.sent) == 1


async def test_a_sender_killed_after_twilio_took_the_message_leaves_no_second_one(
    send: Send, tasks: Any, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await make_message()
    await killed_after_twilio_took(number, send, tasks, monkeypatch)
    await send(number)
    assert len(twilio.sent) == 1
    assert (await row(number)).status == "sent"


async def test_who_does_not_ask_first_sends_it_twice(
    send: Send, tasks: Any, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same death, and a sender that does not ask."""
    number = await make_message()
    await killed_after_twilio_took(number, send, tasks, monkeypatch)
    async with unit_of_work() as session:
        await run(session, "UPDATE messages SET in_doubt_since = NULL")
    await send(number)
    assert len(twilio.sent) == 2


async def killed_after_twilio_took(
    number: UUID, send: Send, tasks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(tasks.messages.message_sending, "mark_sent", dies)
        with pytest.raises(asyncio.CancelledError):
            await send(number)
    await later(61)


async def test_while_nobody_can_tell_whether_it_went_it_is_not_sent(
    send: Send, twilio: FakeTwilio
) -> None:
    number = await make_test_message()
    twilio.next.append(silent(accepts=True))
    await send(number)
    for _ in range(3):
        twilio.next_lists.append(broken())
        await later(2000)
        await send(number)
    assert (await row(number)).status == "queued"
    await later(2000)
    await send(number)
    assert (await row(number)).status == "sent"
    assert len(twilio.sent) == 1


async def test_twilio_is_left_alone_for_as_long_as_it_asks(
    send: Send, tasks: Any, twilio: FakeTwilio
) -> None:
    number = await make_test_message()
    twilio.next.append(busy("90"))
    await send(number)
    await later(85)
    await tasks.messages.retry(0)
    assert twilio.asked["create"] == 1
    await later(6)
    await tasks.messages.retry(0)
    assert twilio.asked["create"] == 2
    assert twilio.asked["list"] == 0, "a limit is a clear no, there is nothing to ask"
    assert (await row(number)).status == "sent"


async def rest_is_over() -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE provider_states SET rests_until = now() - interval '1 second'")


async def test_a_broken_twilio_is_left_alone_after_five_and_one_message_tries_it_again(
    send: Send, tasks: Any, twilio: FakeTwilio
) -> None:
    numbers = [await make_test_message() for _ in range(8)]
    twilio.always = broken()
    for number in numbers:
        await send(number)
    assert twilio.asked["create"] == 5
    assert await alerts() == ["provider:twilio"]
    await later(1000)
    await tasks.messages.retry(0)
    assert twilio.asked["create"] == 5, "it rests"
    await rest_is_over()
    asked = twilio.asked.total()
    await tasks.messages.retry(0)
    assert twilio.asked.total() == asked + 1, "one tries, and it still fails"
    await rest_is_over()
    await later(1000)
    twilio.always = type(twilio.always)()
    await tasks.messages.retry(0)
    assert await alerts() == []
    await tasks.messages.retry(0)
    assert {(await row(number)).status for number in numbers} == {"sent"}
    assert len(twilio.sent) == 8


async def test_a_number_twilio_refuses_is_no_sign_that_twilio_is_ill(
    send: Send, twilio: FakeTwilio
) -> None:
    twilio.always = refuses(21211)
    for _ in range(7):
        await send(await make_test_message())
    assert twilio.asked["create"] == 7
    assert await alerts() == []


async def test_outside_its_24_hours_whatsapp_refuses_and_the_sms_goes_out_once(
    send: Send, twilio: FakeTwilio
) -> None:
    number = await make_message(channel=Channel.WHATSAPP)
    twilio.next.append(refuses(63016))
    await send(number)
    first, second = await messages()
    assert (first.status, first.error_code) == ("failed", "twilio_63016")
    assert (second.channel, second.fallback_of, second.status) == ("sms", number, "queued")
    async with reading() as session:
        job = await fetch_one(
            session,
            "SELECT 1 FROM procrastinate_jobs WHERE args->>'message_id' = %(id)s",
            id=str(second.id),
        )
    assert job is not None
    await send(second.id)
    assert [form["To"] for form in twilio.sent] == ["+525512345678"]
    assert "135790" in twilio.sent[0]["Body"]


async def test_a_refusal_that_comes_by_callback_falls_back_once_however_often_it_comes(
    send: Send, twilio: FakeTwilio
) -> None:
    ana = await make_customer(whatsapp="")
    number = await make_message(
        channel=Channel.WHATSAPP,
        kind=MessageKind.DELIVERED,
        customer_id=ana.id,
        to_address=ana.phone,
    )
    await send(number)
    sid = twilio.messages[0]["sid"]
    assert await report(number, sid, "failed", "twilio_63016")
    assert not await report(number, sid, "failed", "twilio_63016")
    assert not await report(number, sid, "delivered")
    found = await messages()
    assert [(m.channel, m.status) for m in found] == [("whatsapp", "failed"), ("sms", "queued")]
    assert found[1].to_address == ana.phone


async def test_an_unknown_mexican_number_is_tried_once_with_its_1_and_remembered_when_it_arrives(
    send: Send, twilio: FakeTwilio
) -> None:
    ana = await make_customer(phone="+525510002000")
    number = await make_message(
        channel=Channel.WHATSAPP,
        kind=MessageKind.DELIVERED,
        customer_id=ana.id,
        to_address=ana.phone,
    )
    await send(number)
    first = twilio.messages[0]["sid"]
    assert await report(number, first, "failed", "twilio_63024")
    assert not await report(number, first, "failed", "twilio_63024"), "the same report again"
    await send(number)
    assert not await report(number, first, "failed", "twilio_63024"), "and once more, late"
    assert [form["To"] for form in twilio.sent] == [
        "whatsapp:+525510002000",
        "whatsapp:+5215510002000",
    ]
    second = twilio.messages[1]["sid"]
    assert await report(number, second, "sent") is False, "we know that it was sent"
    assert await known_as(ana.id) == ""
    assert await report(number, second, "delivered")
    assert await known_as(ana.id) == "+5215510002000"
    assert [m.status for m in await messages()] == ["delivered"]


async def test_a_number_whatsapp_knows_in_neither_form_gets_an_sms(
    send: Send, twilio: FakeTwilio
) -> None:
    number = await make_message(channel=Channel.WHATSAPP)
    twilio.always = refuses(63024)
    await send(number)
    await send(number)
    assert twilio.asked["create"] == 2
    found = await messages()
    assert [(m.channel, m.to_address, m.status) for m in found] == [
        ("whatsapp", "+5215512345678", "failed"),
        ("sms", "+525512345678", "queued"),
    ]


async def known_as(customer_id: int | None) -> str:
    async with reading() as session:
        found: Any = await fetch_one(
            session, "SELECT whatsapp FROM customers WHERE id = %(id)s", id=customer_id
        )
    return str(found.whatsapp)


async def test_a_report_that_overtakes_the_answer_is_not_taken_back(
    send: Send, tasks: Any, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await make_message()
    real = tasks.messages.message_sending.mark_sent

    async def late(session: Any, *given: Any) -> None:
        await report(number, twilio.messages[0]["sid"], "delivered")
        await real(session, *given)

    monkeypatch.setattr(tasks.messages.message_sending, "mark_sent", late)
    await send(number)
    assert (await row(number)).status == "delivered"


@pytest.mark.parametrize("way", [refuses(21610), broken(), busy("5"), silent(accepts=False)])
async def test_no_code_number_or_token_is_in_the_log(
    send: Send, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture, way: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.next.append(way)
    number = await make_message()
    await send(number)
    await later(100)
    await send(number)
    for secret in ("135790", "5512345678", twilio.settings()["twilio_auth_token"]):
        assert secret not in caplog.text
    assert channel_for("sms").provider == "twilio"
