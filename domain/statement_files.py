"""A bank's statement becomes movements, or a sentence about each line that could not be read.

Above the table stand names and dates, below it totals; a concept may go on in rows without a day.
A line is left out in silence only when it has no day or no amount and so moves no money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from domain.errors import InvalidInput
from domain.import_files import Row
from domain.statement_columns import Mapping, check, guess_with, is_enough, is_header, layout_of
from domain.statement_movements import Movement
from domain.statement_reading import Problem, Reader
from domain.statement_rows import rows_of, usual_width
from domain.statement_values import bare, read_amount, read_date
from domain.statement_wording import bank_of

SAMPLE = 5
LONGEST_PREAMBLE = 60


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
    above, body = rows[: at or 0], rows if at is None else rows[at + 1 :]
    headers = [""] * usual_width(rows) if at is None else [bare(cell) for cell in rows[at].cells]
    bank = bank_of([row.cells for row in above], headers)
    if mapping is None:
        said = guess_with(headers, [row.cells for row in body])
    else:
        said = check(mapping, len(headers))
    movements: list[Movement] = []
    problems: list[Problem] = []
    if is_enough(said):
        reader = Reader(said, headers, above, today)
        movements, problems = _oldest_first(reader.movements(body)), reader.problems
    if not movements and not problems:
        if not any(_moves(row, today) for row in rows):
            raise InvalidInput({"file": "statement_empty"})
        problems = [Problem(0, "statement_mapping")]
    return Statement(
        bank=bank,
        layout=layout_of(headers, bank),
        headers=headers,
        sample=[list(row.cells) for row in body[:SAMPLE]],
        mapping=said,
        movements=movements,
        problems=problems,
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
