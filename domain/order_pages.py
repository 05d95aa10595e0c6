"""What people read about an order: the customer's own list, and one order whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import ledger
from domain.actors import Actor
from domain.card_refunds import CardMoney, card_money
from domain.errors import NotFound
from domain.ledger import Line, OrderMoney
from domain.payments import reference_of
from domain.receipt_pages import ReceiptOnPage, of_order
from domain.receipts import takes_receipts
from domain.sql import fetch, fetch_one
from infra.clock import today

PAGE = 25


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row of a list. Money in MXN; instants in UTC."""

    id: int
    status: str
    payment_status: str
    total: Decimal
    products: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    in_review: bool
    customer_phone: str
    customer_name: str


LINE = """SELECT o.id, o.status, o.payment_status, o.total, o.created_at, o.updated_at,
       o.expires_at, c.phone AS customer_phone, c.name AS customer_name,
       EXISTS (SELECT FROM receipts r WHERE r.order_id = o.id AND r.status = 'waiting')
           AS in_review,
       (SELECT string_agg(i.quantity || ' × ' || i.service_name || ' ' || i.plan_name, ', '
                          ORDER BY i.id) FROM order_items i WHERE i.order_id = o.id) AS products
FROM orders o JOIN customers c ON c.id = o.customer_id """


async def my_orders(
    session: AsyncSession, actor: Actor, *, before: int | None = None, limit: int = PAGE
) -> list[OrderLine]:
    """The customer's orders, newest first; the next page starts `before` the last id."""
    rows = await fetch(
        session,
        LINE
        + """WHERE o.customer_id = %(customer)s AND o.expires_at IS NOT NULL
               AND (%(before)s::bigint IS NULL OR o.id < %(before)s)
             ORDER BY o.id DESC LIMIT %(limit)s""",
        customer=actor.customer_id(),
        before=before,
        limit=limit,
    )
    return [OrderLine(**row._asdict()) for row in rows]


@dataclass(frozen=True, slots=True)
class ItemOnPage:
    """`renewal`: it makes a live subscription longer, `renewed_until` that day.

    `from_payment` says that this day moves with the day of payment, since the old end is past.
    `promised_at` is when a line that waits for stock is promised at the latest.
    """

    id: int
    service_name: str
    service_slug: str
    service_color: str
    plan_name: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    fulfilment: str
    promised_at: datetime | None
    renewal: bool
    renewed_until: date | None
    from_payment: bool


@dataclass(frozen=True, slots=True)
class TimelineOnPage:
    at: datetime
    event: str
    actor_kind: str
    actor_name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PaymentOnPage:
    amount: Decimal
    kind: str
    reference: str
    tracking_key: str
    bank: str
    paid_on: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryOnPage:
    channel: str
    status: str
    error_code: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderOnPage:
    """An order whole. `missing` is still to be paid; `instructions` is the bank snapshot.

    `credit` is what its customer has in favour, `cards` what may go back to a card: the staff's.
    `in_review`: a receipt waits to be looked at. `takes_receipts`: one more may be sent.
    """

    id: int
    reference: str
    status: str
    payment_status: str
    total: Decimal
    discount: Decimal
    coupon_code: str
    missing: Decimal
    delivery_preference: str
    cancel_reason: str
    notes: str
    follow_up_on: date | None
    created_at: datetime
    expires_at: datetime | None
    instructions: dict[str, Any]
    customer_id: int
    customer_phone: str
    customer_name: str
    items: tuple[ItemOnPage, ...]
    timeline: tuple[TimelineOnPage, ...]
    payments: tuple[PaymentOnPage, ...]
    deliveries: tuple[DeliveryOnPage, ...]
    money: OrderMoney
    movements: tuple[Line, ...]
    credit: Decimal
    receipts: tuple[ReceiptOnPage, ...]
    cards: CardMoney

    @property
    def in_review(self) -> bool:
        return any(receipt.status == "waiting" for receipt in self.receipts)

    @property
    def takes_receipts(self) -> bool:
        return takes_receipts(self.status, self.cancel_reason)

    @property
    def expired(self) -> bool:
        """Ended by the clock: whoever cancels an order gives a reason."""
        return self.status == "cancelled" and not self.cancel_reason


