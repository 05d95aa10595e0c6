"""An order's life: placed, cancelled, expired. Its state changes only here and by payment.

`place` takes the cart's rows (so a double tap finds it empty), snapshots the prices of the moment,
holds the stock and tells nobody else about it until the payment is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.records import audit, note, tell
from domain.sql import fetch, fetch_one, run
from domain.stock import Need, claim, release_holds
from domain.texts import ORDER_STATES
from infra.settings import settings
from models.plans import Capacity


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    id: int
    total: Decimal
    expires_at: datetime


async def place(
    session: AsyncSession,
    actor: Actor,
    *,
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Turn the customer's cart into an order that waits for its payment.

    `seen_total` is what the customer agreed to; another total by now refuses the order.
    Raises `Conflict`: `cart_empty`, `cart_changed`, `out_of_stock`, `unpaid_limit`.
    """
    customer_id = actor.customer_id()
    lines = await _take_cart(session, customer_id)
    if not lines:
        raise Conflict("cart_empty")
    total = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
    if not all(line.on_sale for line in lines) or seen_total not in (None, total):
        raise Conflict("cart_changed")
    if lines[0].instructions is None:
        raise Conflict("no_instructions")
    order = await _insert(session, actor, lines, total, delivery_preference)
    needs = [
        Need(
            plan_id=line.plan_id,
            service_id=line.service_id,
            capacity=Capacity(line.capacity),
            profiles_per_unit=line.profiles_per_unit,
            units=line.quantity,
        )
        for line in lines
    ]
    if not await claim(session, needs, order.id, settings().hold_hours):
        short = [line for line, need in zip(lines, needs, strict=True) if need.missing > 0]
        raise Conflict(
            "out_of_stock",
            plans=", ".join(f"{line.service_name} {line.plan_name}" for line in short),
            plan_ids=[line.plan_id for line in short],
        )
    return OrderPlaced(order.id, total, order.expires_at)


async def _take_cart(session: AsyncSession, customer_id: int) -> list[Any]:
    """Empty the cart; its rows are locked, so of two simultaneous orders one finds nothing."""
    return await fetch(
        session,
        """WITH taken AS (
               DELETE FROM cart_items i USING carts c
               WHERE c.id = i.cart_id AND c.customer_id = %(customer)s
               RETURNING i.id, i.plan_id, i.quantity)
           SELECT t.plan_id, t.quantity, p.service_id, s.name AS service_name,
                  p.name AS plan_name, p.duration_months, p.capacity, p.sale_price AS unit_price,
                  p.cost AS unit_cost,
                  CASE p.capacity WHEN 'full_account' THEN s.max_profiles ELSE 1 END
                      AS profiles_per_unit,
                  p.active AND p.archived_at IS NULL
                      AND s.active AND s.archived_at IS NULL AS on_sale,
                  to_jsonb(b) AS instructions
           FROM taken t JOIN plans p ON p.id = t.plan_id JOIN services s ON s.id = p.service_id
           LEFT JOIN (SELECT bank, holder, clabe, account, steps FROM payment_instructions
                      WHERE is_default) b ON true
           ORDER BY t.id""",
        customer=customer_id,
    )


