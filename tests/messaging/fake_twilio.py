"""A Twilio on loopback that remembers, fails on demand and reports back, for any process.

Point `CUENTY_TWILIO_API_URL` at its `url`. It takes no request that Twilio's OpenAPI description
does not describe, and `test_contract.py` holds its answers to the same (`contract.py` says which
fields). Compared by hand with Twilio's guides: the refusal `{code, message, more_info, status}`
of its error pages, and the fields of a status callback as "Track the Message Status of Outbound
Messages" lists them. Ours alone: sids are counted, and nothing is sent.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from twilio.request_validator import RequestValidator

from infra.clock import now
from tests.loopback import answering, single
from tests.messaging.contract import faults_of_create, faults_of_list

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "token-of-the-fake-" + "t" * 14
SMS_FROM = "+15005550006"
WHATSAPP_FROM = "+14155238886"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
PAGE = 50  # when the question names no size


@dataclass(frozen=True)
class Does:
    """What it does with one request. Plain, it does as asked."""

    status: int = 0  # refuses with it
    code: int | None = None
    retry_after: str = ""
    page: str = ""  # a refusal or answer that is not Twilio's
    accepts: bool = True
    waits_for: threading.Event | None = None
    drops: bool = False


PLAIN = Does()
DOWN = Does(accepts=False, drops=True)  # the connection breaks, nothing was taken
HALF = Does(drops=True)  # taken, and the connection breaks before the answer


def refuses(code: int, status: int = 400) -> Does:
    """With one of Twilio's codes: 21211, 63016, 20003 with 401."""
    return Does(status=status, code=code, accepts=False)


def busy(retry_after: str = "") -> Does:
    return Does(status=429, code=20429, retry_after=retry_after, accepts=False)


def broken(status: int = 500) -> Does:
    return Does(status=status, code=20500, accepts=False)


def silent(*, accepts: bool) -> Does:
    """No answer as long as the fake lives; the message may be taken all the same."""
    return Does(accepts=accepts, waits_for=threading.Event())


def slow(until: threading.Event) -> Does:
    return Does(waits_for=until)