async def order_page(session: AsyncSession, actor: Actor, *, order_id: int) -> OrderOnPage:
    """Raises `NotFound` for another customer's order, and for one never sent, just as for none."""
    order: Any = await fetch_one(
        session,
        """SELECT o.*, c.phone, c.name, c.credit FROM orders o
           JOIN customers c ON c.id = o.customer_id WHERE o.id = %(id)s""",
        id=order_id,
    )
    if order is None or not (actor.staff or order.customer_id == actor.customer_id()):
        raise NotFound
    if order.expires_at is None and not actor.staff:
        raise NotFound
    paid = await _payments(session, order_id)
    account = await ledger.of_order(session, actor, order_id=order_id)
    return OrderOnPage(
        id=order.id,
        reference=reference_of(order.id),
        status=order.status,
        payment_status=order.payment_status,
        total=order.total,
        discount=order.discount,
        coupon_code=order.coupon_code,
        missing=account.money.missing,
        delivery_preference=order.delivery_preference,
        cancel_reason=order.cancel_reason,
        notes=order.notes if actor.staff else "",
        follow_up_on=order.follow_up_on if actor.staff else None,
        created_at=order.created_at,
        expires_at=order.expires_at,
        instructions=order.instructions,
        customer_id=order.customer_id,
        customer_phone=order.phone,
        customer_name=order.name,
        items=await _items(session, order_id),
        timeline=await _timeline(session, order_id),
        payments=paid if actor.staff else (),
        deliveries=await _deliveries(session, order_id),
        money=account.money,
        movements=account.lines,
        credit=order.credit,
        receipts=await of_order(session, actor, order_id=order_id),
        cards=await card_money(session, order_id) if actor.staff else CardMoney(),
    )


async def _items(session: AsyncSession, order_id: int) -> tuple[ItemOnPage, ...]:
    rows = await fetch(
        session,
        """SELECT i.id, i.service_name, s.slug AS service_slug, s.color AS service_color,
                  i.plan_name, i.quantity, i.unit_price, i.line_total, i.fulfilment,
                  i.promised_at, coalesce(r.ends_on, next.ends_on) IS NOT NULL AS renewal,
                  coalesce(r.ends_on, next.ends_on)::date AS renewed_until,
                  r.ends_on IS NULL AND coalesce(a.ends_on < %(today)s, false) AS from_payment
           FROM order_items i JOIN services s ON s.id = i.service_id
           LEFT JOIN assignments a ON a.id = i.renews_id
           LEFT JOIN LATERAL (SELECT ends_on FROM renewals WHERE order_item_id = i.id
                              ORDER BY id LIMIT 1) r ON true
           LEFT JOIN LATERAL (
               SELECT CASE WHEN a.ends_on < %(today)s
                      THEN %(today)s + make_interval(months => i.duration_months)
                      ELSE a.anchor_on + make_interval(months => a.months + i.duration_months)
                      END AS ends_on
               WHERE a.released_at IS NULL AND i.fulfilment = 'waiting_payment') next ON true
           WHERE i.order_id = %(id)s ORDER BY i.id""",
        id=order_id,
        today=today(),
    )
    return tuple(ItemOnPage(**row._asdict()) for row in rows)


async def _timeline(session: AsyncSession, order_id: int) -> tuple[TimelineOnPage, ...]:
    rows = await fetch(
        session,
        """SELECT t.at, t.event, t.actor_kind, coalesce(u.username, '') AS actor_name, t.data
           FROM timeline_entries t
           LEFT JOIN staff_users u ON t.actor_kind = 'staff' AND u.id = t.actor_id
           WHERE t.order_id = %(id)s ORDER BY t.id""",
        id=order_id,
    )
    return tuple(TimelineOnPage(**row._asdict()) for row in rows)


async def _payments(session: AsyncSession, order_id: int) -> tuple[PaymentOnPage, ...]:
    rows = await fetch(
        session,
        """SELECT amount, kind, reference, tracking_key, bank, paid_on, created_at FROM payments
           WHERE order_id = %(id)s ORDER BY id""",
        id=order_id,
    )
    return tuple(PaymentOnPage(**row._asdict()) for row in rows)


async def _deliveries(session: AsyncSession, order_id: int) -> tuple[DeliveryOnPage, ...]:
    rows = await fetch(
        session,
        """SELECT channel, status, error_code, max(updated_at) AS updated_at FROM messages
           WHERE order_id = %(id)s AND kind = 'delivered' GROUP BY channel, status, error_code
           ORDER BY channel, status, error_code""",
        id=order_id,
    )
    return tuple(DeliveryOnPage(**row._asdict()) for row in rows)
