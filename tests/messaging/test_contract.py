"""What we ask of Twilio, and what the fake answers, is what Twilio publishes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from infra.messaging.letters import Letter
from infra.messaging.twilio import TwilioMessages
from infra.vault import Secret
from tests.messaging.contract import (
    faults_of_create,
    faults_of_list,
    faults_of_message,
    faults_of_page,
)
from tests.messaging.fake_twilio import ACCOUNT, MESSAGES, SMS_FROM, TOKEN, FakeTwilio

SMS = Letter(
    uuid.uuid4(),
    "sms",
    "+525512345678",
    Secret("Tu perfil está listo."),
    callback_url="https://cuenty.mx/api/webhooks/entrada/twilio?mensaje=7",
)
TEMPLATE = replace(
    SMS, channel="whatsapp", content_sid="HX" + "0" * 32, content_variables={"1": "Netflix"}
)
GOOD = {"To": SMS.to, "From": SMS_FROM, "Body": "hola"}


@pytest.mark.parametrize("letter", [SMS, replace(SMS, channel="whatsapp"), TEMPLATE])
async def test_every_request_of_ours_is_one_that_twilio_describes(
    adapter: TwilioMessages, twilio: FakeTwilio, since: Any, letter: Letter
) -> None:
    assert await adapter.send(letter)
    assert await adapter.find(letter, since=since)
    assert [faults_of_create(form) for form in twilio.sent] == [[]]
    assert [faults_of_list(query) for query in twilio.lists] == [[]]


async def test_every_answer_of_the_fake_is_one_that_twilio_describes(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    for _ in range(3):
        await adapter.send(SMS)
    twilio.move(twilio.messages[0]["sid"], "undelivered", 30003)
    twilio.move(twilio.messages[1]["sid"], "delivered")
    async with httpx.AsyncClient(base_url=twilio.url, auth=(ACCOUNT, TOKEN)) as client:
        page = (await client.get(f"{MESSAGES}.json", params={"PageSize": 2})).json()
        rest = (await client.get(page["next_page_uri"])).json()
    assert (len(page["messages"]), len(rest["messages"])) == (2, 1)
    assert [faults_of_page(one) for one in (page, rest)] == [[], []]


@pytest.mark.parametrize(
    "wrong",
    [
        {**GOOD, "Texto": "hola"},
        {**GOOD, "body": "hola"},
        {"From": SMS_FROM, "Body": "hola"},
        {"To": SMS.to, "Body": "hola"},
        {"To": SMS.to, "From": SMS_FROM},
        {**GOOD, "To": "5512345678"},
        {**GOOD, "To": "telegram:+525512345678"},
        {**GOOD, "Body": "x" * 1601},
        {**GOOD, "StatusCallback": "cuenty"},
        {**GOOD, "ContentSid": "HX1"},
        {**GOOD, "ContentVariables": "{}"},
        {**GOOD, "ContentSid": "HX" + "0" * 32, "ContentVariables": "[1]"},
        {**GOOD, "ValidityPeriod": "soon"},
        {**GOOD, "RiskCheck": "maybe"},
    ],
)
async def test_the_fake_refuses_what_twilio_does_not_describe(
    twilio: FakeTwilio, wrong: dict[str, str]
) -> None:
    assert faults_of_create(GOOD) == []
    assert len(faults_of_create(wrong)) == 1
    async with httpx.AsyncClient(base_url=twilio.url, auth=(ACCOUNT, TOKEN)) as client:
        assert (await client.post(f"{MESSAGES}.json", data=GOOD)).status_code == 201
        assert (await client.post(f"{MESSAGES}.json", data=wrong)).status_code == 400
    assert len(twilio.sent) == 1


@pytest.mark.parametrize(
    "wrong", [{"Para": SMS.to}, {"PageSize": "1001"}, {"Page": "-1"}, {"To": "nobody"}]
)
async def test_the_fake_lists_nothing_by_what_twilio_does_not_describe(
    twilio: FakeTwilio, wrong: dict[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=twilio.url, auth=(ACCOUNT, TOKEN)) as client:
        assert (await client.get(f"{MESSAGES}.json", params=wrong)).status_code == 400


async def test_control_an_answer_of_another_shape_is_noticed(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    await adapter.send(SMS)
    [made] = twilio.messages
    for name, value in (("status", "gone"), ("sid", "1"), ("date_created", None), ("to", 5)):
        spoilt = {**made, name: value}
        assert len(faults_of_message(spoilt)) == (0 if value is None else 1), name
    del made["direction"]
    assert faults_of_message(made) == ["direction: missing"]
