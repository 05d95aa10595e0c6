"""The API in a process of its own, on a port, through the server that serves the shop.

The `unguarded` one sells without row locks: the control that shows what they are for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server

from api.app import create_api
from api.edge import Edge
from domain import orders
from infra.settings import settings
from tests.fixtures import Shop
from tests.race.buyers import UNGUARDED
from tests.race.processes import finish, start


async def serve(port: int, guarded: bool) -> None:
    """Until the process is ended. As many connections as `cuenty serve` takes."""
    if not guarded:
        orders.PLACE_AND_CLAIM = UNGUARDED
    app = Edge(create_api())
    server = Server(app, port=port, interface=Interfaces.ASGI, backlog=1024, log_enabled=False)
    await server.serve()


@contextlib.asynccontextmanager
async def served(shop: Shop, *, guarded: bool = True) -> AsyncGenerator[str]:
    """Where this test's shop is served; a program may ask as often as it likes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    shop.patch.setenv("PORT", str(port))
    shop.configure(api_per_minute=10**9)
    process, _ = start(serve, port, guarded)
    try:
        origin = settings().origin
        async with httpx.AsyncClient(base_url=origin) as program:
            while not await _answers(program):
                assert process.is_alive(), "the API does not start"
                await asyncio.sleep(0.02)
        yield origin
    finally:
        process.terminate()
        await finish(process)


async def _answers(program: httpx.AsyncClient) -> bool:
    try:
        return (await program.get("/health")).is_success
    except httpx.TransportError:
        return False
