"""How an order ends before its time: cancelled by someone, lapsed unpaid, or taken back.

What it held, gave and lengthened is taken back in the order in which everybody locks, and goes to
who waits for it. Money stays on record; only the customer's credit returns.
"""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import coupons, credit, ledger
from domain.actors import SYSTEM, Actor
from domain.claim_ends import drop_claims
from domain.errors import Conflict, InvalidInput
from domain.orders import lock, refuse_state
from domain.records import audit, note, tell
from domain.sql import fetch, run, scalar
from domain.stock_returns import give_back, lock_holds, look_who_waits, release_holds
from domain.stock_waits import nobody_waits
from domain.texts import ORDER_STATES


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
    it is sold again. Credit that paid goes back, other money received stays on record.
    `seen_status` is how the order stood for who decided. Raises `Conflict`: `order_state`,
    `order_changed`, `renewed_by`.
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

    One that only its customer's credit paid a part of lapses as well: the credit goes back. One
    whose customer sent a receipt waits until somebody has looked at it.
    """
    due = await fetch(
        session,
        f"""SELECT * FROM orders o WHERE status = 'pending_payment' AND expires_at <= now()
             AND (payment_status = 'unpaid' OR NOT EXISTS (
                 SELECT FROM payments WHERE order_id = o.id AND source <> 'credit'))
             AND NOT {IN_REVIEW}
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
    given = await _lock_given(session, order.id)
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
    await _take_back(session, actor, order.id, given, event)
    await note(session, actor, order.id, event, reason=reason)
    if order.payment_status != "unpaid":
        await credit.return_used(session, actor, order)
        await ledger.restate(session, order.id)
    if order.coupon_code:
        await coupons.give_back(session, order.id)
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


async def release(session: AsyncSession, actor: Actor, order: Any, why: str) -> None:
    """Take back what a delivered order gave, its row locked by the caller.

    Raises `Conflict`: `renewed_by`, `renewed_since`.
    """
    await _take_back(session, actor, order.id, await _lock_given(session, order.id), why)


async def _lock_given(session: AsyncSession, order_id: int) -> list[int]:
    """Whoever changes an account locks subscriptions before profiles, and so does this."""
    given = [row.id for row in await fetch(session, SUBSCRIPTIONS, order=order_id) if row.given]
    await _refuse_renewed_since(session, order_id, given)
    return given


async def _take_back(
    session: AsyncSession, actor: Actor, order_id: int, given: list[int], why: str
) -> None:
    freed = await release_holds(session, order_id)
    back = await give_back(session, given, why)
    freed |= {row.service_id for row in back if row.status == "free"}
    await drop_claims(session, actor, given)
    await _take_back_renewals(session, order_id)
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
