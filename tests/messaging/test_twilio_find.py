"""Did it go before? Twilio's own list tells, within what the list can show."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from infra.messaging import twilio as module
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.twilio import TRIAL, TwilioMessages
from infra.vault import Secret
from tests.messaging.fake_twilio import (
    DOWN,
    HALF,
    Does,
    FakeTwilio,
    broken,
    busy,
    refuses,
    silent,
)

SMS = Letter(uuid.uuid4(), "sms", "+525512345678", Secret("Tu perfil está listo."))
TEMPLATE = replace(
    SMS, channel="whatsapp", content_sid="HX" + "1" * 32, content_variables={"1": "Netflix"}
)


async def test_what_never_went_is_not_found(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime
) -> None:
    assert await adapter.find(SMS, since=since) is None
    assert twilio.asked == {"list": 1}


@pytest.mark.parametrize("lost", [silent(accepts=True), HALF], ids=["timeout", "broken off"])
async def test_what_twilio_took_without_our_hearing_of_it_is_found(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime, lost: Does
) -> None:
    twilio.next.append(lost)
    with pytest.raises(NotSentError):
        await adapter.send(SMS)
    assert await adapter.find(SMS, since=since) == twilio.messages[0]["sid"]


@pytest.mark.parametrize("lost", [silent(accepts=False), DOWN], ids=["timeout", "broken off"])
async def test_what_twilio_never_took_is_not_found(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime, lost: Does
) -> None:
    twilio.next.append(lost)
    with pytest.raises(NotSentError):
        await adapter.send(SMS)
    assert await adapter.find(SMS, since=since) is None


@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "failed", "undelivered"])
async def test_a_message_went_whatever_became_of_it(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime, status: str
) -> None:
    sid = await adapter.send(SMS)
    twilio.move(sid, status)
    assert await adapter.find(SMS, since=since) == sid


@pytest.mark.parametrize(
    "other",
    [
        replace(SMS, body=Secret("Tu perfil está listo")),
        replace(SMS, to="+525587654321"),
        replace(SMS, channel="whatsapp"),
    ],
    ids=["text", "person", "channel"],
)
async def test_another_message_is_not_ours(
    adapter: TwilioMessages, since: datetime, other: Letter
) -> None:
    await adapter.send(other)
    assert await adapter.find(SMS, since=since) is None


async def test_an_equal_text_that_another_message_holds_is_not_ours(
    adapter: TwilioMessages, since: datetime
) -> None:
    first = await adapter.send(SMS)
    assert await adapter.find(SMS, since=since, known={first}) is None
    second = await adapter.send(SMS)
    assert await adapter.find(SMS, since=since, known={first}) == second


async def test_a_message_of_before_is_not_ours_but_a_clock_may_be_a_minute_off(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime
) -> None:
    sid = await adapter.send(SMS)
    for seconds, found in ((59, sid), (61, None)):
        at = since - timedelta(seconds=seconds)
        twilio.messages[0]["date_created"] = format_datetime(at)
        assert await adapter.find(SMS, since=since) == found


async def test_what_the_customer_wrote_is_not_ours(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime
) -> None:
    await adapter.send(SMS)
    twilio.messages[0]["direction"] = "inbound"
    assert await adapter.find(SMS, since=since) is None


async def test_a_trial_account_puts_words_before_the_text(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime
) -> None:
    sid = await adapter.send(SMS)
    twilio.messages[0]["body"] = TRIAL + twilio.messages[0]["body"]
    assert await adapter.find(SMS, since=since) == sid


async def test_a_template_is_known_by_its_ends_and_its_time(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime
) -> None:
    sid = await adapter.send(TEMPLATE)
    assert await adapter.find(TEMPLATE, since=since) == sid
    assert await adapter.find(TEMPLATE, since=since, known=[sid]) is None
    twilio.messages[0]["date_created"] = format_datetime(since - timedelta(minutes=2))
    assert await adapter.find(TEMPLATE, since=since) is None


async def test_it_is_looked_for_on_every_page(
    adapter: TwilioMessages,
    twilio: FakeTwilio,
    since: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    sid = await adapter.send(SMS)
    for n in range(4):
        await adapter.send(replace(SMS, body=Secret(f"otro {n}")))
    assert await adapter.find(SMS, since=since) == sid
    assert twilio.asked["list"] == 3
    assert {asked["To"] for asked in twilio.lists} == {SMS.to}


async def test_more_messages_than_are_read_leave_it_open_until_they_reach_back_far_enough(
    adapter: TwilioMessages,
    twilio: FakeTwilio,
    since: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for n in range(4):
        await adapter.send(replace(SMS, body=Secret(f"otro {n}")))
    with pytest.raises(NotSentError) as refusal:
        await adapter.find(SMS, since=since)
    assert (refusal.value.code, refusal.value.final) == ("unclear", False)
    twilio.messages[1]["date_created"] = format_datetime(since - timedelta(hours=1))
    assert await adapter.find(SMS, since=since) is None


@pytest.mark.parametrize(
    "does",
    [
        busy("9"),
        broken(),
        refuses(20003, 401),
        silent(accepts=False),
        DOWN,
        Does(page="<html>"),
        Does(page="{}"),
        Does(page='{"messages": 5}'),
        Does(page='{"messages": [5]}'),
    ],
    ids=["busy", "broken", "account", "silent", "down", "page", "nothing", "number", "numbers"],
)
async def test_when_twilio_cannot_be_asked_nobody_can_tell(
    adapter: TwilioMessages, twilio: FakeTwilio, since: datetime, does: Does
) -> None:
    await adapter.send(SMS)
    twilio.next_lists.append(does)
    with pytest.raises(NotSentError) as refusal:
        await adapter.find(SMS, since=since)
    assert (refusal.value.final, refusal.value.provider_fault) == (False, True)
    assert refusal.value.retry_in == (9 if does.retry_after else None)


async def test_the_second_page_may_fail_too(
    adapter: TwilioMessages,
    twilio: FakeTwilio,
    since: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    for _ in range(2):
        await adapter.send(replace(SMS, body=Secret("otro")))
    twilio.next_lists += [Does(), busy("5")]
    with pytest.raises(NotSentError) as refusal:
        await adapter.find(SMS, since=since)
    assert refusal.value.retry_in == 5
