"""The life of a message row: leased by one sender, marked once, moved only forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import texts
from domain.records import tell
from domain.reminder_times import occasion, quiet
from domain.sql import fetch, fetch_one, run
from infra.clock import today
from infra.queue import defer_many
from infra.settings import settings
from infra.vault import Place, Secret, VaultError, ring

LEASE_SECONDS = 60
MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent; its body may hold a login code, so it is a `Secret`.

    `tried_since` is when it was written, if somebody set out with it before: whoever sends it again
    asks first whether it went. `known` are then the provider's ids of other messages to this
    address.
    """

    id: UUID
    channel: str
    to: str
    body: Secret
    tried_since: datetime | None = None
    known: frozenset[str] = frozenset()


async def lease(session: AsyncSession, message_id: UUID) -> Outgoing | None:
    """Take a queued message for 60 s; None when it was sent, given up or is another sender's.

    A text that does not open never will: that message is given up here. A reminder waits for the
    morning, and is given up when it is no longer the one to send.
    """
    row = await fetch_one(
        session,
        """UPDATE messages SET attempts = attempts + 1, updated_at = now(),
               leased_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'queued' AND attempts < %(most)s
             AND (leased_until IS NULL OR leased_until < now())
             AND NOT (kind = 'reminder' AND %(quiet)s)
           RETURNING id, channel, kind, to_address, body_sealed, order_id, assignment_id,
                     occasion, created_at, attempts""",
        id=message_id,
        lease=LEASE_SECONDS,
        most=MOST_ATTEMPTS,
        quiet=quiet(),
    )
    if row is None:
        return None
    if row.kind == "reminder" and not await _still_fits(session, row):
        await mark_failed(session, row.id, "ya no hace falta", final=True)
        return None
    try:
        body = await body_of(session, row)
    except VaultError:
        await mark_failed(session, row.id, "su texto no se puede abrir", final=True)
        return None
    if row.attempts == 1:
        return Outgoing(row.id, row.channel, row.to_address, body)
    known = await _known(session, row.to_address)
    return Outgoing(row.id, row.channel, row.to_address, body, row.created_at, known)


async def _known(session: AsyncSession, to: str) -> frozenset[str]:
    rows = await fetch(
        session,
        """SELECT provider_id FROM messages WHERE to_address = %(to)s AND provider_id <> ''
             AND created_at > now() - interval '2 days'""",
        to=to,
    )
    return frozenset(row.provider_id for row in rows)


async def _still_fits(session: AsyncSession, reminder: Any) -> bool:
    """Whether nothing has happened since it was written that makes it wrong or late."""
    live = await fetch_one(
        session,
        """SELECT a.ends_on FROM assignments a JOIN customers c ON c.id = a.customer_id
           WHERE a.id = %(id)s AND a.released_at IS NULL AND c.reminders AND NOT EXISTS (
               SELECT 1 FROM renewals r WHERE r.assignment_id = a.id AND r.undone_at IS NULL
                 AND r.at >= %(written)s)""",
        id=reminder.assignment_id,
        written=reminder.created_at,
    )
    if live is None:
        return False
    return reminder.occasion in {f"asked:{today()}", occasion(live.ends_on)}


async def body_of(session: AsyncSession, message: Any) -> Secret:
    """A login code is sealed in its row; the others say what is so now, never a credential.

    Raises `VaultError` when a sealed body does not open.
    """
    if message.body_sealed is not None:
        return ring().unseal(message.body_sealed, Place("messages", "body_sealed", message.id))
    facts = await fetch_one(
        session,
        """SELECT coalesce(i.service_name, s.name) AS service, a.ends_on, s.slug,
                  o.total - (SELECT coalesce(sum(amount), 0) FROM payments p
                             WHERE p.order_id = o.id) AS due
           FROM (SELECT 1) AS one
           LEFT JOIN assignments a ON a.id = %(assignment)s
           LEFT JOIN order_items i ON i.id = a.order_item_id
           LEFT JOIN orders o ON o.id = %(order)s
           LEFT JOIN plans p ON 'plan:' || p.id = %(occasion)s
           LEFT JOIN services s ON s.id = p.service_id""",
        assignment=message.assignment_id,
        order=message.order_id,
        occasion=message.occasion,
    )
    shop = settings()
    return Secret(
        texts.MESSAGES[message.kind].format(
            shop=shop.shop_name,
            origin=shop.origin,
            order=message.order_id,
            service=getattr(facts, "service", ""),
            slug=getattr(facts, "slug", ""),
            total=texts.pesos(facts.due) if facts and facts.due is not None else "",
            when=texts.end_of(facts.ends_on) if facts and facts.ends_on else "",
        )
    )


