"""A Mercado Pago on loopback that remembers, fails on demand and sends notices, for any process.

Point `CUENTY_MERCADOPAGO_API_URL` at its `url`. Its answers have the fields that Mercado Pago's
reference gives for preferences, payments and refunds, as far as anybody here reads them; its
refusals are `{message, error, status, cause: [{code, description}]}`. A notice is signed as its
guides say: HMAC-SHA256 of `id:…;request-id:…;ts:…;` in `x-signature: ts=…,v1=…`.

`/checkout/v1/redirect?pref_id=…` is the page a customer pays on, with one button for each end.
Ours alone: numbers are counted, and nobody is charged.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import itertools
import json
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from infra.clock import now
from tests.loopback import answering, single

TOKEN = "APP_USR-token-of-the-fake-" + "t" * 14
SECRET = "secret-of-the-fake-" + "s" * 20
NOTICES = "/api/webhooks/entrada/mercadopago"
_numbers = itertools.count(1_300_000_001)


@dataclass(frozen=True)
class Does:
    """What it does with one request. Plain, it does as asked."""

    status: int = 0  # refuses with it
    code: int = 0
    page: str = ""  # an answer that is not Mercado Pago's
    accepts: bool = True
    drops: bool = False
    waits_for: threading.Event | None = None


PLAIN = Does()
DOWN = Does(accepts=False, drops=True)  # the connection breaks, nothing was done
HALF = Does(drops=True)  # done, and the connection breaks before the answer


def refuses(code: int, status: int = 400) -> Does:
    return Does(status=status, code=code, accepts=False)


def broken(status: int = 500) -> Does:
    return Does(status=status, accepts=False)


def silent() -> Does:
    """No answer as long as the fake lives."""
    return Does(accepts=False, waits_for=threading.Event())


@dataclass
class FakeMercadoPago:
    """`next` is done in turn, by kind of question; then `always`."""

    url: str = ""
    shop: str = ""  # where its notices go
    preferences: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)  # by idempotency key
    opened: dict[str, str] = field(default_factory=dict)  # preferences, by idempotency key
    next: dict[str, deque[Does]] = field(default_factory=dict)
    always: Does = PLAIN
    asked: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self) -> dict[str, str]:
        """Each by its field of `Settings`; with `CUENTY_` before it, an environment."""
        return {
            "mercadopago_api_url": self.url,
            "mercadopago_access_token": TOKEN,
            "mercadopago_webhook_secret": SECRET,
        }

    def then(self, kind: str, *does: Does) -> None:
        """For the next questions: `preference`, `payment`, `search`, `refund`."""
        self.next.setdefault(kind, deque()).extend(does)

    def turn(self, kind: str) -> Does:
        with self.lock:
            self.asked[kind] += 1
            script = self.next.get(kind)
            return script.popleft() if script else self.always

    # what the shop asks

    def create_preference(self, said: dict[str, Any], key: str) -> tuple[int, Any]:
        if said.get("auto_return") and not said["back_urls"]["success"].startswith("https://"):
            return 400, problem(400, 0, "auto_return invalid. back_url.success must be defined")
        if any(item["unit_price"] <= 0 for item in said["items"]):
            return 400, problem(400, 0, "unit_price invalid")
        with self.lock:
            if key in self.opened:
                return 201, self.preferences[self.opened[key]]
            number = f"1234567890-{len(self.preferences) + 1:08d}"
            page = f"{self.url}/checkout/v1/redirect?pref_id={number}"
            self.opened[key] = number
            self.preferences[number] = {
                **said,
                "id": number,
                "client_id": "1234567890",
                "collector_id": 987654321,
                "operation_type": "regular_payment",
                "date_created": moment(),
                "init_point": page,
                "sandbox_init_point": page,
            }
            return 201, self.preferences[number]

    def find_payment(self, number: str) -> tuple[int, Any]:
        found = self.payments.get(number)
        return (200, found) if found else (404, problem(404, 2000, "Payment not found"))

    def search(self, query: dict[str, str]) -> tuple[int, Any]:
        """Newest first."""
        wanted = query.get("external_reference")
        found = [
            one
            for one in reversed(self.payments.values())
            if wanted in (None, one["external_reference"])
            and one["date_last_updated"] >= query.get("begin_date", "")
        ]
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 30))
        paging = {"total": len(found), "limit": limit, "offset": offset}
        return 200, {"paging": paging, "results": found[offset : offset + limit]}

    def refund(self, number: str, said: dict[str, Any], key: str) -> tuple[int, Any]:
        """The same key again is the same refund."""
        with self.lock:
            if not key:
                return 400, problem(400, 4292, "Header X-Idempotency-Key can't be null")
            if key in self.refunds:
                return 201, self.refunds[key]
            payment = self.payments.get(number)
            if payment is None:
                return 404, problem(404, 2000, "Payment not found")
            left = payment["transaction_amount"] - payment["transaction_amount_refunded"]
            amount = said.get("amount", left)
            if payment["status"] != "approved" or not 0 < amount <= left:
                return 400, problem(400, 2063, "The action requested is not valid")
            made = self._give(payment, amount)
            self.refunds[key] = made
            return 201, made

    # what happens there

    def _give(self, payment: dict[str, Any], amount: float) -> dict[str, Any]:
        made = {
            "id": next(_numbers),
            "payment_id": payment["id"],
            "amount": amount,
            "metadata": {},
            "source": {"id": "987654321", "name": "Cuenty", "type": "collector"},
            "date_created": moment(),
            "unique_sequence_number": None,
            "refund_mode": "standard",
            "adjustment_amount": 0,
            "status": "approved",
            "reason": None,
        }
        payment["refunds"].append(made)
        payment["transaction_amount_refunded"] += amount
        whole = payment["transaction_amount_refunded"] == payment["transaction_amount"]
        status = {"status": "refunded"} if whole else {"status_detail": "partially_refunded"}
        payment.update(status, date_last_updated=moment())
        return made

    def pay(self, preference: str, status: str = "approved", **values: Any) -> str:
        """Somebody pays on a checkout, or tries to; the payment's number."""
        asked = self.preferences[preference]
        return self.add(
            asked["external_reference"],
            asked["items"][0]["unit_price"],
            status,
            order={"id": "5", "type": "mercadopago"},
            **values,
        )

    def add(self, reference: str, amount: float, status: str = "approved", **values: Any) -> str:
        number, at = next(_numbers), moment()
        with self.lock:
            self.payments[str(number)] = {
                "id": number,
                "date_created": at,
                "date_approved": at if status == "approved" else None,
                "date_last_updated": at,
                "operation_type": "regular_payment",
                "payment_method_id": "master",
                "payment_type_id": "credit_card",
                "status": status,
                "status_detail": "accredited"
                if status == "approved"
                else "cc_rejected_other_reason",
                "currency_id": "MXN",
                "live_mode": True,
                "external_reference": reference,
                "transaction_amount": amount,
                "transaction_amount_refunded": 0,
                "refunds": [],
                **values,
            }
        return str(number)

    def move(self, number: str, status: str) -> None:
        at = moment()
        self.payments[number].update(status=status, date_last_updated=at)
        if status == "approved":
            self.payments[number]["date_approved"] = at

    def give_back_in_panel(self, number: str, amount: float) -> str:
        """The owner gives money back without the shop; the refund's number."""
        with self.lock:
            return str(self._give(self.payments[number], amount)["id"])

    def newest(self) -> str:
        return list(self.preferences)[-1]

    def tell(self, number: str) -> int:
        """Send the shop a notice of a payment; what it answered."""
        query, headers, body = notice(number)
        asked = Request(f"{self.shop}{NOTICES}?{query}", body.encode(), headers)  # noqa: S310
        try:
            with build_opener(ProxyHandler({})).open(asked) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            return refusal.code


