"""The whole account of an order or a customer: where every centavo came from and where it is.

    received = kept for the order + refunded + moved to credit + loose

`loose` money has no destination yet: too much, a duplicate, or late on a cancelled order. The sums
are the database's (`order_money`), which refuses what would not add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch_as, run, scalar


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """In MXN. `due` is what the order may keep, `by_credit` the part received that was credit."""

    received: Decimal
    by_credit: Decimal
    returned: Decimal
    refunded: Decimal
    credited: Decimal
    due: Decimal
    remains: Decimal
    kept: Decimal
    loose: Decimal

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.due - self.remains)


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: `amount` is positive for what came in. `kind` is payment, refund or credit.

    `reason` is a person's words; of a payment, how it stood to the order (`PaymentKind`).
    """

    kind: str
    cause: str
    amount: Decimal
    day: date
    reference: str
    bank: str
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderAccount:
    money: OrderMoney
    lines: tuple[Line, ...]


async def of_order(session: AsyncSession, actor: Actor, *, order_id: int) -> OrderAccount:
    """Raises `NotFound` for another customer's order just as for none."""
    owner = await scalar(session, "SELECT customer_id FROM orders WHERE id = %(id)s", id=order_id)
    if owner is None or not (actor.staff or owner == actor.customer_id()):
        raise NotFound
    lines = await fetch_as(session, Line, LINES, id=order_id)
    return OrderAccount(await money_of(session, order_id), tuple(lines))


async def money_of(session: AsyncSession, order_id: int) -> OrderMoney:
    """How the money of one order stands, counted from its payments, refunds and credit."""
    found = await fetch_as(
        session,
        OrderMoney,
        """SELECT received, by_credit, returned, refunded, credited, due, remains, kept, loose
           FROM order_money WHERE order_id = %(id)s""",
        id=order_id,
    )
    if not found:
        raise NotFound
    return found[0]


LINES = """
SELECT m.kind, m.cause, m.amount, m.day, m.reference, m.bank, m.reason,
       coalesce(u.username, '') AS who, m.at
FROM (
    SELECT 'payment' AS kind, source AS cause, amount, paid_on AS day, reference, bank,
           kind AS reason, actor_kind, actor_id, created_at AS at, id
    FROM payments WHERE order_id = %(id)s
    UNION ALL
    SELECT 'refund', method, -amount, refunded_on, reference, '', reason, actor_kind, actor_id,
           created_at, id
    FROM refunds WHERE order_id = %(id)s
    UNION ALL
    SELECT 'credit', cause, -amount, (created_at AT TIME ZONE 'America/Mexico_City')::date, '', '',
           note, actor_kind, actor_id, created_at, id
    FROM credit_entries WHERE order_id = %(id)s AND amount > 0) m
LEFT JOIN staff_users u ON m.actor_kind = 'staff' AND u.id = m.actor_id
ORDER BY m.at, m.amount < 0, m.id"""


async def restate(session: AsyncSession, order_id: int) -> str:
    """Say anew how the order is paid, after its money moved; the payment's state."""
    await run(session, RESTATE, id=order_id)
    return str(
        await scalar(session, "SELECT payment_status FROM orders WHERE id = %(id)s", id=order_id)
    )


# How an order is paid, by what remains of what it received. Expects `order_money` as `m`.
STANDING = """CASE
    WHEN m.status IN ('paid', 'processing', 'delivered') THEN
        CASE WHEN m.loose > 0 THEN 'overpaid'
             WHEN m.received = 0 AND m.total > 0 THEN 'unpaid'
             WHEN m.received > 0 AND m.remains = 0 THEN 'refunded' ELSE 'paid' END
    WHEN m.remains = 0 AND m.received > 0 AND m.status = 'cancelled' THEN 'refunded'
    WHEN m.remains = 0 AND m.total > 0 THEN 'unpaid'
    WHEN m.remains < m.total THEN 'partial'
    WHEN m.remains = m.total THEN 'paid' ELSE 'overpaid' END"""
RESTATE = f"""UPDATE orders o SET payment_status = {STANDING}, updated_at = now()
    FROM order_money m WHERE m.order_id = o.id AND o.id = %(id)s"""  # noqa: S608  # a constant
