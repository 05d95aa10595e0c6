"""A file that waits for its columns: what each seems to hold, and what the file reads to so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from domain.statement_columns import FIELDS
from domain.statement_files import Statement
from domain.statement_movements import Movement
from domain.texts import REFUSALS
from state import forms, views

COLUMN_NAMES = {
    "date": "Fecha",
    "concept": "Concepto",
    "reference": "Referencia",
    "tracking_key": "Clave de rastreo",
    "charge": "Cargo",
    "credit": "Abono",
    "amount": "Monto",
    "type": "Cargo o abono",
    "balance": "Saldo",
    "payer": "Quién paga",
}
ACCOUNT = re.compile(r"\d{10,}")
SHOWN = 8
SHOWN_LINES = 10
LONGEST_SAMPLE = 120
UNKNOWN = "No pudimos leerlo."


@dataclass(frozen=True)
class ColumnView:
    """A column of a file: what it is called, what stands below, and what it seems to hold."""

    name: str
    label: str
    chosen: str
    sample: str


@dataclass(frozen=True)
class PreviewRow:
    line: int
    day: str
    concept: str
    detail: str
    amount: str
    kind: str
    balance: str


@dataclass(frozen=True)
class Preview:
    """`summary` counts all movements, of which `rows` are the first; `unread` is the rest."""

    summary: str = ""
    more: str = ""
    rows: list[PreviewRow] = field(default_factory=list[PreviewRow])
    unread: list[str] = field(default_factory=list[str])


def columns_of(file: Statement) -> list[ColumnView]:
    return [
        ColumnView(
            name=f"column_{number}",
            label=file.headers[number] or f"Columna {number + 1}",
            chosen=held,
            sample=" · ".join(
                masked(row[number]) for row in file.sample[:3] if number < len(row) and row[number]
            )[:LONGEST_SAMPLE],
        )
        for number, held in enumerate(file.mapping)
    ]


def with_chosen(columns: Sequence[ColumnView], name: object, held: object) -> list[ColumnView]:
    """With one column holding something else. Raises `InvalidInput` on `mapping`."""
    name = forms.choice(name, "mapping", {column.name for column in columns})
    held = forms.choice(held, "mapping", {*FIELDS, ""})
    return [replace(one, chosen=held) if one.name == name else one for one in columns]


def mapping_in(form: Mapping[str, Any], columns: Sequence[ColumnView]) -> list[str]:
    return [forms.choice(form.get(one.name) or "", "mapping", {*FIELDS, ""}) for one in columns]


def preview_of(file: Statement) -> Preview:
    deposits = [movement.amount for movement in file.movements if movement.amount > 0]
    charges = [-movement.amount for movement in file.movements if movement.amount < 0]
    left = len(file.movements) - SHOWN
    told = [
        f"{_count(len(amounts), one, many)} por {views.pesos(sum(amounts, Decimal()))}"
        for amounts, one, many in (
            (deposits, "abono", "abonos"),
            (charges, "cargo", "cargos"),
        )
        if amounts
    ]
    return Preview(
        summary=f"Se leen {' y '.join(told)}." if told else "Así no se lee ningún movimiento.",
        more=f"… y {_count(left, 'movimiento', 'movimientos')} más." if left > 0 else "",
        rows=[_row(movement) for movement in file.movements[:SHOWN]],
        unread=unread([(problem.line, problem.code) for problem in file.problems]),
    )


def unread(problems: Iterable[tuple[int, str] | int]) -> list[str]:
    """A sentence for each reason, with the lines it holds for; older ones kept no reason."""
    lines: dict[str, list[int]] = {}
    for problem in problems:
        line, code = (problem, "") if isinstance(problem, int) else problem
        lines.setdefault(REFUSALS.get(code, UNKNOWN), []).append(line)
    return [_with_lines(said, where) for said, where in lines.items()]


def masked(text: str) -> str:
    """Numbers as long as an account's or a card's end in their last four digits."""
    return ACCOUNT.sub(lambda found: f"•••{found[0][-4:]}", text)


def _row(one: Movement) -> PreviewRow:
    told = (
        f"Ref. {masked(one.reference)}" if one.reference else "",
        f"Rastreo {one.tracking_key}" if one.tracking_key else "",
        masked(one.payer),
    )
    return PreviewRow(
        line=one.line,
        day=views.day(one.booked_on),
        concept=masked(one.concept) or "Sin concepto",
        detail=" · ".join(filter(None, told)),
        amount=views.signed(one.amount),
        kind="Abono" if one.amount > 0 else "Cargo",
        balance="" if one.balance is None else f"Saldo {views.pesos(one.balance)}",
    )


def _with_lines(said: str, lines: Sequence[int]) -> str:
    where = ", ".join(str(line) for line in lines[:SHOWN_LINES] if line)
    if not where:
        return said
    more = " y más" if len(lines) > SHOWN_LINES else ""
    return f"{said.rstrip('.')}: {'renglón' if len(lines) == 1 else 'renglones'} {where}{more}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
