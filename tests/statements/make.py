"""Writes the corpus anew: `python -m tests.statements.make`. The same each time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from domain.statement_movements import Movement
from tests.statements.cases import Cases
from tests.statements.events import Deposit, Order
from tests.statements.people import Customer
from tests.statements.shapes import SHAPES

FOLDER = Path(__file__).parent
SEED = 1994
OPENING = Decimal("12345.67")
ONE_ACCOUNT = "banregio"
FIRST_ENDS, SECOND_BEGINS = date(2026, 11, 14), date(2026, 11, 10)  # they share five days
COLUMNS = (
    *("file", "line", "booked_on", "amount", "concept", "reference", "tracking_key", "payer"),
    *("balance", "expect", "order", "candidates", "why"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A movement and what is true about it."""

    file: str
    movement: Movement
    deposit: Deposit


@dataclass(frozen=True, slots=True)
class Corpus:
    files: dict[str, bytes]
    orders: str
    truth: str


def corpus() -> Corpus:
    cases = Cases(SEED)
    files: dict[str, bytes] = {}
    known: list[Known] = []
    for file, deposits, first_new in _by_file(cases):
        entries = []
        balance = OPENING
        for deposit in _of(cases, file):
            balance += deposit.entry.amount
            entries.append(replace(deposit.written(), balance=balance))
        shown = dict(zip(map(id, _of(cases, file)), entries, strict=True))
        files[file], movements = SHAPES[file]([shown[id(deposit)] for deposit in deposits])
        known += [
            Known(file, movement, deposit)
            for movement, deposit in list(zip(movements, deposits, strict=True))[first_new:]
        ]
    return Corpus(files, orders_told(cases.people.customers, cases.orders), _truth(known))


def _of(cases: Cases, file: str) -> list[Deposit]:
    account = ONE_ACCOUNT if file.startswith(ONE_ACCOUNT) else file
    mine = [deposit for deposit in cases.deposits if deposit.file == account]
    return sorted(mine, key=lambda deposit: deposit.entry.day)


def _by_file(cases: Cases) -> Iterator[tuple[str, list[Deposit], int]]:
    """Each file, what it holds, and how many of these an earlier file has brought."""
    for file in SHAPES:
        deposits = _of(cases, file)
        if file == "banregio-1.csv":
            yield file, [d for d in deposits if d.entry.day <= FIRST_ENDS], 0
        elif file == "banregio-2.csv":
            later = [d for d in deposits if d.entry.day >= SECOND_BEGINS]
            yield file, later, sum(d.entry.day <= FIRST_ENDS for d in later)
        else:
            yield file, deposits, 0


def orders_told(customers: Sequence[Customer], orders: Sequence[Order]) -> str:
    told = {
        "customers": [
            {"phone": one.phone, "name": one.name, "payers": one.payers} for one in customers
        ],
        "orders": [
            {
                "order": order.number,
                "phone": order.customer.phone,
                "total": f"{order.total:.2f}",
                "placed_on": order.placed_on.isoformat(),
                "status": order.status,
                "tracking_key": order.key,
            }
            for order in orders
        ],
    }
    rows = {
        name: ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in part)
        for name, part in told.items()
    }
    return (
        "{\n" + ",\n".join(f'  "{name}": [\n{part}\n  ]' for name, part in rows.items()) + "\n}\n"
    )


def _truth(known: list[Known]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in known:
        read, deposit = one.movement, one.deposit
        writer.writerow(
            (
                *(one.file, read.line, read.booked_on, f"{read.amount:.2f}", read.concept),
                *(read.reference, read.tracking_key, read.payer),
                "" if read.balance is None else f"{read.balance:.2f}",
                deposit.expect,
                deposit.order.number if deposit.order else "",
                "|".join(str(order.number) for order in deposit.candidates),
                deposit.why,
            )
        )
    return out.getvalue()


def write() -> None:
    made = corpus()
    for name, content in made.files.items():
        (FOLDER / name).write_bytes(content)
    (FOLDER / "orders.json").write_text(made.orders, encoding="utf-8")
    (FOLDER / "truth.csv").write_text(made.truth, encoding="utf-8", newline="")


if __name__ == "__main__":
    write()
