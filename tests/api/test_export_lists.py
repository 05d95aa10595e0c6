"""Every list as a file: the rows of the screen, each kind of value as itself, and to whom."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import AsyncGenerator, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import openpyxl
import pytest

import models
from api import sheets
from api.sheets import csv_of, harmless, xlsx_of
from domain import export_lists, order_sheets
from domain.order_filters import Wanted
from domain.order_lists import order_list
from domain.sheets import Row
from domain.sql import fetch, run
from infra import browser as browsers
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)

LISTS = "/api/admin/exportar"
# As OWASP lists them, and their like: what a sheet would run, also after what it trims.
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\x0b=1+1", "＝1+1", "＋1", "－1", "＠x",
)  # fmt: skip
PLAIN = ("Ana", "55 1234 5678", "0042", "a=b", "correo@x.mx", "", "2 - 1", "¡=!")


async def enter(browser: httpx.AsyncClient, role: str) -> models.StaffUser:
    user = await make_staff(role)
    browser.cookies.set(browsers.session_cookie(), await sign_in_staff(user))
    return user


def table(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def cells(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]


async def pages(*each: list[Row]) -> AsyncGenerator[list[Row]]:
    for rows in each:
        yield rows


async def whole(file: AsyncGenerator[bytes]) -> bytes:
    return b"".join([piece async for piece in file])


@pytest.fixture
async def orders(browser: httpx.AsyncClient) -> list[int]:
    """Three, of two customers; the first is paid and delivered. The second's name is a formula."""
    del browser
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer("+525512345678", name="Ana")
    eva = await make_customer("+525500009999", name="=1+1")
    placed = [await place_order(who, plan) for who in (ana, eva, ana)]
    await pay(placed[0].id, placed[0].total, reference="0042")
    return [one.id for one in placed]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_text_of_anybody_becomes_a_formula(text: str) -> None:
    content = (await whole(csv_of(("A",), pages([(text,)])))).decode("utf-8-sig")
    [_, [cell]] = list(csv.reader(io.StringIO(content, newline="")))
    assert cell == f"'{text}"
    book = openpyxl.load_workbook(io.BytesIO(await whole(xlsx_of("A", ("A",), pages([(text,)])))))
    [_, [found]] = list(book.worksheets[0].iter_rows())
    assert found.data_type in {"s", "inlineStr"}


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


async def test_each_kind_of_value_is_itself_in_both_files() -> None:
    row: Row = (
        "0042", 7, Decimal("-12.50"), date(2026, 12, 31), datetime(2026, 3, 1, 14, 5), None,  # noqa: DTZ001
        date(1899, 1, 1), "a\x00b <&>",
    )  # fmt: skip
    [_, found] = cells(await whole(xlsx_of("Lista", ("A",), pages([row]))))
    assert found[:4] == ["0042", 7, -12.5, datetime(2026, 12, 31)]  # noqa: DTZ001
    assert found[4] == datetime(2026, 3, 1, 14, 5)  # noqa: DTZ001
    assert found[5:] == [None, "1899-01-01", "a\ufffdb <&>"]
    written = (await whole(csv_of(("A",), pages([row])))).decode("utf-8-sig").splitlines()
    assert written[1].startswith("0042,7,-12.50,2026-12-31,2026-03-01 14:05,,1899-01-01,")


