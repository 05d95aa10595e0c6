"""A bank's statement becomes movements, or a sentence about each line that could not be read.

Above the table stand names and dates, below it totals; a concept may go on in rows without a day.
A line is left out in silence only when it has no day or no amount and so moves no money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from domain.import_columns import plain
from domain.import_files import Row
from domain.statement_columns import MONEY, Mapping, check, guess, is_enough, is_header, layout_of
from domain.statement_movements import Movement
from domain.statement_rows import rows_of, usual_width
from domain.statement_values import (
    bare,
    decimal_sign,
    is_blank,
    month_first,
    read_amount,
    read_date,
)
from domain.statement_wording import bank_of, key_in, parted, payer_in, reference_in
from domain.texts import REFUSALS

SAMPLE = 5
LONGEST_PREAMBLE = 60
LOST_ZEROS = re.compile(r"(\d{1,7})(?:\.0+)?")
INCOMING = {"a", "h", "abono", "haber", "credito", "deposito", "ingreso", "entrada", "cr"}
OUTGOING = {"c", "d", "cargo", "debe", "debito", "retiro", "egreso", "salida", "dr"}
BELOW = re.compile(r"(?:sub ?)?total(?:es)?\b|saldo\b|resumen\b|fin de\b|numero de\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that moves money, as it seems, and cannot be read; `code` is in the catalogue."""

    line: int
    code: str

    @property
    def message(self) -> str:
        return REFUSALS[self.code]


@dataclass(frozen=True, slots=True)
class Statement:
    """`layout` names the shape of the file; `mapping` says what each of its columns is."""

    bank: str
    layout: str
    headers: list[str]
    sample: list[list[str]]
    mapping: Mapping
    movements: list[Movement]
    problems: list[Problem] = field(default_factory=list[Problem])


def read_statement(content: bytes, *, today: date, mapping: Mapping | None = None) -> Statement:
    """Raises `InvalidInput`: `file` for what nobody can read, `mapping` for one that misfits."""
    rows = rows_of(content)
    at = _header_at(rows, today)
    body = rows if at is None else rows[at + 1 :]
    headers = [""] * usual_width(rows) if at is None else [bare(cell) for cell in rows[at].cells]
    bank = bank_of([row.cells for row in rows[: at or 0]], headers)
    said = guess(headers) if mapping is None else check(mapping, len(headers))
    read = _Reader(said, headers, body, today) if is_enough(said) else None
    movements = _oldest_first(read.movements()) if read else []
    return Statement(
        bank=bank,
        layout=layout_of(headers, bank),
        headers=headers,
        sample=[list(row.cells) for row in body[:SAMPLE]],
        mapping=said,
        movements=movements,
        problems=read.problems if read else [Problem(rows[0].line, "statement_mapping")],
    )


def _header_at(rows: Sequence[Row], today: date) -> int | None:
    """The row that names a day and an amount; else the words right above the first day."""
    for at, row in enumerate(rows[:LONGEST_PREAMBLE]):
        if is_header(row.cells):
            return at
    for at, row in enumerate(rows[1:LONGEST_PREAMBLE]):
        above = rows[at].cells
        if _moves(row, today) and len(above) > 2 and not any(map(_is_value, above)):  # noqa: PLR2004  # day, words, amount
            return at
    return None


def _moves(row: Row, today: date) -> bool:
    return any(read_date(cell, today) for cell in row.cells) and any(
        read_amount(cell) is not None for cell in row.cells
    )


def _is_value(cell: str) -> bool:
    return any(c.isdigit() for c in cell)


