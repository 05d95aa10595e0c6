"""The outer edge: what every request passes on its way in and every answer on its way out.

In: who really sends it (F7), to which host, from whose page (sockets), and how much. Out: the
headers that tell a browser what a page may do, how long it may be kept, and the visitor's cookie.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import csp
from api.errors import problem
from domain.texts import REFUSALS
from infra import browser, requests
from infra.settings import PROJECT, settings

log = logging.getLogger(__name__)

BUILT = PROJECT / ".web" / "build" / "client"
MOST_BODY = 1_000_000
RECEIPTS = "/api/comprobantes"
# Routes that take files: their own checks follow.
LARGER = {
    "/api/admin/importaciones": 5_000_000,
    "/api/admin/estados-de-cuenta": 5_000_000,
    "/api/estados-de-cuenta": 5_000_000,
    "/api/inventario/importar": 5_000_000,
    RECEIPTS: 8_100_000,  # a file of 8 MB within its form
}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
YEAR = 31_536_000
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Frame-Options": "DENY",
}


class TooLargeError(Exception):
    """The body is longer than its route takes."""


class Edge:
    """The last of `rx.App(api_transformer=[…, Edge])`: it wraps pages, socket and API."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        csp.warm(BUILT)
        self.pages = frozenset(
            f"/{page.parent.relative_to(BUILT)}" for page in BUILT.rglob("*/index.html")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = {**scope, "client": client_of(scope), "scheme": _scheme(scope)}
        if scope["path"] in self.pages:  # else a redirect to the folder, a whole round trip
            scope["path"] += "/"
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        with requests.numbered(Headers(scope=scope).get("x-request-id")):
            await self._http(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Browsers always name the page's origin; nothing else has business on the socket."""
        headers = Headers(scope=scope)
        if not _host_is_ours(headers) or headers.get("origin") not in settings().origins:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        cookies = "; ".join(headers.getlist("cookie"))
        others = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
        hidden = (b"cookie", browser.hide_cookies(cookies).encode())
        await self.app({**scope, "headers": [*others, hidden]}, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        answer = _Answer(scope, headers, send)
        if not _host_is_ours(headers) and scope["path"] != "/health":
            await PlainTextResponse("Unknown host", 400)(scope, receive, answer)
            return
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            await problem(400, "bad_request", REFUSALS["value_invalid"])(scope, receive, answer)
            return
        intake = _Intake(receive, answer, _limit(scope["path"]))
        if intake.announces_too_much(headers.get("content-length", "0")):
            await _too_large(scope, receive, answer)
            return
        try:
            await self.app(scope, intake, answer)
        except Exception:
            if not answer.dropped:
                log.exception("edge: %s failed", scope["path"][:200])
            if answer.started:
                raise
        answer.settle()
        if answer.dropped:
            await _too_large(scope, receive, answer)
        elif not answer.started:
            await PlainTextResponse(REFUSALS["unavailable"], 500)(scope, receive, answer)
        await answer.finish()


class _Intake:
    """Counts a body as it arrives. The app may read on or give up: its answer is not sent."""

    def __init__(self, receive: Receive, answer: _Answer, limit: int) -> None:
        self.receive, self.answer, self.left = receive, answer, limit

    def announces_too_much(self, length: str) -> bool:
        return not (length.isascii() and length.isdigit()) or int(length[:20]) > self.left

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            self.answer.drop()
            raise TooLargeError
        return message


async def _too_large(scope: Scope, receive: Receive, answer: _Answer) -> None:
    await problem(413, "too_large", REFUSALS["body_large"])(scope, receive, answer)


class _Answer:
    """Holds the start of a page back until its content is known: the policy names its scripts."""

    def __init__(self, scope: Scope, request: Headers, send: Send) -> None:
        self.scope, self.request, self.send = scope, request, send
        self.started = self.dropped = self._deaf = False
        self.start: Message | None = None
        self.body = bytearray()

    def drop(self) -> None:
        """What the app answers to a body it did not get whole is not sent."""
        self.dropped = self._deaf = not self.started

    def settle(self) -> None:
        self._deaf = False

    async def __call__(self, message: Message) -> None:
        if self._deaf:
            return
        if message["type"] == "http.response.start":
            self.started = True
            self._dress(message)
            if _is_html(message):
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.pathsend":
            await self._open(csp.of_file(Path(message["path"])))
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self.finish()
            return
        await self.send(message)

    async def finish(self) -> None:
        """Send a page that came as bytes, its policy first; also one that was cut short."""
        if self.start is None:
            return
        encoding = Headers(raw=self.start["headers"]).get("content-encoding", "")
        body = bytes(self.body)
        await self._open(csp.of_body(body, encoding))
        await self.send({"type": "http.response.body", "body": body})

    async def _open(self, policy: str) -> None:
        assert self.start is not None  # noqa: S101  # both callers have just looked
        MutableHeaders(scope=self.start)["Content-Security-Policy"] = policy
        start, self.start = self.start, None
        await self.send(start)

    def _dress(self, start: Message) -> None:
        start["headers"] = list(start.get("headers", []))
        headers = MutableHeaders(scope=start)
        for name, value in FIXED.items():
            headers[name] = value
        if start["status"] != HTTPStatus.NOT_MODIFIED:  # its headers replace the kept page's
            sent = self.scope["path"].startswith(RECEIPTS)
            headers["Content-Security-Policy"] = csp.STRANGERS if sent else csp.NOTHING
        if settings().https:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        path, status = self.scope["path"], start["status"]
        if path.startswith("/api"):
            headers["X-Request-Id"] = requests.current()
        if path.startswith("/assets/") and status in {200, 206, 304}:
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        elif path == "/health" or path.startswith("/api/auth"):
            headers["Cache-Control"] = "no-store"
        elif path.startswith("/api"):
            headers.setdefault("Cache-Control", "no-store")
        elif _is_html(start):
            headers["Cache-Control"] = "private, no-cache"
            self._name_visitor(headers)

    def _name_visitor(self, headers: MutableHeaders) -> None:
        if self.scope["path"].startswith("/api"):
            return
        if browser.visitor_hash("; ".join(self.request.getlist("cookie"))) is not None:
            return
        secure = "; Secure" if settings().https else ""
        headers.append(
            "Set-Cookie",
            f"{browser.visitor_cookie()}={browser.new_visitor()}; Path=/; Max-Age={YEAR}; "
            f"HttpOnly; SameSite=Lax{secure}",
        )


def _is_html(start: Message) -> bool:
    return Headers(raw=start.get("headers", [])).get("content-type", "").startswith("text/html")


def _limit(path: str) -> int:
    return next((most for start, most in LARGER.items() if path.startswith(start)), MOST_BODY)


def _scheme(scope: Scope) -> str:
    """A proxy that ends HTTPS speaks plain HTTP with us; redirects must not."""
    secure = {"http": "https", "websocket": "wss"}[scope["type"]]
    return secure if settings().https else str(scope["scheme"])


def client_of(scope: Scope) -> tuple[str, int] | None:
    """The peer, or what the proxies we run wrote about theirs; a client's own word is ignored."""
    peer = scope.get("client")
    hops = settings().trusted_proxies
    if not hops:
        return peer
    written = ", ".join(Headers(scope=scope).getlist("x-forwarded-for"))
    addresses = [part.strip() for part in written.split(",") if part.strip()]
    if len(addresses) < hops:
        return peer
    return (addresses[-hops], 0)


def _host_is_ours(headers: Headers) -> bool:
    """A name of the shop, or this very machine: a foreign name that points here is refused."""
    host = headers.get("host", "")
    return host in _hosts(settings().origins) or _name(host) in LOOPBACK


def _hosts(origins: Iterable[str]) -> frozenset[str]:
    return frozenset(urlsplit(origin).netloc for origin in origins)


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host
