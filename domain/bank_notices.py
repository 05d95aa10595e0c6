"""What a program says of a payment that came in: matched as a statement's line, and paid at once.

A notice is a line of the month's notices, so what it leaves in doubt is reviewed where statements
are. Said again, by its id or its tracking key, it changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, DomainError, InvalidInput
from domain.records import audit, tell
from domain.sql import come_back_point, fetch_one, run, scalar
from domain.statement_applying import apply, set_aside
from domain.statement_lines import add
from domain.statement_movements import Movement
from infra.clock import today
from models.statements import StatementKind


@dataclass(frozen=True, slots=True)
class BankNotice:
    """Money in MXN; what the bank does not say is empty. `id` is the sender's own."""

    id: str
    amount: Decimal
    paid_on: date
    concept: str = ""
    reference: str = ""
    tracking_key: str = ""
    payer: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class NoticeTaken:
    """`result` as in statements; `order_id` only where its payment is on record."""

    result: str
    order_id: int | None
    repeated: bool


async def take_notice(session: AsyncSession, notice: BankNotice) -> NoticeTaken:
    """Raises `InvalidInput` (`paid_on`), `Conflict` (`notice_changed`).

    The latter is an id or a tracking key that came before with other words.
    """
    if notice.paid_on > today():
        raise InvalidInput({"data.paid_on": "date_invalid"})
    statement_id = await _month(session)
    mark = hashlib.sha256(f"notice\x1f{notice.id}".encode()).hexdigest()
    known = await _known(session, notice, mark)
    if known is not None:
        return await _repeated(session, notice, known)
    movement = Movement(
        line=0,
        booked_on=notice.paid_on,
        amount=notice.amount,
        concept=notice.concept,
        reference=notice.reference,
        tracking_key=notice.tracking_key.strip().upper(),
        payer=notice.payer,
    )
    [line_id] = await add(session, statement_id, [movement], [mark], StatementKind.NOTICES)
    await run(
        session,
        "UPDATE statement_lines SET bank = %(bank)s WHERE id = %(id)s",
        bank=notice.bank,
        id=line_id,
    )
    await _apply(session, line_id)
    line: Any = await fetch_one(
        session,
        "SELECT result, order_id, payment_id FROM statement_lines WHERE id = %(id)s",
        id=line_id,
    )
    order_id = line.order_id if line.payment_id is not None else None
    await audit(
        session,
        SYSTEM,
        "notice.take",
        "statement",
        statement_id,
        amount=str(notice.amount),
        result=line.result,
        order=order_id,
    )
    await tell(session, f"statement:{statement_id}")
    return NoticeTaken(line.result, order_id, repeated=False)


async def log_refused(session: AsyncSession, reason: str, address_hash: str) -> None:
    """A notice that nobody signed, or long ago: it had no effect, and the owner can see it."""
    actor = Actor(kind="system", address_hash=address_hash)
    await audit(session, actor, "notice.refuse", "notice", "banco", reason=reason)


async def _month(session: AsyncSession) -> int:
    """The month's notices, locked: of two equal notices at once one comes second."""
    month = today().replace(day=1)
    await run(
        session,
        """INSERT INTO statements (kind, month) VALUES ('notices', %(month)s)
           ON CONFLICT (month) DO NOTHING""",
        month=month,
    )
    return await scalar(
        session, "SELECT id FROM statements WHERE month = %(month)s FOR UPDATE", month=month
    )


async def _known(session: AsyncSession, notice: BankNotice, mark: str) -> Any | None:
    """The line of an earlier notice with this id, or of this very transfer."""
    return await fetch_one(
        session,
        """SELECT l.*, l.fingerprint = %(mark)s AS same_id FROM statement_lines l
           JOIN statements s ON s.id = l.statement_id AND s.kind = 'notices'
           WHERE l.fingerprint = %(mark)s OR (%(key)s <> '' AND l.tracking_key = %(key)s
                 AND l.bank = %(bank)s AND l.booked_on = %(day)s)
           ORDER BY same_id DESC LIMIT 1""",
        mark=mark,
        key=notice.tracking_key.strip().upper(),
        bank=notice.bank,
        day=notice.paid_on,
    )


async def _repeated(session: AsyncSession, notice: BankNotice, known: Any) -> NoticeTaken:
    if (known.amount, known.booked_on) != (notice.amount, notice.paid_on):
        raise Conflict("notice_changed")
    await audit(
        session,
        SYSTEM,
        "notice.repeat",
        "statement",
        known.statement_id,
        amount=str(notice.amount),
        order=known.order_id,
    )
    paid = known.order_id if known.payment_id is not None else None
    return NoticeTaken(known.result, paid, repeated=True)


async def _apply(session: AsyncSession, line_id: int) -> None:
    """What the shop refuses to record stays a line for a person to see."""
    back = await come_back_point(session)
    try:
        await apply(session, SYSTEM, line_id=line_id)
    except DomainError as refusal:
        await back()
        await set_aside(session, line_id, refusal.code)
