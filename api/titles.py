"""The shop's own name in the title of every page, in place of the one the pages were built under.

It is there before any script runs, as chat apps and search engines read it, and once more in the
head, for the titles of pages reached without a load. A page that a browser kept from before the
shop had this name is sent anew. A shop that goes by the built name is left as it is.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.settings import STOCK_NAME, settings

TITLE = re.compile(rf"<title>((?:[^<]* · )?){STOCK_NAME}((?: · [^<]*)?)</title>")
OF_ANOTHER_NAME = {b"if-none-match", b"if-modified-since", b"if-range", b"range"}


class Titles:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = settings().shop_name
        if scope["type"] != "http" or name == STOCK_NAME or not _is_page(scope["path"]):
            await self.app(scope, receive, send)
            return
        await self.app(_asked(scope, name), receive, _Answer(scope["method"], name, send))


class _Answer:
    """Holds a page back until it is whole."""

    def __init__(self, method: str, name: str, send: Send) -> None:
        self.method, self.name, self.send = method, name, send
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            if "etag" in headers:
                headers["etag"] = f"{headers['etag'][:-1]}{_mark(self.name)}"
            message["headers"] = headers.raw
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)
            return
        await self.send(message)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        encoding = headers.get("content-encoding", "")
        body = _renamed(bytes(self.body), encoding, self.name)
        if self.method == "HEAD":
            del headers["content-length"]
        else:
            headers["content-length"] = str(len(body))
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _is_page(path: str) -> bool:
    return "." not in path.rpartition("/")[2] and not path.startswith("/api")


def _asked(scope: Scope, name: str) -> Scope:
    """As if the browser had kept only what has this name."""
    kept = [pair for pair in scope["headers"] if pair[0].lower() not in OF_ANOTHER_NAME]
    tags = [tag.strip() for tag in Headers(scope=scope).get("if-none-match", "").split(",")]
    mark = _mark(name)
    ours = [f'{tag.removesuffix(mark)}"' for tag in tags if tag.endswith(mark)]
    if ours:
        kept.append((b"if-none-match", ", ".join(ours).encode()))
    known = {k: v for k, v in scope.get("extensions", {}).items() if "pathsend" not in k}
    return {**scope, "headers": kept, "extensions": known}


def _mark(name: str) -> str:
    """Ends the ETag of a page that carries this name."""
    return f'.{sha256(name.encode()).hexdigest()[:12]}"'


@lru_cache(maxsize=256)
def _renamed(body: bytes, encoding: str, name: str) -> bytes:
    """A page of another encoding than our own build's stays as it is."""
    if encoding == "gzip":
        return gzip.compress(renamed(gzip.decompress(body).decode(), name).encode(), mtime=0)
    return body if encoding or not body else renamed(body.decode(), name).encode()


def renamed(page: str, name: str) -> str:
    said = escape(name)
    titled = TITLE.sub(lambda found: f"<title>{found[1]}{said}{found[2]}</title>", page, count=1)
    meta = f'<meta name="application-name" content="{said}"/>'
    return titled.replace("</head>", f"{meta}</head>", 1)
