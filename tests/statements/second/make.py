"""Writes the second corpus anew: `python -m tests.statements.second.make`. The same each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.statements.entries import Entry
from tests.statements.events import Deposit
from tests.statements.make import OPENING, Corpus, orders_told
from tests.statements.second.cases import Cases
from tests.statements.second.shapes import SHAPES

FOLDER = Path(__file__).parent
SEED = 2026
COLUMNS = ("file", "line", "booked_on", "amount", "expect", "order", "candidates", "why")


def corpus() -> Corpus:
    cases = Cases(SEED)
    files: dict[str, bytes] = {}
    truth = io.StringIO()
    writer = csv.writer(truth, lineterminator="\n")
    writer.writerow(COLUMNS)
    for file, shape in SHAPES.items():
        mine = [deposit for deposit in cases.deposits if deposit.file == file]
        mine.sort(key=lambda deposit: deposit.entry.day)
        files[file], lines = shape(_with_balances(mine))
        for line, deposit in zip(lines, mine, strict=True):
            writer.writerow((file, line, *_told(deposit)))
    return Corpus(files, orders_told(cases.people.customers, cases.orders), truth.getvalue())


def _with_balances(deposits: Sequence[Deposit]) -> list[Entry]:
    balance, entries = OPENING, []
    for deposit in deposits:
        balance += deposit.entry.amount
        entries.append(replace(deposit.written(), balance=balance))
    return entries


def _told(deposit: Deposit) -> tuple[object, ...]:
    return (
        deposit.entry.day,
        f"{deposit.entry.amount:.2f}",
        deposit.expect,
        deposit.order.number if deposit.order else "",
        "|".join(str(order.number) for order in deposit.candidates),
        deposit.why,
    )


def write() -> None:
    made = corpus()
    for name, content in made.files.items():
        (FOLDER / name).write_bytes(content)
    (FOLDER / "orders.json").write_text(made.orders, encoding="utf-8")
    (FOLDER / "truth.csv").write_text(made.truth, encoding="utf-8", newline="")


if __name__ == "__main__":
    write()
