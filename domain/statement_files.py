"""A bank's file becomes movements: its columns by their names, or as a person said.

What stands above the names of the columns is the bank's letterhead. A row without a day continues
the concept above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain import import_files
from domain.import_columns import plain
from domain.import_files import Row
from domain.statement_columns import check, guess, is_enough, is_header, layout_of
from domain.statement_movements import Movement
from domain.statement_values import (
    bare,
    decimal_sign,
    is_blank,
    month_first,
    read_amount,
    read_date,
)
from domain.texts import REFUSALS

DEEPEST_HEADER = 40
SAMPLE = 5
DIGITS = 7
CHARGES = {"cargo", "c", "d", "debito", "retiro", "egreso"}
MONEY = ("charge", "credit", "amount")
BANKS = {
    "bbva": "BBVA",
    "bancomer": "BBVA",
    "santander": "Santander",
    "banorte": "Banorte",
    "banamex": "Citibanamex",
    "hsbc": "HSBC",
    "stp": "STP",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is no movement; `code` is of the catalogue."""

    line: int
    code: str

    @property
    def message(self) -> str:
        return REFUSALS[self.code]


@dataclass(frozen=True, slots=True)
class Statement:
    """`bank` is empty when the file does not say; `layout` names its shape, for its mapping."""

    bank: str
    layout: str
    headers: list[str]
    sample: list[list[str]]
    mapping: list[str]
    movements: list[Movement] = field(default_factory=list[Movement])
    problems: list[Problem] = field(default_factory=list[Problem])


def read_statement(content: bytes, *, today: date, mapping: list[str] | None = None) -> Statement:
    """Movements come oldest first. Raises `InvalidInput` (`file`, `mapping`).

    A file whose columns cannot be guessed has no movements and a problem `statement_mapping`.
    """
    rows = _rows(content)
    at = next((n for n, row in enumerate(rows[:DEEPEST_HEADER]) if is_header(row.cells)), -1)
    body = rows[at + 1 :]
    headers = list(rows[at].cells) if at >= 0 else []
    width = max((len(headers), *(len(row.cells) for row in body)), default=0)
    headers += [""] * (width - len(headers))
    bank = _bank(rows[: at + 1])
    said = check(mapping, width) if mapping is not None else guess(headers)
    statement = Statement(
        bank=bank,
        layout=layout_of(headers, bank),
        headers=headers,
        sample=[list(row.cells) for row in body[:SAMPLE]],
        mapping=said,
    )
    if not is_enough(said):
        return replace(statement, problems=[Problem(1, "statement_mapping")])
    movements, problems = _movements(said, body, today)
    return replace(statement, movements=_oldest_first(movements), problems=problems)


def _rows(content: bytes) -> list[Row]:
    sheet = import_files.read(content)
    return [*([Row(1, sheet.header)] if sheet.header else []), *sheet.rows]


def _bank(letterhead: Sequence[Row]) -> str:
    words = {word for row in letterhead for cell in row.cells for word in plain(cell).split()}
    return next((bank for word, bank in BANKS.items() if word in words), "")


def _movements(
    mapping: Sequence[str], rows: Sequence[Row], today: date
) -> tuple[list[Movement], list[Problem]]:
    cells = [(row.line, _named(mapping, row.cells)) for row in rows]
    english = month_first(said["date"] for _, said in cells)
    sign = decimal_sign(said.get(name, "") for _, said in cells for name in MONEY)
    movements: list[Movement] = []
    problems: list[Problem] = []
    for line, said in cells:
        if not said["date"] and all(is_blank(said.get(name, "")) for name in MONEY):
            if movements and said.get("concept"):
                last = movements[-1]
                movements[-1] = replace(last, concept=f"{last.concept} {said['concept']}")
            continue
        day = read_date(said["date"], today, month_first=english)
        amount = _amount(said, sign)
        if day is None or amount is None:
            problems.append(Problem(line, "value_invalid"))
            continue
        movements.append(
            Movement(
                line=line,
                booked_on=day,
                amount=amount,
                concept=said.get("concept", ""),
                reference=_reference(said.get("reference", "")),
                tracking_key=bare(said.get("tracking_key", "")).upper(),
                payer=said.get("payer", ""),
                balance=read_amount(said.get("balance", ""), sign),
            )
        )
    return movements, problems


def _named(mapping: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {"date": ""}
    for name, cell in _pairs(mapping, cells):
        said[name] = f"{said[name]} {cell}".strip() if said.get(name) else cell
    return said


def _pairs(mapping: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, cell in zip(mapping, cells, strict=False):
        if name:
            yield name, " ".join(cell.split())


def _amount(said: dict[str, str], sign: str) -> Decimal | None:
    """Deposits are positive, charges negative, however the bank tells them apart."""
    for name in MONEY:
        if is_blank(said.get(name, "")):
            continue
        amount = read_amount(said[name], sign)
        if amount is None or name == "credit":
            return amount
        if name == "charge" or plain(said.get("type", "")) in CHARGES:
            return -abs(amount)
        return amount
    return None


def _reference(cell: str) -> str:
    """With the zeros that a spreadsheet takes from a number."""
    text = bare(cell).removesuffix(".0")
    return text.zfill(DIGITS) if text.isdigit() and len(text) <= DIGITS else text


def _oldest_first(movements: list[Movement]) -> list[Movement]:
    """Banks list from either end; within a day the file's own direction counts."""
    newest_first = bool(movements) and movements[0].booked_on > movements[-1].booked_on
    return sorted(reversed(movements) if newest_first else movements, key=lambda one: one.booked_on)
