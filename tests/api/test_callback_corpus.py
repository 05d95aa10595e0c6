"""Reports as they come in a storm: any order, again, beside each other, forged, and garbage."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Generator
from itertools import permutations
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from twilio.request_validator import RequestValidator

from domain.sql import scalar
from infra.database import reading
from models.messages import Channel, MessageKind
from tests.api.conftest import client
from tests.builders import make_customer
from tests.domain.test_message_sending import make_message, make_test_message, row
from tests.fixtures import Shop
from tests.messaging.fake_twilio import HALF, TOKEN, FakeTwilio, fake_twilio
from tests.messaging.test_engine import PRODUCTION

PATH = "/api/webhooks/entrada/twilio"
PUBLIC = "https://cuenty.mx"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def twilio(shop: Shop) -> Generator[FakeTwilio]:
    with fake_twilio() as fake:
        shop.configure(**{**PRODUCTION, "twilio_timeout_seconds": 5}, **fake.settings())
        yield fake


@pytest.fixture
def caller(twilio: FakeTwilio) -> httpx.AsyncClient:
    del twilio  # its settings
    return client()


async def count(statement: str) -> int:
    async with reading() as session:
        return int(await scalar(session, statement))


async def send(number: UUID) -> None:
    await importlib.import_module("jobs.tasks").messages.send(str(number))


async def tell(caller: httpx.AsyncClient, twilio: FakeTwilio, status: str, at: int = -1) -> int:
    """Twilio's own call about one of its messages; our answer."""
    error = 63016 if status in {"undelivered", "failed"} else None
    call = twilio.callback(twilio.messages[at]["sid"], status, error)
    path = call.url.removeprefix(PUBLIC)
    return (await caller.post(path, data=call.fields, headers=call.headers)).status_code


ORDERS = list(permutations(("sent", "delivered", "read", "undelivered")))


async def test_in_every_order_and_repeated_reports_end_where_the_story_does(
    twilio: FakeTwilio, caller: httpx.AsyncClient
) -> None:
    """A failure is the end when it comes before the arrival; otherwise it is an old story."""
    for order in ORDERS:
        number = await make_test_message(to_address=f"+5255{10_000_000 + len(twilio.messages)}")
        await send(number)
        answers = [await tell(caller, twilio, status) for status in (*order, *order)]
        assert answers == [204] * 8
        arrived = min(order.index("delivered"), order.index("read"))
        failed_first = order.index("undelivered") < arrived
        assert (await row(number)).status == ("failed" if failed_first else "read"), order
    assert len(twilio.sent) == len(ORDERS), "no report makes us send"


async def test_a_refusal_reported_by_twenty_at_once_falls_back_once(
    twilio: FakeTwilio, caller: httpx.AsyncClient
) -> None:
    ana = await make_customer()
    number = await make_message(
        channel=Channel.WHATSAPP,
        kind=MessageKind.DELIVERED,
        customer_id=ana.id,
        to_address=ana.phone,
    )
    await send(number)
    answers = await asyncio.gather(*(tell(caller, twilio, "undelivered") for _ in range(20)))
    assert set(answers) == {204}
    assert await count("SELECT count(*) FROM messages WHERE fallback_of IS NOT NULL") == 1
    assert await count("SELECT count(*) FROM message_events WHERE status = 'failed'") == 1
    assert await count("SELECT count(*) FROM procrastinate_jobs") == 1


async def test_a_report_that_comes_before_our_answer_did_is_as_good_as_the_answer(
    twilio: FakeTwilio, caller: httpx.AsyncClient
) -> None:
    number = await make_test_message()
    twilio.next.append(HALF)
    await send(number)
    assert (await row(number)).status == "queued"
    assert await tell(caller, twilio, "delivered") == 204
    await send(number)
    assert (await row(number)).status == "delivered"
    assert (len(twilio.sent), twilio.asked["list"]) == (1, 0)


