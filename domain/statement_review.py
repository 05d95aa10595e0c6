"""What a person decides of a statement's line: which order it pays, or that it pays none."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import orders
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit, tell
from domain.sql import run
from domain.statement_applying import locked, on_record, pay, tie
from domain.statement_lines import look_again
from models.statements import LineResult, StatementKind


async def settle(session: AsyncSession, actor: Actor, *, line_id: int, order_id: int) -> LineResult:
    """Let a line pay this order, at once.

    Raises `NotFound`, `Conflict`: `line_settled`, and what `confirm_payment` raises.
    """
    line = await _open(session, actor, line_id)
    if line.amount <= 0:
        raise Conflict("line_settled")
    order = await orders.lock(session, actor, order_id)
    noted = await on_record(session, line, order.id)
    if noted is None:
        result = await pay(session, actor, line, order.id)
    else:
        result = LineResult.RECORDED
        await tie(session, line, order.id, noted, result, own=False)
    await _decided(session, actor, line_id)
    await audit(session, actor, "statement.assign", "statement", line.statement_id, order=order_id)
    await tell(session, f"statement:{line.statement_id}")
    return result


async def ignore(session: AsyncSession, actor: Actor, *, line_id: int) -> None:
    """It is no order's money. Raises `NotFound`, `Conflict` (`line_settled`)."""
    line = await _open(session, actor, line_id)
    await run(
        session,
        """UPDATE statement_lines SET result = 'ignored', sure = false, order_id = NULL,
               candidates = '[]', why = %(why)s
           WHERE id = %(id)s""",
        why=Jsonb(["by_hand"]),
        id=line_id,
    )
    await _decided(session, actor, line_id)
    await audit(session, actor, "statement.ignore", "statement", line.statement_id, line=line.line)
    await tell(session, f"statement:{line.statement_id}")


async def restore(session: AsyncSession, actor: Actor, *, line_id: int) -> None:
    """An ignored line is looked at again. Raises `NotFound`, `Conflict` (`line_settled`)."""
    line = await _open(session, actor, line_id)
    if line.decided_at is None:
        raise Conflict("line_settled")
    await run(
        session,
        "UPDATE statement_lines SET decided_by = NULL, decided_at = NULL WHERE id = %(id)s",
        id=line_id,
    )
    await look_again(session, line.statement_id, StatementKind(line.kind))
    await audit(session, actor, "statement.restore", "statement", line.statement_id, line=line.line)
    await tell(session, f"statement:{line.statement_id}")


async def _open(session: AsyncSession, actor: Actor, line_id: int) -> Any:
    """The line, locked, while its money is not on record."""
    actor.require_staff()
    line = await locked(session, line_id)
    if line is None:
        raise NotFound
    if line.payment_id is not None:
        raise Conflict("line_settled")
    return line


async def _decided(session: AsyncSession, actor: Actor, line_id: int) -> None:
    await run(
        session,
        "UPDATE statement_lines SET decided_by = %(staff)s, decided_at = now() WHERE id = %(id)s",
        staff=actor.id,
        id=line_id,
    )
