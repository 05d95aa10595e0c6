"""The catalog's answers as bytes at hand, for the many that ask just for them.

Around the edge, whose answer to one visitor is given to the next as it is: as long as the shelf
is the one it was made of, to the same host, and within the visitor's rate. Whoever asks from
another site's page, with an ETag or for a page of the list is answered by the route.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import rates
from api.edge import client_of
from domain import shelf
from infra import requests

PATHS = frozenset({"/api/servicios/activos", "/api/planes/activos"})
ASKED_OTHERWISE = frozenset({b"origin", b"if-none-match", b"range"})
NUMBER, OK = b"x-request-id", 200


@dataclass(slots=True)
class Made:
    """An answer as it was sent, without the number of its request."""

    shelf: object = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


class AtHand:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._made: dict[tuple[str, bytes], Made] = {}
        self._bucket: rates.Bucket | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"] not in PATHS
            or scope["method"] != "GET"
            or scope["query_string"]
        ):
            await self.app(scope, receive, send)
            return
        said = dict(scope["headers"])
        if said.keys() & ASKED_OTHERWISE:
            await self.app(scope, receive, send)
            return
        place = scope["path"], said.get(b"host", b"")
        made, on_it = self._made.get(place), shelf.at_hand()
        if made is None or on_it is None or made.shelf is not on_it or not self._may(scope):
            await self._ask(scope, receive, send, place)
            return
        number = requests.number_for(said.get(NUMBER, b"").decode("latin-1"))
        headers = [*made.headers, (NUMBER, number.encode())]
        await send({"type": "http.response.start", "status": OK, "headers": headers})
        await send({"type": "http.response.body", "body": made.body})

    def _may(self, scope: Scope) -> bool:
        """Within its rate; who is not is refused where everybody is."""
        name = rates.name_of(client_of(scope))
        return self._bucket is not None and not self._bucket.take(name, time.monotonic())

    async def _ask(
        self, scope: Scope, receive: Receive, send: Send, place: tuple[str, bytes]
    ) -> None:
        """Let the route answer, and keep what it said."""
        found: dict[str, Any] = {}
        made = Made()

        async def listen(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == OK:
                made.shelf = shelf.at_hand()
                made.headers = [h for h in message["headers"] if h[0].lower() != NUMBER]
            elif message["type"] == "http.response.body":
                made.body += message.get("body", b"")
            await send(message)

        await self.app({**scope, rates.FOUND: found}, receive, listen)
        self._bucket = found.get("bucket", self._bucket)
        if made.shelf is not None:
            self._made = {k: kept for k, kept in self._made.items() if kept.shelf is made.shelf}
            self._made[place] = made