class _Reader:
    def __init__(
        self, mapping: Mapping, headers: Sequence[str], body: Sequence[Row], today: date
    ) -> None:
        self._columns: dict[str, list[int]] = {}
        for column, name in enumerate(mapping):
            self._columns.setdefault(name, []).append(column)
        money = [name for name in (*MONEY, "balance") if name in self._columns]
        self._width, self._body, self._today = len(mapping), body, today
        self._month_first = month_first(self._cell(row, "date") for row in body)
        self._decimal = decimal_sign(self._cell(row, name) for row in body for name in money)
        self._debit_credit = "type" in self._columns and (
            plain(headers[self._columns["type"][0]]) == "d c"
        )
        self.problems: list[Problem] = []

    def movements(self) -> list[Movement]:
        found: list[Movement] = []
        goes_on = False  # whether the row above belongs to a movement
        last_line = 0
        for row in self._body:
            goes_on = goes_on and row.line <= last_line + 1
            last_line = row.line
            if goes_on and self._continues(row):
                concept = f"{found[-1].concept} {self._cell(row, 'concept')}".strip()
                found[-1] = replace(found[-1], concept=concept)
                continue
            read = self._movement(row)
            goes_on = read is not None
            if read is not None:
                found.append(read)
        return [self._told(movement) for movement in found]

    def _cell(self, row: Row, name: str) -> str:
        """What stands in the columns of this name; only a concept has several."""
        cells = [row.cells[i] for i in self._columns.get(name, ()) if i < len(row.cells)]
        return " ".join(part for cell in cells if (part := bare(cell)))

    def _continues(self, row: Row) -> bool:
        here = {i for i, cell in enumerate(row.cells) if cell}
        concept = self._cell(row, "concept")
        return bool(concept) and here <= set(self._columns["concept"]) and not _is_below(concept)

    def _movement(self, row: Row) -> Movement | None:
        day = self._cell(row, "date")
        money = any(not is_blank(self._cell(row, name)) for name in MONEY)
        if not day or not money or _is_below(day):
            return None
        booked_on = read_date(day, self._today, month_first=self._month_first)
        if booked_on is None:
            if any(read_amount(self._cell(row, name), self._decimal) for name in MONEY):
                self.problems.append(Problem(row.line, "statement_day"))
            return None
        amount = None if len(row.cells) > self._width else self._amount(row)
        if amount is None:
            self.problems.append(Problem(row.line, "statement_amount"))
            return None
        if not amount:
            return None
        return Movement(
            line=row.line,
            booked_on=booked_on,
            amount=amount,
            concept=parted(self._cell(row, "concept")),
            reference=_reference(self._cell(row, "reference")),
            tracking_key="".join(self._cell(row, "tracking_key").split()).upper(),
            payer=self._cell(row, "payer"),
            balance=read_amount(self._cell(row, "balance"), self._decimal),
        )

    def _amount(self, row: Row) -> Decimal | None:
        """In with its sign. A file with two columns says by the column which way money went."""
        values: dict[str, Decimal] = {}
        for name in MONEY:
            cell = self._cell(row, name)
            if is_blank(cell):
                continue
            value = read_amount(cell, self._decimal)
            if value is None:
                return None
            values[name] = value
        if "amount" in values:
            return self._signed(values["amount"], self._cell(row, "type"))
        charge, credit = abs(values.get("charge", Decimal())), values.get("credit", Decimal())
        return None if charge and credit else credit - charge

    def _signed(self, amount: Decimal, kind: str) -> Decimal | None:
        if "type" not in self._columns:
            return amount
        words = plain(kind).split()
        word = words[0] if words else kind.strip()
        if word == "+" or word in INCOMING or (word == "c" and self._debit_credit):
            return abs(amount)
        if word == "-" or word in OUTGOING:
            return -abs(amount)
        return None

    def _told(self, movement: Movement) -> Movement:
        """With what the whole concept says and no column did."""
        words = movement.concept
        return replace(
            movement,
            reference=movement.reference or _reference(reference_in(words)),
            tracking_key=movement.tracking_key or key_in(words),
            payer=movement.payer or payer_in(words),
        )


def _is_below(text: str) -> bool:
    return BELOW.match(plain(text)) is not None


def _reference(text: str) -> str:
    """Seven digits, their lost zeros put back; nothing but zeros says nothing."""
    found = LOST_ZEROS.fullmatch(text)
    if not text.strip("0"):
        return ""
    return found[1].zfill(7) if found else text


def _oldest_first(movements: list[Movement]) -> list[Movement]:
    if len(movements) < 2:  # noqa: PLR2004  # one has no order
        return movements
    first, last = movements[0].booked_on, movements[-1].booked_on
    if first != last:
        return movements[::-1] if first > last else movements
    back = sum(_follows(new, old) for new, old in pairwise(movements))
    forth = sum(_follows(new, old) for old, new in pairwise(movements))
    return movements[::-1] if back > forth else movements


def _follows(new: Movement, old: Movement) -> bool:
    """On one day only the balances tell which came first."""
    if new.balance is None or old.balance is None:
        return False
    return old.balance + new.amount == new.balance