@dataclass
class FakeTwilio:
    """`next` and `next_lists` are done in turn; then `always`."""

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)  # each form that was taken
    next: deque[Does] = field(default_factory=deque)
    next_lists: deque[Does] = field(default_factory=deque)
    always: Does = PLAIN
    asked: Counter[str] = field(default_factory=Counter)  # "create", "list"
    lists: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self) -> dict[str, str]:
        """Each by its field of `Settings`; with `CUENTY_` before it, an environment."""
        return {
            "twilio_api_url": self.url,
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_sms_from": SMS_FROM,
            "twilio_whatsapp_from": WHATSAPP_FROM,
        }

    def turn(self, kind: str) -> Does:
        with self.lock:
            self.asked[kind] += 1
            script = self.next if kind == "create" else self.next_lists
            return script.popleft() if script else self.always

    def create(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        for name, code in (("To", 21604), ("From", 21603)):
            if not form.get(name):
                return 400, problem(code, 400)
        if not (form.get("Body") or form.get("ContentSid")):
            return 400, problem(21602, 400)
        if faults_of_create(form):
            return 400, problem(21600, 400)
        with self.lock:
            sid = f"SM{len(self.messages) + 1:032x}"
            made = message(sid, form)
            self.messages.append(made)
            self.sent.append(form)
        return 201, made

    def list(self, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Newest first, a page at a time. Only what has left Twilio has a `date_sent`."""
        if faults_of_list(query):
            return 400, problem(20001, 400)
        with self.lock:
            self.lists.append(query)
            found = [
                m
                for m in reversed(self.messages)
                if all(
                    query.get(name, m[name.lower()]) == m[name.lower()] for name in ("To", "From")
                )
            ]
        size, page = int(query.get("PageSize", PAGE)), int(query.get("Page", 0))
        shown = found[page * size : (page + 1) * size]

        def address(number: int) -> str:
            return f"{MESSAGES}.json?{urlencode({**query, 'PageSize': size, 'Page': number})}"

        more = f"{address(page + 1)}&PageToken=PA{shown[-1]['sid']}" if shown else ""
        return 200, {
            "end": max(page * size + len(shown) - 1, 0),
            "first_page_uri": address(0),
            "next_page_uri": more if found[(page + 1) * size :] else None,
            "page": page,
            "page_size": size,
            "previous_page_uri": address(page - 1) if page else None,
            "messages": shown,
            "start": page * size,
            "uri": address(page),
        }

    def move(self, sid: str, status: str, error: int | None = None) -> None:
        """What became of a message, as its next listing shows it."""
        with self.lock:
            found = next(m for m in self.messages if m["sid"] == sid)
            found.update(status=status, error_code=error)
            if status in {"sent", "delivered", "undelivered", "read"}:
                found["date_sent"] = found["date_sent"] or format_datetime(now())

    def callback(self, sid: str, status: str, error: int | None = None) -> Callback:
        """The signed call about a message, in whatever order the test makes and repeats them."""
        taken = next(
            form for m, form in zip(self.messages, self.sent, strict=True) if m["sid"] == sid
        )
        fields = {
            "SmsSid": sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": taken["To"],
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": taken["From"],
            "ApiVersion": "2010-04-01",
        }
        if error is not None:
            fields["ErrorCode"] = str(error)
        if taken["To"].startswith("whatsapp:"):
            fields["ChannelPrefix"] = "whatsapp"
            fields["ChannelInstallSid"] = "XE" + "0" * 32
            if status in {"read", "delivered"}:
                fields["EventType"] = status.upper()
        elif status == "delivered":
            fields["RawDlrDoneDate"] = now().strftime("%y%m%d%H%M")
        url = taken["StatusCallback"]
        signature = RequestValidator(TOKEN).compute_signature(url, fields)
        return Callback(url, fields, {"X-Twilio-Signature": signature})

    def post(self, sid: str, *statuses: str, error: int | None = None) -> list[int]:
        """Tell the message's callback address of these statuses, in this order; its answers.

        `error` goes with `failed` and `undelivered`. Raises `HTTPError` on a refusal.
        """
        answers: list[int] = []
        for status in statuses:
            wrong = error if status in {"failed", "undelivered"} else None
            self.move(sid, status, wrong)
            call = self.callback(sid, status, wrong)
            asked = Request(call.url, urlencode(call.fields).encode(), call.headers)  # noqa: S310
            with build_opener(ProxyHandler({})).open(asked) as answer:
                answers.append(answer.status)
        return answers


@dataclass(frozen=True)
class Callback:
    """Post `fields` as a form with `headers` to `url`."""

    url: str
    fields: dict[str, str]
    headers: dict[str, str]


def message(sid: str, form: dict[str, str]) -> dict[str, Any]:
    """A message just taken: queued, and nothing known yet of its journey."""
    written = form.get("Body") or f"[{form['ContentSid']}] {form.get('ContentVariables', '')}"
    at = format_datetime(now())
    return {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": written,
        "date_created": at,
        "date_sent": None,
        "date_updated": at,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form["From"],
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "queued",
        "subresource_uris": {"media": f"{MESSAGES}/{sid}/Media.json"},
        "to": form["To"],
        "uri": f"{MESSAGES}/{sid}.json",
    }


def problem(code: int | None, status: int) -> dict[str, Any]:
    """A refusal as Twilio writes it; the real one quotes the number too."""
    said = {"message": "The number +525512345678 cannot be used here", "status": status}
    more = f"https://www.twilio.com/docs/errors/{code}"
    return said if code is None else {"code": code, **said, "more_info": more}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeTwilio

    def do_POST(self) -> None:  # the library's name
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._do("create", single(form))

    def do_GET(self) -> None:  # the library's name
        self._do("list", single(urlsplit(self.path).query))

    def _do(self, kind: str, said: dict[str, str]) -> None:
        does = self.fake.turn(kind)
        status, answer = self._let_in()
        if not status and does.status:
            status, answer = does.status, problem(does.code, does.status)
        if not status and does.accepts:
            status, answer = (self.fake.create if kind == "create" else self.fake.list)(said)
        if does.waits_for is not None:
            _wait(does.waits_for, self.fake.over)
        if does.drops or self.fake.over.is_set():
            return
        self._answer(status, does.page or json.dumps(answer), does.retry_after)

    def _let_in(self) -> tuple[int, dict[str, Any]]:
        """0 when the credentials are those of the account whose messages are asked for."""
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {given}":
            return 401, problem(20003, 401)
        if urlsplit(self.path).path != f"{MESSAGES}.json":
            return 404, problem(20404, 404)
        return 0, {}

    def _answer(self, status: int, body: str, retry_after: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # who asked has given up
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def _wait(event: threading.Event, over: threading.Event) -> None:
    """Until the event, or the fake's end."""
    while not event.wait(0.01) and not over.is_set():
        pass


def fake_twilio() -> contextlib.AbstractContextManager[FakeTwilio]:
    """Listens on a port of its own for as long as the block runs."""
    return answering(FakeTwilio(), _Handler)
