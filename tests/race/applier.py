"""Applies a statement's sure lines, and is killed on the way.

kill -9 comes at the nth time a point is passed: `before` (the line's payment is not yet written),
`recorded` (it is, the credentials are not assigned), `assigned`, `tied` (nothing is committed yet)
and `committed`.
"""

from __future__ import annotations

import importlib
from typing import Any
from uuid import uuid4

from domain import payments, settlements, statement_applying
from domain.sql import driver, scalar
from infra.database import close
from models.statements import LineResult
from tests.race.confirmer import Fate


async def apply_statement(statement_id: int, point: str, nth: int) -> None:
    statements = importlib.import_module("jobs.statements")  # its queue is this shop's
    fate = Fate(point, nth)
    _pass(fate, settlements, "assign", "recorded", "assigned")
    _pass(fate, statement_applying, "tie", "", "tied")
    _pass(fate, statement_applying, "pay", "before", "")
    _pass(fate, statements, "_apply", "", "committed")
    await statements.apply(statement_id)
    await close()


def _pass(fate: Fate, module: Any, name: str, before: str, after: str) -> None:
    really = getattr(module, name)

    async def passing(*words: Any, **named: Any) -> Any:
        fate.passes(before)
        answer = await really(*words, **named)
        fate.passes(after)
        return answer

    setattr(module, name, passing)


async def apply_in_pieces(statement_id: int, point: str, nth: int) -> None:
    """For a control: the payment is committed before its line, and nothing tells it again."""
    statements = importlib.import_module("jobs.statements")
    fate = Fate(point, nth)

    async def pay(session: Any, actor: Any, line: Any, order_id: int) -> LineResult:
        notice = payments.PaymentNotice(line.amount, line.booked_on, reference=str(uuid4()))
        await payments.confirm_payment(session, actor, order_id=order_id, notice=notice)
        await (await driver(session)).commit()
        fate.passes("committed")
        newest = await scalar(session, "SELECT max(id) FROM payments")
        await statement_applying.tie(session, line, order_id, newest, LineResult.MATCHED, own=True)
        return LineResult.MATCHED

    async def nothing(*_: Any) -> None:
        return None

    async def as_it_was(*_: Any) -> str:
        return "matched"

    statement_applying.pay = pay
    statement_applying.on_record = nothing
    statement_applying._standing = as_it_was
    await statements.apply(statement_id)
    await close()
