"""The one way an order becomes paid.

`confirm_payment` locks the order, is idempotent by (order, reference), and keeps every peso on
record: partial, duplicate, over and late payments are rows an operator sees, never silent. When
the order is paid it assigns the credentials in the same transaction: between "paid" and "assigned"
there is no moment at which a crash could lose or double anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.assignments import assign
from domain.errors import Conflict, InvalidInput
from domain.messages import tell_buyer
from domain.orders import lock, refuse_state
from domain.records import audit, note, tell
from domain.sql import run, scalar
from infra.clock import today
from models.payments import PaymentKind, PaymentSource

CENT = Decimal("0.01")
MOST = Decimal("9999999.99")


@dataclass(frozen=True, slots=True)
class PaymentConfirmed:
    """`repeated` says that this very payment was on record already and nothing changed."""

    order_id: int
    kind: PaymentKind
    status: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """What the person or program confirming knows about the transfer. Money in MXN."""

    amount: Decimal
    paid_on: date
    reference: str = ""
    tracking_key: str = ""
    bank: str = ""
    source: PaymentSource = PaymentSource.MANUAL


def reference_of(order_id: int) -> str:
    """Seven digits for SPEI's numeric reference: the order's number and a check digit.

    The check digit uses CLABE's weights: 3, 7, 1, each product and the sum modulo 10.
    """
    digits = f"{order_id:06d}"[-6:]
    weighted = sum(int(d) * w % 10 for d, w in zip(digits, (3, 7, 1, 3, 7, 1), strict=True))
    return f"{digits}{-weighted % 10}"


def _checked(notice: PaymentNotice) -> None:
    wrong: dict[str, str] = {}
    if not (CENT <= notice.amount <= MOST) or notice.amount != notice.amount.quantize(CENT):
        wrong["amount"] = "amount_invalid"
    if notice.paid_on > today():
        wrong["paid_on"] = "date_invalid"
    if len(notice.reference) > 40:  # noqa: PLR2004  # the column's width
        wrong["reference"] = "reference_long"
    if len(notice.tracking_key) > 30:  # noqa: PLR2004  # as Banco de México defines it
        wrong["tracking_key"] = "tracking_long"
    if wrong:
        raise InvalidInput(wrong)


async def confirm_payment(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    notice: PaymentNotice,
    seen_payments: int | None = None,
) -> PaymentConfirmed:
    """Record a received payment and, when the order is whole, deliver it.

    `seen_payments` is how many were on record for who confirms: one more since may be this very
    one under another reference.

    Without a reference the order's own is used, so confirming twice is one payment. A payment for
    an expired order revives it; for an order that staff cancelled it is kept as `late`.
    Raises `InvalidInput`, `NotFound`, `Conflict` (`tracking_used`, `payment_since`, `order_state`
    for a draft).
    """
    actor.require_staff()
    _checked(notice)
    order = await lock(session, actor, order_id)
    if order.status == "pending":
        raise refuse_state(order)
    reference = notice.reference.strip() or reference_of(order_id)
    if await _known(session, order_id, reference):
        kind = await scalar(
            session,
            "SELECT kind FROM payments WHERE order_id = %(o)s AND reference = %(r)s",
            o=order_id,
            r=reference,
        )
        return PaymentConfirmed(order_id, PaymentKind(kind), order.status, repeated=True)
    if seen_payments is not None and seen_payments != await _recorded(session, order_id):
        raise Conflict("payment_since")
    await _refuse_used_tracking_key(session, notice)
    received = await _received(session, order_id) + notice.amount
    kind = _kind(order, received)
    await _record(session, actor, order_id, notice, reference, kind)
    await audit(
        session,
        actor,
        "payment.confirm",
        "order",
        order_id,
        amount=str(notice.amount),
        reference=reference,
        kind=kind.value,
        before=order.status,
    )
    status = await _settle(session, actor, order, notice, kind, received)
    await tell(session, f"order:{order_id}", "orders")
    return PaymentConfirmed(order_id, kind, status)


async def confirm_missing(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    seen_missing: Decimal,
    reference: str = "",
) -> PaymentConfirmed:
    """Confirm, as paid today, exactly what an order still lacks.

    `seen_missing` is what whoever confirms was shown. Once it is paid it is refused: confirming
    many orders twice confirms each once. Raises `Conflict` (`order_state`, `amount_changed`) and
    what `confirm_payment` raises.
    """
    actor.require_staff()
    order = await lock(session, actor, order_id)
    if order.status != "pending_payment":
        raise refuse_state(order)
    missing = order.total - await _received(session, order_id)
    if missing != seen_missing:
        raise Conflict("amount_changed")
    reference = reference.strip() or reference_of(order_id)
    if await _known(session, order_id, reference):  # of a part that was paid before
        reference = f"{reference}-{today():%d%m%y}"
    notice = PaymentNotice(amount=missing, paid_on=today(), reference=reference)
    return await confirm_payment(session, actor, order_id=order_id, notice=notice)


async def _known(session: AsyncSession, order_id: int, reference: str) -> bool:
    return bool(
        await scalar(
            session,
            "SELECT 1 FROM payments WHERE order_id = %(o)s AND reference = %(r)s",
            o=order_id,
            r=reference,
        )
    )


async def _refuse_used_tracking_key(session: AsyncSession, notice: PaymentNotice) -> None:
    key = notice.tracking_key.strip().upper()
    if not key:
        return
    used = await scalar(
        session,
        """SELECT order_id FROM payments
           WHERE bank = %(bank)s AND paid_on = %(day)s AND tracking_key = %(key)s""",
        bank=notice.bank.strip(),
        day=notice.paid_on,
        key=key,
    )
    if used is not None:
        raise Conflict("tracking_used", order=used)


async def _received(session: AsyncSession, order_id: int) -> Decimal:
    return Decimal(
        await scalar(
            session,
            "SELECT coalesce(sum(amount), 0) FROM payments WHERE order_id = %(o)s",
            o=order_id,
        )
    )


async def _recorded(session: AsyncSession, order_id: int) -> int:
    return await scalar(session, "SELECT count(*) FROM payments WHERE order_id = %(o)s", o=order_id)


def _kind(order: Any, received: Decimal) -> PaymentKind:
    if order.status == "cancelled":
        return PaymentKind.LATE
    if order.status != "pending_payment":
        return PaymentKind.DUPLICATE
    if received < order.total:
        return PaymentKind.PARTIAL
    return PaymentKind.OVER if received > order.total else PaymentKind.FULL


def _status(order: Any, received: Decimal) -> str:
    if received < order.total:
        return "partial"
    return "overpaid" if received > order.total else "paid"


async def _record(
    session: AsyncSession,
    actor: Actor,
    order_id: int,
    notice: PaymentNotice,
    reference: str,
    kind: PaymentKind,
) -> None:
    try:
        await run(
            session,
            """INSERT INTO payments (order_id, amount, kind, source, reference, tracking_key, bank,
                                     paid_on, actor_kind, actor_id)
               VALUES (%(order)s, %(amount)s, %(kind)s, %(source)s, %(reference)s, %(tracking)s,
                       %(bank)s, %(paid_on)s, %(actor_kind)s, %(actor_id)s)""",
            order=order_id,
            amount=notice.amount,
            kind=kind.value,
            source=notice.source.value,
            reference=reference,
            tracking=notice.tracking_key.strip().upper(),
            bank=notice.bank.strip(),
            paid_on=notice.paid_on,
            actor_kind=actor.recorded_kind,
            actor_id=actor.id,
        )
    except psycopg.errors.UniqueViolation as error:  # another order took the key just now
        raise Conflict("tracking_used", order="otro") from error


async def _settle(
    session: AsyncSession,
    actor: Actor,
    order: Any,
    notice: PaymentNotice,
    kind: PaymentKind,
    received: Decimal,
) -> str:
    """Write what the payment means for the order; the order's status afterwards."""
    amount = str(notice.amount)
    if kind is PaymentKind.DUPLICATE:
        await _mark(session, order.id, payment_status="overpaid")
        await note(session, actor, order.id, "payment_duplicate", amount=amount)
        return str(order.status)
    if kind is PaymentKind.PARTIAL:
        await _mark(session, order.id, payment_status="partial")
        missing = str(order.total - received)
        await note(session, actor, order.id, "payment_partial", amount=amount, missing=missing)
        await tell_buyer(session, "payment_partial", order.id, occasion=f"received:{received}")
        return str(order.status)
    if kind is PaymentKind.LATE:
        await note(session, actor, order.id, "payment_late", amount=amount)
        if order.cancel_reason or received < order.total:
            await _mark(session, order.id, payment_status=_status(order, received))
            return str(order.status)
        await note(session, actor, order.id, "revived")
    else:
        await note(session, actor, order.id, "payment_confirmed", amount=amount)
    await run(
        session,
        """UPDATE orders SET status = 'paid', paid_at = now(), updated_at = now(),
               cancelled_at = NULL, cancel_reason = '', payment_status = %(payment)s
           WHERE id = %(id)s""",
        id=order.id,
        payment=_status(order, received),
    )
    return await assign(session, actor, order_id=order.id)


async def _mark(session: AsyncSession, order_id: int, *, payment_status: str) -> None:
    await run(
        session,
        """UPDATE orders SET payment_status = %(payment)s, updated_at = now() WHERE id = %(id)s""",
        id=order_id,
        payment=payment_status,
    )
