"""Selling at the counter: an operator finds or creates the customer and places their order."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import customers, orders, phones
from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.messages import tell_buyer
from domain.payments import PaymentNotice, confirm_payment
from domain.records import audit
from domain.sql import fetch_one, scalar
from infra.clock import today

MOST_UNITS = 10
# What a refusal is called when it is not the customer who reads it.
TO_STAFF = {
    "unpaid_limit": "sale_unpaid_limit",
    "cart_changed": "sale_changed",
    "out_of_stock": "sale_short",
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who gave their phone at the counter; `id` is 0 while the shop does not know them."""

    id: int
    phone: str
    name: str
    delivery_preference: str
    blocked: bool
    orders: int
    last_order_at: datetime | None


async def find_buyer(session: AsyncSession, actor: Actor, *, phone: str) -> Buyer:
    """Raises `InvalidInput` for a phone that is none."""
    actor.require_staff()
    number = phones.canonical(phone)
    row = await fetch_one(
        session,
        """SELECT c.id, c.phone, c.name, c.delivery_preference, c.blocked_at IS NOT NULL AS blocked,
                  count(o.id)::int AS orders, max(o.created_at) AS last_order_at
           FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.expires_at IS NOT NULL
           WHERE c.phone = %(phone)s GROUP BY c.id""",
        phone=number,
    )
    return Buyer(**row._asdict()) if row else Buyer(0, number, "", "whatsapp", False, 0, None)


@dataclass(frozen=True, slots=True)
class Sale:
    """`status` is the order's: paid ones are `delivered` or `processing`."""

    order_id: int
    status: str
    told: bool


async def sell(
    session: AsyncSession,
    actor: Actor,
    *,
    phone: str,
    name: str,
    lines: Mapping[int, int],
    delivery_preference: str,
    seen_total: Decimal,
    reference: str | None = None,
) -> Sale:
    """Place an order for the holder of a phone, whom the shop may see for the first time.

    With a reference it is paid in full already, today; else the customer is told how to pay.
    Raises `InvalidInput`, `Conflict`: `sale_empty`, `buyer_blocked`, `sale_unpaid_limit`,
    `sale_changed`, `sale_short`, and what `payments.confirm_payment` raises.
    """
    actor.require_staff()
    check(lines, delivery_preference)
    customer_id = await known(session, actor, phone, name, delivery_preference)
    with to_staff():
        placed = await orders.place_for(
            session,
            actor,
            customer_id=customer_id,
            lines=lines,
            delivery_preference=delivery_preference,
            seen_total=seen_total,
        )
    if reference is None:
        told = await tell_buyer(session, "order_placed", placed.id)
        return Sale(placed.id, "pending_payment", told)
    notice = PaymentNotice(amount=placed.total, paid_on=today(), reference=reference)
    paid = await confirm_payment(session, actor, order_id=placed.id, notice=notice)
    return Sale(placed.id, paid.status, told=True)


def check(lines: Mapping[int, int], delivery_preference: str) -> None:
    """Raises `InvalidInput`, `Conflict` (`sale_empty`)."""
    if not lines:
        raise Conflict("sale_empty")
    if any(not 1 <= units <= MOST_UNITS for units in lines.values()):
        raise InvalidInput({"quantity": "quantity_invalid"})
    if delivery_preference not in customers.PREFERENCES:
        raise InvalidInput({"delivery_preference": "preference_invalid"})


@contextmanager
def to_staff() -> Generator[None]:
    """Refusals of placing an order, as they are said to who sells."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code not in TO_STAFF:
            raise
        raise Conflict(TO_STAFF[refusal.code], **refusal.data) from refusal


async def known(session: AsyncSession, actor: Actor, phone: str, name: str, preference: str) -> int:
    """The customer of that phone. A name they have is kept; without one they get the one given."""
    name = " ".join(name.split())
    if len(name) > customers.LONGEST_NAME or not name.isprintable():
        raise InvalidInput({"name": "name_long"})
    buyer = await find_buyer(session, actor, phone=phone)
    if buyer.blocked:
        raise Conflict("buyer_blocked")
    await check_reach(session, buyer.id, preference)
    customer_id = await scalar(
        session,
        """INSERT INTO customers (phone, name, delivery_preference)
           VALUES (%(phone)s, %(name)s, %(preference)s)
           ON CONFLICT (phone) DO UPDATE
              SET name = coalesce(nullif(customers.name, ''), excluded.name)
           RETURNING id""",
        phone=buyer.phone,
        name=name,
        preference=preference,
    )
    if not buyer.id:
        await audit(session, actor, "customer.create", "customer", customer_id)
    return int(customer_id)


async def check_reach(session: AsyncSession, customer_id: int, preference: str) -> None:
    """Raises `InvalidInput` where somebody without an e-mail is to hear by it."""
    email = "SELECT 1 FROM customers WHERE id = %(id)s AND email <> ''"
    if preference == "email" and not await scalar(session, email, id=customer_id):
        raise InvalidInput({"delivery_preference": "customer_email"})
