"""Pages are built once for every shop; each is sent under the name of the shop that sends it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles

from api.edge import Edge
from api.titles import Titles
from infra.settings import settings
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")

BUILT = {
    "index.html": "<head><title>Cuenty · Netflix y más</title></head><p>Cuenty</p>",
    "ayuda/index.html": "<head><title>Ayuda · Cuenty</title></head><script>1</script>",
    "cuenty.css": "/* Ayuda · Cuenty */",
}
NAMED = '<head><title>Ayuda · Cine en Casa</title><meta name="application-name" '


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    for name, text in BUILT.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(text.encode()))
    files = PrecompressedStaticFiles(directory=tmp_path, html=True, encodings=["gzip"])
    transport = httpx.ASGITransport(Edge(Titles(files)))
    async with httpx.AsyncClient(transport=transport, base_url=settings().origin) as made:
        yield made


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_every_page_has_the_shops_own_name_before_any_script_runs(
    shop: Shop, visitor: httpx.AsyncClient, encoding: str
) -> None:
    shop.configure(shop_name="Cine en Casa")
    asking = {"Accept-Encoding": encoding}
    page = await visitor.get("/ayuda/", headers=asking)
    assert page.text.startswith(NAMED)
    assert page.headers.get("content-encoding", "identity") == encoding
    assert "'sha256-" in page.headers["content-security-policy"], "its scripts may still run"
    front = (await visitor.get("/", headers=asking)).text
    assert "<title>Cine en Casa · Netflix y más</title>" in front
    assert "<p>Cuenty</p>" in front, "nothing but its head is touched"
    assert (await visitor.get("/cuenty.css", headers=asking)).text == BUILT["cuenty.css"]


async def test_a_name_with_html_in_it_stays_text(shop: Shop, visitor: httpx.AsyncClient) -> None:
    shop.configure(shop_name='<script>"x"</script> \\1')
    page = (await visitor.get("/ayuda/")).text
    assert "<title>Ayuda · &lt;script&gt;&quot;x&quot;&lt;/script&gt; \\1</title>" in page
    assert page.count("<script>") == 1


async def test_a_kept_page_is_good_until_the_shop_is_renamed(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    async def ask(kept: httpx.Response) -> httpx.Response:
        conditions = {
            "If-None-Match": kept.headers["etag"],
            "If-Modified-Since": kept.headers["last-modified"],
        }
        return await visitor.get("/ayuda/", headers=conditions)

    first = await visitor.get("/ayuda/")
    assert (await ask(first)).status_code == 304
    shop.configure(shop_name="Cine en Casa")
    renamed = await ask(first)
    assert (renamed.status_code, renamed.text[: len(NAMED)]) == (200, NAMED)
    again = await ask(renamed)
    assert (again.status_code, again.headers["etag"]) == (304, renamed.headers["etag"])
    shop.configure(shop_name="Cine Bar")
    assert "Ayuda · Cine Bar" in (await ask(renamed)).text
    shop.configure(shop_name="Cuenty")
    assert (await ask(renamed)).text == BUILT["ayuda/index.html"]


async def test_a_page_is_never_sent_in_part_and_its_head_alone_has_no_length(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    shop.configure(shop_name="Cine en Casa")
    part = await visitor.get("/ayuda/", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.text[: len(NAMED)]) == (200, NAMED)
    head = await visitor.head("/ayuda/")
    assert (head.status_code, head.content, "content-length" in head.headers) == (200, b"", False)
