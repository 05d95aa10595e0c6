"""Orders as programs read them: whole, many at once, with the filters of the screens.

Four statements for any number of orders. What an order cost is read for the owner only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput, NotFound
from domain.payments import reference_of
from domain.sql import fetch, scalar
from domain.texts import TIMELINE, pesos
from models.orders import OrderStatus

STATUSES = tuple(str(status) for status in OrderStatus)
LONGEST_NUMBER = 9  # digits; more are a phone's
FEWEST_OF_A_PHONE = 4


@dataclass(frozen=True, slots=True)
class Delivery:
    channel: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    plan_id: int
    service_name: str
    plan_name: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    fulfilment: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    event: str
    text: str


@dataclass(frozen=True, slots=True)
class Buyer:
    id: int
    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class Instructions:
    """Where and how to pay, and the same as the text that people forward."""

    bank: str
    holder: str
    clabe: str
    account: str
    amount: Decimal
    currency: str
    concept: str
    reference: str
    steps: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Money in MXN. `customer` and `notes` are for staff, `cost` and `profit` for the owner.

    `total` is after the discount, `missing` what is still to be paid of it.
    """

    id: int
    status: str
    total: Decimal
    discount: Decimal
    coupon_code: str
    missing: Decimal
    delivery_preference: str
    created_at: datetime
    expires_at: datetime | None
    payment_instructions: Instructions
    items: tuple[Item, ...]
    timeline: tuple[Event, ...]
    customer: Buyer | None
    notes: str | None
    cost: Decimal | None

    @property
    def number(self) -> int:
        return self.id

    @property
    def currency(self) -> str:
        return "MXN"

    @property
    def profit(self) -> Decimal | None:
        return None if self.cost is None else self.total - self.cost


@dataclass(frozen=True, slots=True)
class Filters:
    """What is None filters nothing. Days are Mexico City's, both included.

    `q` is an order's number or the end of a phone, as on the screen.
    """

    status: str | None = None
    phone: str | None = None
    service_id: int | None = None
    since: date | None = None
    until: date | None = None
    q: str = ""


async def record(session: AsyncSession, actor: Actor, *, order_id: int) -> Record:
    """Raises `NotFound` for another customer's order just as for none."""
    found = await _records(session, actor, [order_id])
    if not found:
        raise NotFound
    return found[0]


async def mine(
    session: AsyncSession, actor: Actor, *, before: int | None, limit: int
) -> list[Record]:
    """The customer's orders, newest first."""
    rows = await fetch(
        session,
        """SELECT id FROM orders WHERE customer_id = %(customer)s AND expires_at IS NOT NULL
             AND (%(before)s::bigint IS NULL OR id < %(before)s)
           ORDER BY id DESC LIMIT %(limit)s""",
        customer=actor.customer_id(),
        before=before,
        limit=limit,
    )
    return await _records(session, actor, [row.id for row in rows])


async def search(
    session: AsyncSession, actor: Actor, filters: Filters, *, before: int | None, limit: int
) -> list[Record]:
    """Everybody's orders, newest first. Raises `InvalidInput`."""
    actor.require_staff()
    if filters.status is not None and filters.status not in STATUSES:
        raise InvalidInput({"status": "value_invalid"})
    digits = "".join(ch for ch in filters.q if ch in "0123456789")
    phone = "".join(ch for ch in filters.phone or "" if ch in "0123456789")
    if (filters.q.strip() and not digits) or (filters.phone and not phone):
        return []
    rows = await fetch(
        session,
        FOUND,
        status=filters.status,
        phone=phone[-10:] or None,
        service=filters.service_id,
        since=filters.since,
        until=filters.until,
        any=not digits,
        number=int(digits) if 0 < len(digits) <= LONGEST_NUMBER else None,
        ending=digits[-10:] if len(digits) >= FEWEST_OF_A_PHONE else None,
        before=before,
        limit=limit,
    )
    return await _records(session, actor, [row.id for row in rows])


_OF_PHONE = """o.customer_id IN (
    SELECT id FROM customers WHERE reverse(phone) LIKE reverse(%({name})s) || '%%')"""
FOUND = f"""SELECT o.id FROM orders o
WHERE (%(status)s::text IS NULL OR o.status = %(status)s)
  AND (%(phone)s::text IS NULL OR {_OF_PHONE.format(name="phone")})
  AND (%(service)s::bigint IS NULL OR EXISTS (
      SELECT FROM order_items i WHERE i.order_id = o.id AND i.service_id = %(service)s))
  AND (%(since)s::date IS NULL
       OR o.created_at >= %(since)s::date::timestamp AT TIME ZONE 'America/Mexico_City')
  AND (%(until)s::date IS NULL
       OR o.created_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'America/Mexico_City')
  AND (%(any)s OR o.id = %(number)s OR {_OF_PHONE.format(name="ending")})
  AND (%(before)s::bigint IS NULL OR o.id < %(before)s)
ORDER BY o.id DESC LIMIT %(limit)s"""  # noqa: S608  # constants


