"""What received money means for an order: it goes on waiting, is delivered, or comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import coupons, ledger
from domain.actors import Actor
from domain.assignments import assign
from domain.errors import Conflict
from domain.messages import tell_buyer
from domain.orders import lock, refuse_state
from domain.records import audit, note, tell
from domain.revivals import again
from domain.sql import run
from models.payments import PaymentKind, PaymentSource


async def settle(
    session: AsyncSession,
    actor: Actor,
    order: Any,
    kind: PaymentKind,
    *,
    amount: str,
    remains: Decimal,
    source: PaymentSource,
) -> str:
    """Write what the payment means for the order; the order's status afterwards."""
    if kind is PaymentKind.DUPLICATE:
        await ledger.restate(session, order.id)
        await note(session, actor, order.id, "payment_duplicate", amount=amount)
        return str(order.status)
    if kind is PaymentKind.PARTIAL:
        await ledger.restate(session, order.id)
        missing = str(order.total - remains)
        await note(session, actor, order.id, "payment_partial", amount=amount, missing=missing)
        if source is not PaymentSource.CREDIT:  # who uses it sees what is missing
            await tell_buyer(session, "payment_partial", order.id, occasion=f"received:{remains}")
        return str(order.status)
    if kind is PaymentKind.LATE:
        await note(session, actor, order.id, "payment_late", amount=amount)
        if not await _comes_back(session, order, remains):
            await ledger.restate(session, order.id)
            await tell_buyer(session, "payment_held", order.id, occasion=f"received:{remains}")
            return str(order.status)
        await note(session, actor, order.id, "revived")
    else:
        await note(session, actor, order.id, "payment_confirmed", amount=amount)
    return await _deliver(session, actor, order, remains)


async def _comes_back(session: AsyncSession, order: Any, remains: Decimal) -> bool:
    """Whether late money revives the order: nobody cancelled it, it is enough, there is stock."""
    if order.cancel_reason or remains < order.total:
        return False
    return await again(session, order)


async def _deliver(session: AsyncSession, actor: Actor, order: Any, remains: Decimal) -> str:
    await run(
        session,
        """UPDATE orders SET status = 'paid', paid_at = now(), updated_at = now(),
               cancelled_at = NULL, cancel_reason = '', payment_status = %(payment)s
           WHERE id = %(id)s""",
        id=order.id,
        payment="overpaid" if remains > order.total else "paid",
    )
    return await assign(session, actor, order_id=order.id)


async def settle_free(session: AsyncSession, actor: Actor, *, order_id: int) -> None:
    """Deliver an order that costs nothing, since a coupon of the owner's paid for all of it."""
    order = await lock(session, actor, order_id)
    if order.status == "pending_payment" and not order.total:
        await _deliver(session, actor, order, Decimal(0))


async def revive(session: AsyncSession, actor: Actor, *, order_id: int) -> str:
    """Take an expired order up again whose money is there, stock or not: it waits; its status.

    Raises `NotFound`, `Conflict`: `order_state`, `money_missing`, `coupon_gone`.
    """
    actor.require_staff()
    order = await lock(session, actor, order_id)
    if order.status != "cancelled" or order.cancel_reason:
        raise refuse_state(order)
    remains = (await ledger.money_of(session, order_id)).remains
    if remains < order.total:
        raise Conflict("money_missing")
    if not await coupons.take_again(session, order_id):
        raise Conflict("coupon_gone")
    await note(session, actor, order_id, "revived")
    await audit(session, actor, "order.revive", "order", order_id, before=order.status)
    status = await _deliver(session, actor, order, remains)
    await tell(session, f"order:{order_id}", "orders")
    return status
