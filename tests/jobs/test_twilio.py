"""SMS and WhatsApp through Twilio's own client, against a Twilio on loopback that remembers."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from infra.messaging.errors import NotSentError
from infra.messaging.twilio import TwilioMessages
from infra.settings import Settings
from infra.vault import Secret

BODY = Secret("Cuenty: tu código es 135790.")


@dataclass
class FakeTwilio:
    """`answers` are given in turn, as status and body; then it accepts. None is no answer."""

    port: int = 0
    messages: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, object] | None] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, object] | None:
        if self.answers:
            return self.answers.pop(0)
        assert path == "/2010-04-01/Accounts/ACtest/Messages.json"
        self.messages.append(form)
        return 201, {"sid": f"SM{len(self.messages)}", "status": "queued"}


@pytest.fixture
def twilio() -> Generator[FakeTwilio]:
    fake = FakeTwilio()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            size = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(size).decode())
            said = fake.answer(self.path, {name: values[0] for name, values in form.items()})
            if said is None:
                fake.over.wait()
                return
            body = said[1] if isinstance(said[1], str) else json.dumps(said[1])
            self.send_response(said[0])
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield fake
    fake.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def adapter(twilio: FakeTwilio) -> Generator[TwilioMessages]:
    made = TwilioMessages(
        Settings(
            twilio_account_sid="ACtest",
            twilio_auth_token="token",
            twilio_sms_from="+15005550006",
            twilio_whatsapp_from="+14155238886",
            twilio_timeout_seconds=0.3,
        )
    )
    made._client.api.base_url = f"http://127.0.0.1:{twilio.port}"
    yield made
    made._client.http_client.session.close()  # type: ignore[attr-defined]


async def refused(adapter: TwilioMessages) -> NotSentError:
    with pytest.raises(NotSentError) as refusal:
        await adapter.send(channel="sms", to="+525512345678", body=BODY)
    assert "135790" not in str(refusal.value)
    return refusal.value


async def test_a_text_message_goes_from_the_shops_number(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    sid = await adapter.send(channel="sms", to="+525512345678", body=BODY)
    assert sid == "SM1"
    assert twilio.messages == [
        {"To": "+525512345678", "From": "+15005550006", "Body": BODY.disclose()}
    ]


async def test_whatsapp_goes_to_and_from_whatsapp_addresses(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    await adapter.send(channel="whatsapp", to="+525512345678", body=BODY)
    assert (twilio.messages[0]["To"], twilio.messages[0]["From"]) == (
        "whatsapp:+525512345678",
        "whatsapp:+14155238886",
    )


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_twilios_own_trouble_is_tried_again(
    adapter: TwilioMessages, twilio: FakeTwilio, status: int
) -> None:
    twilio.answers = [(status, {"code": 20429, "message": "x", "status": status})]
    assert not (await refused(adapter)).final
    assert twilio.messages == []
    assert await adapter.send(channel="sms", to="+525512345678", body=BODY) == "SM1"


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_what_twilio_refuses_is_final_and_names_its_code(
    adapter: TwilioMessages, twilio: FakeTwilio, status: int
) -> None:
    twilio.answers = [(status, {"code": 21211, "message": "Invalid 'To'", "status": status})]
    refusal = await refused(adapter)
    assert refusal.final
    assert "21211" in str(refusal)


@pytest.mark.parametrize(("status", "final"), [(400, True), (429, False), (503, False)])
async def test_the_newer_form_of_a_refusal_means_the_same(
    adapter: TwilioMessages, twilio: FakeTwilio, status: int, *, final: bool
) -> None:
    problem = {"type": "about:blank", "title": "No", "status": status, "code": 21211}
    twilio.answers = [(status, problem)]
    assert (await refused(adapter)).final is final


async def test_a_page_of_html_from_something_in_between_is_tried_again(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    twilio.answers = [(502, "<html>Bad gateway</html>")]
    assert not (await refused(adapter)).final


async def test_no_answer_in_time_is_tried_again(
    adapter: TwilioMessages, twilio: FakeTwilio
) -> None:
    twilio.answers = [None]
    refusal = await refused(adapter)
    assert not refusal.final
    assert "Timeout" in str(refusal)


async def test_nobody_there_is_tried_again(adapter: TwilioMessages) -> None:
    adapter._client.api.base_url = "http://127.0.0.1:1"
    assert not (await refused(adapter)).final


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email"])
async def test_without_a_sender_the_message_is_final_and_nothing_is_asked(channel: str) -> None:
    bare = TwilioMessages(Settings(twilio_account_sid="ACtest", twilio_auth_token="token"))
    with pytest.raises(NotSentError, match=channel) as refusal:
        await bare.send(channel=channel, to="+525512345678", body=BODY)
    assert refusal.value.final
