"""Bank statements become movements: all of them, each once, whatever the bank's habits are."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.statement_files import Statement, read_statement
from domain.statement_fingerprints import fingerprints
from domain.statement_movements import Movement
from domain.statement_values import decimal_sign, read_amount, read_date
from tests.statements.entries import comma, money
from tests.statements.make import Corpus, corpus
from tests.statements.second.make import corpus as second_corpus
from tests.statements.shapes import MONTH_NAMES, SHAPES

FOLDER = Path(__file__).parent.parent / "statements"
TODAY = date(2026, 11, 25)
HEADER = "Fecha,Concepto,Cargo,Abono,Saldo\n"


def read(content: bytes | str) -> Statement:
    return read_statement(content.encode() if isinstance(content, str) else content, today=TODAY)


def of(file: str) -> Statement:
    return read((FOLDER / file).read_bytes())


def prints(file: str) -> list[str]:
    statement = of(file)
    return fingerprints(statement.bank, statement.movements)


def true_movements(file: str) -> list[Movement]:
    with (FOLDER / "truth.csv").open(encoding="utf-8", newline="") as rows:
        return [
            Movement(
                int(row["line"]),
                date.fromisoformat(row["booked_on"]),
                Decimal(row["amount"]),
                row["concept"],
                row["reference"],
                row["tracking_key"],
                row["payer"],
                Decimal(row["balance"]) if row["balance"] else None,
            )
            for row in csv.DictReader(rows)
            if row["file"] == file
        ]


@pytest.mark.parametrize("file", SHAPES)
def test_each_file_reads_to_exactly_its_movements(file: str) -> None:
    statement = of(file)
    brought = set(prints("banregio-1.csv")) if file == "banregio-2.csv" else set()
    new = [
        movement
        for movement, mark in zip(statement.movements, prints(file), strict=True)
        if mark not in brought
    ]
    assert new == true_movements(file)
    assert statement.problems == []


@pytest.mark.parametrize(
    ("folder", "maker"), [(FOLDER, corpus), (FOLDER / "second", second_corpus)]
)
def test_the_committed_files_are_what_the_maker_writes(
    folder: Path, maker: Callable[[], Corpus]
) -> None:
    made = maker()
    for name, content in made.files.items():
        kept = (folder / name).read_bytes()
        if name.endswith(".xlsx"):
            assert cells(kept) == cells(content), name
        else:
            assert kept == content, name
    assert (folder / "orders.json").read_text(encoding="utf-8") == made.orders
    assert (folder / "truth.csv").read_bytes().decode() == made.truth


def cells(content: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_files_of_overlapping_days_share_their_movements() -> None:
    first, second = prints("banregio-1.csv"), prints("banregio-2.csv")
    shared = set(first) & set(second)
    assert len(shared) > 10
    assert first[-len(shared) :] == second[: len(shared)]


@pytest.mark.parametrize("file", SHAPES)
def test_a_file_read_again_has_the_same_fingerprints_and_none_twice(file: str) -> None:
    assert prints(file) == prints(file)
    assert len(set(prints(file))) == len(prints(file))


def test_two_equal_deposits_of_one_day_stay_two() -> None:
    same = [m for m in of("generic.csv").movements if m.concept == "pago"]
    twins = [
        m for m in same if sum((m.booked_on, m.amount, m.payer) == k for k in map(kind, same)) > 1
    ]
    assert len(twins) == 2
    assert len(set(fingerprints("", twins))) == 2


def kind(movement: Movement) -> tuple[date, Decimal, str]:
    return movement.booked_on, movement.amount, movement.payer


days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
amounts = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)


@given(days)
def test_a_day_with_its_year_is_read_however_it_is_written(day: date) -> None:
    month = MONTH_NAMES[day.month - 1]
    for text in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%y}",
        f"{day:%d.%m.%Y} 11:05:00",
        f"{day.day} de {month} de {day.year}",
        f"{day:%d}-{month[:3].upper()}-{day:%Y}",
        f"'{day:%d%m%Y}'",
        f"{day:%Y%m%d}",
        str((day - date(1899, 12, 30)).days),
    ):
        assert read_date(text, TODAY) == day, text


@given(st.dates(TODAY - timedelta(days=364), TODAY))
def test_a_day_without_a_year_is_the_latest_that_is_not_to_come(day: date) -> None:
    month = MONTH_NAMES[day.month - 1]
    for text in (f"{day.day}-{month[:3]}", f"{day.day:02d}/{month[:3].upper()}", f"{day:%d/%m}"):
        assert read_date(text, TODAY) == day, text


@given(amounts)
def test_an_amount_is_read_however_it_is_written(amount: Decimal) -> None:
    for text in (str(amount), f"${money(amount)}", f"{money(amount)} MXN", comma(amount)):
        assert read_amount(text, decimal_sign([text])) == amount, text
    for text in (f"-{money(amount)}", f"({money(amount)})", f"{amount}-", f"-${money(amount)}"):
        assert read_amount(text) == -amount, text


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), TODAY), amounts), min_size=1, max_size=20),
    st.booleans(),
)
def test_movements_written_are_movements_read(
    written: list[tuple[date, Decimal]], newest_first: bool
) -> None:
    written.sort(key=lambda one: one[0])
    shown = written[::-1] if newest_first and written[0][0] < written[-1][0] else written
    rows = "".join(f'{day:%d/%m/%Y},pago,,"{money(amount)}",\n' for day, amount in shown)
    got = [(m.booked_on, m.amount) for m in read(HEADER + rows).movements]
    assert got == written


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return packed.getvalue()


HOSTILE = {
    "nothing": b"",
    "blank lines": b"\r\n \r\n",
    "half a workbook": (FOLDER / "bbva.xlsx").read_bytes()[:4000],
    "a workbook without its end": (FOLDER / "inbursa.xlsx").read_bytes()[:-30],
    "a bomb": bomb(),
    "an empty archive": b"PK\x03\x04",
    "an old Excel": b"\xd0\xcf\x11\xe0" + bytes(600),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8,
    "a NUL in the text": (HEADER + "01/11/2026,pa\x00go,,1.00,\n").encode(),
    "half a UTF-16": b"\xff\xfe\x00",
    "50,000 rows": (HEADER + "01/11/2026,pago,,1.00,\n" * 50_000).encode(),
    "6 MB": b"a,b\n" * 1_600_000,
    "a cell without end": (HEADER + "01/11/2026," + "x" * 200_000).encode(),
    "an open quote": (HEADER + '01/11/2026,"pago,,1.00,\n').encode(),
    "a thousand columns": (",".join(["x"] * 1000)).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        read(HOSTILE[name])


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_nothing_but_a_refusal_comes_of_any_bytes(content: bytes) -> None:
    for tried in (content, HEADER.encode() + content, b"PK\x03\x04" + content):
        try:
            read(tried)
        except InvalidInput:
            continue


def test_lines_that_cannot_be_read_are_named_and_the_others_stay() -> None:
    statement = read(
        HEADER
        + "01/11/2026,SALDO ANTERIOR,,,100.00\n"
        + "02/11/2026,pago,,150.00,250.00\n"
        + ",netflix familiar\n"
        + "31/02/2026,pago,,10.00,260.00\n"
        + "03/11/2026,pago,,diez,270.00\n"
        + "Total,,0.00,150.00,\n"
    )
    [movement] = statement.movements
    assert (movement.line, movement.concept) == (3, "pago netflix familiar")
    assert [(p.line, p.code) for p in statement.problems] == [
        (5, "statement_day"),
        (6, "statement_amount"),
    ]
    assert all(problem.message for problem in statement.problems)


def test_a_person_says_what_unknown_columns_hold() -> None:
    content = "Cuándo;Qué;Cuánto\n01/11/2026;pago;150,00\n"
    unknown = read(content)
    assert unknown.movements == []
    assert [problem.code for problem in unknown.problems] == ["statement_mapping"]
    assert unknown.headers == ["Cuándo", "Qué", "Cuánto"]
    said = read_statement(content.encode(), today=TODAY, mapping=["date", "concept", "amount"])
    assert [m.amount for m in said.movements] == [Decimal(150)]
    assert said.layout == unknown.layout
    with pytest.raises(InvalidInput):
        read_statement(content.encode(), today=TODAY, mapping=["date", "amount"])


def test_a_sentence_below_the_last_row_makes_no_movement_a_new_one() -> None:
    """A longer export of the same days has it somewhere else."""
    short = movement("Orden 1001 Consulta tus comisiones en el portal", balance=Decimal(250))
    again = movement("Orden 1001", balance=Decimal(250))
    assert fingerprints("BBVA", [short]) == fingerprints("BBVA", [again])
    bare = [replace(one, balance=None) for one in (short, again)]
    assert fingerprints("BBVA", bare[:1]) != fingerprints("BBVA", bare[1:])


def movement(concept: str, *, balance: Decimal | None) -> Movement:
    return Movement(2, date(2026, 11, 21), Decimal(150), concept, balance=balance)
