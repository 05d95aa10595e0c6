"""Files in the shapes real banks export, against what is true about each of their movements.

`tests/statements/README.md` says what the files are. Sure of a wrong order would give a stranger's
order away: it never happens. Re-importing changes nothing.
"""

from __future__ import annotations

import csv
import importlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import statement_runs, statements
from domain.actors import SYSTEM
from domain.errors import InvalidInput
from domain.sql import fetch, run, scalar
from domain.statement_clues import payer_key
from infra.database import reading, unit_of_work
from tests.builders import make_customer
from tests.fixtures import Calendar

FIRST = Path(__file__).parent.parent / "statements"
SECOND = FIRST / "second"
SURE_ALONE = {FIRST: 0.99, SECOND: 0.99}
TRUE_ONES = frozenset({"matched", "partial", "over", "late", "duplicate"})


@dataclass(frozen=True, slots=True)
class Truth:
    expect: str
    order: int | None
    why: str


def truths(folder: Path) -> dict[tuple[str, int], Truth]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as rows:
        return {
            (row["file"], int(row["line"])): Truth(
                row["expect"], int(row["order"]) if row["order"] else None, row["why"]
            )
            for row in csv.DictReader(rows)
        }


async def seed(folder: Path) -> None:
    """The corpus's customers, whom payers paid for before, their orders and what they told."""
    told = json.loads((folder / "orders.json").read_text(encoding="utf-8"))
    ids: dict[str, int] = {}
    for customer in told["customers"]:
        made = await make_customer(f"+52{customer['phone']}", name=customer["name"])
        assert made.id is not None
        ids[customer["phone"]] = made.id
        for payer in customer["payers"]:
            await paid_before(made.id, payer)
    slots: Counter[int] = Counter()
    for order in told["orders"]:
        customer_id = ids[order["phone"]]
        slots[customer_id] += 1
        await place(order, customer_id, slots[customer_id])


async def paid_before(customer_id: int, payer: str) -> None:
    async with unit_of_work() as session:
        await run(session, PAID_BEFORE, customer=customer_id, payer=payer, key=payer_key(payer))


PAID_BEFORE = """
WITH o AS (
    INSERT INTO orders (customer_id, status, payment_status, delivery_preference, total, cost,
                        instructions, created_at, paid_at, delivered_at)
    VALUES (%(customer)s, 'delivered', 'paid', 'web', 1, 1, '{}', '2026-09-01', '2026-09-01',
            '2026-09-01') RETURNING id),
p AS (
    INSERT INTO payments (order_id, amount, kind, reference, paid_on, actor_kind)
    SELECT id, 1, 'full', 'antes', '2026-09-01', 'system' FROM o RETURNING id, order_id),
s AS (INSERT INTO statements (file_name) VALUES ('antes.csv') RETURNING id)
INSERT INTO statement_lines (statement_id, booked_on, amount, concept, payer, payer_key,
                             fingerprint, result, sure, order_id, payment_id, own_payment)
SELECT s.id, '2026-09-01', 1, '', %(payer)s, %(key)s, 'antes' || s.id, 'matched', true, p.order_id,
       p.id, true FROM s, p"""


