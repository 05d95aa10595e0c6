"""Reminding a customer that an order waits for its payment, because somebody of the staff asks."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict
from domain.messages import tell_buyer
from domain.orders import lock, refuse_state
from domain.records import audit, note, tell
from domain.reminder_times import quiet
from domain.sql import fetch_one
from infra.clock import now, today


async def remind_to_pay(session: AsyncSession, actor: Actor, *, order_id: int) -> None:
    """Say once more what is to be paid and how; once a day for each order, and not at night.

    Raises `NotFound`, `Conflict`: `order_state`, `hold_ended`, `quiet_hours`, `buyer_blocked`,
    `panel_only` when there is no way to reach them, `payment_reminded`.
    """
    actor.require_staff()
    order = await lock(session, actor, order_id)
    if order.status != "pending_payment":
        raise refuse_state(order)
    if order.expires_at <= now() and order.payment_status == "unpaid":
        raise Conflict("hold_ended")
    if quiet():
        raise Conflict("quiet_hours")
    buyer = await fetch_one(
        session,
        "SELECT blocked_at, email FROM customers WHERE id = %(id)s",
        id=order.customer_id,
    )
    if buyer is None or buyer.blocked_at is not None:
        raise Conflict("buyer_blocked")
    if order.delivery_preference == "web" or (
        order.delivery_preference == "email" and not buyer.email
    ):
        raise Conflict("panel_only")
    if not await tell_buyer(session, "order_placed", order_id, occasion=f"asked:{today()}"):
        raise Conflict("payment_reminded")
    await note(session, actor, order_id, "payment_reminded")
    await audit(session, actor, "order.remind_to_pay", "order", order_id)
    await tell(session, f"order:{order_id}", "orders")
