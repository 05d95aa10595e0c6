"""What became of sending: taken by the provider, put off, or failed; and who waits to be sent."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import message_providers
from domain.message_fallbacks import go_on
from domain.messages import tell_of
from domain.reminder_times import quiet
from domain.sql import fetch, fetch_one, run

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


async def mark_sent(session: AsyncSession, sent: Mapping[UUID, str], provider: str) -> None:
    """The provider took these, by its own ids. What it has reported meanwhile is not taken back."""
    rows = await fetch(
        session,
        """UPDATE messages m SET status = 'sent', provider_id = took.provider_id,
               updated_at = now(), leased_until = NULL, in_doubt_since = NULL, not_before = NULL,
               error_code = ''
           FROM unnest(%(ids)s::uuid[], %(provider_ids)s::text[]) AS took (id, provider_id)
           WHERE m.id = took.id AND m.status = 'queued' RETURNING m.id, m.order_id""",
        ids=list(sent),
        provider_ids=list(sent.values()),
    )
    await run(
        session,
        """INSERT INTO message_events (message_id, status)
           SELECT id, 'sent' FROM unnest(%(ids)s::uuid[]) AS id ON CONFLICT DO NOTHING""",
        ids=[row.id for row in rows],
    )
    if rows:
        await tell_of(session, *(row.order_id for row in rows))
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
        await fail(session, row, failure.code, usable)
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
    await tell_of(session, row.order_id)


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt: twice as long each time, and never all at once."""
    return min(LONGEST_PAUSE, 15 * 2 ** min(attempts, 10)) * random.uniform(0.5, 1.5)  # noqa: S311  # no secret


async def fail(session: AsyncSession, row: Any, code: str, usable: Collection[str]) -> None:
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
    await tell_of(session, row.order_id)


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
