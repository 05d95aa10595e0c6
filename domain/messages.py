"""The life of a message row: leased by one sender, marked once, moved only forward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, fetch_one, run
from infra.settings import settings
from infra.vault import Place, Secret, VaultError, ring

LEASE_SECONDS = 60
MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent; its body may hold a login code, so it is a `Secret`."""

    id: UUID
    channel: str
    to: str
    body: Secret


async def lease(session: AsyncSession, message_id: UUID) -> Outgoing | None:
    """Take a queued message for 60 s; None when it was sent, given up or is another sender's.

    A text that does not open never will: that message is given up here.
    """
    row = await fetch_one(
        session,
        """UPDATE messages SET attempts = attempts + 1, updated_at = now(),
               leased_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'queued' AND attempts < %(most)s
             AND (leased_until IS NULL OR leased_until < now())
           RETURNING id, channel, kind, to_address, body_sealed, order_id""",
        id=message_id,
        lease=LEASE_SECONDS,
        most=MOST_ATTEMPTS,
    )
    if row is None:
        return None
    try:
        body = body_of(row)
    except VaultError:
        await mark_failed(session, row.id, "su texto no se puede abrir", final=True)
        return None
    return Outgoing(row.id, row.channel, row.to_address, body)


def body_of(message: Any) -> Secret:
    """A login code is sealed in its row; a delivery says its order and a link, never a password.

    Raises `VaultError` when the sealed body does not open.
    """
    if message.body_sealed is not None:
        return ring().unseal(message.body_sealed, Place("messages", "body_sealed", message.id))
    shop = settings()
    return Secret(
        f"{shop.shop_name}: los accesos de tu pedido #{message.order_id} ya están listos. "
        f"Míralos en {shop.origin}/pedido/{message.order_id}"
    )


async def mark_sent(session: AsyncSession, message_id: UUID, provider_id: str) -> None:
    await run(
        session,
        """UPDATE messages SET status = 'sent', provider_id = %(provider)s, updated_at = now(),
               leased_until = NULL, last_error = '' WHERE id = %(id)s AND status = 'queued'""",
        id=message_id,
        provider=provider_id,
    )


async def mark_failed(session: AsyncSession, message_id: UUID, error: str, *, final: bool) -> None:
    """Put it back in the queue, or give it up when `final` or out of attempts."""
    await run(
        session,
        """UPDATE messages SET last_error = %(error)s, updated_at = now(), leased_until = NULL,
               status = CASE WHEN %(final)s OR attempts >= %(most)s THEN 'failed'
                             ELSE 'queued' END
           WHERE id = %(id)s AND status = 'queued'""",
        id=message_id,
        error=error[:200],
        final=final,
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
           ORDER BY created_at LIMIT %(most)s""",
        most=most,
    )
    return [row.id for row in rows]
