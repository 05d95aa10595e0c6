"""How much may go out in an hour and a day, and to one address in a day: the ceiling of the bill.

Login codes have limits of their own (`code_limits`). Counted in the database at the first attempt;
who cannot count sends nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import raise_alert
from domain.sql import run, scalar
from infra.clock import now
from infra.settings import settings
from infra.vault import keyed_hash


async def spend(session: AsyncSession, to: str) -> datetime | None:
    """Count one message to this address; until when it has to wait when a budget is used up."""
    rule, instant = settings(), now()
    hour = instant.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    address = f"to:{keyed_hash('message-address', to)[:40]}"
    counted: list[tuple[str, datetime]] = []
    for scope, since, most, wait in (
        (address, day, rule.messages_per_address_day, timedelta(days=1)),
        ("hour", hour, rule.messages_per_hour, timedelta(hours=1)),
        ("day", day, rule.messages_per_day, timedelta(days=1)),
    ):
        if await _count(session, scope, since, most):
            counted.append((scope, since))
            continue
        for before in counted:  # it did not go, so it costs nobody anything
            await _uncount(session, *before)
        if scope != address:
            await raise_alert(session, "message_budget")
        return since + wait
    return None


async def _uncount(session: AsyncSession, scope: str, since: datetime) -> None:
    await run(
        session,
        "UPDATE send_counts SET n = n - 1 WHERE scope = %(scope)s AND since = %(since)s",
        scope=scope,
        since=since,
    )


async def _count(session: AsyncSession, scope: str, since: datetime, most: int) -> bool:
    counted = await scalar(
        session,
        """INSERT INTO send_counts AS c (scope, since, n) VALUES (%(scope)s, %(since)s, 1)
           ON CONFLICT (scope, since) DO UPDATE SET n = c.n + 1 WHERE c.n < %(most)s
           RETURNING n""",
        scope=scope,
        since=since,
        most=most,
    )
    return counted is not None
