"""An order's life: placed, cancelled, expired. Its state changes only here and by payment.

`place` takes the cart's rows (so a double tap finds it empty), snapshots the prices of the moment,
holds the stock and tells nobody else about it until the payment is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import SYSTEM, Actor
from domain.carts import check
from domain.claim_ends import drop_claims
from domain.errors import Conflict, InvalidInput, NotFound
from domain.messages import tell_buyer
from domain.records import audit, note, tell
from domain.sql import come_back_point, fetch, fetch_one, on_one_line, run, scalar
from domain.stock import (
    CLAIM,
    HOLD,
    claim,
    give_back,
    lock_holds,
    look_who_waits,
    need_of,
    release_holds,
)
from domain.stock_waits import nobody_waits
from domain.texts import ORDER_STATES
from infra.settings import settings


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
    values = _values(actor, actor.customer_id()) | {"preference": delivery_preference}
    come_back = await come_back_point(session)
    placed = await _write(session, PLACE_AND_CLAIM, values)
    _refuse(placed, seen_total)
    if placed.held < placed.wanted:
        await come_back()
        await check(session, actor)  # most often the stock is plainly gone
        placed = await _write(session, PLACE, values)
        _refuse(placed, seen_total)
        await _claim_or_refuse(session, placed.id)
    return await _placed(session, placed)


async def place_for(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    lines: Mapping[int, int],
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Place what a customer orders at the counter, units by plan; their own cart stays as it is.

    Nobody is told: who sells knows what to say. Raises as `place` does.
    """
    actor.require_staff()
    values = _values(actor, customer_id) | {
        "preference": delivery_preference,
        "plans": list(lines),
        "quantities": list(lines.values()),
    }
    placed = await _write(session, PLACE_LINES, values)
    _refuse(placed, seen_total)
    if placed.lines != len(lines):  # a plan that never was
        raise Conflict("cart_changed")
    await _claim_or_refuse(session, placed.id)
    return OrderPlaced(placed.id, placed.total, placed.expires_at)


