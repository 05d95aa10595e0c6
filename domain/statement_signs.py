"""Deposit or charge: what the file says of a row, held against how the balance moved.

Where an amount has no sign of its own, the balance gives it one. Where both speak and disagree, or
neither does, nobody knows: such a row is told as a problem and never taken for a deposit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.import_columns import plain
from domain.statement_sides import IN, OUT

# How a bank's own words begin; what the payer typed stands behind them.
_IN = re.compile(
    r"(?:t\d\d )?(?:spei recibido|spei recibida|deposito|abono|transferencia recibida"
    r"|transferencia spei recibida|pago recibido|traspaso recibido)\b"
)
_OUT = re.compile(
    r"(?:t\d\d )?(?:spei enviad[oa]|transferencia (?:spei )?enviada|traspaso enviado|cargo por"
    r"|retiro (?:de efectivo|sin tarjeta|(?:en )?cajero)|comision por|iva (?:(?:de|por) )?comision"
    r")\b"
)


@dataclass(frozen=True, slots=True)
class Booked:
    """A row in the file's order. `side` is what the file says of it, None when it says nothing.

    `amount` is None in a row that only states a balance, as `SALDO ANTERIOR` does.
    """

    amount: Decimal | None
    side: int | None
    balance: Decimal | None
    words: str


def signed(rows: Sequence[Booked], *, newest_first: bool | None, told: bool) -> list[Decimal | str]:
    """Each row's amount with its sign, or the code of what is wrong with it.

    `newest_first` is what the days say, None when all are of one day. `told` means that the file
    says by a column which way money went: then a row where it does not is a problem.
    """
    moves = _moves(rows, newest_first=newest_first)
    balanced = any(row.balance is not None and row.amount for row in rows)
    return [
        _decided(row, move, told=told or balanced) for row, move in zip(rows, moves, strict=True)
    ]


def _decided(row: Booked, move: Decimal | None, *, told: bool) -> Decimal | str:
    size = abs(row.amount or Decimal())
    if row.side is not None:
        against = move is not None and size and move == -row.side * size
        return "statement_balance" if against else row.side * size
    if move is not None:
        return move if abs(move) == size else "statement_balance"
    words = plain(row.words)
    if _OUT.match(words):
        return OUT * size if told else "statement_side"
    return IN * size if _IN.match(words) or not told else "statement_side"


def _moves(rows: Sequence[Booked], *, newest_first: bool | None) -> list[Decimal | None]:
    """By how much each row changed the balance, as far as the balance before it is known."""
    down, up = _changes(rows, 1), _changes(rows, -1)
    fit_down, fit_up = _fitting(rows, down), _fitting(rows, up)
    if not fit_down and not fit_up:
        first = newest_first
    elif fit_down == fit_up:
        first = newest_first
        if first is None:
            return [None] * len(rows)
    else:
        first = fit_up > fit_down
    return up if first else down


def _changes(rows: Sequence[Booked], step: int) -> list[Decimal | None]:
    """With `step` 1 the row above has the balance before, with -1 the row below."""
    found: list[Decimal | None] = []
    for at, row in enumerate(rows):
        before = rows[at - step].balance if 0 <= at - step < len(rows) else None
        known = row.balance is not None and before is not None
        found.append(row.balance - before if known else None)  # type: ignore[operator]
    return found


def _fitting(rows: Sequence[Booked], moves: Sequence[Decimal | None]) -> int:
    return sum(
        bool(row.amount) and move is not None and abs(move) == abs(row.amount or 0)
        for row, move in zip(rows, moves, strict=True)
    )
