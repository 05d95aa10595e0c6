"""Links to a service shared in a chat show the service, and nothing that was typed in as HTML."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from api import previews
from tests.builders import make_plan, make_service

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    shell = tmp_path / "shell.html"
    shell.write_text("<html><head></head><body></body></html>", encoding="utf-8")
    monkeypatch.setattr(previews, "SHELL", shell)
    transport = httpx.ASGITransport(previews.Previews(PlainTextResponse("the app")))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000")


async def test_a_link_to_a_service_carries_its_name_price_and_picture(
    page: httpx.AsyncClient,
) -> None:
    service = await make_service(slug="netflix", name="Netflix", description="Series en HD")
    await make_plan(service, cost=Decimal(120), margin=Decimal(30))
    answer = await page.get("/servicio/netflix")
    assert answer.status_code == 200
    assert "<title>Netflix desde $150.00 MXN · Cuenty</title>" in answer.text
    assert '<meta property="og:description" content="Series en HD"/>' in answer.text
    assert 'content="http://localhost:3000/og.png"' in answer.text


async def test_an_unknown_service_is_a_404(page: httpx.AsyncClient) -> None:
    assert (await page.get("/servicio/no-existe")).status_code == 404


async def test_a_name_with_html_in_it_stays_text(page: httpx.AsyncClient) -> None:
    await make_plan(await make_service(slug="x", name='<script>"x"</script>'))
    answer = await page.get("/servicio/x")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_every_other_address_is_the_apps(page: httpx.AsyncClient) -> None:
    for path in ("/", "/servicio/a/b", "/pedido/1"):
        assert (await page.get(path)).text == "the app"
