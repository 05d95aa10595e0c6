"""Uploading a bank's statement: who may, from which page, and what is kept of it."""

from __future__ import annotations

import httpx
import pytest

from domain.sql import fetch, scalar
from infra.clock import today
from infra.database import reading
from tests.api.test_imports import signed_in, staff
from tests.builders import make_customer, sign_in_customer

UPLOAD = "/api/admin/estados-de-cuenta"
PAYER = "JUAN PEREZ LOPEZ"
__all__ = ["staff"]


def movements(*rows: str) -> bytes:
    day = f"{today():%d/%m/%Y}"
    return "\n".join(["Dia,Texto,Monto,Saldo", *(f"{day},{row}" for row in rows)]).encode()


async def upload(client: httpx.AsyncClient, content: bytes, name: str = "x.csv") -> httpx.Response:
    return await client.post(
        UPLOAD,
        content=content,
        params={"nombre": name},
        headers={"Content-Type": "application/octet-stream"},
    )


async def statements() -> int:
    async with reading() as session:
        return await scalar(session, "SELECT count(*) FROM statements")


async def test_an_operator_uploads_a_statement(staff: httpx.AsyncClient) -> None:
    answer = await upload(staff, movements("RENTA,900.00,900.00"), "Noviembre.csv")
    assert answer.status_code == 201
    async with reading() as session:
        [kept] = await fetch(session, "SELECT * FROM statements")
    assert (answer.json(), kept.file_name) == ({"id": kept.id}, "Noviembre.csv")


async def test_a_file_that_waits_for_its_columns_is_sealed(staff: httpx.AsyncClient) -> None:
    await upload(staff, movements(f"{PAYER},900.00,900.00"))
    async with reading() as session:
        [kept] = await fetch(session, "SELECT status, content FROM statements")
    assert kept.status == "columns"
    assert PAYER.encode() not in kept.content


@pytest.mark.parametrize("who", ["nobody", "customer"])
async def test_nobody_else_uploads(browser: httpx.AsyncClient, who: str) -> None:
    if who == "customer":
        signed_in(browser, await sign_in_customer(await make_customer()))
    answer = await upload(browser, movements("RENTA,900.00,900.00"))
    assert answer.status_code == (403 if who == "customer" else 401)
    assert await statements() == 0


async def test_another_sites_page_cannot_upload_with_the_operators_cookie(
    staff: httpx.AsyncClient,
) -> None:
    staff.headers["Origin"] = "https://tienda.example"
    assert (await upload(staff, movements("RENTA,900.00,900.00"))).status_code == 403
    assert await statements() == 0


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x80", b"%PDF-1.7 x", b"<svg/>", b"nada"])
async def test_what_is_no_statement_is_refused_beside_its_field(
    staff: httpx.AsyncClient,
    content: bytes,
) -> None:
    answer = await upload(staff, content)
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"file"}
    assert await statements() == 0


async def test_too_much_is_refused(staff: httpx.AsyncClient) -> None:
    assert (await upload(staff, b"x" * 5_000_001)).status_code == 413