async def test_more_rows_than_a_sheet_takes_go_on_in_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    rows: list[list[Row]] = [[(n,), (n + 1,)] for n in range(0, 8, 2)]
    content = await whole(xlsx_of("Pedidos", ("N",), pages(*rows)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Pedidos", "Pedidos 2", "Pedidos 3"]
    assert cells(content) == [["N"], [0], [1], [2], ["N"], [3], [4], [5], ["N"], [6], [7]]


@pytest.mark.parametrize(
    "name", ["pedidos", "pagos", "vencimientos", "inventario", "bitacora", "clientes", "mensajes"]
)
async def test_an_empty_list_is_a_file_with_its_header(
    browser: httpx.AsyncClient, name: str
) -> None:
    await enter(browser, "owner")
    asked = {"desde": "2001-01-01", "hasta": "2001-01-01"}  # the log is never empty
    rows = table(await browser.get(f"{LISTS}/{name}", params=asked))
    assert len(rows) == 1
    assert len(rows[0]) >= 5
    answer = await browser.get(f"{LISTS}/{name}", params={**asked, "formato": "xlsx"})
    assert cells(answer.content) == rows


async def test_the_file_of_an_address_holds_the_rows_of_its_screen(
    browser: httpx.AsyncClient, orders: list[int]
) -> None:
    user = await enter(browser, "operator")
    for asked in ({}, {"tab": "entregados"}, {"q": "5678"}, {"tab": "por-confirmar", "q": "5678"},
                  {"q": str(orders[1])}, {"tab": "x"}, {"q": "nadie"}):  # fmt: skip
        async with reading() as session:
            listed = await order_list(session, as_staff(user), Wanted.of(asked))
        rows = table(await browser.get(f"{LISTS}/pedidos", params=asked))[1:]
        assert [int(row[0]) for row in rows] == [one.id for one in listed], asked


async def test_an_order_s_values_are_what_they_are(
    browser: httpx.AsyncClient, orders: list[int]
) -> None:
    await enter(browser, "owner")
    answer = await browser.get(f"{LISTS}/pedidos", params={"formato": "xlsx", "tab": "entregados"})
    header, row = cells(answer.content)
    assert header == [*order_sheets.HEADER, *order_sheets.OWNERS]
    found = dict(zip(header, row, strict=True))
    assert (found["Pedido"], found["Celular"]) == (orders[0], "55 1234 5678")
    assert (found["Total"], found["Costo"], found["Ganancia"]) == (150, 120, 30)
    assert isinstance(found["Hecho"], datetime)
    assert found["Hecho"].date() == today()
    [_, paid] = cells((await browser.get(f"{LISTS}/pagos", params={"formato": "xlsx"})).content)
    assert (paid[0], paid[3], paid[5]) == (orders[0], 150, "0042")
    assert paid[8].date() == today()


async def test_an_operator_s_files_hold_no_cost_and_no_secret(
    browser: httpx.AsyncClient, orders: list[int]
) -> None:
    del orders
    await enter(browser, "operator")
    for name in export_lists.LISTS.keys() - {"bitacora"}:
        answer = await browser.get(f"{LISTS}/{name}", params={"tab": "todos"})
        header, *rows = table(answer)
        assert not {"Costo", "Ganancia", "Usuario", "Contraseña", "PIN"} & set(header), name
        assert not [cell for row in rows for cell in row if re.search(r"120\.00|clave-de", cell)]


@pytest.mark.parametrize("role", ["operator", "customer", "nobody"])
async def test_the_log_leaves_with_its_owner_alone(browser: httpx.AsyncClient, role: str) -> None:
    if role == "operator":
        await enter(browser, "operator")
    elif role == "customer":
        token = await sign_in_customer(await make_customer())
        browser.cookies.set(browsers.session_cookie(), token)
    answer = await browser.get(f"{LISTS}/bitacora")
    assert answer.status_code == (401 if role == "nobody" else 403)
    async with reading() as session:
        taken = "SELECT 1 FROM audit_entries WHERE action = 'list.export'"
        assert await fetch(session, taken) == []


async def test_the_owner_s_log_leaves_as_it_is_filtered_and_says_so(
    browser: httpx.AsyncClient, orders: list[int]
) -> None:
    await enter(browser, "owner")
    asked = {"objeto": "order", "numero": str(orders[0])}
    header, *rows = table(await browser.get(f"{LISTS}/bitacora", params=asked))
    assert {row[header.index("De qué")] for row in rows} == {f"Pedido #{orders[0]}"}
    assert "confirmó un pago" in {row[header.index("Qué")] for row in rows}
    [_, last, *_] = table(await browser.get(f"{LISTS}/bitacora"))
    assert last[4:6] == ["exportó una lista", "Lista de bitácora"]
    assert "Formato: CSV" in last[6]


async def test_what_ends_leaves_by_tab(browser: httpx.AsyncClient, orders: list[int]) -> None:
    del orders
    await enter(browser, "operator")
    path = f"{LISTS}/vencimientos"
    assert len(table(await browser.get(path, params={"tab": "hoy"}))) == 1
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE assignments SET anchor_on = %(day)s::date,
                   ends_on = %(day)s::date + make_interval(months => months)""",
            day=today() - timedelta(days=5),
        )
    [_, row] = table(await browser.get(path, params={"tab": "30"}))
    assert (row[0], row[1]) == ("Ana", "55 1234 5678")
    assert today() < date.fromisoformat(row[5]) <= today() + timedelta(days=30)
    assert len(table(await browser.get(path, params={"tab": "30", "servicio": "otro"}))) == 1


async def test_no_list_is_made_up(browser: httpx.AsyncClient) -> None:
    await enter(browser, "owner")
    assert (await browser.get(f"{LISTS}/usuarios")).status_code == 404
    assert (await browser.get(f"{LISTS}/pedidos", params={"formato": "pdf"})).status_code == 422


@pytest.mark.parametrize("way", ["csv", "xlsx"])
async def test_a_long_list_takes_no_more_memory_than_a_short_one(way: str) -> None:
    """The peak of 10,000 rows and of 40,000; a control keeps what is sent of many more."""

    async def rows(count: int) -> AsyncGenerator[list[Row]]:
        for first in range(0, count, 500):
            yield [
                (n, f"Cliente número {n}", Decimal(n), today()) for n in range(first, first + 500)
            ]

    async def peak(count: int, keep: Callable[[bytes], object]) -> int:
        header = ("N", "Cliente", "Total", "Día")
        tracemalloc.start()
        file = csv_of(header, rows(count)) if way == "csv" else xlsx_of("A", header, rows(count))
        async for piece in file:
            keep(piece)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    kept: list[bytes] = []
    await peak(500, len)
    short, long = await peak(10_000, len), await peak(40_000, len)
    assert long < short + 400_000
    assert await peak(120_000, kept.append) > short + 400_000


async def test_customers_and_messages_leave_as_their_lists_show_them(
    browser: httpx.AsyncClient, orders: list[int]
) -> None:
    await enter(browser, "operator")
    people = table(await browser.get(f"{LISTS}/clientes", params={"q": "5678"}))
    assert len(people) == 2
    assert people[1][1] == "55 1234 5678"
    assert table(await browser.get(f"{LISTS}/clientes", params={"q": "nadie"}))[1:] == []
    told = table(await browser.get(f"{LISTS}/mensajes", params={"q": str(orders[0])}))
    assert {row[4] for row in told[1:]} == {str(orders[0])}
    assert "12345678" not in str(told)
    assert len(table(await browser.get(f"{LISTS}/mensajes", params={"tab": "fallidos"}))) == 1
