"""The API as programs and browsers reach it: through the edge, without the pages.

`program` is a client without cookies; `browser` keeps them and comes from the shop's own page.
"""

from collections.abc import AsyncGenerator

import httpx
import pytest

from api.app import create_api
from api.at_hand import AtHand
from api.edge import Edge
from infra.settings import settings
from tests.fixtures import Shop


def client(address: str = "203.0.113.7", **options: object) -> httpx.AsyncClient:
    edge = AtHand(Edge(create_api()))
    transport = httpx.ASGITransport(edge, client=(address, 50_000), raise_app_exceptions=False)
    origin = settings().origin
    return httpx.AsyncClient(transport=transport, base_url=origin, **options)  # type: ignore[arg-type]


@pytest.fixture
async def program(shop: Shop) -> AsyncGenerator[httpx.AsyncClient]:  # noqa: ARG001  # its settings
    async with client() as made:
        yield made


@pytest.fixture
async def browser(shop: Shop) -> AsyncGenerator[httpx.AsyncClient]:  # noqa: ARG001
    async with client(headers={"Origin": settings().origin}) as made:
        yield made
