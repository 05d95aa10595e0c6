"""The fake is worth something only as far as it speaks as Twilio does."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from infra.messaging.callbacks import signed
from infra.messaging.letters import Letter
from infra.messaging.twilio import TwilioMessages
from infra.settings import Settings
from infra.vault import Secret
from tests.messaging.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, refuses, slow

# As Twilio's guide lists them; all else is in `contract.py`.
CALLBACK = (
    "SmsSid SmsStatus MessageStatus To MessageSid AccountSid From ApiVersion ErrorCode"
    " RawDlrDoneDate ChannelPrefix ChannelInstallSid EventType"
)


@pytest.fixture
def account(twilio: FakeTwilio) -> Client:
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = twilio.url
    return client


def write(account: Client, text: str, to: str = "+525512345678") -> str:
    made = account.messages.create(
        to=to, from_="+15005550006", body=text, status_callback="https://cuenty.mx/x"
    )
    return made.sid or ""


def test_the_list_comes_in_pages_the_newest_first(
    account: Client,
) -> None:
    sids = [write(account, f"texto {n}") for n in range(5)]
    assert [m.sid for m in account.messages.list(page_size=2)] == sids[::-1]


def test_the_list_is_of_one_person_when_asked_so(account: Client) -> None:
    write(account, "para otro", to="+525587654321")
    mine = write(account, "para mí")
    assert [m.sid for m in account.messages.list(to="+525512345678")] == [mine]


def test_a_refusal_is_read_by_twilios_own_client(twilio: FakeTwilio, account: Client) -> None:
    twilio.next.append(refuses(21211))
    with pytest.raises(TwilioRestException) as refusal:
        write(account, "hola")
    assert (refusal.value.status, refusal.value.code) == (400, 21211)


def test_another_token_or_account_is_not_let_in(twilio: FakeTwilio) -> None:
    for client, code in (
        (Client(ACCOUNT, "otro"), 20003),
        (Client(ACCOUNT, TOKEN, "AC2"), 20404),
    ):
        client.api.base_url = twilio.url
        with pytest.raises(TwilioRestException) as refusal:
            write(client, "hola")
        assert refusal.value.code == code
    assert twilio.messages == []


def test_a_callback_has_the_published_fields(twilio: FakeTwilio, account: Client) -> None:
    sid = write(account, "hola")
    for status, error in (("sent", None), ("delivered", None), ("undelivered", 30003)):
        assert set(twilio.callback(sid, status, error).fields) <= set(CALLBACK.split())
    sid = write(account, "hola", to="whatsapp:+525512345678")
    assert set(twilio.callback(sid, "read").fields) <= set(CALLBACK.split())


async def test_what_is_slow_is_answered_once_the_test_says_so(twilio: FakeTwilio) -> None:
    until = threading.Event()
    twilio.next.append(slow(until))
    adapter = TwilioMessages(Settings(**twilio.settings()))  # type: ignore[arg-type]
    letter = Letter(uuid.uuid4(), "sms", "+525512345678", Secret("hola"))
    sending = asyncio.create_task(adapter.send(letter))
    while not twilio.messages:  # noqa: ASYNC110  # told from another thread; it only yields
        await asyncio.sleep(0)
    assert not sending.done()
    until.set()
    assert await sending == twilio.messages[0]["sid"]


def test_callbacks_arrive_signed_in_the_order_and_as_often_as_the_test_wants(
    twilio: FakeTwilio, account: Client, configure: Callable[..., None]
) -> None:
    configure(**twilio.settings())
    heard: list[tuple[str, str | None, bool]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            ours = signed(url, form, self.headers["X-Twilio-Signature"])
            said = dict(form)
            heard.append((said["MessageStatus"], said.get("ErrorCode"), ours))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/status?m=7"
        made = account.messages.create(
            to="+525512345678", from_="+15005550006", body="ñ", status_callback=url
        )
        told = twilio.post(made.sid or "", "delivered", "sent", "delivered", "failed", error=30003)
        server.shutdown()
        thread.join()
    assert told == [204] * 4
    assert heard == [
        ("delivered", None, True),
        ("sent", None, True),
        ("delivered", None, True),
        ("failed", "30003", True),
    ]
    assert (twilio.messages[0]["status"], twilio.messages[0]["error_code"]) == ("failed", 30003)
