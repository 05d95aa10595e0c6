"""Receipts over HTTP: who may send and see them, and what is done with hostile files."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from domain.sql import fetch, scalar
from infra import browser as browsers
from infra.clock import today
from infra.database import reading
from infra.settings import settings
from tests.api.conftest import client
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.domain.test_receipts import ordered
from tests.infra.test_pictures import HOSTILE
from tests.pictures import opened, receipt, saved

KEY = {"tracking_key": "MBAN0100231125", "bank": "BBVA", "paid_on": str(today())}


def signed_in(browser: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    browser.cookies.set(browsers.session_cookie(), token)
    return browser


@pytest.fixture
async def another(browser: httpx.AsyncClient) -> AsyncGenerator[httpx.AsyncClient]:
    """The browser of somebody else, with nobody signed in yet."""
    del browser  # its settings
    async with client(headers={"Origin": settings().origin}) as made:
        yield made


@pytest.fixture
async def ana(browser: httpx.AsyncClient) -> tuple[httpx.AsyncClient, int]:
    """The browser of a customer, and the order she has not paid yet."""
    customer = await make_customer()
    _, number = await ordered(customer)
    return signed_in(browser, await sign_in_customer(customer)), number


async def send(
    browser: httpx.AsyncClient, number: int, content: bytes | None, **more: Any
) -> httpx.Response:
    name = more.pop("name", "foto.jpg")
    files = {} if content is None else {"file": (name, content, "image/jpeg")}
    if not files:  # several parts without a file among them
        files = {field: (None, value) for field, value in more.items()}
        return await browser.post(f"/api/comprobantes/{number}", files=files)
    return await browser.post(f"/api/comprobantes/{number}", files=files, data=more)


async def kept() -> list[Any]:
    async with reading() as session:
        return await fetch(session, "SELECT * FROM receipts ORDER BY id")


async def test_a_photo_is_kept_as_our_own_picture_and_shown_to_its_owner_and_the_staff(
    ana: tuple[httpx.AsyncClient, int], another: httpx.AsyncClient
) -> None:
    browser, number = ana
    answer = await send(browser, number, saved(receipt(), "PNG"), name="../../etc/passwd")
    assert answer.status_code == 201, answer.text
    [row] = await kept()
    assert answer.json() == {"id": row.id}
    staff = signed_in(another, await sign_in_staff(await make_staff()))
    for allowed in (browser, staff):
        shown = await allowed.get(f"/api/comprobantes/{row.id}")
        assert shown.status_code == 200
        assert opened(shown.content).format == "JPEG"
        assert shown.headers["Content-Type"] == "image/jpeg"
        assert shown.headers["Cache-Control"] == "no-store"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Content-Disposition"].startswith("attachment")
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
        assert "sandbox" in shown.headers["Content-Security-Policy"]


async def test_nobody_else_sees_a_picture_or_learns_that_there_is_one(
    ana: tuple[httpx.AsyncClient, int], another: httpx.AsyncClient
) -> None:
    browser, number = ana
    receipt_id = (await send(browser, number, saved(receipt()))).json()["id"]
    assert (await another.get(f"/api/comprobantes/{receipt_id}")).status_code == 401
    signed_in(another, await sign_in_customer(await make_customer()))
    there = await another.get(f"/api/comprobantes/{receipt_id}")
    nowhere = await another.get("/api/comprobantes/999999")
    assert there.status_code == nowhere.status_code == 404
    assert there.json() == nowhere.json()
    refused = await send(another, number, saved(receipt()))
    assert refused.status_code == 404
    assert len(await kept()) == 1


async def test_an_amount_is_taken_as_banks_write_it(ana: tuple[httpx.AsyncClient, int]) -> None:
    browser, number = ana
    answer = await send(browser, number, None, **KEY, amount="$1,234.50 MXN")
    assert answer.status_code == 201, answer.text
    assert str((await kept())[0].amount) == "1234.50"
    for wrong in ("10.555", "$", "1e999999", "NaN", "-5", "1.234,50"):
        answer = await send(browser, number, None, **KEY, amount=wrong)
        assert set(answer.json()["errors"]) == {"amount"}, wrong


async def test_a_tracking_key_alone_is_a_receipt(ana: tuple[httpx.AsyncClient, int]) -> None:
    browser, number = ana
    assert (await send(browser, number, None, **KEY)).status_code == 201
    [row] = await kept()
    assert (row.tracking_key, row.bank, row.content) == ("MBAN0100231125", "BBVA", None)
    assert (await browser.get(f"/api/comprobantes/{row.id}")).status_code == 404


@pytest.mark.parametrize("origin", ["https://tienda.example", None])
async def test_another_sites_page_sends_nothing_with_the_customers_cookie(
    ana: tuple[httpx.AsyncClient, int], origin: str | None
) -> None:
    browser, number = ana
    del browser.headers["Origin"]
    if origin:
        browser.headers["Origin"] = origin
    assert (await send(browser, number, saved(receipt()))).status_code == 403
    assert await kept() == []


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_files_are_refused_beside_the_file_in_spanish(
    ana: tuple[httpx.AsyncClient, int], name: str
) -> None:
    browser, number = ana
    answer = await send(browser, number, HOSTILE[name](), name="foto.jpg")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]["file"].endswith(".")
    assert await kept() == []


async def test_a_file_that_is_too_heavy_is_refused_whether_it_is_announced_or_not(
    ana: tuple[httpx.AsyncClient, int],
) -> None:
    browser, number = ana
    photo = saved(receipt())
    almost = await send(browser, number, photo + b"\x00" * (8_000_001 - len(photo)))
    assert almost.status_code == 422
    assert "8 MB" in almost.json()["errors"]["file"]
    announced = await send(browser, number, photo + b"\x00" * 50_000_000)
    assert announced.status_code == 413

    async def pieces() -> AsyncGenerator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(50):
            yield b"x" * 1_000_000

    unsaid = await browser.post(
        f"/api/comprobantes/{number}",
        content=pieces(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert unsaid.status_code == 413
    assert await kept() == []


BROKEN = {
    "no boundary": ("multipart/form-data", b"x"),
    "not what it says": ("multipart/form-data; boundary=x", b"\xff" * 300),
    "an end that never comes": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc',
    ),
    "a header of half a megabyte": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: " + b"a" * 500_000,
    ),
    "many files": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n' * 50
        + b"--x--\r\n",
    ),
    "many fields": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="bank"\r\n\r\na\r\n' * 50 + b"--x--\r\n",
    ),
    "letters that are none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="bank"\r\n\r\n\xff\xfe\r\n--x--\r\n',
    ),
    "json": ("application/json", b"{}"),
    "nothing": ("", b""),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_form_is_refused(ana: tuple[httpx.AsyncClient, int], name: str) -> None:
    browser, number = ana
    kind, content = BROKEN[name]
    answer = await browser.post(
        f"/api/comprobantes/{number}", content=content, headers={"Content-Type": kind}
    )
    assert 400 <= answer.status_code < 500, answer.text
    assert await kept() == []


async def test_nonsense_in_a_field_is_said_beside_it(ana: tuple[httpx.AsyncClient, int]) -> None:
    browser, number = ana
    for field, value in (
        ("paid_on", "ayer"),
        ("paid_on", "9999-99-99"),
        ("amount", "mucho"),
        ("amount", "NaN"),
        ("amount", "1e9999"),
        ("bank", "x" * 5000),
        ("tracking_key", "a\x00b"),
    ):
        answer = await send(browser, number, saved(receipt()), **{field: value})
        assert answer.status_code == 422, (field, value, answer.text)
        assert set(answer.json()["errors"]) == {field}
    assert await kept() == []


async def test_files_are_not_read_for_an_order_that_takes_none(
    ana: tuple[httpx.AsyncClient, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = ana

    async def never(_: bytes) -> None:
        raise AssertionError

    monkeypatch.setattr("infra.pictures.read", never)
    assert (await send(browser, 999, saved(receipt()))).status_code == 404


async def test_the_bytes_that_came_are_nowhere_in_the_database(
    ana: tuple[httpx.AsyncClient, int],
) -> None:
    browser, number = ana
    content = saved(receipt()) + b"<script>alert('polyglot')</script>"
    await send(browser, number, content)
    async with reading() as session:
        found = await scalar(
            session,
            "SELECT count(*) FROM receipts WHERE position('polyglot'::bytea IN content) > 0",
        )
    assert (found, len(await kept())) == (0, 1)
