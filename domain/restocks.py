"""Customers who want to hear when a sold-out plan is back, and their telling, once.

Whoever paid and waits is served first: only what is left then is news.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.availability import available
from domain.errors import Conflict, NotFound
from domain.messages import WAYS, send_later
from domain.sql import fetch, run, scalar
from domain.waiting_orders import fill_waiting

ON_SALE = "p.active AND p.archived_at IS NULL AND s.active AND s.archived_at IS NULL"


async def ask(session: AsyncSession, actor: Actor, *, plan_id: int) -> None:
    """Note that the customer waits for a sold-out plan; asking again changes nothing.

    Raises `NotFound` (`plan_inactive`) for a plan that is not on sale, `Conflict` (`in_stock`) when
    there is no need to wait.
    """
    customer = actor.customer_id()
    on_sale = await scalar(
        session,
        f"""SELECT true FROM plans p JOIN services s ON s.id = p.service_id
            WHERE p.id = %(plan)s AND {ON_SALE}""",  # noqa: S608  # a constant
        plan=plan_id,
    )
    if not on_sale:
        raise NotFound("plan_inactive")
    if (await available(session, [plan_id], most=1)).get(plan_id):
        raise Conflict("in_stock")
    await run(
        session,
        """INSERT INTO restock_requests (plan_id, customer_id) VALUES (%(plan)s, %(customer)s)
           ON CONFLICT (plan_id, customer_id) WHERE told_at IS NULL DO NOTHING""",
        plan=plan_id,
        customer=customer,
    )


async def cancel(session: AsyncSession, actor: Actor, *, plan_id: int) -> None:
    """The customer no longer waits; not having waited is no error."""
    await run(
        session,
        """DELETE FROM restock_requests
           WHERE plan_id = %(plan)s AND customer_id = %(customer)s AND told_at IS NULL""",
        plan=plan_id,
        customer=actor.customer_id(),
    )


async def open_for(session: AsyncSession, actor: Actor) -> frozenset[int]:
    """The plans this customer waits for."""
    rows = await fetch(
        session,
        """SELECT plan_id FROM restock_requests
           WHERE customer_id = %(customer)s AND told_at IS NULL""",
        customer=actor.customer_id(),
    )
    return frozenset(row.plan_id for row in rows)


async def tell_due(session: AsyncSession, most: int = 500) -> int:
    """Tell those whose plan can be bought again, those who asked first first; how many."""
    asked = await fetch(
        session,
        f"""SELECT p.id FROM plans p JOIN services s ON s.id = p.service_id
            WHERE {ON_SALE} AND EXISTS (SELECT FROM restock_requests r
                                        WHERE r.plan_id = p.id AND r.told_at IS NULL)""",  # noqa: S608
    )
    if not asked:
        return 0
    await fill_waiting(session)
    back = [
        plan
        for plan, units in (await available(session, [p.id for p in asked], most=1)).items()
        if units
    ]
    told = await fetch(session, TELL, plans=back, most=most)
    await send_later(session, told)
    return len({row.request for row in told})


# A request is closed and its messages are written by one statement: never one without the other.
TELL = f"""
WITH due AS (
    SELECT id FROM restock_requests WHERE told_at IS NULL AND plan_id = ANY(%(plans)s)
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED),
closed AS (
    UPDATE restock_requests r SET told_at = now() FROM due WHERE r.id = due.id
    RETURNING r.id, r.plan_id, r.customer_id),
said AS (
    SELECT gen_random_uuid() AS message_id, closed.id, closed.plan_id, c.id AS customer_id,
           way.channel, way.address,
           CASE way.channel WHEN 'web' THEN 'delivered' ELSE 'queued' END AS status
    FROM closed JOIN customers c ON c.id = closed.customer_id
    CROSS JOIN LATERAL (
        {WAYS}) AS way
    WHERE c.blocked_at IS NULL),
written AS (
    INSERT INTO messages (id, customer_id, occasion, channel, kind, to_address, status)
    SELECT message_id, customer_id, 'plan:' || plan_id, channel, 'back_in_stock', address, status
    FROM said)
SELECT closed.id AS request, said.message_id AS id, said.status
FROM closed LEFT JOIN said ON said.id = closed.id ORDER BY closed.id"""  # noqa: S608  # constants
