"""What is answered from bytes at hand is what the route would answer, to whom it would."""

import httpx
import pytest

from api.app import create_api
from api.edge import Edge
from domain import catalog, shelf
from domain.sql import run
from infra.database import unit_of_work
from tests.api.conftest import client
from tests.builders import make_account, make_plan
from tests.fixtures import Shop

PATHS = ["/api/servicios/activos", "/api/planes/activos"]
NUMBER = "x-request-id"


@pytest.fixture(autouse=True)
async def _for_a_while(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """A plan on a shelf that stays fresh until it is dropped."""
    monkeypatch.setattr(shelf, "FRESH", 3600.0)
    shelf.forget()
    await make_account((await make_plan()).service_id)


def unnumbered(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != NUMBER}


async def by_the_route(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(Edge(create_api()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as alone:
        return await alone.get(path)


@pytest.mark.parametrize("path", PATHS)
async def test_it_is_the_routes_answer_with_a_number_of_its_own(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    first = await program.get(path)

    async def nobody() -> None:
        raise AssertionError

    monkeypatch.setattr(shelf, "services", nobody)
    again = await program.get(path)
    kept = await program.get(path, headers={NUMBER: "caddy-0123456789"})
    assert (again.status_code, again.content) == (200, first.content)
    assert unnumbered(again) == unnumbered(first)
    assert len({first.headers[NUMBER], again.headers[NUMBER]}) == 2
    assert kept.headers[NUMBER] == "caddy-0123456789"
    monkeypatch.undo()
    route = await by_the_route(path)
    assert (route.content, unnumbered(route)) == (again.content, unnumbered(again))


async def test_a_change_of_the_catalog_is_seen_by_the_next_who_asks(
    program: httpx.AsyncClient,
) -> None:
    for _ in range(2):
        assert (await program.get(PATHS[1])).json()["items"][0]["sale_price"] == "150.00"
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET cost = 130")
    assert (await program.get(PATHS[1])).json()["items"][0]["sale_price"] == "150.00"
    await shelf.on_signal("catalog")
    assert (await program.get(PATHS[1])).json()["items"][0]["sale_price"] == "160.00"


async def test_a_shelf_that_is_no_longer_fresh_is_looked_at_again(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    read = catalog.shelves

    async def counted(session: object) -> object:
        nonlocal looked
        looked += 1
        return await read(session)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf, "shelves", counted)
    shelf.forget()
    for _ in range(3):
        await program.get(PATHS[0])
    assert looked == 1
    monkeypatch.setattr(shelf, "FRESH", 0.0)
    for _ in range(3):
        await program.get(PATHS[0])
    assert looked == 4


async def test_who_asks_otherwise_gets_what_they_asked_for(
    program: httpx.AsyncClient, shop: Shop
) -> None:
    tag = (await program.get(PATHS[0])).headers["etag"]
    same = await program.get(PATHS[0], headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    assert (await program.get(PATHS[0], params={"limit": 0})).status_code == 422
    assert (await program.post(PATHS[0])).status_code == 405
    assert (await program.get(PATHS[0], headers={"Host": "malo.example"})).status_code == 400
    shop.configure(api_origins="https://panel.example")
    async with client() as opened:
        await opened.get(PATHS[0])
        read = await opened.get(PATHS[0], headers={"Origin": "https://panel.example"})
        assert read.headers["access-control-allow-origin"] == "https://panel.example"


async def test_it_counts_as_any_other_request(shop: Shop) -> None:
    shop.configure(api_per_minute=3)
    async with client() as hasty:
        answers = [(await hasty.get(PATHS[0])).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
