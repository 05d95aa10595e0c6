"""Providers that fail are left alone for a while, then tried with one message.

The count is in the database: every process sees the same, and a restart forgets nothing.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import close_alert, raise_alert
from domain.sql import fetch_one, run, scalar
from infra.queue import defer

MOST_FAILURES = 5  # in a row, before it rests
FIRST_REST, LONGEST_REST = 30, 300  # seconds; each failed try doubles the rest
TRYING = 60  # seconds the one message that tries has before another may


async def room(session: AsyncSession, provider: str, wanted: int) -> int:
    """How many messages may go to it now: all, none or, when it has rested, the one that tries."""
    state = await fetch_one(
        session,
        """SELECT failures, rests_until > now() AS resting FROM provider_states
           WHERE provider = %(provider)s AND failures >= %(most)s""",
        provider=provider,
        most=MOST_FAILURES,
    )
    if state is None:
        return wanted
    if state.resting:
        return 0
    return await run(
        session,
        """UPDATE provider_states SET rests_until = now() + make_interval(secs => %(trying)s)
           WHERE provider = %(provider)s AND (rests_until IS NULL OR rests_until <= now())""",
        provider=provider,
        trying=TRYING,
    )


async def worked(session: AsyncSession, provider: str) -> None:
    """It took a message: what waited for it goes out now."""
    before = await scalar(
        session,
        """UPDATE provider_states SET failures = 0, rests_until = NULL
           WHERE provider = %(provider)s AND failures > 0
           RETURNING (SELECT was.failures FROM provider_states was
                      WHERE was.provider = %(provider)s)""",
        provider=provider,
    )
    if before is not None and before >= MOST_FAILURES:
        await close_alert(session, f"provider:{provider}")
        await defer(session, "messages.retry", timestamp=0)


async def failed(session: AsyncSession, provider: str) -> None:
    """It is in trouble itself. From the fifth time in a row on it rests, and the owner is told."""
    failures = int(
        await scalar(
            session,
            """INSERT INTO provider_states (provider, failures, failed_at)
               VALUES (%(provider)s, 1, now())
               ON CONFLICT (provider) DO UPDATE
                  SET failures = provider_states.failures + 1, failed_at = now()
               RETURNING failures""",
            provider=provider,
        )
    )
    if failures < MOST_FAILURES:
        return
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - MOST_FAILURES, 10))
    await run(
        session,
        """UPDATE provider_states SET rests_until = now() + make_interval(secs => %(rest)s)
           WHERE provider = %(provider)s""",
        provider=provider,
        rest=rest,
    )
    await raise_alert(session, f"provider:{provider}")


async def resting(session: AsyncSession) -> list[str]:
    """The providers nothing goes to at this moment."""
    names = await scalar(
        session,
        """SELECT coalesce(array_agg(provider), '{}') FROM provider_states
           WHERE failures >= %(most)s AND rests_until > now()""",
        most=MOST_FAILURES,
    )
    return list(names)
