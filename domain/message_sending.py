"""From the queue to the provider: leased by one sender, sent once, marked once.

Before a sender sets out, the row says that it did. Whoever finds that mark and no outcome asks the
provider whether the message went before sending it again: a crash or an answer that never came is
no reason to say a thing twice.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import message_budgets, message_providers
from domain.message_bodies import said_by
from domain.message_fallbacks import go_on
from domain.message_needs import why_not
from domain.records import tell
from domain.reminder_times import quiet
from domain.sql import fetch, fetch_one, run
from infra.vault import Place, Secret, VaultError, ring

LEASE_SECONDS = 60
MOST_ATTEMPTS = 40
LONGEST_PAUSE = 900  # seconds between attempts
# At night only what somebody waits for: a code, an access, the answer to what they just did.
AT_ANY_HOUR = (
    "login_code",
    "delivered",
    "replaced",
    "rotated",
    "order_placed",
    "ticket_reply",
    "test",
)
# Refusals by which the provider says that it took nothing.
CERTAIN = frozenset({"busy", "no_sender", "no_provider", "twilio_20429", "twilio_20003"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent; its body may hold a code or an access, so it is a `Secret`.

    `in_doubt_since` is when somebody set out with it before of whom nobody knows how it ended;
    `known` are then the provider's ids of other messages to the same address.
    """

    id: UUID
    channel: str
    provider: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: Secret
    content_sid: str
    content_variables: Mapping[str, str] = field(repr=False)
    in_doubt_since: datetime | None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why it did not go: `code` has its sentence in the catalogue, `retry_in` are seconds.

    `asking`: the provider did not say whether an earlier attempt had gone.
    """

    code: str
    final: bool = False
    retry_in: float | None = None
    provider_fault: bool = False
    asking: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether the provider may have taken it all the same."""
        return self.asking or (self.provider_fault and self.code not in CERTAIN)

    @property
    def answered(self) -> bool:
        """Whether the provider is well and refused this message alone."""
        return not self.provider_fault and self.code.startswith(("twilio_", "smtp_"))


TAKE = """SELECT * FROM messages
    WHERE id = %(id)s AND status = 'queued'
      AND (leased_until IS NULL OR leased_until < now())
      AND (not_before IS NULL OR not_before <= now())
      AND (kind = ANY(%(any_hour)s) OR NOT %(quiet)s)
    FOR UPDATE SKIP LOCKED"""


async def lease(
    session: AsyncSession, message_id: UUID, providers: Mapping[str, str], usable: Collection[str]
) -> Outgoing | None:
    """Take a queued message for 60 s; None when there is nothing to send now.

    `providers` names who carries each channel. What nobody needs any more is given up here: a code
    after ten minutes, a reminder that another one has overtaken, a text that does not open.
    """
    row = await fetch_one(session, TAKE, id=message_id, any_hour=list(AT_ANY_HOUR), quiet=quiet())
    if row is None or await _give_up_if_late(session, row, usable):
        return None
    provider = providers.get(row.channel, "none")
    if not await message_providers.ready(session, provider):
        return None
    if row.kind != "login_code" and not row.attempts:  # what is tried again was counted before
        until = await message_budgets.spend(session, row.to_address)
        if until is not None:
            await _put_off(session, row.id, until)
            return None
    try:
        said = await said_by(session, row)
    except VaultError:
        await _fail(session, row, "sealed_text", usable)
        return None
    await _set_out(session, row, said.body)
    return Outgoing(
        id=row.id,
        channel=row.channel,
        provider=provider,
        to=row.to_address,
        subject=said.subject,
        body=said.body,
        content_sid=said.content_sid if row.channel == "whatsapp" else "",
        content_variables=said.content_variables,
        in_doubt_since=row.in_doubt_since,
        known=await _known(session, row) if row.in_doubt_since else frozenset(),
    )


async def _known(session: AsyncSession, row: Any) -> frozenset[str]:
    others = await fetch(
        session,
        """SELECT provider_id FROM messages WHERE to_address = %(to)s AND provider_id <> ''
             AND created_at > now() - interval '2 days'""",
        to=row.to_address,
    )
    return frozenset(other.provider_id for other in others)


async def _give_up_if_late(session: AsyncSession, row: Any, usable: Collection[str]) -> bool:
    why = await why_not(session, row)
    if not why and row.attempts >= MOST_ATTEMPTS:
        why = row.error_code or "interrupted"
    if why:
        await _fail(session, row, why, usable)
    return bool(why)


async def _put_off(session: AsyncSession, message_id: UUID, until: datetime) -> None:
    await run(
        session,
        "UPDATE messages SET not_before = %(until)s WHERE id = %(id)s",
        id=message_id,
        until=until,
    )


