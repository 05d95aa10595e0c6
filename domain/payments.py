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

from domain import ledger
from domain.actors import Actor
from domain.amounts import is_amount
from domain.errors import Conflict, InvalidInput
from domain.orders import lock, refuse_state
from domain.records import audit, tell
from domain.settlements import settle
from domain.sql import fetch_one, run, scalar
from domain.texts import pesos
from infra.clock import today
from models.payments import PaymentKind, PaymentSource


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
    if not is_amount(notice.amount):
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

    Without a reference the order's own is used, so confirming twice is one payment; so is what two
    channels tell of one tracking key. A payment for an expired order revives it while there is
    stock; otherwise, and for an order that a person cancelled, it is kept as `late`, without a
    destination until somebody gives it one.
    Raises `InvalidInput`, `NotFound`, `Conflict` (`tracking_used`, `payment_known` for another
    amount than is on record, `payment_since`, `order_state` for a draft).
    """
    actor.require_staff()
    _checked(notice)
    order = await lock(session, actor, order_id)
    if order.status == "pending":
        raise refuse_state(order)
    reference = notice.reference.strip() or reference_of(order_id)
    known = await _same(session, order_id, reference, notice.tracking_key.strip().upper())
    if known is not None:
        if known.amount != notice.amount:
            raise Conflict("payment_known", amount=pesos(known.amount))
        return PaymentConfirmed(order_id, PaymentKind(known.kind), order.status, repeated=True)
    if seen_payments is not None and seen_payments != await _recorded(session, order_id):
        raise Conflict("payment_since")
    await _refuse_used_tracking_key(session, notice)
    return await _receive(session, actor, order, notice, reference)


async def pay_with_credit(
    session: AsyncSession, actor: Actor, *, order_id: int, most: Decimal | None = None
) -> PaymentConfirmed | None:
    """Pay an order that waits with its customer's credit, as far as it goes or up to `most`.

    None when there is nothing to pay with. The customer may do it, and staff for them. Raises
    `NotFound`, `InvalidInput` (`use_credit`), `Conflict` (`order_state`, `credit_short`).
    """
    order = await lock(session, actor, order_id)
    if order.status != "pending_payment":
        raise refuse_state(order)
    has = await scalar(
        session,
        "SELECT credit FROM customers WHERE id = %(id)s FOR NO KEY UPDATE",
        id=order.customer_id,
    )
    missing = order.total - await _remains(session, order_id)
    if most is not None and not is_amount(most):
        raise InvalidInput({"use_credit": "amount_invalid"})
    if most is not None and most > has and missing > has:
        raise Conflict("credit_short")
    amount = min(has, missing, most if most is not None else missing)
    if not amount:
        return None
    notice = PaymentNotice(amount=amount, paid_on=today(), source=PaymentSource.CREDIT)
    reference = f"SALDO-{await _by_credit(session, order_id) + 1}"
    return await _receive(session, actor, order, notice, reference)


async def _receive(
    session: AsyncSession, actor: Actor, order: Any, notice: PaymentNotice, reference: str
) -> PaymentConfirmed:
    """Write the payment of a locked order down, and what it means for the order."""
    order_id, before = order.id, await _remains(session, order.id)
    remains = before + notice.amount
    kind = _kind(order, remains)
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
    status = await settle(
        session,
        actor,
        order,
        kind,
        amount=str(notice.amount),
        remains=remains,
        source=notice.source,
    )
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
    missing = order.total - await _remains(session, order_id)
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


async def _same(session: AsyncSession, order_id: int, reference: str, key: str) -> Any | None:
    """The order's payment of this reference or tracking key, whatever bank or day was told."""
    return await fetch_one(
        session,
        """SELECT kind, amount FROM payments WHERE order_id = %(o)s
             AND (reference = %(r)s OR (tracking_key <> '' AND tracking_key = %(key)s))
           ORDER BY reference = %(r)s DESC LIMIT 1""",
        o=order_id,
        r=reference,
        key=key,
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


async def _remains(session: AsyncSession, order_id: int) -> Decimal:
    """What was received and has not left again."""
    return (await ledger.money_of(session, order_id)).remains


async def _recorded(session: AsyncSession, order_id: int) -> int:
    return await scalar(session, "SELECT count(*) FROM payments WHERE order_id = %(o)s", o=order_id)


async def _by_credit(session: AsyncSession, order_id: int) -> int:
    """How often credit paid; other payments may be taken back, these never are."""
    asked = "SELECT count(*) FROM payments WHERE order_id = %(o)s AND source = 'credit'"
    return await scalar(session, asked, o=order_id)


def _kind(order: Any, remains: Decimal) -> PaymentKind:
    if order.status == "cancelled":
        return PaymentKind.LATE
    if order.status != "pending_payment":
        return PaymentKind.DUPLICATE
    if remains < order.total:
        return PaymentKind.PARTIAL
    return PaymentKind.OVER if remains > order.total else PaymentKind.FULL


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
