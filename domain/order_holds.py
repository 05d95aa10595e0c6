"""More time to pay: an unpaid order keeps what it holds until the end of a later day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.orders import lock, refuse_state
from domain.records import audit, note, tell
from domain.sql import run
from domain.stock_returns import lock_holds
from infra.clock import MEXICO, now, today

MOST_DAYS = 30


async def extend_hold(session: AsyncSession, actor: Actor, *, order_id: int, until: date) -> None:
    """Keep an unpaid order and its stock until that day is over. Said again, it changes nothing.

    Raises `InvalidInput`, `NotFound`, `Conflict`: `order_state`, `hold_ended` when its stock may be
    somebody else's by now, `hold_already` when it lasts as long.
    """
    actor.require_staff()
    if not today() <= until <= today() + timedelta(days=MOST_DAYS):
        raise InvalidInput({"until": "hold_day"})
    order = await lock(session, actor, order_id)
    if order.status != "pending_payment":
        raise refuse_state(order)
    ends = datetime.combine(until + timedelta(days=1), time(), MEXICO)
    if order.expires_at <= now():
        raise Conflict("hold_ended")
    if order.expires_at >= ends:
        raise Conflict("hold_already")
    await keep_until(session, order_id, ends)
    await note(session, actor, order_id, "hold_extended", ends=str(until))
    await audit(
        session,
        actor,
        "order.extend_hold",
        "order",
        order_id,
        before=order.expires_at.isoformat(),
        after=ends.isoformat(),
    )
    await tell(session, f"order:{order_id}", "orders")


async def keep_until(session: AsyncSession, order_id: int, ends: datetime) -> None:
    """Of an order that is locked: what it holds by now, it holds until then."""
    await lock_holds(session, [order_id])
    await run(
        session,
        """WITH held AS (
               UPDATE profiles SET reserved_until = %(ends)s
               WHERE reserved_order_id = %(id)s AND status = 'free')
           UPDATE orders SET expires_at = %(ends)s, updated_at = now() WHERE id = %(id)s""",
        id=order_id,
        ends=ends,
    )
