"""What a bank knows of a movement, what is read of it, and how a table of them is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import openpyxl

from domain.statement_movements import Movement

ZERO = Decimal()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a bank knows of a movement: `words` and `reference` are what the payer typed."""

    day: date
    amount: Decimal
    words: str
    reference: str = ""
    key: str = ""
    payer: str = ""
    bank: str = ""
    code: str = "000"
    serial: int = 0
    balance: Decimal = ZERO

    @property
    def seven(self) -> str:
        return self.reference.zfill(7)

    @property
    def charge(self) -> Decimal:
        return max(-self.amount, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(self.amount, ZERO)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file; `read` is the movement that begins in it, without its number."""

    cells: Sequence[object]
    read: Movement | None = None


def numbered(lines: Sequence[Line]) -> list[Movement]:
    return [replace(line.read, line=n) for n, line in enumerate(lines, 1) if line.read]


def read_as(entry: Entry, concept: str, **told: str) -> Movement:
    said = {"reference": told.get("reference", "")}
    said["reference"] = said["reference"].zfill(7) if said["reference"].strip("0") else ""
    return Movement(
        0,
        entry.day,
        entry.amount,
        " ".join(concept.split()),
        said["reference"],
        told.get("key", ""),
        told.get("payer", ""),
        None if told.get("no_balance") else entry.balance,
    )


def text_of(
    lines: Sequence[Line], separator: str = ",", *, encoding: str = "utf-8", quote: int = 0
) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quote, lineterminator="\r\n")
    for line in lines:
        writer.writerow(line.cells)
    return out.getvalue().encode(encoding)


def book_of(lines: Sequence[Line]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append([None if cell == "" else cell for cell in line.cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def some(amount: Decimal, nothing: str = "") -> str:
    return money(amount) if amount else nothing


def comma(amount: Decimal) -> str:
    return money(amount).translate(str.maketrans(",.", ".,"))