async def place_renewal(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    renews_id: int,
    plan_id: int,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Order more time for a subscription whose row the caller has locked and found fit.

    Nothing is taken from the stock: its profile is held already. Raises as `place` does.
    """
    values = _values(actor, customer_id) | {
        "preference": None,
        "plan": plan_id,
        "renews": renews_id,
    }
    placed = await _write(session, PLACE_RENEWAL, values)
    _refuse(placed, seen_total)
    if actor.kind != "customer":  # who renews for a customer tells them in other words
        return OrderPlaced(placed.id, placed.total, placed.expires_at)
    return await _placed(session, placed)


async def _placed(session: AsyncSession, placed: Any) -> OrderPlaced:
    """Send the instructions to whoever wants them elsewhere than on the order's page."""
    if placed.way != "web":
        await tell_buyer(session, "order_placed", placed.id)
    return OrderPlaced(placed.id, placed.total, placed.expires_at)


def _values(actor: Actor, customer_id: int) -> dict[str, Any]:
    return {
        "customer": customer_id,
        "kind": actor.recorded_kind,
        "actor": actor.id,
        "hold_hours": settings().hold_hours,
        "limit": settings().max_unpaid_orders,
        "session_id": actor.session_id,
        "address_hash": actor.address_hash,
    }


async def _write(session: AsyncSession, statement: str, values: dict[str, Any]) -> Any:
    """Run the whole placing as one statement."""
    try:
        placed: Any = await fetch_one(session, statement, **values)
    except psycopg.errors.UniqueViolation as error:  # two orders of one customer, at once
        raise Conflict("unpaid_limit", limit=values["limit"]) from error
    if placed.id is None:
        may_buy = "SELECT blocked_at IS NULL FROM customers WHERE id = %(customer)s"
        if not await scalar(session, may_buy, customer=values["customer"]):
            raise Conflict("buyer_blocked")
    return placed


def _refuse(placed: Any, seen_total: Decimal | None) -> None:
    if not placed.lines:
        raise Conflict("cart_empty")
    if not placed.on_sale or seen_total not in (None, placed.total):
        raise Conflict("cart_changed")
    if not placed.has_bank:
        raise Conflict("no_instructions")
    if placed.id is None:
        raise Conflict("unpaid_limit", limit=settings().max_unpaid_orders)


async def _claim_or_refuse(session: AsyncSession, order_id: int) -> None:
    """The second look at the stock, for the last units and for whole accounts."""
    lines = await fetch(
        session, "SELECT * FROM order_items WHERE order_id = %(id)s ORDER BY id", id=order_id
    )
    needs = [need_of(line) for line in lines]
    short = await claim(session, needs, order_id, settings().hold_hours)
    if short:
        missing = [line for line in lines if line.plan_id in short]
        raise Conflict(
            "out_of_stock",
            plans=", ".join(f"{line.service_name} {line.plan_name}" for line in missing),
            plan_ids=[line.plan_id for line in missing],
        )


# Emptying the cart locks its rows: of two simultaneous orders one finds nothing. The slot's unique
# index keeps the limit of unpaid orders. Conditions are checked on what comes back; a refusal rolls
# everything back.
_FROM_CART = """
    DELETE FROM cart_items i USING carts c
    WHERE c.id = i.cart_id AND c.customer_id = %(customer)s
    RETURNING i.id, i.plan_id, i.quantity, NULL::bigint AS renews_id"""

_PLACE = """
lines AS (
    SELECT t.id, t.plan_id, t.quantity, t.renews_id, p.service_id, s.name AS service_name,
           p.name AS plan_name,
           p.duration_months, p.capacity, p.sale_price, p.cost,
           CASE p.capacity WHEN 'full_account' THEN s.max_profiles ELSE 1 END AS size,
           p.active AND p.archived_at IS NULL AND s.active AND s.archived_at IS NULL AS on_sale
    FROM taken t JOIN plans p ON p.id = t.plan_id JOIN services s ON s.id = p.service_id),
sums AS (
    SELECT count(*) AS lines, sum(sale_price * quantity) AS total, sum(cost * quantity) AS cost,
           bool_and(on_sale) AS on_sale, sum(quantity * size) AS wanted FROM lines),
bank AS (
    SELECT to_jsonb(b) AS told FROM (
        SELECT bank, holder, clabe, account, steps FROM payment_instructions WHERE is_default) b),
slot AS (
    SELECT n FROM generate_series(1, %(limit)s) AS n
    WHERE NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = %(customer)s
                      AND status = 'pending_payment' AND unpaid_slot = n)
    ORDER BY n LIMIT 1),
placed AS (
    INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions,
                        unpaid_slot, expires_at)
    SELECT c.id, 'pending_payment', coalesce(%(preference)s, c.delivery_preference), sums.total,
           sums.cost, bank.told, slot.n, now() + make_interval(hours => %(hold_hours)s::int)
    FROM customers c, sums, bank, slot WHERE c.id = %(customer)s AND sums.lines > 0
      AND c.blocked_at IS NULL FOR KEY SHARE OF c
    RETURNING id, expires_at, delivery_preference),
items AS (
    INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
        duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost, line_total,
        renews_id)
    SELECT placed.id, l.plan_id, l.service_id, l.service_name, l.plan_name, l.duration_months,
           l.capacity, l.size, l.quantity, l.sale_price, l.cost, l.sale_price * l.quantity,
           l.renews_id
    FROM placed, lines l ORDER BY l.id),
noted AS (
    INSERT INTO timeline_entries (order_id, event, actor_kind, actor_id)
    SELECT id, 'placed', %(kind)s, %(actor)s::bigint FROM placed),
audited AS (
    INSERT INTO audit_entries (actor_kind, actor_id, session_id, address_hash, action,
                               object_type, object_id, change)
    SELECT %(kind)s, %(actor)s::bigint, %(session_id)s, %(address_hash)s, 'order.place',
           'order',
           placed.id::text, jsonb_build_object('total', sums.total::text, 'items', sums.lines)
    FROM placed, sums)"""

_PLACED = """
SELECT placed.id, placed.expires_at, placed.delivery_preference AS way, sums.lines,
       sums.total, sums.on_sale, sums.wanted,
       EXISTS (SELECT 1 FROM bank) AS has_bank, {held} AS held
FROM sums LEFT JOIN placed ON true"""

# Whole accounts are left to the second look, which counts them as missing.
_NEEDS = """,
needs AS (
    SELECT plan_id, service_id, quantity AS wanted FROM lines
    WHERE capacity = 'profile' AND EXISTS (SELECT 1 FROM placed)),"""


def _placing(taken: str) -> str:
    return f"WITH taken AS ({taken}),{_PLACE}"


PLACE = on_one_line(_placing(_FROM_CART) + _PLACED.format(held="0"))
PLACE_RENEWAL = on_one_line(
    _placing("SELECT 0 AS id, %(plan)s::bigint AS plan_id, 1 AS quantity, %(renews)s AS renews_id")
    + _PLACED.format(held="0")
)
PLACE_LINES = on_one_line(
    _placing(
        """SELECT row_number() OVER () AS id, l.plan_id, l.quantity, NULL::bigint AS renews_id
           FROM unnest(%(plans)s::bigint[], %(quantities)s::int[]) AS l(plan_id, quantity)"""
    )
    + _PLACED.format(held="0")
)
PLACE_AND_CLAIM = on_one_line(
    _placing(_FROM_CART)  # noqa: S608  # constants
    + _NEEDS
    + CLAIM
    + ","
    + HOLD.format(order="(SELECT id FROM placed)")
    + _PLACED.format(held="(SELECT count(*) FROM held)")
)


async def lock(session: AsyncSession, actor: Actor, order_id: int) -> Any:
    """The order's row, locked until the transaction ends; its timeline can be added to meanwhile.

    Raises `NotFound` for another customer's order just as for none.
    """
    order = await fetch_one(
        session, "SELECT * FROM orders WHERE id = %(id)s FOR NO KEY UPDATE", id=order_id
    )
    if order is None or (actor.kind == "customer" and order.customer_id != actor.id):
        raise NotFound
    if actor.kind == "guest":
        raise NotFound
    return order


def refuse_state(order: Any) -> Conflict:
    return Conflict("order_state", status=ORDER_STATES[order.status])


async def cancel(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    reason: str,
    seen_status: str | None = None,
) -> None:
    """Cancel before delivery: customers what they have not paid, staff up to `processing`.

    Holds and assignments are released; a profile that had been given out must be rotated before
    it is sold again. Money already received stays on record. `seen_status` is how the order stood
    for who decided. Raises `Conflict`: `order_state`, `order_changed`, `renewed_by`.
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
    if seen_status not in {None, order.status}:
        raise Conflict("order_changed", status=ORDER_STATES[order.status])
    await _end(session, actor, order, reason, "cancelled")


async def expire_due(session: AsyncSession, most: int = 200) -> int:
    """Cancel unpaid orders whose time to pay ended; how many. Safe to run twice or late.

    One whose customer sent a receipt waits until somebody has looked at it.
    """
    due = await fetch(
        session,
        f"""SELECT * FROM orders o WHERE status = 'pending_payment' AND expires_at <= now()
             AND payment_status = 'unpaid' AND NOT {IN_REVIEW}
           ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED""",  # noqa: S608  # a constant
        most=most,
    )
    due = await _without_receipts(session, due)
    await lock_holds(session, [order.id for order in due])
    for order in due:
        await _end(session, SYSTEM, order, "", "expired")
    return len(due)


async def _without_receipts(session: AsyncSession, locked: list[Any]) -> list[Any]:
    """A receipt may have come after the orders were looked up and before they were locked."""
    asked = f"SELECT o.id FROM orders o WHERE o.id = ANY(%(ids)s) AND {IN_REVIEW}"  # noqa: S608
    waiting = {row.id for row in await fetch(session, asked, ids=[order.id for order in locked])}
    return [order for order in locked if order.id not in waiting]


# Of the order `o`: a receipt of it waits to be looked at.
IN_REVIEW = "EXISTS (SELECT FROM receipts r WHERE r.order_id = o.id AND r.status = 'waiting')"


async def _end(session: AsyncSession, actor: Actor, order: Any, reason: str, event: str) -> None:
    """Whoever changes an account locks subscriptions before profiles, and so does this."""
    given = [row.id for row in await fetch(session, SUBSCRIPTIONS, order=order.id) if row.given]
    await _refuse_renewed_since(session, order.id, given)
    await run(
        session,
        """UPDATE orders SET status = 'cancelled', cancelled_at = now(), updated_at = now(),
               cancel_reason = %(reason)s WHERE id = %(id)s""",
        id=order.id,
        reason=reason,
    )
    await run(
        session,
        """UPDATE order_items SET fulfilment = 'waiting_payment', promised_at = NULL
           WHERE order_id = %(id)s AND fulfilment = 'waiting_stock'""",
        id=order.id,
    )
    await nobody_waits(session)
    freed = await release_holds(session, order.id)
    back = await give_back(session, given, event)
    freed |= {row.service_id for row in back if row.status == "free"}
    await drop_claims(session, actor, given)
    await _take_back_renewals(session, order.id)
    await note(session, actor, order.id, event, reason=reason)
    await audit(
        session,
        actor,
        f"order.{event}",
        "order",
        order.id,
        before=order.status,
        after="cancelled",
        reason=reason,
    )
    await tell(session, f"order:{order.id}", "orders", f"accounts:{order.customer_id}")
    await look_who_waits(session, freed)


# What the order gave and what it renewed, locked.
SUBSCRIPTIONS = """SELECT a.id, i.order_id = %(order)s AS given
    FROM assignments a JOIN order_items i ON i.id = a.order_item_id
    WHERE a.released_at IS NULL AND (i.order_id = %(order)s OR a.id IN (
        SELECT r.assignment_id FROM renewals r JOIN order_items n ON n.id = r.order_item_id
        WHERE n.order_id = %(order)s AND r.undone_at IS NULL))
    ORDER BY a.id FOR UPDATE OF a"""


async def _refuse_renewed_since(session: AsyncSession, order_id: int, given: list[int]) -> None:
    """What another order has paid for since does not end with this one.

    Raises `Conflict` (`renewed_by`, with that order).
    """
    renewal = await scalar(
        session,
        """SELECT i.order_id FROM renewals r JOIN order_items i ON i.id = r.order_item_id
           WHERE r.assignment_id = ANY(%(given)s) AND r.undone_at IS NULL
             AND i.order_id <> %(order)s ORDER BY r.id DESC LIMIT 1""",
        given=given,
        order=order_id,
    )
    if renewal is not None:
        raise Conflict("renewed_by", order=renewal)


async def _take_back_renewals(session: AsyncSession, order_id: int) -> None:
    """The time a cancelled order had added goes. Raises `Conflict` when more was added since."""
    for row in await fetch(
        session,
        """SELECT r.*, a.ends_on AS ends_now FROM renewals r
           JOIN order_items i ON i.id = r.order_item_id JOIN assignments a ON a.id = r.assignment_id
           WHERE i.order_id = %(order)s AND r.undone_at IS NULL AND a.released_at IS NULL
           ORDER BY a.id""",
        order=order_id,
    ):
        if row.ends_now != row.ends_on:
            raise Conflict("renewed_since")
        await run(
            session,
            """WITH undone AS (UPDATE renewals SET undone_at = now() WHERE id = %(renewal)s)
               UPDATE assignments SET anchor_on = %(anchor)s, months = %(months)s,
                   ends_on = %(ends)s WHERE id = %(id)s""",
            renewal=row.id,
            id=row.assignment_id,
            anchor=row.anchor_before,
            months=row.months_before,
            ends=row.ended_before,
        )
