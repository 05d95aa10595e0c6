"""Receipts as people read them: the queue, one of them whole, those of an order, the picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.payments import reference_of
from domain.sql import fetch, fetch_as, fetch_one, scalar

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class ReceiptOnPage:
    """`reviewer` is for the staff alone."""

    id: int
    status: str
    pictured: bool
    tracking_key: str
    bank: str
    paid_on: date | None
    amount: Decimal | None
    reason: str
    created_at: datetime
    reviewed_at: datetime | None
    reviewer: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same `picture` or tracking `key` was used for this other order; `paid` with money."""

    what: str
    order_id: int
    paid: bool


@dataclass(frozen=True, slots=True)
class ReceiptToReview:
    """One receipt beside what it should show. Money in MXN; `earlier` are of the same order."""

    receipt: ReceiptOnPage
    order_id: int
    order_status: str
    expired: bool
    reference: str
    total: Decimal
    missing: Decimal
    payments: int
    products: str
    placed_at: datetime
    told_bank: str
    customer_id: int
    customer_name: str
    customer_phone: str
    repeats: tuple[Repeat, ...]
    earlier: tuple[ReceiptOnPage, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where one is in the queue; 0 is nowhere."""

    before: int
    after: int
    waiting: int


PARTS = """r.id, r.status, r.content IS NOT NULL AS pictured, r.tracking_key, r.bank, r.paid_on,
    r.amount, r.reason, r.created_at, r.reviewed_at, coalesce(s.username, '') AS reviewer
    FROM receipts r LEFT JOIN staff_users s ON s.id = r.staff_id"""


async def of_order(
    session: AsyncSession, actor: Actor, *, order_id: int
) -> tuple[ReceiptOnPage, ...]:
    """The newest first; nothing of another customer's order."""
    rows = await fetch_as(
        session,
        ReceiptOnPage,
        f"""SELECT {PARTS} WHERE r.order_id = %(order)s
              AND (%(staff)s OR r.customer_id = %(customer)s) ORDER BY r.id DESC""",
        order=order_id,
        staff=actor.staff,
        customer=None if actor.staff else actor.customer_id(),
    )
    return tuple(rows)


async def picture(session: AsyncSession, actor: Actor, *, receipt_id: int) -> bytes:
    """The picture, for its customer and the staff. Raises `NotFound` to all others."""
    found = await scalar(
        session,
        """SELECT content FROM receipts
           WHERE id = %(id)s AND (%(staff)s OR customer_id = %(customer)s)""",
        id=receipt_id,
        staff=actor.staff,
        customer=actor.id if actor.kind == "customer" else None,
    )
    if found is None:
        raise NotFound
    return bytes(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    order_id: int
    created_at: datetime


async def waiting(
    session: AsyncSession, actor: Actor, *, after: int | None = None, limit: int = MOST_COUNTED
) -> list[Waiting]:
    """The queue, those that wait longest first; the next page starts `after` the last id."""
    actor.require_staff()
    return await fetch_as(
        session,
        Waiting,
        """SELECT id, order_id, created_at FROM receipts
           WHERE status = 'waiting' AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
        after=after or 0,
        limit=limit,
    )


async def first_waiting(session: AsyncSession, actor: Actor) -> int:
    """The one that has waited longest; 0 when none does."""
    actor.require_staff()
    return (await scalar(session, "SELECT min(id) FROM receipts WHERE status = 'waiting'")) or 0


async def neighbours(session: AsyncSession, actor: Actor, *, receipt_id: int) -> Neighbours:
    """The queue around a receipt, in a circle."""
    actor.require_staff()
    row: Any = await fetch_one(
        session,
        f"""SELECT coalesce(max(id) FILTER (WHERE id < %(id)s), max(id), 0) AS before,
                  coalesce(min(id) FILTER (WHERE id > %(id)s), min(id), 0) AS after,
                  (SELECT count(*) FROM (SELECT FROM receipts WHERE status = 'waiting'
                                         LIMIT {MOST_COUNTED}) AS counted) AS waiting
           FROM receipts WHERE status = 'waiting'""",  # noqa: S608  # a constant
        id=receipt_id,
    )
    return Neighbours(row.before, row.after, row.waiting)


async def to_review(session: AsyncSession, actor: Actor, *, receipt_id: int) -> ReceiptToReview:
    """Raises `NotFound`."""
    actor.require_staff()
    row: Any = await fetch_one(session, WHOLE, id=receipt_id)
    if row is None:
        raise NotFound
    kept = await of_order(session, actor, order_id=row.order_id)
    return ReceiptToReview(
        receipt=next(one for one in kept if one.id == receipt_id),
        order_id=row.order_id,
        order_status=row.status,
        expired=row.status == "cancelled" and not row.cancel_reason,
        reference=reference_of(row.order_id),
        total=row.total,
        missing=max(Decimal(0), row.total - row.remains),
        payments=row.payments,
        products=row.products,
        placed_at=row.created_at,
        told_bank=" · ".join(filter(None, (row.bank, row.clabe))),
        customer_id=row.customer_id,
        customer_name=row.name,
        customer_phone=row.phone,
        repeats=await _repeats(session, receipt_id),
        earlier=tuple(one for one in kept if one.id < receipt_id),
    )


WHOLE = """SELECT r.order_id, o.status, o.cancel_reason, o.total, o.created_at, o.customer_id,
    coalesce(o.instructions ->> 'bank', '') AS bank,
    coalesce(o.instructions ->> 'clabe', '') AS clabe, c.name, c.phone,
    m.remains, (SELECT count(*) FROM payments p WHERE p.order_id = o.id) AS payments,
    (SELECT string_agg(i.quantity || ' × ' || i.service_name || ' ' || i.plan_name, ', '
                       ORDER BY i.id) FROM order_items i WHERE i.order_id = o.id) AS products
    FROM receipts r JOIN orders o ON o.id = r.order_id JOIN customers c ON c.id = o.customer_id
    JOIN order_money m ON m.order_id = o.id
    WHERE r.id = %(id)s"""


async def _repeats(session: AsyncSession, receipt_id: int) -> tuple[Repeat, ...]:
    """Other orders that the same picture or key was used for, whichever came first."""
    rows = await fetch(
        session,
        """WITH this AS (SELECT id, order_id, tracking_key AS key, twin_id
                         FROM receipts WHERE id = %(id)s),
           found AS (
               SELECT 'picture' AS what, o.order_id FROM this
               JOIN receipts o ON o.id = this.twin_id OR o.twin_id = this.id
               UNION SELECT 'key', o.order_id FROM this
               JOIN receipts o ON o.tracking_key = this.key AND this.key <> ''
               UNION SELECT 'key', p.order_id FROM this
               JOIN payments p ON p.tracking_key = this.key AND this.key <> '')
           SELECT what, found.order_id, EXISTS (
               SELECT FROM payments p WHERE p.order_id = found.order_id) AS paid
           FROM found JOIN this ON found.order_id <> this.order_id
           ORDER BY found.order_id, what DESC LIMIT 10""",
        id=receipt_id,
    )
    return tuple(Repeat(row.what, row.order_id, row.paid) for row in rows)
