"""The shop's API and its bare counterpart as two processes, and clients that ask them by HTTP.

Run as a command it is such a process: `uncached` is the API behind its edge, without what the
catalog keeps in memory, and in `afresh` nothing reads as before; `bare` is `bare/rest.py`. All are
served as the shop is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _apps import BARE, Data, shop_environment
from _harness import LOOPBACK, free_port, median, running, turns, wait_until_200

CLIENTS = 8
UNLIMITED = {"CUENTY_API_PER_MINUTE": "1000000000", "CUENTY_WORKER_IN_APP": "false"}
READY = {"uncached": "/health", "afresh": "/health", "bare": "/catalog"}


@contextlib.contextmanager
def process(kind: str, data: Data) -> Generator[str]:
    """One of the two, on the shop's database; its address."""
    port = free_port()
    log = data.folder.parent / f"{kind}.log"
    env = shop_environment(data.folder, port, DATABASE_URL=data.url, **UNLIMITED)
    with running([sys.executable, __file__, kind], cwd=BARE.parent, env=env, log=log) as main:
        wait_until_200(f"http://{LOOPBACK}:{port}{READY[kind]}", main, log)
        yield f"http://localhost:{port}"


@dataclass(frozen=True, slots=True)
class Link:
    """One connection that stays open, as a program keeps it; an answer is its status and body."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str = ""
    ) -> tuple[int, bytes]:
        sent = (
            b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        )
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(sent)}\r\n"
        if sent:
            head += "Content-Type: application/json\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        self.writer.write(f"{head}\r\n".encode() + sent)
        headers = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        _, found, rest = headers.partition(b"content-length: ")
        length = int(rest.partition(b"\r\n")[0]) if found else 0
        return int(headers[9:12]), await self.reader.readexactly(length)


@contextlib.asynccontextmanager
async def links(origin: str, count: int = CLIENTS) -> AsyncGenerator[list[Link]]:
    host, _, port = origin.removeprefix("http://").partition(":")
    opened = [Link(*await asyncio.open_connection(host, int(port))) for _ in range(count)]
    try:
        yield opened
    finally:
        for link in opened:
            link.writer.close()


Ask = Callable[[Link, int], Awaitable[None]]


async def rates(
    pairs: Sequence[tuple[Sequence[Link], Ask]], each: int, rounds: int
) -> tuple[float, float]:
    """What ours and the bare one answer a second: medians of rounds taken in turns.

    `ask(link, client)` asks once more; every client asks `each` times a round.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for opened, ask in pairs:
        await _round(opened, ask, max(1, each // 5))
    for order in turns(rounds):
        for which in order:
            taken[which].append(await _round(*pairs[which], each))
    return median(taken[0]), median(taken[1])


async def _round(opened: Sequence[Link], ask: Ask, each: int) -> float:
    async def client(number: int, link: Link) -> None:
        for _ in range(each):
            await ask(link, number)

    begun = time.perf_counter()
    await asyncio.gather(*(client(number, link) for number, link in enumerate(opened)))
    return len(opened) * each / (time.perf_counter() - begun)


def uncached() -> Any:
    """Every request reads the shelves."""
    return _reading(same=True)


def afresh() -> Any:
    """Every request reads the shelves, and finds them changed."""
    return _reading(same=False)


def _reading(*, same: bool) -> Any:
    from api.app import create_api  # noqa: PLC0415  # the settings are in the environment by now
    from api.edge import Edge  # noqa: PLC0415
    from domain import catalog, shelf  # noqa: PLC0415
    from infra.database import reading  # noqa: PLC0415

    async def read() -> tuple[catalog.ServiceOnSale, ...]:
        async with reading() as session:
            if not same:
                catalog.arranged.cache_clear()
            return await catalog.shelves(session)

    shelf.services = read
    return Edge(create_api())


def bare() -> Any:
    sys.path.insert(0, str(BARE))
    import rest  # noqa: PLC0415

    return rest.app


def serve(kind: str) -> None:
    from granian.constants import Interfaces, Loops  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Server(
        target=f"{Path(__file__).stem}:{kind}",
        factory=True,
        address=LOOPBACK,
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1])
