"""What a program asks of an order by naming the state it wants: the command behind that state."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import message_actions, order_endings, orders, payments
from domain.actors import Actor
from domain.assignments import assign
from domain.credentials import Credential, reveal
from domain.errors import Conflict, InvalidInput, NotFound
from domain.records import tell
from domain.sql import fetch, fetch_one, run
from domain.stock import FREE, UNHELD

PAID = ("paid", "processing")


async def reach(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    status: str,
    reason: str,
    payment: payments.PaymentNotice | None,
) -> None:
    """`paid` records the payment, `cancelled` cancels; `processing` and `delivered` assign.

    Raises `InvalidInput`, `NotFound`, `Conflict` where the order may not go there from here.
    """
    actor.require_staff()
    if status == "paid":
        if payment is None:
            raise InvalidInput({"payment": "value_required"})
        await payments.confirm_payment(session, actor, order_id=order_id, notice=payment)
    elif status == "cancelled":
        await order_endings.cancel(session, actor, order_id=order_id, reason=reason)
    elif status in {"processing", "delivered"}:
        reached = await serve(session, actor, order_id=order_id)
        if status == "delivered" and reached != "delivered":
            raise Conflict("stock_missing")
    else:
        order = await orders.lock(session, actor, order_id)
        raise orders.refuse_state(order)


async def serve(
    session: AsyncSession, actor: Actor, *, order_id: int, profile_ids: Sequence[int] = ()
) -> str:
    """Give a paid order what it still lacks; the status it reached.

    Profiles that are named are set aside for it first. Raises `NotFound`, `Conflict`
    (`order_state`, `profile_in_use`).
    """
    actor.require_staff()
    order = await orders.lock(session, actor, order_id)
    if order.status == "delivered" and not profile_ids:
        return "delivered"
    if order.status not in PAID:
        raise orders.refuse_state(order)
    if profile_ids:
        await _set_aside(session, order_id, sorted(set(profile_ids)))
    status = await assign(session, actor, order_id=order_id)
    await tell(session, f"order:{order_id}", "orders", "inventory")
    return status


async def _set_aside(session: AsyncSession, order_id: int, profile_ids: list[int]) -> None:
    touched = await run(
        session,
        f"""UPDATE profiles SET reserved_order_id = %(order)s,
                reserved_until = now() + interval '1 minute'
            WHERE id IN (SELECT id FROM profiles WHERE id = ANY(%(ids)s) AND {FREE} AND {UNHELD}
                         ORDER BY id FOR UPDATE)
              AND service_id IN (SELECT service_id FROM order_items
                                 WHERE order_id = %(order)s AND fulfilment = 'waiting_stock')""",  # noqa: S608
        order=order_id,
        ids=profile_ids,
    )
    if touched < len(profile_ids):
        raise Conflict("profile_in_use")


async def deliver(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    channel: str | None,
    usable: Collection[str],
) -> None:
    """Tell the customer again that their accesses are ready, by any way that works if none is said.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`not_delivered`), `TooManyRequests`.
    """
    actor.require_staff()
    ways = await message_actions.ways(session, actor, order_id=order_id, usable=usable)
    open_ways = [way.channel for way in ways if not way.why_not]
    if channel is None and ways and not open_ways:
        raise InvalidInput({"channel": ways[0].why_not})
    await message_actions.resend(
        session,
        actor,
        order_id=order_id,
        channel=channel or (open_ways[0] if open_ways else ""),
        usable=usable,
    )


async def open_accesses(
    session: AsyncSession, actor: Actor, *, order_id: int
) -> list[tuple[int, int, Credential]]:
    """The item, the unit and the credential of each live access of the customer's own order.

    Each is on record as opened. Raises `NotFound`.
    """
    own = await fetch_one(
        session,
        "SELECT 1 FROM orders WHERE id = %(id)s AND customer_id = %(customer)s",
        id=order_id,
        customer=actor.customer_id(),
    )
    if own is None:
        raise NotFound
    rows = await fetch(
        session,
        """SELECT a.id, a.order_item_id, a.unit_index FROM assignments a
           JOIN order_items i ON i.id = a.order_item_id
           WHERE i.order_id = %(order)s AND a.released_at IS NULL
           ORDER BY a.order_item_id, a.unit_index""",
        order=order_id,
    )
    return [
        (row.order_item_id, row.unit_index, await reveal(session, actor, assignment_id=row.id))
        for row in rows
    ]
