"""What happened, written down for the owner's programs in the transaction in which it happened.

An event is a row only where some webhook wants its kind; the job that sends it is deferred beside
it. It says ids, states and public amounts: no cost, no name, nothing anybody typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import run
from infra.clock import today
from infra.queue import defer
from infra.settings import settings

# Every kind of event, and what the owner reads beside it.
EVENTS = {
    "order.placed": "Pedido nuevo",
    "payment.received": "Pago recibido, completo o no",
    "order.paid": "Pedido pagado por completo",
    "order.delivered": "Pedido entregado",
    "order.cancelled": "Pedido cancelado o vencido sin pago",
    "subscription.expiring": "Suscripción por vencer",
    "subscription.ended": "Suscripción terminada",
    "stock.low": "Queda poco de un plan",
    "ticket.opened": "Ticket de soporte nuevo",
    "ticket.replied": "Respuesta en un ticket",
}
TEST = "webhook.test"

# For statements whose speed matters: whether anybody listens at all.
HEARD = "EXISTS (SELECT FROM webhooks WHERE active)"

# What a line of an order's timeline tells programs.
OF_TIMELINE: dict[str, Sequence[str]] = {
    "payment_partial": ("payment.received",),
    "payment_duplicate": ("payment.received",),
    "payment_late": ("payment.received",),
    "payment_confirmed": ("payment.received", "order.paid"),
    "revived": ("order.paid",),
    "delivered": ("order.delivered",),
    "cancelled": ("order.cancelled",),
    "expired": ("order.cancelled",),
}

_WANTED = "EXISTS (SELECT FROM webhooks WHERE active AND %(type)s::text = ANY(events))"

# The state is the one the event tells of: its row may be about to be brought into it.
ORDER = f"""INSERT INTO webhook_events (type, object, data)
    SELECT %(type)s::text, 'order:' || o.id, jsonb_build_object(
        'order_id', o.id, 'customer_id', o.customer_id, 'status', %(status)s::text,
        'total', o.total::text, 'currency', 'MXN')
    FROM orders o WHERE o.id = %(order)s AND {_WANTED}"""  # noqa: S608  # constants

PAYMENT = f"""INSERT INTO webhook_events (type, object, data)
    SELECT %(type)s::text, 'order:' || o.id, jsonb_build_object(
        'payment_id', p.id, 'order_id', o.id, 'customer_id', o.customer_id, 'kind', p.kind,
        'source', p.source, 'amount', p.amount::text, 'currency', 'MXN', 'paid_on', p.paid_on)
    FROM orders o JOIN payments p ON p.order_id = o.id
    WHERE o.id = %(order)s AND {_WANTED} ORDER BY p.id DESC LIMIT 1"""  # noqa: S608  # constants

STATUS_OF = {
    "order.placed": "pending_payment",
    "order.paid": "paid",
    "order.delivered": "delivered",
    "order.cancelled": "cancelled",
}

SUBSCRIPTION = f"""INSERT INTO webhook_events (type, object, data)
    SELECT %(type)s::text, 'subscription:' || a.id, jsonb_build_object(
        'subscription_id', a.id, 'order_id', i.order_id, 'customer_id', a.customer_id,
        'plan_id', i.plan_id, 'ends_on', a.ends_on) || %(more)s
    FROM assignments a JOIN order_items i ON i.id = a.order_item_id
    WHERE a.unit_index %% i.profiles_per_unit = 0 AND {_WANTED} AND """  # noqa: S608  # constants


async def announce(session: AsyncSession, kind: str, about: str, data: dict[str, Any]) -> None:
    """Tell of something that is told by what the caller knows of it."""
    written = await run(
        session,
        f"""INSERT INTO webhook_events (type, object, data)
            SELECT %(type)s::text, %(object)s, %(data)s WHERE {_WANTED}""",  # constants
        type=kind,
        object=about,
        data=Jsonb(data),
    )
    await _send_soon(session, written)


async def announce_order(session: AsyncSession, kind: str, order_id: int) -> None:
    statement = PAYMENT if kind == "payment.received" else ORDER
    written = await run(
        session, statement, type=kind, order=order_id, status=STATUS_OF.get(kind, "")
    )
    await _send_soon(session, written)


async def announce_ended(session: AsyncSession, ended: Sequence[int], reason: str) -> None:
    """These subscriptions are over; a whole account is one of them."""
    written = await run(
        session,
        SUBSCRIPTION + "a.id = ANY(%(ids)s) ORDER BY a.id",
        type="subscription.ended",
        more=Jsonb({"reason": reason}),
        ids=list(ended),
    )
    await _send_soon(session, written)


async def announce_expiring(session: AsyncSession, most: int = 500) -> int:
    """Those that end within the days of the first reminder, each once for each end it has."""
    written = await run(
        session,
        SUBSCRIPTION
        + """a.ends_on BETWEEN %(today)s AND %(last)s AND a.released_at IS NULL
             AND NOT EXISTS (SELECT FROM webhook_events e
                             WHERE e.object = 'subscription:' || a.id AND e.type = %(type)s::text
                               AND e.data ->> 'ends_on' = a.ends_on::text)
           ORDER BY a.ends_on, a.id LIMIT %(most)s""",
        type="subscription.expiring",
        more=Jsonb({}),
        today=today(),
        last=today() + timedelta(days=settings().reminder_first),
        most=most,
    )
    await _send_soon(session, written)
    return written


async def announce_ticket(session: AsyncSession, kind: str, ticket: Any, by: str) -> None:
    """`by` is who wrote: the customer or the staff. What they wrote is theirs."""
    data = {"ticket_id": ticket.id, "customer_id": ticket.customer_id, "order_id": ticket.order_id}
    await announce(session, kind, f"ticket:{ticket.id}", {**data, "by": by})


async def _send_soon(session: AsyncSession, written: int) -> None:
    if written:
        await defer(session, "webhooks.send", lock="webhooks.send")


async def spread(session: AsyncSession) -> None:
    """Give each new event to the webhooks that want it, in the order in which things happened."""
    await run(
        session,
        """WITH fresh AS (
               UPDATE webhook_events SET spread_at = now() WHERE spread_at IS NULL
               RETURNING sequence, type, object)
           INSERT INTO webhook_deliveries (webhook_id, event_sequence, object)
           SELECT w.id, f.sequence, f.object FROM fresh f
           JOIN webhooks w ON w.active AND f.type = ANY(w.events)
           ORDER BY f.sequence, w.id""",
    )


async def sweep(session: AsyncSession) -> None:
    """Events and how they were delivered are kept for a month."""
    await run(session, "DELETE FROM webhook_events WHERE happened_at < now() - interval '30 days'")