def notice(
    number: str, *, secret: str = SECRET, at: float | None = None, request: str = "req-1"
) -> tuple[str, dict[str, str], str]:
    """Query, headers and body of a notice; `at` is in seconds and written in milliseconds."""
    ts = str(int((now().timestamp() if at is None else at) * 1000))
    headers = {
        "content-type": "application/json",
        "x-request-id": request,
        "x-signature": signature(number, request, ts, secret),
    }
    body = {
        "id": 112233445566,
        "live_mode": True,
        "type": "payment",
        "date_created": moment(),
        "user_id": 987654321,
        "api_version": "v1",
        "action": "payment.updated",
        "data": {"id": number},
    }
    return urlencode({"data.id": number, "type": "payment"}), headers, json.dumps(body)


def signature(number: str, request: str, ts: str, secret: str = SECRET) -> str:
    parts = [f"id:{number}"] * bool(number) + [f"request-id:{request}"] * bool(request)
    manifest = ";".join([*parts, f"ts:{ts}"]) + ";"
    mark = hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()
    return f"ts={ts},v1={mark}"


def moment() -> str:
    return now().isoformat(timespec="milliseconds")


def problem(status: int, code: int, said: str = "bad_request") -> dict[str, Any]:
    """A refusal as Mercado Pago writes it; the real one may quote what was asked."""
    cause = [{"code": code, "description": said, "data": "25-11-2026T12:00:00UTC"}] if code else []
    return {"message": said, "error": "bad_request", "status": status, "cause": cause}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeMercadoPago

    def do_POST(self) -> None:
        written = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(self.path).path
        if path == "/checkout/v1/redirect":
            self._end(single(written))
            return
        said, key = json.loads(written or "{}"), self.headers.get("x-idempotency-key") or ""
        if path == "/checkout/preferences":
            self._do("preference", lambda: self.fake.create_preference(said, key))
        elif path.endswith("/refunds"):
            self._do("refund", lambda: self.fake.refund(path.split("/")[3], said, key))

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = single(asked.query)
        if asked.path == "/checkout/v1/redirect":
            self._answer(200, PAGE.format(pref=query["pref_id"]), "text/html; charset=utf-8")
        elif asked.path == "/v1/payments/search":
            self._do("search", lambda: self.fake.search(query))
        else:
            number = asked.path.rpartition("/")[2]
            self._do("payment", lambda: self.fake.find_payment(number))

    def _do(self, kind: str, work: Any) -> None:
        does = self.fake.turn(kind)
        status, answer = does.status, problem(does.status, does.code)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, answer = 401, problem(401, 401, "invalid access token")
        elif does.accepts:
            status, answer = work()
        if does.waits_for is not None:
            while not does.waits_for.wait(0.01) and not self.fake.over.is_set():
                pass
        if not does.drops and not self.fake.over.is_set():
            self._answer(status, does.page or json.dumps(answer), "application/json")

    def _end(self, form: dict[str, str]) -> None:
        """What the customer chose on the page: pay, be refused, or leave."""
        asked = self.fake.preferences[form["pref_id"]]
        number = self.fake.pay(form["pref_id"], form["status"])
        if form.get("tell"):
            self.fake.tell(number)
        how = {"approved": "success", "in_process": "pending"}.get(form["status"], "failure")
        back = asked["back_urls"][how]
        more = {"payment_id": number, "status": form["status"], "preference_id": asked["id"]}
        self.send_response(303)
        self.send_header("Location", f"{back}{'&' if '?' in back else '?'}{urlencode(more)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # who asked has given up
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


PAGE = """<!doctype html><html lang="es"><title>Mercado Pago</title><h1>Mercado Pago</h1>
<form method="post"><input type="hidden" name="pref_id" value="{pref}">
<label><input type="checkbox" name="tell" value="1" checked> Avisar a la tienda</label>
<button name="status" value="approved">Pagar</button>
<button name="status" value="rejected">Pagar con una tarjeta sin fondos</button>
<button name="status" value="in_process">Pagar y esperar revisión</button></form></html>"""


def fake_mercadopago() -> contextlib.AbstractContextManager[FakeMercadoPago]:
    """Listens on a port of its own for as long as the block runs."""
    return answering(FakeMercadoPago(), _Handler)
