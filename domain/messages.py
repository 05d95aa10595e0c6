"""Messages come into being: written with their cause, each with the job that will send it.

The way is the customer's preference of the day; the panel always has what concerns an access.
Saying the same again changes nothing. How they go out is in `message_sending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import tell
from domain.sql import fetch
from infra.queue import defer_many

# How a customer is reached. Expects the customer as `c`; WhatsApp may know another form of it.
BY_PHONE = "coalesce(nullif(c.whatsapp, ''), c.phone)"
OUTSIDE = f"""SELECT 'whatsapp' AS channel, {BY_PHONE} AS address
    WHERE {{preference}} = 'whatsapp'
    UNION ALL SELECT 'email', c.email WHERE {{preference}} = 'email' AND c.email <> ''"""
TO_CUSTOMER = OUTSIDE.format(preference="c.delivery_preference")
WAYS = f"SELECT 'web' AS channel, '' AS address UNION ALL {TO_CUSTOMER}"


async def tell_holders(
    session: AsyncSession,
    kind: str,
    assignment_ids: Sequence[int],
    *,
    occasion: str = "",
    order_id: int | None = None,
) -> list[int]:
    """Write one message per subscription and way; the subscriptions told just now.

    `order_id` is the order it speaks of, if not the one that sold the subscription. Open panels
    look again.
    """
    rows = await fetch(
        session,
        f"""INSERT INTO messages (id, customer_id, order_id, assignment_id, credential_version,
                                  occasion, channel, kind, to_address, status)
           SELECT gen_random_uuid(), c.id, coalesce(%(order)s::bigint, i.order_id), a.id,
                  CASE WHEN %(kind)s IN ('rotated', 'replaced') THEN acc.credential_version
                       ELSE 0 END,
                  %(occasion)s, way.channel, %(kind)s, way.address,
                  CASE way.channel WHEN 'web' THEN 'delivered' ELSE 'queued' END
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           JOIN customers c ON c.id = a.customer_id JOIN profiles p ON p.id = a.profile_id
           JOIN accounts acc ON acc.id = p.account_id
           CROSS JOIN LATERAL ({WAYS}) AS way
           WHERE a.id = ANY(%(ids)s) ORDER BY a.id
           ON CONFLICT DO NOTHING RETURNING id, assignment_id, customer_id, status""",  # noqa: S608
        kind=kind,
        occasion=occasion,
        order=order_id,
        ids=list(assignment_ids),
    )
    await send_later(session, rows)
    await tell(session, *sorted({f"accounts:{row.customer_id}" for row in rows}))
    return sorted({row.assignment_id for row in rows})


async def tell_buyer(
    session: AsyncSession, kind: str, order_id: int, *, occasion: str = ""
) -> bool:
    """Tell the customer something about the order as a whole; its page shows it in any case.

    False when they were told before, or want to hear of nothing outside their panel.
    """
    rows = await fetch(
        session,
        f"""INSERT INTO messages (id, customer_id, order_id, occasion, channel, kind, to_address)
           SELECT gen_random_uuid(), c.id, o.id, %(occasion)s, way.channel, %(kind)s, way.address
           FROM orders o JOIN customers c ON c.id = o.customer_id
           CROSS JOIN LATERAL ({OUTSIDE.format(preference="o.delivery_preference")}) AS way
           WHERE o.id = %(order)s ON CONFLICT DO NOTHING RETURNING id, status""",  # noqa: S608
        kind=kind,
        occasion=occasion,
        order=order_id,
    )
    await send_later(session, rows)
    return bool(rows)


async def tell_customer(
    session: AsyncSession, kind: str, customer_id: int, *, occasion: str, wait_seconds: int = 0
) -> None:
    """Tell a customer of what is neither an order nor an access; nothing where the panel is enough.

    With `wait_seconds` it goes out no sooner, so that what is read meanwhile need not be sent.
    """
    rows = await fetch(
        session,
        f"""INSERT INTO messages (id, customer_id, occasion, channel, kind, to_address, not_before)
           SELECT gen_random_uuid(), c.id, %(occasion)s, way.channel, %(kind)s, way.address,
                  now() + make_interval(secs => nullif(%(wait)s, 0))
           FROM customers c CROSS JOIN LATERAL ({TO_CUSTOMER}) AS way
           WHERE c.id = %(customer)s RETURNING id, status""",  # noqa: S608  # constants
        kind=kind,
        occasion=occasion,
        customer=customer_id,
        wait=wait_seconds,
    )
    await send_later(session, rows)


async def tell_staff(
    session: AsyncSession, kind: str, *, occasion: str, order_id: int | None = None
) -> None:
    """Tell everybody of the staff who left an address; `occasion` is what they hear of once."""
    rows = await fetch(
        session,
        """INSERT INTO messages (id, staff_id, order_id, occasion, channel, kind, to_address)
           SELECT gen_random_uuid(), s.id, %(order)s, %(occasion)s, way.channel, %(kind)s,
                  way.address
           FROM staff_users s CROSS JOIN LATERAL (
               SELECT 'whatsapp' AS channel, s.whatsapp AS address WHERE s.whatsapp <> ''
               UNION ALL SELECT 'email', s.email WHERE s.email <> '' AND s.whatsapp = '') AS way
           WHERE s.disabled_at IS NULL ON CONFLICT DO NOTHING RETURNING id, status""",
        kind=kind,
        occasion=occasion,
        order=order_id,
    )
    await send_later(session, rows)


async def tell_of(session: AsyncSession, *order_ids: int | None) -> None:
    """Signal that messages got further: to their history and to the pages of their orders."""
    orders = sorted({number for number in order_ids if number is not None})
    await tell(session, "messages", *(f"order:{number}" for number in orders))


async def send_later(session: AsyncSession, written: Sequence[Any]) -> None:
    """Put the queued ones of these rows (id, status) into the queue of jobs."""
    queued = [{"message_id": str(row.id)} for row in written if row.status == "queued"]
    await defer_many(session, "messages.send", queued)
