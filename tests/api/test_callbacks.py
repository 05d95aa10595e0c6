"""What a provider reports counts only when it signed it, and only moves a message forward."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from twilio.request_validator import RequestValidator

from domain.sql import fetch
from infra.database import reading
from tests.api.conftest import client
from tests.domain.test_message_sending import make_test_message, row
from tests.fixtures import Shop

TOKEN = "token-of-the-tests-" + "t" * 14
PATH = "/api/webhooks/entrada/twilio"
SID = "SM" + "1" * 32


@pytest.fixture
def twilio(shop: Shop) -> httpx.AsyncClient:
    """Whoever calls as Twilio does: from anywhere, without cookies."""
    shop.configure(
        public_url="https://cuenty.mx",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token=TOKEN,
        twilio_sms_from="+15005550006",
        twilio_whatsapp_from="+14155238886",
    )
    return client()


def told(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": SID, "MessageStatus": status, "To": "+525512345678", **more}


async def report(
    twilio: httpx.AsyncClient, number: object, fields: dict[str, str], *, token: str = TOKEN
) -> int:
    path = f"{PATH}?mensaje={number}"
    signature = RequestValidator(token).compute_signature(f"https://cuenty.mx{path}", fields)
    answer = await twilio.post(path, data=fields, headers={"X-Twilio-Signature": signature})
    return answer.status_code


async def a_sent_message(**values: Any) -> UUID:
    return await make_test_message(status="sent", provider_id=SID, **values)


async def test_reports_move_a_message_forward(twilio: httpx.AsyncClient) -> None:
    number = await a_sent_message()
    for status in ("delivered", "read"):
        assert await report(twilio, number, told(status)) == 204
        assert (await row(number)).status == status


async def test_reports_in_any_order_and_again_never_move_it_back(
    twilio: httpx.AsyncClient,
) -> None:
    number = await a_sent_message()
    for status in ("read", "delivered", "sent", "queued", "read", "undelivered", "failed"):
        assert await report(twilio, number, told(status, ErrorCode="30003")) == 204
    found = await row(number)
    assert (found.status, found.error_code) == ("read", "")
    async with reading() as session:
        events = await fetch(session, "SELECT status FROM message_events ORDER BY id")
    assert [event.status for event in events] == ["read"]


async def test_a_message_that_was_not_delivered_fails_with_its_code(
    twilio: httpx.AsyncClient,
) -> None:
    number = await a_sent_message()
    assert await report(twilio, number, told("undelivered", ErrorCode="30003")) == 204
    found = await row(number)
    assert (found.status, found.error_code) == ("failed", "twilio_30003")


@pytest.mark.parametrize("how", ["unsigned", "forged", "another token", "changed", "elsewhere"])
async def test_what_twilio_did_not_sign_is_refused_and_changes_nothing(
    twilio: httpx.AsyncClient, how: str
) -> None:
    number, fields = await a_sent_message(), told("read")
    path = f"{PATH}?mensaje={number}"
    token = "x" * 32 if how == "another token" else TOKEN
    signature = RequestValidator(token).compute_signature(f"https://cuenty.mx{path}", fields)
    headers = {"X-Twilio-Signature": "x" if how == "forged" else signature}
    if how == "unsigned":
        headers = {}
    if how == "changed":
        fields = {**fields, "MessageStatus": "failed"}
    if how == "elsewhere":
        path = f"{PATH}?mensaje={uuid4()}"
    answer = await twilio.post(path, data=fields, headers=headers)
    assert answer.status_code == 403
    assert (await row(number)).status == "sent"


@pytest.mark.parametrize("number", ["", "no", "0", "💥", "'; --"])
async def test_a_number_that_is_none_is_refused_unsigned_like_any_other(
    twilio: httpx.AsyncClient, number: str
) -> None:
    answer = await twilio.post(PATH, params={"mensaje": number}, data=told("read"))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "fields",
    [told("read"), told("something new"), {"MessageStatus": "read"}, {"MessageSid": SID}, {}],
)
async def test_signed_news_of_nothing_we_know_is_heard_and_forgotten(
    twilio: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    number = await make_test_message(status="sent", provider_id="SM" + "2" * 32)
    assert await report(twilio, number, fields) == 204
    assert await report(twilio, uuid4(), fields) == 204
    assert await report(twilio, "no", fields) == 204
    assert (await row(number)).status == "sent"


async def test_a_body_that_is_no_form_is_refused(twilio: httpx.AsyncClient) -> None:
    for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=x", ""):
        answer = await twilio.post(PATH, content=b"\x00{", headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500


async def test_a_provider_nobody_knows_is_told_so(program: httpx.AsyncClient) -> None:
    for method in ("GET", "POST"):
        answer = await program.request(method, "/api/webhooks/entrada/nadie", content=b"x=1")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer.headers["content-type"] == "application/problem+json"
