"""What people do about messages: try again, send by another way, see that a channel works."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import customers, orders, phones
from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from domain.message_pages import DEAD, NEVER_AGAIN
from domain.messages import BY_PHONE, tell_of
from domain.records import audit, note, tell
from domain.sql import fetch_one, run, scalar
from domain.texts import CHANNELS
from infra.queue import defer

RESEND_SECONDS = 120
RESENDS_PER_DAY = 5


async def retry(session: AsyncSession, actor: Actor, *, message_id: UUID) -> None:
    """Put a message that failed for good back into the queue, as if it were new.

    Raises `NotFound`, `Conflict` (`message_state`) for one that did not fail, went another way
    instead or is over.
    """
    actor.require_staff()
    row = await fetch_one(
        session,
        f"""SELECT m.order_id, m.error_code, {DEAD} AND m.kind <> ALL(%(over)s) AS may
            FROM messages m WHERE m.id = %(id)s FOR UPDATE""",  # noqa: S608  # a constant
        id=message_id,
        over=list(NEVER_AGAIN),
    )
    if row is None:
        raise NotFound
    if not row.may:
        raise Conflict("message_state")
    await run(
        session,
        """UPDATE messages SET status = 'queued', attempts = 0, error_code = '', provider_id = '',
               not_before = NULL, leased_until = NULL, updated_at = now(), created_at = now()
           WHERE id = %(id)s""",
        id=message_id,
    )
    await run(session, "DELETE FROM message_events WHERE message_id = %(id)s", id=message_id)
    await defer(session, "messages.send", message_id=str(message_id))
    await audit(session, actor, "message.retry", "message", message_id, error=row.error_code)
    await tell_of(session, row.order_id)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel by which an order's customer can be told again; `why_not` is a refusal's code."""

    channel: str
    address: str
    why_not: str = ""


async def ways(
    session: AsyncSession, actor: Actor, *, order_id: int, usable: Collection[str]
) -> list[Way]:
    """By what a customer can be told again that their accesses are ready; none without any."""
    actor.require_staff()
    if await _first_access(session, order_id) is None:
        return []
    reach: Any = await fetch_one(
        session,
        f"""SELECT {BY_PHONE} AS whatsapp, c.phone AS sms, c.email FROM orders o
            JOIN customers c ON c.id = o.customer_id WHERE o.id = %(order)s""",  # noqa: S608  # a constant
        order=order_id,
    )
    return [
        Way(channel, address, _why_not(channel, address, usable))
        for channel, address in reach._asdict().items()
    ]


def _why_not(channel: str, address: str, usable: Collection[str]) -> str:
    if channel not in usable:
        return "channel_unusable"
    return "" if address else "customer_email"


async def _first_access(session: AsyncSession, order_id: int) -> int | None:
    return await scalar(
        session,
        """SELECT min(a.id) FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE i.order_id = %(order)s AND a.released_at IS NULL""",
        order=order_id,
    )


async def resend(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    channel: str,
    usable: Collection[str],
) -> None:
    """Tell a customer once more that their accesses are ready, by the way named.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`not_delivered`), `TooManyRequests`.
    """
    actor.require_staff()
    order = await orders.lock(session, actor, order_id)
    offered = {
        way.channel: way for way in await ways(session, actor, order_id=order_id, usable=usable)
    }
    if not offered:
        raise Conflict("not_delivered")
    if channel not in offered:
        raise InvalidInput({"channel": "channel_invalid"})
    way = offered[channel]
    if way.why_not:
        raise InvalidInput({"channel": way.why_not})
    number = await _next_resend(session, order_id)
    message_id = uuid4()
    await run(
        session,
        """INSERT INTO messages (id, customer_id, order_id, assignment_id, credential_version,
                                 occasion, channel, kind, to_address)
           VALUES (%(id)s, %(customer)s, %(order)s, %(assignment)s, 0, %(occasion)s, %(channel)s,
                   'delivered', %(to)s)""",
        id=message_id,
        customer=order.customer_id,
        order=order_id,
        assignment=await _first_access(session, order_id),
        occasion=f"resend:{number}",
        channel=channel,
        to=way.address,
    )
    await defer(session, "messages.send", message_id=str(message_id))
    await note(session, actor, order_id, "resent", channel=CHANNELS[channel])
    await audit(session, actor, "message.resend", "order", order_id, channel=channel)
    await tell(session, f"order:{order_id}")


async def _next_resend(session: AsyncSession, order_id: int) -> int:
    """How many times it was sent again already, if it may be now. The order's row is locked.

    What went out on another channel because the chosen one failed is the same time.
    """
    before: Any = await fetch_one(
        session,
        """SELECT count(*) AS n,
                  count(*) FILTER (WHERE created_at > now() - interval '1 day') AS today,
                  ceil(extract(epoch FROM max(created_at) - now())) + %(pause)s AS left
           FROM messages
           WHERE order_id = %(order)s AND occasion LIKE 'resend:%%' AND fallback_of IS NULL""",
        order=order_id,
        pause=RESEND_SECONDS,
    )
    if before.n and before.left > 0:
        wait = int(before.left)
        raise TooManyRequests("resend_soon", retry_in=wait, seconds=wait)
    if before.today >= RESENDS_PER_DAY:
        raise TooManyRequests("resend_limit", retry_in=3600)
    return int(before.n)


async def send_test(
    session: AsyncSession, actor: Actor, *, channel: str, to: str, usable: Collection[str]
) -> UUID:
    """Send a text without any meaning to an address of the staff's choice; its message.

    Raises `InvalidInput` for a channel without a provider or an address it cannot reach,
    `TooManyRequests` after ten in an hour.
    """
    actor.require_staff()
    if channel not in {"whatsapp", "sms", "email"}:
        raise InvalidInput({"channel": "channel_invalid"})
    if channel not in usable:
        raise InvalidInput({"channel": "channel_unusable"})
    address = _address(channel, to)
    recent = await scalar(
        session,
        """SELECT count(*) FROM messages WHERE kind = 'test' AND staff_id = %(staff)s
             AND created_at > now() - interval '1 hour'""",
        staff=actor.id,
    )
    if recent >= 10:  # noqa: PLR2004  # as the docstring says
        raise TooManyRequests("test_limit", retry_in=600)
    message_id = uuid4()
    await run(
        session,
        """INSERT INTO messages (id, staff_id, channel, kind, to_address)
           VALUES (%(id)s, %(staff)s, %(channel)s, 'test', %(to)s)""",
        id=message_id,
        staff=actor.id,
        channel=channel,
        to=address,
    )
    await defer(session, "messages.send", message_id=str(message_id))
    await audit(session, actor, "message.test", "message", message_id, channel=channel)
    await tell_of(session, None)
    return message_id


def _address(channel: str, to: str) -> str:
    if channel == "email":
        if not customers.is_email(to.strip()):
            raise InvalidInput({"to": "address_invalid"})
        return to.strip()
    try:
        return phones.canonical(to)
    except InvalidInput as error:
        raise InvalidInput({"to": "address_invalid"}) from error