async def _set_out(session: AsyncSession, row: Any, body: Secret) -> None:
    """Seal the text, so that every attempt says the same, and write down that it is on its way."""
    sealed = row.body_sealed or ring().seal(body, Place("messages", "body_sealed", row.id))
    await run(
        session,
        """UPDATE messages SET attempts = attempts + 1, updated_at = now(), body_sealed = %(body)s,
               leased_until = now() + make_interval(secs => %(lease)s),
               in_doubt_since = coalesce(in_doubt_since, now())
           WHERE id = %(id)s""",
        id=row.id,
        body=sealed,
        lease=LEASE_SECONDS,
    )


async def mark_sent(
    session: AsyncSession, message_id: UUID, provider_id: str, provider: str
) -> None:
    """The provider took it. A status it has reported meanwhile is not taken back."""
    sent = await fetch_one(
        session,
        """UPDATE messages SET status = 'sent', provider_id = %(provider_id)s, updated_at = now(),
               leased_until = NULL, in_doubt_since = NULL, not_before = NULL, error_code = ''
           WHERE id = %(id)s AND status = 'queued' RETURNING order_id""",
        id=message_id,
        provider_id=provider_id,
    )
    if sent is not None:
        await record_event(session, message_id, "sent")
        if sent.order_id is not None:
            await tell(session, f"order:{sent.order_id}")
    await message_providers.worked(session, provider)


async def mark_failed(
    session: AsyncSession,
    message_id: UUID,
    failure: Failure,
    *,
    provider: str = "",
    usable: Collection[str] = (),
) -> None:
    """Put it back in the queue for later or, when trying again cannot help, let it fail."""
    row = await fetch_one(
        session,
        "SELECT * FROM messages WHERE id = %(id)s AND status = 'queued' FOR UPDATE",
        id=message_id,
    )
    if failure.provider_fault and provider:
        await message_providers.failed(session, provider)
    elif failure.answered:
        await message_providers.worked(session, provider)
    if row is None:
        return
    if (failure.final and not failure.asking) or row.attempts >= MOST_ATTEMPTS:
        await _fail(session, row, failure.code, usable)
        return
    await run(
        session,
        """UPDATE messages SET error_code = %(code)s, updated_at = now(), leased_until = NULL,
               not_before = now() + make_interval(secs => %(pause)s),
               in_doubt_since = CASE WHEN %(doubt)s THEN in_doubt_since END
           WHERE id = %(id)s""",
        id=message_id,
        code=failure.code[:40],
        pause=failure.retry_in if failure.retry_in is not None else pause_after(row.attempts),
        doubt=failure.in_doubt,
    )


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt: twice as long each time, and never all at once."""
    return min(LONGEST_PAUSE, 15 * 2 ** min(attempts, 10)) * random.uniform(0.5, 1.5)  # noqa: S311  # no secret


async def _fail(session: AsyncSession, row: Any, code: str, usable: Collection[str]) -> None:
    await run(
        session,
        """UPDATE messages SET status = 'failed', error_code = %(code)s, updated_at = now(),
               leased_until = NULL, in_doubt_since = NULL, not_before = NULL
           WHERE id = %(id)s""",
        id=row.id,
        code=code[:40],
    )
    await record_event(session, row.id, "failed", code)
    if code not in {"not_needed", "code_expired"}:
        await go_on(session, row, code, usable)
    if row.order_id is not None:
        await tell(session, f"order:{row.order_id}")


async def record_event(
    session: AsyncSession, message_id: UUID, status: str, code: str = ""
) -> bool:
    """Write that a message got so far, once; whether this was the first to say so."""
    return bool(
        await run(
            session,
            """INSERT INTO message_events (message_id, status, error_code)
               VALUES (%(id)s, %(status)s, %(code)s) ON CONFLICT DO NOTHING""",
            id=message_id,
            status=status,
            code=code[:40],
        )
    )


async def stranded(
    session: AsyncSession, providers: Mapping[str, str], most: int = 200
) -> list[UUID]:
    """Queued messages that no sender holds and that may go now, the oldest first."""
    idle = set(await message_providers.resting(session))
    rows = await fetch(
        session,
        """SELECT id FROM messages WHERE status = 'queued'
             AND coalesce(leased_until, updated_at + interval '30 seconds') < now()
             AND (not_before IS NULL OR not_before <= now())
             AND (kind = ANY(%(any_hour)s) OR NOT %(quiet)s)
             AND channel <> ALL(%(idle)s)
           ORDER BY created_at LIMIT %(most)s""",
        most=most,
        any_hour=list(AT_ANY_HOUR),
        quiet=quiet(),
        idle=[channel for channel, provider in providers.items() if provider in idle],
    )
    return [row.id for row in rows]
