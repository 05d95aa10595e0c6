"""A tab's socket without its page: what anybody may write to it, and every frame that comes back.

    async with wire(served, cookie_of(token)) as tab:
        answer = await tab.call("state…my_orders.load")
        answer.of("state…my_orders"), answer.went, answer.told

Engine.IO 4 and Socket.IO 5 by hand, as the built page speaks them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from infra import browser
from tests.browser.conftest import Served

ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"
# Public, changes nothing of the shop, and is always answered: it ends what came before it.
FENCE = f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated"
HYDRATED = "is_hydrated_rx_state_"
EVENT = '42/_event,["event",'
PING, PONG = "2", "3"


@dataclass
class Answer:
    """Everything one event brought: values by State, redirects, and other orders to the browser."""

    deltas: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def of(self, state: str) -> dict[str, Any]:
        """What this State said, by the names of its fields."""
        said: dict[str, Any] = {}
        for delta in self.deltas:
            for name, value in delta.get(state, {}).items():
                said[name.removesuffix("_rx_state_")] = value
        return said

    @property
    def states(self) -> set[str]:
        return {state for delta in self.deltas for state in delta}

    def take(self, update: dict[str, Any]) -> None:
        if update.get("delta"):
            self.deltas.append(update["delta"])
        for event in update.get("events", ()):
            if event["name"] == "_redirect":
                self.went.append(str(event["payload"]["path"]).strip('"'))
            else:
                self.told.append(event)


class Wire:
    """`frames` are all that came, as they came."""

    def __init__(self, socket: ClientConnection, path: str) -> None:
        self.socket, self.path = socket, path
        self.frames: list[str] = []

    async def begin(self) -> Answer:
        """Connect to the namespace and load the page."""
        await self.socket.recv()
        boot = {"event": self._event(HYDRATE, {}), "state_schema": None}
        await self.socket.send(f"40/_event,{json.dumps(boot)}")
        return await self._until(hydrated=True)

    async def go(self, path: str) -> None:
        """Be on another page, without loading anything there."""
        self.path = path
        await self.fence()

    async def call(self, name: str, payload: dict[str, Any] | None = None) -> Answer:
        """Send one event and take everything it is answered with."""
        await self.raw(f"{EVENT}{json.dumps(self._event(name, payload or {}))}]")
        return await self.fence()

    async def raw(self, frame: str) -> None:
        await self.socket.send(frame)

    async def fence(self) -> Answer:
        """What came until now; events of one tab are answered one after the other."""
        await self.raw(f"{EVENT}{json.dumps(self._event(FENCE, {'value': True}))}]")
        return await self._until(hydrated=True)

    async def _until(self, *, hydrated: bool) -> Answer:
        answer = Answer()
        while True:
            update = await self._update()
            ends = update.get("delta", {}).get(ROOT, {}).get(HYDRATED) is hydrated
            if ends:
                update["delta"][ROOT].pop(HYDRATED)
                update["delta"] = {state: said for state, said in update["delta"].items() if said}
            answer.take(update)
            if ends:
                return answer

    async def _update(self) -> dict[str, Any]:
        while True:
            frame = str(await self.socket.recv(decode=True))
            self.frames.append(frame)
            if frame.startswith(EVENT):
                return dict(json.loads(frame[len(EVENT) : -1]))
            if frame == PING:
                await self.raw(PONG)
            assert not frame.startswith(("41", "44")), f"the server refused: {frame[:200]}"

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        route = {"pathname": self.path, "asPath": self.path}
        return {"name": name, "payload": payload, "router_data": route}


@asynccontextmanager
async def wire(
    served: Served,
    token: str = "",
    *,
    path: str = "/terminos",
    origin: str | None = "",
    visitor: str = "",
) -> AsyncGenerator[Wire]:
    """A connected tab of a browser that carries this session's token, or of a guest's.

    `origin=None` sends no Origin; without a word about it, the page is the shop's own.
    """
    address = served.origin.replace("http", "ws", 1)
    claimed = served.origin if origin == "" else origin
    async with connect(
        f"{address}/_event/?EIO=4&transport=websocket&token={secrets.token_hex(16)}",
        origin=Origin(claimed) if claimed is not None else None,
        subprotocols=[Subprotocol(version("reflex"))],
        additional_headers={"Cookie": cookies(token, visitor)},
        compression=None,
        max_size=None,
    ) as socket:
        tab = Wire(socket, path)
        await tab.begin()
        yield tab


def cookies(token: str = "", visitor: str = "") -> str:
    """As the browser of a served shop sends them: it has no HTTPS."""
    named = [f"{browser.visitor_cookie()}={visitor or browser.new_visitor()}"]
    if token:
        named.append(f"{browser.session_cookie()}={token}")
    return "; ".join(named)