async def place(order: dict[str, Any], customer_id: int, slot: int) -> None:
    expired = order["status"] == "expired"
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO orders (id, customer_id, status, delivery_preference, total, cost,
                   instructions, unpaid_slot, created_at, expires_at, cancelled_at)
               VALUES (%(id)s, %(customer)s, %(status)s, 'web', %(total)s, 1, '{}', %(slot)s,
                   %(at)s, now() + interval '1 day', CASE WHEN %(expired)s THEN now() END)""",
            id=order["order"],
            customer=customer_id,
            status="cancelled" if expired else order["status"],
            total=order["total"],
            slot=slot,
            at=f"{order['placed_on']} 12:00-06",
            expired=expired,
        )
        if order["tracking_key"]:
            await run(
                session,
                """INSERT INTO receipts (order_id, customer_id, tracking_key)
                   VALUES (%(order)s, %(customer)s, %(key)s)""",
                order=order["order"],
                customer=customer_id,
                key=order["tracking_key"],
            )


async def bring_in(folder: Path, file: str) -> int:
    """As an operator does: upload, say the columns where they are asked for."""
    content = (folder / file).read_bytes()
    async with unit_of_work() as session:
        number = await statements.stage(session, SYSTEM, content=content, file_name=file)
    async with reading() as session:
        status = await scalar(session, "SELECT status FROM statements WHERE id = %(id)s", id=number)
    if status == "columns":
        async with unit_of_work() as session:
            read = await statements.columns(session, SYSTEM, statement_id=number)
            await statements.say_columns(session, SYSTEM, statement_id=number, mapping=read.mapping)
    return number


async def apply(number: int) -> None:
    async with reading() as session:
        sure = await scalar(
            session,
            "SELECT count(*) FROM statement_lines WHERE statement_id = %(id)s AND sure",
            id=number,
        )
    if sure:
        async with unit_of_work() as session:
            await statement_runs.start(session, SYSTEM, statement_id=number)
        await importlib.import_module("jobs.statements").apply(number)


async def judged(number: int) -> list[Any]:
    async with reading() as session:
        return await fetch(
            session,
            """SELECT line, result, sure, order_id, concept, reference, amount, why
               FROM statement_lines WHERE statement_id = %(id)s ORDER BY id""",
            id=number,
        )


async def figures() -> tuple[int, ...]:
    async with reading() as session:
        return tuple(
            [
                await scalar(session, f"SELECT count(*) FROM {table}")  # noqa: S608  # constants
                for table in ("statements", "statement_lines", "payments", "timeline_entries")
            ]
        )


@dataclass(slots=True)
class Judged:
    """`missed` are true ones that nobody was sure of, `wrong` what was sure of another order."""

    right: int = 0
    wrong: list[object] = field(default_factory=list[object])
    missed: list[object] = field(default_factory=list[object])

    def take(self, file: str, line: Any, true: Truth) -> None:
        said = (file, line.line, line.result, line.order_id, line.concept, line.why, true)
        if line.sure and line.order_id != true.order:
            self.wrong.append(said)
        elif true.expect in TRUE_ONES and line.sure and line.result == true.expect:
            self.right += 1
        elif true.expect in TRUE_ONES:
            self.missed.append(said)
        elif true.expect == "ignored":
            assert line.result == "ignored", said


@pytest.mark.parametrize(("folder", "files", "rows"), [(FIRST, 12, 1000), (SECOND, 12, 500)])
async def test_a_corpus_is_matched_alone_and_nothing_is_matched_wrongly(
    calendar: Calendar, folder: Path, files: int, rows: int
) -> None:
    calendar.go_to(2026, 11, 25, 12)
    await seed(folder)
    truth = truths(folder)
    names = list(dict.fromkeys(file for file, _ in truth))
    assert len(names) >= files
    assert len(truth) >= rows
    judged_so = Judged()
    for file in names:
        number = await bring_in(folder, file)
        for line in await judged(number):
            judged_so.take(file, line, truth.pop((file, line.line)))
        await apply(number)
    assert judged_so.wrong == []
    assert {true.why for true in truth.values()} <= {"returned"}  # told as problems, not read
    share = judged_so.right / (judged_so.right + len(judged_so.missed))
    assert share >= SURE_ALONE[folder], judged_so.missed
    before = await figures()
    for file in names:
        with pytest.raises(InvalidInput):
            await bring_in(folder, file)
    assert await figures() == before


def test_the_corpus_is_read_with_the_day_it_was_made_for() -> None:
    assert max(date.fromisoformat(row["booked_on"]) for row in _rows()) <= date(2026, 11, 25)


def _rows() -> list[dict[str, str]]:
    with (FIRST / "truth.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
