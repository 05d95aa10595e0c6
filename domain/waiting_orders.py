"""Paid orders that wait for stock, and are served in line as it comes: first paid, first served."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import orders
from domain.actors import SYSTEM, Actor
from domain.assignments import assign
from domain.errors import Conflict
from domain.records import tell
from domain.sql import fetch, run, scalar
from domain.stock import FREE, LAPSED
from domain.stock_waits import nobody_waits
from infra.queue import defer

FILLING = "SELECT pg_advisory_xact_lock(hashtextextended('fill', 0))"


async def fill_waiting(session: AsyncSession, service_id: int | None = None) -> int:
    """Give new stock to the paid orders that wait, first paid first; how many became whole."""
    await run(session, FILLING)
    paid = await fetch(
        session,
        WAITING,
        service=service_id,
    )
    if service_id is not None:
        await _look_who_asked(session, service_id)
    whole = 0
    for order in paid:
        whole += await assign(session, SYSTEM, order_id=order.id) == "delivered"
        await tell(session, f"order:{order.id}", "orders")
    if paid:
        await nobody_waits(session)
    return whole


async def fill_order(session: AsyncSession, actor: Actor, *, order_id: int) -> str:
    """Give one paid order what there is for it now, before its turn; its status afterwards.

    Raises `NotFound`, `Conflict`: `order_state`, `nothing_waits`, `still_no_stock` when nothing of
    it could be served.
    """
    actor.require_staff()
    await run(session, FILLING)
    order = await orders.lock(session, actor, order_id)
    if order.status not in {"paid", "processing"}:
        raise orders.refuse_state(order)
    before = await _waiting_lines(session, order_id)
    if not before:
        raise Conflict("nothing_waits")
    status = await assign(session, actor, order_id=order_id)
    if await _waiting_lines(session, order_id) == before:
        raise Conflict("still_no_stock")
    await nobody_waits(session)
    await tell(session, f"order:{order_id}", "orders")
    return status


async def _waiting_lines(session: AsyncSession, order_id: int) -> int:
    return await scalar(
        session,
        """SELECT count(*) FROM order_items
           WHERE order_id = %(order)s AND fulfilment = 'waiting_stock'""",
        order=order_id,
    )


async def _look_who_asked(session: AsyncSession, service_id: int) -> None:
    """Stock of the service came in: customers may wait to hear of it."""
    if await scalar(
        session,
        """SELECT EXISTS (SELECT FROM restock_requests r JOIN plans p ON p.id = r.plan_id
                          WHERE p.service_id = %(service)s AND r.told_at IS NULL)""",
        service=service_id,
    ):
        await defer(session, "restocks.tell", lock="restocks.tell")


# Orders for which there is something: held by them, free, or held by one whose time ran out. Each
# look reads one row of an index; ordered and limited, since EXISTS alone may begin with the table.
_POOL = f"""SELECT p.id FROM profiles p WHERE p.service_id = i.service_id
    AND p.dedicated_to = pool.id AND {FREE}"""  # noqa: S608  # constants
WAITING = f"""SELECT o.id FROM orders o WHERE o.status = 'processing' AND EXISTS (
        SELECT FROM order_items i CROSS JOIN LATERAL unnest(ARRAY[0, i.plan_id]) AS pool(id)
        WHERE i.order_id = o.id AND i.fulfilment = 'waiting_stock'
          AND (%(service)s::bigint IS NULL OR i.service_id = %(service)s)
          AND coalesce(
            ({_POOL} AND reserved_until IS NULL ORDER BY paid_until DESC, id LIMIT 1),
            ({_POOL} AND {LAPSED} ORDER BY reserved_until LIMIT 1),
            ({_POOL} AND reserved_order_id = o.id ORDER BY reserved_order_id LIMIT 1)) IS NOT NULL)
    ORDER BY o.paid_at, o.id FOR NO KEY UPDATE OF o"""  # noqa: S608  # constants


async def waiting_count(session: AsyncSession) -> int:
    return int(
        await scalar(session, "SELECT count(*) FROM order_items WHERE fulfilment = 'waiting_stock'")
    )