async def order_of_item(session: AsyncSession, item_id: int) -> int:
    """Raises `NotFound`."""
    found = await scalar(session, "SELECT order_id FROM order_items WHERE id = %(id)s", id=item_id)
    if found is None:
        raise NotFound
    return int(found)


async def _records(session: AsyncSession, actor: Actor, ids: Sequence[int]) -> list[Record]:
    orders = await fetch(
        session,
        """SELECT o.*, c.phone, c.name,
                  CASE o.status WHEN 'pending_payment' THEN greatest(0, o.total - (
                      SELECT remains FROM order_money WHERE order_id = o.id))
                  ELSE 0 END AS missing
           FROM orders o JOIN customers c ON c.id = o.customer_id
           WHERE o.id = ANY(%(ids)s) AND (%(staff)s OR (o.customer_id = %(customer)s
                 AND o.expires_at IS NOT NULL)) ORDER BY o.id DESC""",
        ids=list(ids),
        staff=actor.staff,
        customer=None if actor.staff else actor.customer_id(),
    )
    seen = [order.id for order in orders]
    items = _by_order(await fetch(session, ITEMS, ids=seen))
    deliveries = _by_order(await fetch(session, DELIVERIES, ids=seen))
    timeline = _by_order(
        await fetch(
            session,
            """SELECT order_id, at, event, data FROM timeline_entries
               WHERE order_id = ANY(%(ids)s) ORDER BY id""",
            ids=seen,
        )
    )
    return [
        _record(actor, order, items[order.id], deliveries[order.id], timeline[order.id])
        for order in orders
    ]


ITEMS = """SELECT order_id, id, plan_id, service_name, plan_name, quantity, unit_price, line_total,
       fulfilment FROM order_items WHERE order_id = ANY(%(ids)s) ORDER BY id"""
DELIVERIES = """SELECT m.order_id, a.order_item_id AS item_id, m.channel, m.status,
       max(m.updated_at) AS updated_at
    FROM messages m JOIN assignments a ON a.id = m.assignment_id
    WHERE m.order_id = ANY(%(ids)s) AND m.kind = 'delivered'
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""


def _by_order(rows: list[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found


def _record(
    actor: Actor, order: Any, items: list[Any], deliveries: list[Any], timeline: list[Any]
) -> Record:
    return Record(
        id=order.id,
        status=order.status,
        total=order.total,
        discount=order.discount,
        coupon_code=order.coupon_code,
        missing=order.missing,
        delivery_preference=order.delivery_preference,
        created_at=order.created_at,
        expires_at=order.expires_at,
        payment_instructions=_instructions(order),
        items=tuple(
            Item(
                id=row.id,
                plan_id=row.plan_id,
                service_name=row.service_name,
                plan_name=row.plan_name,
                quantity=row.quantity,
                unit_price=row.unit_price,
                line_total=row.line_total,
                fulfilment=row.fulfilment,
                deliveries=tuple(
                    Delivery(told.channel, told.status, told.updated_at)
                    for told in deliveries
                    if told.item_id == row.id
                ),
            )
            for row in items
        ),
        timeline=tuple(_event(row) for row in timeline),
        customer=Buyer(order.customer_id, order.phone, order.name) if actor.staff else None,
        notes=order.notes if actor.staff else None,
        cost=order.cost if actor.owner else None,
    )


def _event(row: Any) -> Event:
    """Amounts in the data are written as they are; a sentence with a gap would say less."""
    said = {
        name: pesos(Decimal(value)) if name in {"amount", "missing"} else value
        for name, value in row.data.items()
    }
    try:
        text = TIMELINE[row.event].format(**said)
    except KeyError:
        text = row.event
    return Event(row.at, row.event, text)


def _instructions(order: Any) -> Instructions:
    told = order.instructions
    concept, reference = f"Orden {order.id}", reference_of(order.id)
    steps = tuple(str(step) for step in told.get("steps", ()))
    lines = (
        f"INSTRUCCIONES DE PAGO - Orden #{order.id}",
        "Datos bancarios:",
        f"Banco: {told.get('bank', '')}",
        f"Titular: {told.get('holder', '')}",
        f"CLABE: {told.get('clabe', '')}",
        f"Cuenta: {told.get('account', '')}",
        f"Monto a pagar: {pesos(order.missing or order.total)}",
        f"Concepto: {concept}",
        f"Referencia: {reference}",
        *(f"{number}. {step}" for number, step in enumerate(steps, 1)),
    )
    return Instructions(
        bank=told.get("bank", ""),
        holder=told.get("holder", ""),
        clabe=told.get("clabe", ""),
        account=told.get("account", ""),
        amount=order.missing or order.total,
        currency="MXN",
        concept=concept,
        reference=reference,
        steps=steps,
        text="\n".join(lines),
    )
