"""A payment that never was: recorded by mistake, and taken back while nothing was given for it.

Money that really came and goes back is a refund; this is for a wrong statement. Whoever recorded
it and whoever takes it back stay in the audit.
"""

from __future__ import annotations

from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import ledger, orders
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit, note, tell
from domain.sql import fetch_one, run, scalar
from infra.settings import settings


async def take_back_payment(session: AsyncSession, actor: Actor, payment_id: int) -> None:
    """Remove it; an order that lacks money without it waits for its payment again.

    Raises `NotFound`, `Conflict`: `payment_delivered` when the order was given something and would
    lack money, `payment_spent` when the money has left the order since.
    """
    actor.require_staff()
    order_id = await scalar(
        session, "SELECT order_id FROM payments WHERE id = %(id)s", id=payment_id
    )
    if order_id is None:
        raise NotFound
    order = await orders.lock(session, actor, order_id)
    payment = await fetch_one(
        session, "SELECT * FROM payments WHERE id = %(id)s FOR UPDATE", id=payment_id
    )
    if payment is None:
        raise NotFound
    money = await ledger.money_of(session, order_id)
    lacks = order.status in {"paid", "processing", "delivered"} and (
        money.remains - payment.amount < money.due
    )
    if lacks and await _has_something(session, order_id):
        raise Conflict("payment_delivered")
    if lacks and money.due < order.total:  # a part went back: its price is not owed again
        raise Conflict("payment_spent")
    try:
        await run(session, "DELETE FROM payments WHERE id = %(id)s", id=payment_id)
    except psycopg.errors.CheckViolation as error:
        raise Conflict("payment_spent") from error
    if lacks:
        await _wait_again(session, order)
    await ledger.restate(session, order_id)
    amount = str(payment.amount)
    await note(session, actor, order_id, "payment_taken_back", amount=amount)
    await audit(
        session,
        actor,
        "payment.take_back",
        "order",
        order_id,
        amount=amount,
        reference=payment.reference,
    )
    await tell(session, f"order:{order_id}", "orders")


async def _has_something(session: AsyncSession, order_id: int) -> bool:
    return bool(
        await scalar(
            session,
            """SELECT EXISTS (SELECT FROM order_items WHERE order_id = %(o)s
                              AND fulfilment IN ('assigned', 'delivered'))""",
            o=order_id,
        )
    )


async def _wait_again(session: AsyncSession, order: Any) -> None:
    """The order waits for its payment as a new one does, with what it holds.

    Raises `Conflict` (`unpaid_limit`) when the customer has as many unpaid orders as they may.
    """
    slot = await scalar(
        session,
        """SELECT min(n) FROM generate_series(1, %(limit)s) AS n
           WHERE NOT EXISTS (SELECT FROM orders WHERE customer_id = %(customer)s
                             AND status = 'pending_payment' AND unpaid_slot = n)""",
        customer=order.customer_id,
        limit=settings().max_unpaid_orders,
    )
    if slot is None:
        raise Conflict("unpaid_limit", limit=settings().max_unpaid_orders)
    await run(
        session,
        """UPDATE orders SET status = 'pending_payment', paid_at = NULL, unpaid_slot = %(slot)s,
               expires_at = now() + make_interval(hours => %(hours)s) WHERE id = %(id)s""",
        slot=slot,
        hours=settings().hold_hours,
        id=order.id,
    )
    await run(
        session,
        """UPDATE order_items SET fulfilment = 'waiting_payment', promised_at = NULL
           WHERE order_id = %(id)s""",
        id=order.id,
    )
    await run(
        session,
        """UPDATE profiles SET reserved_until = now() + make_interval(hours => %(hours)s)
           WHERE reserved_order_id = %(id)s AND status = 'free'""",
        hours=settings().hold_hours,
        id=order.id,
    )
