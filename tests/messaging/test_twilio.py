"""SMS and WhatsApp through Twilio's own client, against a Twilio on loopback that remembers."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
import uuid
from dataclasses import replace
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient

from infra.messaging import twilio_answers
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.twilio import TwilioMessages
from infra.settings import Settings
from infra.vault import Secret
from tests.messaging.fake_twilio import (
    DOWN,
    HALF,
    SMS_FROM,
    WHATSAPP_FROM,
    Does,
    FakeTwilio,
    broken,
    busy,
    refuses,
    silent,
)

BODY = Secret("Cuenty: tu código es 135790.")
SMS = Letter(uuid.uuid4(), "sms", "+525512345678", BODY)
WHATSAPP = replace(SMS, channel="whatsapp")
TEMPLATE = replace(
    WHATSAPP, content_sid="HX" + "1" * 32, content_variables={"1": "Netflix", "2": "niño"}
)


async def refused(adapter: TwilioMessages, letter: Letter = SMS) -> NotSentError:
    with pytest.raises(NotSentError) as refusal:
        await adapter.send(letter)
    return refusal.value


async def test_a_text_message_goes_from_the_shops_number(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    sid = await adapter.send(SMS)
    assert sid == twilio.messages[0]["sid"]
    assert twilio.sent == [{"To": SMS.to, "From": SMS_FROM, "Body": BODY.disclose()}]


async def test_whatsapp_goes_to_and_from_whatsapp_addresses(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    await adapter.send(WHATSAPP)
    assert twilio.sent == [
        {
            "To": f"whatsapp:{SMS.to}",
            "From": f"whatsapp:{WHATSAPP_FROM}",
            "Body": BODY.disclose(),
        }
    ]


async def test_an_approved_template_goes_with_its_variables_and_without_the_text(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    await adapter.send(TEMPLATE)
    sent = twilio.sent[0]
    assert "Body" not in sent
    assert sent["ContentSid"] == TEMPLATE.content_sid
    assert json.loads(sent["ContentVariables"]) == {"1": "Netflix", "2": "niño"}


async def test_a_text_message_has_no_template(adapter: TwilioMessages, twilio: FakeTwilio) -> None:
    await adapter.send(replace(TEMPLATE, channel="sms"))
    assert set(twilio.sent[0]) == {"To", "From", "Body"}


async def test_twilio_is_told_where_to_report(adapter: TwilioMessages, twilio: FakeTwilio) -> None:
    await adapter.send(replace(SMS, callback_url="https://cuenty.mx/api/x"))
    assert twilio.sent[0]["StatusCallback"] == "https://cuenty.mx/api/x"


@pytest.mark.parametrize(
    ("does", "code"),
    [
        (busy(), "twilio_20429"),
        (Does(status=429, page="<html>Slow down</html>", accepts=False), "busy"),
        (broken(500), "twilio_20500"),
        (Does(status=502, page="<html>Bad gateway</html>", accepts=False), "unreachable"),
        (Does(status=503, accepts=False), "unreachable"),
        (Does(status=302, accepts=False), "unclear"),
        (Does(page="<html>Sign in to the hotel's network</html>"), "unclear"),
        (Does(page='["not", "a", "message"]'), "unclear"),
        (Does(page="{}"), "unclear"),
        (DOWN, "unreachable"),
        (HALF, "unreachable"),
        (refuses(63018, 400), "twilio_63018"),
    ],
)
async def test_twilios_own_trouble_is_tried_again(
    adapter: TwilioMessages, twilio: FakeTwilio, does: Does, code: str
) -> None:
    twilio.next.append(does)
    refusal = await refused(adapter)
    assert (refusal.code, refusal.final, refusal.provider_fault) == (code, False, True)
    assert await adapter.send(SMS)


@pytest.mark.parametrize("code", [21211, 21408, 21610, 21614, 63007, 63016, 63024])
async def test_what_twilio_refuses_of_a_message_is_final_and_names_its_code(
    adapter: TwilioMessages, twilio: FakeTwilio, code: int
) -> None:
    twilio.next.append(refuses(code))
    refusal = await refused(adapter)
    assert (refusal.code, refusal.final, refusal.provider_fault) == (f"twilio_{code}", True, False)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refused_account_waits_for_its_owner_but_a_refused_number_does_not(
    adapter: TwilioMessages, twilio: FakeTwilio, status: int
) -> None:
    twilio.next += [refuses(20003, status), refuses(21610, status)]
    account, number = await refused(adapter), await refused(adapter)
    assert (account.final, account.provider_fault) == (False, True)
    assert (number.final, number.provider_fault) == (True, False)


@pytest.mark.parametrize(("status", "final"), [(400, True), (429, False), (503, False)])
async def test_the_newer_form_of_a_refusal_means_the_same(
    adapter: TwilioMessages, twilio: FakeTwilio, status: int, *, final: bool
) -> None:
    said = {"type": "about:blank", "title": "No", "status": status, "code": 21211}
    twilio.next.append(Does(status=status, page=json.dumps(said), accepts=False))
    refusal = await refused(adapter)
    assert (refusal.code, refusal.final) == ("twilio_21211", final)


@pytest.mark.parametrize("code", ["21211", None, True, 10**9, {"a": 1}])
async def test_a_code_that_is_none_of_twilios_is_not_repeated(
    adapter: TwilioMessages, twilio: FakeTwilio, code: object
) -> None:
    page = json.dumps({"code": code, "message": "x", "status": 400})
    twilio.next.append(Does(status=400, page=page, accepts=False))
    assert (await refused(adapter)).code == "twilio_400"


async def test_twilio_says_how_long_to_leave_it_alone(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    twilio.next += [busy("17"), Does(status=503, retry_after="40", accepts=False), busy()]
    assert [(await refused(adapter)).retry_in for _ in range(3)] == [17, 40, None]


@pytest.mark.parametrize("accepts", [True, False])
async def test_no_answer_in_time_is_tried_again(
    adapter: TwilioMessages, twilio: FakeTwilio, *, accepts: bool
) -> None:
    twilio.next.append(silent(accepts=accepts))
    refusal = await refused(adapter)
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("timeout", False, True)
    assert len(twilio.messages) == accepts


async def test_nobody_there_is_tried_again(adapter: TwilioMessages) -> None:
    adapter._client.api.base_url = "http://127.0.0.1:1"
    refusal = await refused(adapter)
    assert (refusal.code, refusal.final, refusal.provider_fault) == ("unreachable", False, True)


async def test_a_name_that_leads_nowhere_is_tried_again(
    adapter: TwilioMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> object:
        raise OSError("no such name: api.twilio.com, asked for +525512345678")

    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    assert (await refused(adapter)).code == "unreachable"


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email"])
async def test_without_a_sender_the_message_is_final_and_nothing_is_asked(
    twilio: FakeTwilio, channel: str
) -> None:
    bare = {**twilio.settings(), "twilio_sms_from": "", "twilio_whatsapp_from": ""}
    adapter = TwilioMessages(Settings(**bare))  # type: ignore[arg-type]
    refusal = await refused(adapter, replace(SMS, channel=channel))
    assert (refusal.code, refusal.final) == ("no_sender", True)
    assert not twilio.asked


FAILURES = [
    busy("17"),
    broken(),
    refuses(21211),
    DOWN,
    silent(accepts=True),
    Does(page="<html>"),
    Does(page='{"messages": 1, "pages": 2}'),
]
HIDDEN = ("135790", "5512345678", "5005550006", "token-of-the-fake")


def everything(error: BaseException) -> str:
    """The error as the most talkative handler would show it: causes, contexts, fields."""
    shown = "".join(traceback.format_exception(error)) + repr(vars(error))
    for other in (error.__cause__, error.__context__):
        shown += everything(other) if other is not None else ""
    return shown


async def fail_in_every_way(
    adapter: TwilioMessages, twilio: FakeTwilio, since: Any
) -> list[NotSentError]:
    errors: list[NotSentError] = []
    twilio.next.extend(FAILURES)
    twilio.next_lists.extend(FAILURES)
    for _ in FAILURES:
        for asked in (adapter.send(SMS), adapter.find(SMS, since=since)):
            with pytest.raises(NotSentError) as refusal:
                await asked
            errors.append(refusal.value)
    assert len(errors) == 2 * len(FAILURES)
    return errors


async def test_no_number_and_no_text_stands_in_an_error_or_a_log(
    adapter: TwilioMessages, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture, since: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = await fail_in_every_way(adapter, twilio, since)
    await adapter.send(SMS)
    assert await adapter.find(SMS, since=since)
    assert all(str(error) == error.code for error in errors)
    written = caplog.text + "".join(map(everything, errors)) + repr(SMS)
    assert not [text for text in HIDDEN if text in written]


async def test_control_twilios_client_left_to_itself_writes_the_number(
    adapter: TwilioMessages,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    since: Any,
) -> None:
    monkeypatch.delattr(twilio_answers.TwilioAnswers, "log_request")
    caplog.set_level(logging.DEBUG)
    await adapter.find(SMS, since=since)
    assert HIDDEN[1] in caplog.text


async def test_control_the_connection_pool_writes_the_number_when_let(
    adapter: TwilioMessages, caplog: pytest.LogCaptureFixture, since: Any
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3.connectionpool")
    await adapter.find(SMS, since=since)
    assert HIDDEN[1] in caplog.text


async def test_control_twilios_own_errors_quote_the_number(
    adapter: TwilioMessages, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_answers.TwilioAnswers, "request", TwilioHttpClient.request)
    twilio.next.append(refuses(21211))
    with pytest.raises(Exception, match=HIDDEN[1]) as refusal:  # as Twilio's client raises it
        adapter._client.messages.create(to=SMS.to, from_=SMS_FROM, body="hola")
    assert HIDDEN[1] in everything(refusal.value)


def test_another_process_reaches_the_address_it_is_configured_with(twilio: FakeTwilio) -> None:
    script = """
import asyncio, uuid
from infra.messaging.channels import channel_for
from infra.messaging.letters import Letter
from infra.vault import Secret
letter = Letter(uuid.uuid4(), "sms", "+525512345678", Secret("hola"))
print(asyncio.run(channel_for("sms").send(letter)))
"""
    shop = {
        "CUENTY_ENV": "production",
        "CUENTY_PUBLIC_URL": "https://cuenty.mx",
        **{f"CUENTY_{name}": "s" * 40 for name in ("KEYS", "JWT_SECRET", "PEPPER")},
        **{f"CUENTY_{name.upper()}": value for name, value in twilio.settings().items()},
    }
    said = subprocess.run(  # noqa: S603  # this very Python
        [sys.executable, "-c", script],
        env={**os.environ, **shop},
        capture_output=True,
        check=True,
        text=True,
    )
    assert said.stdout.strip() == twilio.messages[0]["sid"]
