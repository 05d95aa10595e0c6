"""How much may go out in an hour and a day, and to one address in a day: the ceiling of the bill.

Login codes have limits of their own (`code_limits`). Counted in the database at the first attempt;
who cannot count sends nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import raise_alert
from domain.sql import fetch, run, scalar
from infra.clock import now
from infra.settings import settings
from infra.vault import keyed_hash


async def spend(session: AsyncSession, addresses: Sequence[str]) -> list[datetime | None]:
    """Count one message to each address; until when it has to wait where a budget is used up."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    if await _all_at_once(session, addresses, hour):
        return [None] * len(addresses)
    return [await _spend_one(session, to, hour) for to in addresses]


async def _all_at_once(session: AsyncSession, addresses: Sequence[str], hour: datetime) -> bool:
    """Count them in one statement, if every budget has room for its share; otherwise none.

    The shop's rows come first and stay locked, so that whoever counts one by one meets nobody.
    """
    rule, day = settings(), hour.replace(hour=0)
    shares = Counter(map(_scope, addresses))
    counts = [("day", day, len(addresses)), ("hour", hour, len(addresses))]
    counts += [(scope, day, n) for scope, n in sorted(shares.items())]
    most = {"day": rule.messages_per_day, "hour": rule.messages_per_hour}
    if any(n > most.get(scope, rule.messages_per_address_day) for scope, _, n in counts):
        return False
    counted = await fetch(
        session,
        """INSERT INTO send_counts AS c (scope, since, n)
           SELECT * FROM unnest(%(scopes)s::text[], %(sinces)s::timestamptz[], %(ns)s::int[])
           ON CONFLICT (scope, since) DO UPDATE SET n = c.n + excluded.n
              WHERE c.n + excluded.n <= CASE c.scope WHEN 'day' THEN %(day)s
                    WHEN 'hour' THEN %(hour)s ELSE %(address)s END
           RETURNING scope, since""",
        scopes=[scope for scope, _, _ in counts],
        sinces=[since for _, since, _ in counts],
        ns=[n for _, _, n in counts],
        day=most["day"],
        hour=most["hour"],
        address=rule.messages_per_address_day,
    )
    if len(counted) == len(counts):
        return True
    of = {scope: n for scope, _, n in counts}
    for row in counted:
        await _uncount(session, row.scope, row.since, of[row.scope])
    return False


def _scope(to: str) -> str:
    return f"to:{keyed_hash('message-address', to)[:40]}"


async def _spend_one(session: AsyncSession, to: str, hour: datetime) -> datetime | None:
    rule, day, address = settings(), hour.replace(hour=0), _scope(to)
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


async def _uncount(session: AsyncSession, scope: str, since: datetime, n: int = 1) -> None:
    await run(
        session,
        "UPDATE send_counts SET n = n - %(n)s WHERE scope = %(scope)s AND since = %(since)s",
        n=n,
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
