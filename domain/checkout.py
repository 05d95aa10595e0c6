"""Ordering the cart with a coupon or with credit: everything at once, or nothing.

Without either it is `orders.place`, one statement.
"""

from __future__ import annotations

from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import coupons, orders, payments, settlements
from domain.actors import Actor
from domain.errors import Conflict
from domain.orders import OrderPlaced


async def check_out(
    session: AsyncSession,
    actor: Actor,
    *,
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
    coupon: str = "",
    use_credit: Decimal | None = None,
) -> OrderPlaced:
    """Place the order, take the coupon off, pay with up to `use_credit` of the credit.

    What is paid in full by that is delivered at once; `seen_total` is what remains to pay before
    the credit. Raises what `orders.place` raises, `InvalidInput` (`coupon`, `use_credit`) and
    `Conflict` (`credit_short`).
    """
    if not coupon.strip() and use_credit is None:
        return await orders.place(
            session, actor, delivery_preference=delivery_preference, seen_total=seen_total
        )
    placed = await orders.place_untold(session, actor, delivery_preference=delivery_preference)
    total = placed.total
    if coupon.strip():
        total -= await coupons.apply(session, actor, order_id=placed.id, code=coupon)
    if seen_total not in (None, total):
        raise Conflict("cart_changed")
    await orders.announce(session, placed)
    if not total:
        await settlements.settle_free(session, actor, order_id=placed.id)
    elif use_credit is not None:
        paid = await payments.pay_with_credit(session, actor, order_id=placed.id, most=use_credit)
        if paid is not None and paid.status != "pending_payment":
            return OrderPlaced(placed.id, total, placed.expires_at)
    if total:
        await orders.tell_how_to_pay(session, placed)
    return OrderPlaced(placed.id, total, placed.expires_at)