async def tell_holders(
    session: AsyncSession,
    kind: str,
    assignment_ids: Sequence[int],
    *,
    occasion: str = "",
    order_id: int | None = None,
) -> list[int]:
    """Write one message per subscription and way its customer chose; those told just now.

    The way is the customer's preference today; the panel always has it too. Saying the same again
    (kind, credential version where it matters, occasion) changes nothing. `order_id` is the order
    it speaks of, if not the one that sold the subscription. Open panels look again.
    """
    rows = await fetch(
        session,
        """INSERT INTO messages (id, customer_id, order_id, assignment_id, credential_version,
                                 occasion, channel, kind, to_address, status)
           SELECT gen_random_uuid(), c.id, coalesce(%(order)s::bigint, i.order_id), a.id,
                  CASE WHEN %(kind)s IN ('rotated', 'replaced') THEN acc.credential_version
                       ELSE 0 END,
                  %(occasion)s, way.channel, %(kind)s, way.address,
                  CASE way.channel WHEN 'web' THEN 'delivered' ELSE 'queued' END
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           JOIN customers c ON c.id = a.customer_id JOIN profiles p ON p.id = a.profile_id
           JOIN accounts acc ON acc.id = p.account_id
           CROSS JOIN LATERAL (
               SELECT 'web' AS channel, '' AS address
               UNION ALL SELECT 'whatsapp', c.phone WHERE c.delivery_preference = 'whatsapp'
               UNION ALL SELECT 'email', c.email
                   WHERE c.delivery_preference = 'email' AND c.email <> '') AS way
           WHERE a.id = ANY(%(ids)s) ORDER BY a.id
           ON CONFLICT DO NOTHING RETURNING id, assignment_id, customer_id, status""",
        kind=kind,
        occasion=occasion,
        order=order_id,
        ids=list(assignment_ids),
    )
    queued = [{"message_id": str(row.id)} for row in rows if row.status == "queued"]
    await defer_many(session, "messages.send", queued)
    await tell(session, *sorted({f"accounts:{row.customer_id}" for row in rows}))
    return sorted({row.assignment_id for row in rows})


async def mark_sent(session: AsyncSession, message_id: UUID, provider_id: str) -> None:
    await run(
        session,
        """UPDATE messages SET status = 'sent', provider_id = %(provider)s, updated_at = now(),
               leased_until = NULL, last_error = '' WHERE id = %(id)s AND status = 'queued'""",
        id=message_id,
        provider=provider_id,
    )


async def mark_failed(
    session: AsyncSession,
    message_id: UUID,
    error: str,
    *,
    final: bool,
    retry_in: float | None = None,
) -> None:
    """Put it back in the queue, or give it up when `final` or out of attempts.

    Nobody takes it for `retry_in` seconds, where the provider asked for that.
    """
    await run(
        session,
        """UPDATE messages SET last_error = %(error)s, updated_at = now(),
               leased_until = now() + make_interval(secs => %(retry_in)s::float8),
               status = CASE WHEN %(final)s OR attempts >= %(most)s THEN 'failed'
                             ELSE 'queued' END
           WHERE id = %(id)s AND status = 'queued'""",
        id=message_id,
        error=error[:200],
        final=final,
        retry_in=retry_in,
        most=MOST_ATTEMPTS,
    )


async def give_up(session: AsyncSession) -> None:
    """Messages whose last permitted sender never came back: nobody may try them again."""
    await run(
        session,
        """UPDATE messages SET status = 'failed', updated_at = now(), leased_until = NULL,
               last_error = 'se interrumpió el último intento'
           WHERE status = 'queued' AND attempts >= %(most)s
             AND coalesce(leased_until, updated_at) < now()""",
        most=MOST_ATTEMPTS,
    )


async def stranded(session: AsyncSession, most: int = 200) -> list[UUID]:
    """Queued messages that no sender holds any more, oldest first, with growing pauses."""
    rows = await fetch(
        session,
        """SELECT id FROM messages WHERE status = 'queued'
             AND coalesce(leased_until, updated_at) <
                 now() - make_interval(secs => 30 * power(2, attempts))
             AND NOT (kind = 'reminder' AND %(quiet)s)
           ORDER BY created_at LIMIT %(most)s""",
        most=most,
        quiet=quiet(),
    )
    return [row.id for row in rows]
