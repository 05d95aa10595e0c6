"""What happened to a message after it left: providers report it, in any order and more than once.

A message only moves forward: queued, sent, delivered, read, confirmed. A failure counts until it
has been delivered; after that it is an old story.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.message_fallbacks import go_on
from domain.message_sending import record_event
from domain.messages import tell_of
from domain.records import note, tell
from domain.sql import fetch, fetch_one, run

STEPS = ("queued", "sent", "delivered", "read", "confirmed")
ARRIVED = ("delivered", "read")
ACCESS = ("delivered", "replaced", "rotated")


async def report(
    session: AsyncSession,
    *,
    message_id: UUID,
    provider_id: str,
    status: str,
    code: str = "",
    usable: Collection[str] = (),
) -> bool:
    """Take a provider's word for how far a message got; whether it was news.

    `provider_id` must be the one the message went under, unless nobody has written that down yet.
    """
    row = await fetch_one(
        session, "SELECT * FROM messages WHERE id = %(id)s FOR UPDATE", id=message_id
    )
    if row is None or not _is_about(row, provider_id):
        return False
    if status == "failed":
        if row.status not in {"queued", "sent"}:
            return False
    elif row.status == "failed" or STEPS.index(status) <= STEPS.index(row.status):
        return False
    await run(
        session,
        """UPDATE messages SET status = %(status)s, provider_id = %(provider)s, updated_at = now(),
               error_code = %(code)s, leased_until = NULL, in_doubt_since = NULL, not_before = NULL
           WHERE id = %(id)s""",
        id=message_id,
        status=status,
        provider=provider_id,
        code=code[:40],
    )
    await record_event(session, message_id, status, code)
    if status == "failed":
        await go_on(session, row, code, usable)
    elif status in ARRIVED and row.channel == "whatsapp" and row.customer_id is not None:
        await _remember_form(session, row.customer_id, row.to_address)
    await tell_of(session, row.order_id)
    return True


def _is_about(row: Any, provider_id: str) -> bool:
    """What is in the queue again went under another id before: of that one nothing counts now."""
    if row.status == "queued":
        return row.in_doubt_since is not None and row.provider_id != provider_id
    return row.provider_id in {"", provider_id}


async def _remember_form(session: AsyncSession, customer_id: int, address: str) -> None:
    """WhatsApp took this form of the number: the next message uses it from the start."""
    await run(
        session,
        """UPDATE customers SET whatsapp = CASE WHEN phone = %(form)s THEN '' ELSE %(form)s END
           WHERE id = %(id)s AND coalesce(nullif(whatsapp, ''), phone) <> %(form)s
             AND %(form)s IN (phone, '+521' || substr(phone, 4))""",
        id=customer_id,
        form=address,
    )


async def confirm(session: AsyncSession, actor: Actor, *, assignment_id: int) -> None:
    """The customer says that the access in force works. Twice is once.

    Raises `NotFound` for another customer's subscription or one that has ended.
    """
    held = await fetch_one(
        session,
        """SELECT i.order_id, i.service_name FROM assignments a
           JOIN order_items i ON i.id = a.order_item_id
           WHERE a.id = %(id)s AND a.customer_id = %(customer)s AND a.released_at IS NULL""",
        id=assignment_id,
        customer=actor.customer_id(),
    )
    if held is None:
        raise NotFound
    if not await run(session, CONFIRM, id=assignment_id):
        return
    for row in await fetch(session, SETTLE, id=assignment_id, kinds=list(ACCESS)):
        await record_event(session, row.id, row.status, row.error_code)
    await note(session, actor, held.order_id, "confirmed", service=held.service_name)
    await tell_of(session, held.order_id)
    await tell(session, f"accounts:{actor.id}")


# Who says that it works has seen it, wherever that was.
CONFIRM = """INSERT INTO credential_views (assignment_id, profile_id, version, pin_version,
                                           confirmed_at)
    SELECT a.id, p.id, c.credential_version, p.pin_version, now()
    FROM assignments a JOIN profiles p ON p.id = a.profile_id JOIN accounts c ON c.id = p.account_id
    WHERE a.id = %(id)s
    ON CONFLICT (assignment_id, profile_id, version, pin_version)
    DO UPDATE SET confirmed_at = now() WHERE credential_views.confirmed_at IS NULL"""
# Of the messages about this access, since it last changed: what arrived is confirmed with it, and
# what still waits need not go out. Of what is on its way nobody knows more than before.
SETTLE = """UPDATE messages SET updated_at = now(), leased_until = NULL, not_before = NULL,
        status = CASE status WHEN 'queued' THEN 'failed' ELSE 'confirmed' END,
        error_code = CASE status WHEN 'queued' THEN 'not_needed' ELSE '' END
    WHERE assignment_id = %(id)s AND kind = ANY(%(kinds)s)
      AND (status IN ('delivered', 'read') OR (status = 'queued' AND in_doubt_since IS NULL))
      AND created_at >= (SELECT max(w.created_at) FROM messages w WHERE w.assignment_id = %(id)s
                         AND w.kind = ANY(%(kinds)s) AND w.channel = 'web')
    RETURNING id, status, error_code"""
