"""Sure lines become payments, each in a transaction of its own.

A line is locked while its payment is recorded, so whoever is killed or comes second records it
once. What was sure when the file was read is looked at again with the order locked: the same
transfer may have been confirmed since, or the order changed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import orders
from domain.actors import Actor
from domain.payments import PaymentNotice, confirm_payment
from domain.sql import fetch_one, run, scalar
from domain.statement_matching import SAME_TRANSFER
from domain.statement_pictures import RECEIVED
from models.payments import PaymentKind, PaymentSource
from models.statements import LineResult, StatementKind

SOURCES = {
    StatementKind.FILE: (PaymentSource.STATEMENT, "EDO"),
    StatementKind.NOTICES: (PaymentSource.NOTICE, "AVI"),
}
RESULTS = {
    PaymentKind.FULL: LineResult.MATCHED,
    PaymentKind.PARTIAL: LineResult.PARTIAL,
    PaymentKind.OVER: LineResult.OVER,
    PaymentKind.LATE: LineResult.LATE,
    PaymentKind.DUPLICATE: LineResult.DUPLICATE,
}


async def apply(session: AsyncSession, actor: Actor, *, line_id: int) -> LineResult | None:
    """Record what a sure line says; None when somebody did, or it is sure no more.

    Raises what `confirm_payment` raises: then `set_aside` leaves the line to a person.
    """
    line = await locked(session, line_id, skip=True)
    if line is None or not line.sure or line.payment_id is not None:
        return None
    order = await orders.lock(session, actor, line.order_id)
    noted = await on_record(session, line, order.id)
    if noted is not None:
        await tie(session, line, order.id, noted, LineResult.RECORDED, own=False)
        return LineResult.RECORDED
    if await _standing(session, order, line.amount) != line.result:
        await set_aside(session, line_id, "changed")
        return None
    return await pay(session, actor, line, order.id)


async def locked(session: AsyncSession, line_id: int, *, skip: bool = False) -> Any | None:
    """The line with its statement's kind and bank; with `skip`, None while another has it."""
    return await fetch_one(
        session,
        f"""SELECT l.*, s.kind, s.bank AS of_bank FROM statement_lines l
            JOIN statements s ON s.id = l.statement_id
            WHERE l.id = %(id)s AND l.taken_back_at IS NULL
            FOR UPDATE OF l {"SKIP LOCKED" if skip else ""}""",  # noqa: S608  # constants
        id=line_id,
    )


async def on_record(session: AsyncSession, line: Any, order_id: int) -> int | None:
    """The payment that records this transfer already, if no line of this kind has claimed it.

    Of a tracking key's payment it does not matter who has: the key names one transfer.
    """
    return await scalar(
        session,
        """SELECT p.id FROM payments p WHERE p.order_id = %(order)s AND p.amount = %(amount)s
             AND ((p.tracking_key <> '' AND p.tracking_key = %(key)s)
                  OR (abs(p.paid_on - %(day)s::date) <= %(days)s AND p.source <> 'credit'
                      AND (p.tracking_key = '' OR %(key)s = '')
                      AND NOT EXISTS (
                          SELECT 1 FROM statement_lines l JOIN statements s ON s.id = l.statement_id
                          WHERE l.payment_id = p.id AND s.kind = %(kind)s)))
           ORDER BY p.tracking_key = %(key)s DESC, abs(p.paid_on - %(day)s::date), p.id LIMIT 1""",
        order=order_id,
        amount=line.amount,
        key=line.tracking_key,
        day=line.booked_on,
        days=SAME_TRANSFER.days,
        kind=line.kind,
    )


async def set_aside(session: AsyncSession, line_id: int, why: str) -> None:
    """It was sure and is no more; a person decides, with the order it was meant for offered."""
    await run(
        session,
        """UPDATE statement_lines SET sure = false, result = 'ambiguous', why = %(why)s,
               candidates = jsonb_build_array(jsonb_build_object('order', order_id, 'why', why)),
               order_id = NULL
           WHERE id = %(id)s AND sure AND payment_id IS NULL""",
        why=Jsonb([why]),
        id=line_id,
    )


async def _standing(session: AsyncSession, order: Any, amount: Decimal) -> LineResult:
    """What this amount would be to the order by now."""
    received = await scalar(
        session,
        f"SELECT {RECEIVED} FROM orders o WHERE o.id = %(o)s",  # noqa: S608  # a constant
        o=order.id,
    )
    if order.status == "cancelled":
        return LineResult.LATE
    if order.status != "pending_payment":
        return LineResult.DUPLICATE
    if received + amount == order.total:
        return LineResult.MATCHED
    return LineResult.PARTIAL if received + amount < order.total else LineResult.OVER


async def pay(session: AsyncSession, actor: Actor, line: Any, order_id: int) -> LineResult:
    source, prefix = SOURCES[StatementKind(line.kind)]
    reference = f"{prefix}-{line.fingerprint[:12]}"
    notice = PaymentNotice(
        amount=line.amount,
        paid_on=line.booked_on,
        reference=reference,
        tracking_key=line.tracking_key,
        bank=line.bank or line.of_bank,
        source=source,
    )
    confirmed = await confirm_payment(session, actor, order_id=order_id, notice=notice)
    payment_id = await scalar(
        session,
        "SELECT id FROM payments WHERE order_id = %(o)s AND reference = %(r)s",
        o=order_id,
        r=reference,
    )
    result = RESULTS[confirmed.kind]
    await tie(session, line, order_id, payment_id, result, own=True)
    return result


async def tie(
    session: AsyncSession,
    line: Any,
    order_id: int,
    payment_id: int,
    result: LineResult,
    *,
    own: bool,
) -> None:
    await run(
        session,
        """UPDATE statement_lines SET order_id = %(order)s, payment_id = %(payment)s,
               own_payment = %(own)s, result = %(result)s
           WHERE id = %(id)s""",
        order=order_id,
        payment=payment_id,
        own=own,
        result=result,
        id=line.id,
    )
