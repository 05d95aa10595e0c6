"""What every route of the API has around it: problems, numbers, other sites, rates, pages."""

import logging
import re

import httpx
import pytest

from api.paging import Page, page
from api.rates import Bucket
from domain import shelf
from domain.errors import InvalidInput
from tests.api.conftest import client
from tests.api.people import of_customer, of_staff
from tests.builders import make_customer, make_plan
from tests.fixtures import Shop

PROBLEM = "application/problem+json"


async def test_every_error_is_a_problem_with_a_stable_code(program: httpx.AsyncClient) -> None:
    ana = await of_customer(await make_customer())
    form = {"Content-Type": "application/x-www-form-urlencoded", **ana}
    asked = {
        "unauthenticated": await program.get("/api/cart"),
        "forbidden": await program.get("/api/ordenes-new", headers=ana),
        "not_found": await program.get("/api/nada"),
        "method_not_allowed": await program.patch("/api/cart", headers=ana),
        "too_large": await program.post("/api/cart/items", content=b"x" * 1_100_000, headers=ana),
        "unsupported_media_type": await program.post(
            "/api/cart/items", content=b'{"plan_id": 1, "quantity": 1}', headers=form
        ),
        "invalid_input": await program.post("/api/cart/items", json={"plan_id": 0}, headers=ana),
    }
    statuses = dict(zip(asked, (401, 403, 404, 405, 413, 415, 422), strict=True))
    for code, answer in asked.items():
        assert answer.status_code == statuses[code], answer.text
        assert answer.headers["content-type"] == PROBLEM
        said = answer.json()
        assert (said["code"], said["status"]) == (code, statuses[code])
        assert {"type", "title", "detail"} <= said.keys()
    assert set(asked["invalid_input"].json()["errors"]) == {"plan_id", "quantity"}


async def test_a_method_that_is_not_taken_is_told_those_that_are(
    program: httpx.AsyncClient,
) -> None:
    for path, methods in (("cart", "DELETE, GET"), ("planes/1", "DELETE, GET, PUT"), ("x", None)):
        answer = await program.patch(f"/api/{path}")
        assert answer.headers.get("allow") == methods


async def test_a_number_is_no_day_and_no_yes(program: httpx.AsyncClient) -> None:
    owner = await of_staff("owner")
    for day in ("0", "1700000000", "2026-11-21T00:00:00", "20261121", "2026-02-30"):
        answer = await program.get("/api/ordenes-new", params={"to": day}, headers=owner)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"to"}), day
    ana = await make_customer()
    for blocked in (0, 1, "true", "no"):
        path = f"/api/usuarios/{ana.id}"
        answer = await program.put(path, json={"blocked": blocked}, headers=owner)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"blocked"}), blocked


async def test_what_nobody_foresaw_is_told_without_a_word_of_it(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError("canario de un secreto")

    monkeypatch.setattr(shelf, "services", broken)
    with caplog.at_level(logging.ERROR):
        answer = await program.get("/api/servicios/activos")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "canario" not in answer.text
    assert "Traceback" not in answer.text
    assert "/servicios/activos failed" in caplog.text


async def test_every_answer_has_a_number_and_keeps_one_that_came_with_the_request(
    program: httpx.AsyncClient,
) -> None:
    made = await program.get("/api/servicios/activos")
    assert re.fullmatch(r"[0-9a-f]{32}", made.headers["x-request-id"])
    kept = await program.get("/api/nada", headers={"X-Request-Id": "caddy-0123456789"})
    assert kept.headers["x-request-id"] == "caddy-0123456789"
    forged = await program.get("/api/nada", headers={"X-Request-Id": "x\tERROR: forged line"})
    assert re.fullmatch(r"[0-9a-f]{32}", forged.headers["x-request-id"])


async def test_pages_of_other_sites_read_only_where_the_shop_says_so(shop: Shop) -> None:
    site = {"Origin": "https://panel.example"}
    asking = {**site, "Access-Control-Request-Method": "GET"}
    async with client() as closed:
        answer = await closed.get("/api/planes/activos", headers=site)
        assert "access-control-allow-origin" not in answer.headers
    shop.configure(api_origins="https://panel.example")
    async with client() as opened:
        asked = await opened.options("/api/planes/activos", headers=asking)
        assert asked.status_code == 200
        answer = await opened.get("/api/planes/activos", headers=site)
        assert answer.headers["access-control-allow-origin"] == "https://panel.example"
        assert "access-control-allow-credentials" not in answer.headers
        other = await opened.get("/api/planes/activos", headers={"Origin": "https://otra.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_an_address_that_asks_too_fast_is_told_when_to_come_back(shop: Shop) -> None:
    shop.configure(api_per_minute=3)
    async with client() as hasty:
        answers = [await hasty.get("/api/planes/activos") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 20
        twilio = await hasty.post("/api/webhooks/entrada/twilio", data={"MessageStatus": "read"})
        assert twilio.status_code == 403


def test_a_bucket_fills_again_and_each_name_has_its_own() -> None:
    bucket = Bucket(60)
    assert [bucket.take("ana", 0.0) for _ in range(60)] == [0.0] * 60
    assert bucket.take("ana", 0.0) == 1.0
    assert bucket.take("luis", 0.0) == 0.0
    assert bucket.take("ana", 1.0) == 0.0


async def test_the_catalog_is_told_again_only_when_it_changed(program: httpx.AsyncClient) -> None:
    plan = await make_plan()
    first = await program.get("/api/planes/activos")
    assert first.headers["cache-control"].startswith("public, max-age=1")
    known = {"If-None-Match": first.headers["etag"]}
    same = await program.get("/api/planes/activos", headers=known)
    assert (same.status_code, same.content) == (304, b"")
    await make_plan(name="3 meses", duration_months=3)
    shelf.forget()
    changed = await program.get("/api/planes/activos", headers=known)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert plan.id in {found["id"] for found in changed.json()["items"]}


async def test_a_cursor_leads_on_and_is_taken_only_as_it_came() -> None:
    class Row:
        def __init__(self, number: int) -> None:
            self.id = number

    rows = [Row(number) for number in (9, 7, 5)]
    first = Page(limit=2).of(rows, lambda row: row.id)
    assert (first.items, Page(limit=3).of(rows, lambda row: row.id).next_cursor) == ([9, 7], None)
    assert first.next_cursor is not None
    assert (await page(2, first.next_cursor)).before == 7
    for wrong in ("7", "djE6", "djE6LTc", "a" * 99, "djE6NyA", "ñ", first.next_cursor + "="):
        with pytest.raises(InvalidInput):
            await page(2, wrong)


async def test_the_shelf_is_paged_in_the_order_of_the_shop(program: httpx.AsyncClient) -> None:
    made = [(await make_plan()).id for _ in range(3)]
    shelf.forget()
    seen, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 2, "cursor": cursor}
        page = (await program.get("/api/planes/activos", params=asked)).json()
        seen += [plan["id"] for plan in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made
    gone = Page(before=10**6)
    with pytest.raises(InvalidInput):
        gone.among([], lambda row: row)


async def test_a_page_has_at_most_200_rows(program: httpx.AsyncClient) -> None:
    owner = await of_staff("owner")
    for limit in ("0", "201", "x"):
        answer = await program.get(f"/api/ordenes-new?limit={limit}", headers=owner)
        assert set(answer.json()["errors"]) == {"limit"}
    wrong = await program.get("/api/ordenes-new?cursor=zzz", headers=owner)
    assert set(wrong.json()["errors"]) == {"cursor"}