async def _insert(
    session: AsyncSession,
    actor: Actor,
    lines: list[Any],
    total: Decimal,
    delivery_preference: str | None,
) -> Any:
    """One statement for order, items, timeline and audit. The slot index keeps the unpaid limit."""
    limit = settings().max_unpaid_orders
    try:
        order = await fetch_one(
            session,
            INSERT_ORDER,
            customer=actor.customer_id(),
            preference=delivery_preference,
            total=total,
            cost=sum((line.unit_cost * line.quantity for line in lines), Decimal(0)),
            instructions=Jsonb(lines[0].instructions),
            hours=settings().hold_hours,
            limit=limit,
            session_id=actor.session_id,
            address_hash=actor.address_hash,
            change=Jsonb({"total": str(total), "items": len(lines)}),
            plans=[line.plan_id for line in lines],
            services=[line.service_id for line in lines],
            service_names=[line.service_name for line in lines],
            plan_names=[line.plan_name for line in lines],
            months=[line.duration_months for line in lines],
            capacities=[line.capacity for line in lines],
            sizes=[line.profiles_per_unit for line in lines],
            quantities=[line.quantity for line in lines],
            prices=[line.unit_price for line in lines],
            costs=[line.unit_cost for line in lines],
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("unpaid_limit", limit=limit) from error
    if order is None:
        raise Conflict("unpaid_limit", limit=limit)
    return order


INSERT_ORDER = """
WITH slot AS (
    SELECT n FROM generate_series(1, %(limit)s) AS n
    WHERE NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = %(customer)s
                      AND status = 'pending_payment' AND unpaid_slot = n)
    ORDER BY n LIMIT 1),
placed AS (
    INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions,
                        unpaid_slot, expires_at)
    SELECT c.id, 'pending_payment', coalesce(%(preference)s, c.delivery_preference), %(total)s,
           %(cost)s, %(instructions)s, slot.n, now() + make_interval(hours => %(hours)s)
    FROM customers c, slot WHERE c.id = %(customer)s
    RETURNING id, expires_at),
lines AS (
    INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
        duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost, line_total)
    SELECT placed.id, l.plan, l.service, l.service_name, l.plan_name, l.months, l.capacity, l.size,
           l.quantity, l.price, l.cost, l.price * l.quantity
    FROM placed, unnest(%(plans)s::bigint[], %(services)s::bigint[], %(service_names)s::text[],
        %(plan_names)s::text[], %(months)s::int[], %(capacities)s::text[], %(sizes)s::int[],
        %(quantities)s::int[], %(prices)s::numeric[], %(costs)s::numeric[])
        WITH ORDINALITY AS l(plan, service, service_name, plan_name, months, capacity, size,
                             quantity, price, cost, n)
    ORDER BY l.n),
noted AS (
    INSERT INTO timeline_entries (order_id, event, actor_kind, actor_id)
    SELECT id, 'placed', 'customer', %(customer)s FROM placed),
audited AS (
    INSERT INTO audit_entries (actor_kind, actor_id, session_id, address_hash, action,
                               object_type, object_id, change)
    SELECT 'customer', %(customer)s, %(session_id)s, %(address_hash)s, 'order.place', 'order',
           id::text, %(change)s FROM placed)
SELECT id, expires_at FROM placed"""


async def lock(session: AsyncSession, actor: Actor, order_id: int) -> Any:
    """The order's row, locked until the transaction ends.

    Raises `NotFound` for another customer's order just as for none.
    """
    order = await fetch_one(
        session, "SELECT * FROM orders WHERE id = %(id)s FOR UPDATE", id=order_id
    )
    if order is None or (actor.kind == "customer" and order.customer_id != actor.id):
        raise NotFound
    if actor.kind == "guest":
        raise NotFound
    return order


def refuse_state(order: Any) -> Conflict:
    return Conflict("order_state", status=ORDER_STATES[order.status])


async def cancel(session: AsyncSession, actor: Actor, *, order_id: int, reason: str) -> None:
    """Cancel before delivery: customers what they have not paid, staff up to `processing`.

    Holds and assignments are released; a profile that had been given out must be rotated before
    it is sold again. Money already received stays on record. Raises `Conflict` (`order_state`).
    """
    reason = reason.strip()[:200]
    if not reason:
        raise InvalidInput({"reason": "reason_required"})
    order = await lock(session, actor, order_id)
    allowed = {"pending", "pending_payment"}
    if actor.staff:
        allowed |= {"paid", "processing"}
    if order.status not in allowed:
        raise refuse_state(order)
    await _end(session, actor, order, reason, "cancelled")


async def expire_due(session: AsyncSession, most: int = 200) -> int:
    """Cancel unpaid orders whose time to pay ended; how many. Safe to run twice or late."""
    due = await fetch(
        session,
        """SELECT * FROM orders WHERE status = 'pending_payment' AND expires_at <= now()
             AND payment_status = 'unpaid'
           ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED""",
        most=most,
    )
    for order in due:
        await _end(session, SYSTEM, order, "", "expired")
    return len(due)


async def _end(session: AsyncSession, actor: Actor, order: Any, reason: str, event: str) -> None:
    await run(
        session,
        """UPDATE orders SET status = 'cancelled', cancelled_at = now(), updated_at = now(),
               cancel_reason = %(reason)s WHERE id = %(id)s""",
        id=order.id,
        reason=reason or event,
    )
    await release_holds(session, order.id)
    await run(
        session,
        """WITH ended AS (
               UPDATE assignments a SET released_at = now() FROM order_items i
               WHERE i.id = a.order_item_id AND i.order_id = %(id)s AND a.released_at IS NULL
               RETURNING a.profile_id)
           UPDATE profiles SET status = 'rotate', reserved_order_id = NULL, reserved_until = NULL
           WHERE id IN (SELECT profile_id FROM ended)""",
        id=order.id,
    )
    await note(session, actor, order.id, event, reason=reason)
    await audit(
        session, actor, f"order.{event}", "order", order.id, before=order.status, reason=reason
    )
    await tell(session, f"order:{order.id}", "orders")
