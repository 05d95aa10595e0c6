"""Uploading stock: who may, from which page, how much, and that nothing is guessed at."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from domain.sql import fetch, scalar
from infra import browser as browsers
from infra.database import reading
from tests.builders import (
    make_customer,
    make_service,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)

UPLOAD = "/api/admin/importaciones"
LINES = "ana@x.mx:uno:Sala:0042\n"


def signed_in(browser: httpx.AsyncClient, token: str) -> None:
    browser.cookies.set(browsers.session_cookie(), token)


@pytest.fixture
async def staff(browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """An operator's browser."""
    signed_in(browser, await sign_in_staff(await make_staff()))
    return browser


async def upload(client: httpx.AsyncClient, content: str | bytes, **asked: Any) -> httpx.Response:
    return await client.post(
        UPLOAD,
        content=content,
        params=asked,
        headers={"Content-Type": "application/octet-stream"},
    )


async def batches() -> list[Any]:
    async with reading() as session:
        return await fetch(session, "SELECT * FROM import_batches ORDER BY id")


async def test_an_operator_uploads_a_file_and_gets_its_preview(staff: httpx.AsyncClient) -> None:
    service = await make_service()
    answer = await upload(staff, LINES, servicio=service.id, nombre="Lista de julio.csv")
    assert answer.status_code == 201
    [batch] = await batches()
    assert answer.json() == {"id": batch.id}
    assert (batch.file_name, batch.good, batch.bad) == ("Lista de julio.csv", 1, 0)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM accounts") == 0


@pytest.mark.parametrize("who", ["nobody", "customer"])
async def test_nobody_else_uploads(browser: httpx.AsyncClient, who: str) -> None:
    if who == "customer":
        signed_in(browser, await sign_in_customer(await make_customer()))
    answer = await upload(browser, LINES)
    assert answer.status_code == (403 if who == "customer" else 401)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert await batches() == []


@pytest.mark.parametrize("origin", ["https://tienda.example", None])
async def test_another_sites_page_cannot_upload_with_the_operators_cookie(
    staff: httpx.AsyncClient, origin: str | None
) -> None:
    del staff.headers["Origin"]
    if origin:
        staff.headers["Origin"] = origin
    assert (await upload(staff, LINES)).status_code == 403
    assert await batches() == []


async def test_too_much_is_refused_whether_it_is_announced_or_not(
    staff: httpx.AsyncClient,
) -> None:
    announced = await upload(staff, b"x" * 5_000_001)
    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")

    async def pieces() -> Any:
        for _ in range(6):
            yield b"x" * 1_000_000

    unsaid = await staff.post(UPLOAD, content=pieces())
    assert unsaid.status_code == 413
    assert await batches() == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\xff\xd8\xff\xe0\x00JFIF"])
async def test_what_is_no_stock_is_refused_in_spanish_beside_the_file(
    staff: httpx.AsyncClient, content: bytes
) -> None:
    answer = await upload(staff, content, nombre="foto.csv")
    assert answer.status_code == 422
    assert answer.json()["errors"]["file"].endswith(".")
    assert await batches() == []


async def test_a_service_that_is_none_asks_for_one_in_the_preview(
    staff: httpx.AsyncClient,
) -> None:
    assert (await upload(staff, LINES, servicio=999)).status_code == 201
    assert (await batches())[0].error == "import_service"
    assert (await upload(staff, LINES, servicio="uno")).status_code == 422
