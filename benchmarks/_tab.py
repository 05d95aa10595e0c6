"""One browser tab's socket, spoken as Reflex's page speaks it (`utils/state.js` of the build).

Engine.IO 4 and Socket.IO 5 on a bare WebSocket: what arrives can be measured to the byte, and the
load generator, which shares the machine, costs little.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

HYDRATE = "reflex___state____state.hydrate_and_load"
HYDRATED = "is_hydrated_rx_state_"
EVENT = '42/_event,["event",'
OPENED, PING, PONG, CONNECT = "0", "2", "3", "40/_event,"

Update = dict[str, Any]


class Tab:
    """`sizes` are those of the updates' frames, in bytes as they came."""

    def __init__(self, socket: ClientConnection, path: str) -> None:
        self.socket = socket
        self.sizes: list[int] = []
        self._router = {"pathname": path, "asPath": path}

    async def send(self, name: str, payload: dict[str, Any] | None = None) -> None:
        await self.socket.send(f"{EVENT}{self._event(name, payload)}]")

    async def update(self) -> Update:
        """The next state update."""
        while True:
            frame = await self.socket.recv(decode=False)
            if frame.startswith(EVENT.encode()):
                self.sizes.append(len(frame))
                return json.loads(frame[len(EVENT) : -1])
            if frame == PING.encode():
                await self.socket.send(PONG)
            elif frame.startswith((b"41", b"44")):
                raise RuntimeError(f"the server refused: {frame[:200]!r}")

    async def ask(self, name: str, payload: dict[str, Any] | None = None) -> Update:
        """Send an event that is answered by one update, and return that."""
        await self.send(name, payload)
        return await self.update()

    async def settle(self) -> list[Update]:
        """Everything until the page has loaded: what its `on_load` sent, too."""
        updates: list[Update] = []
        while True:
            updates.append(await self.update())
            if any(values.get(HYDRATED) for values in updates[-1].get("delta", {}).values()):
                return updates

    async def begin(self, hashes: list[str] | None, schema: str) -> None:
        """The first packet carries the first event; the answer is only that it was taken."""
        await self.socket.recv()
        first = self._event(HYDRATE, {"hashes": hashes} if hashes else {})
        await self.socket.send(f'{CONNECT}{{"event":{first},"state_schema":{json.dumps(schema)}}}')

    def _event(self, name: str, payload: dict[str, Any] | None) -> str:
        event = {"name": name, "payload": payload or {}, "router_data": self._router}
        return json.dumps(event, separators=(",", ":"))


@asynccontextmanager
async def tab(origin: str, web: Path, path: str = "/", cookie: str = "") -> AsyncGenerator[Tab]:
    """A loaded page of the app built in `web`; its updates while loading are in `sizes`."""
    schema, hashes = compiled(web)
    url = f"{origin.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"
    async with connect(
        f"{url}&token={secrets.token_hex(16)}",
        origin=Origin(origin),
        subprotocols=[Subprotocol(version("reflex"))],
        additional_headers={"Cookie": cookie} if cookie else {},
        compression=None,
        ping_interval=None,
        max_size=None,
    ) as socket:
        opened = Tab(socket, path)
        await opened.begin(hashes, schema)
        await opened.settle()
        yield opened


def compiled(web: Path) -> tuple[str, list[str]]:
    """What the built page says about itself on its first connection."""
    text = (web / "utils" / "context.jsx").read_text(encoding="utf-8")
    schema = re.search(r"stateSchema\s*=\s*[\"']([^\"']+)", text)
    hashes = re.search(r"initialStateHashes\s*=\s*(\[[^\]]*\])", text)
    if schema is None or hashes is None:
        raise RuntimeError("the build names no state schema")
    return schema[1], json.loads(hashes[1])