SID = "SM" + "1" * 32
SAID = {"MessageSid": SID, "MessageStatus": "read", "To": "+525512345678"}
STRANGE = [
    "\x00",
    "\ud7ff\uffff",
    "💥" * 300,
    "x" * 100_000,
    "' OR 1=1; --",
    "\r\n",
    "%00",
    " ",
    "",
]


@pytest.mark.parametrize("name", ["MessageSid", "MessageStatus", "ErrorCode", "To", "\x00", "ñ"])
async def test_signed_fields_may_say_anything(caller: httpx.AsyncClient, name: str) -> None:
    """What Twilio signs may be broken, too: a proxy of ours, a new release of theirs."""
    number = await make_test_message(status="sent", provider_id="SM" + "2" * 32)
    for status in ("read", "undelivered"):
        for value in STRANGE:
            fields = {**SAID, "MessageStatus": status, name: value}
            for about in (number, uuid4(), "no", "\x00"):
                path = f"{PATH}?{urlencode({'mensaje': str(about)})}"
                mark = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}{path}", fields)
                answer = await caller.post(path, data=fields, headers={"X-Twilio-Signature": mark})
                assert answer.status_code < 500, (name, value[:9])
    assert (await row(number)).status == "sent"


async def test_a_strange_id_of_a_message_whose_id_nobody_wrote_down_is_no_trouble(
    caller: httpx.AsyncClient,
) -> None:
    for value in STRANGE:
        number = await make_test_message(status="sent", provider_id="")
        fields = {**SAID, "MessageSid": value, "ErrorCode": value, "MessageStatus": "failed"}
        path = f"{PATH}?mensaje={number}"
        mark = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}{path}", fields)
        answer = await caller.post(path, data=fields, headers={"X-Twilio-Signature": mark})
        assert answer.status_code < 500, value[:9]


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "garbage": bytes(range(256)) * 8,
    "huge": b"MessageSid=" + b"x" * 3_000_000,
    "many fields": b"&".join(b"f%d=1" % n for n in range(5000)),
    "no end of percent": b"%" * 10_000,
    "broken utf-8": b"MessageSid=%ff%fe&MessageStatus=\xff",
    "json": b'{"MessageSid": "SM1"}',
    "nested": b"[" * 100_000,
    "multipart": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
    "file": b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nb\r\n--x--\r\n',
    "half a part": b'--x\r\nContent-Disposition: form-data; name="a',
}
TYPES = (
    FORM,
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=nonsense",
    "application/json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "y" * 300,
    "text/plain",
    "",
    ";;;=",
)
SIGNATURES = (None, "", "x", "ñ".encode(), b"\xff\xfe", "A" * 50_000)
ADDRESSES = (
    PATH,
    f"{PATH}?mensaje={uuid4()}",
    f"{PATH}?mensaje=&mensaje=%00&mensaje=%ff",
    f"{PATH}?bodySHA256=&mensaje={'9' * 5000}",
    f"{PATH}/",
    f"{PATH}%00",
)


@pytest.mark.parametrize("kind", TYPES)
async def test_no_body_no_type_and_no_signature_makes_us_fail(
    caller: httpx.AsyncClient, kind: str
) -> None:
    number = await make_test_message(status="sent", provider_id=SID)
    calls: list[dict[str, Any]] = [
        {
            "url": address,
            "content": body,
            "headers": {"Content-Type": kind, **({} if mark is None else {SIGNED: mark})},
        }
        for body in BODIES.values()
        for mark in SIGNATURES
        for address in (*ADDRESSES, f"{PATH}?mensaje={number}")
    ]
    answers = await asyncio.gather(*(caller.post(**call) for call in calls))
    assert len(answers) == len(BODIES) * len(SIGNATURES) * (len(ADDRESSES) + 1)
    assert {answer.status_code for answer in answers} <= {307, 400, 403, 404, 413, 422}
    assert (await row(number)).status == "sent"


SIGNED = "X-Twilio-Signature"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(caller: httpx.AsyncClient, method: str) -> None:
    answer = await caller.request(method, PATH, content=b"MessageSid=1")
    assert 400 <= answer.status_code < 500
