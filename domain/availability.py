"""How much of each plan could be sold now, by the one pool rule."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch
from domain.stock import FREE, LAPSED, whole_accounts

MOST_COUNTED = 100


async def available(
    session: AsyncSession, plan_ids: Sequence[int] | None = None, *, most: int = MOST_COUNTED
) -> dict[int, int]:
    """Units each active plan could sell now, by the one pool rule; `most` means that many or more.

    However large the stock is, no more of it is read than it takes to know.
    """
    rows = await fetch(
        session,
        AVAILABLE,
        plans=list(plan_ids) if plan_ids is not None else None,
        most=most,
    )
    return {row.plan_id: row.units for row in rows}


# The order of each part names the index to count in: without it a large table may look cheaper to
# read from its start.
_POOL = f"""profiles
    WHERE service_id = pools.service_id AND dedicated_to = pools.dedicated_to AND {FREE}"""


def counted(which: str) -> str:
    """What counts the units left of the active plans `p` that a condition of our own names."""
    whole = whole_accounts("pools.service_id", "pools.dedicated_to", "pools.max_profiles")
    return f"""
WITH asked AS MATERIALIZED (
    SELECT p.id, p.service_id, p.capacity, s.max_profiles
    FROM plans p JOIN services s ON s.id = p.service_id
    WHERE p.active AND ({which})),
pools AS (
    SELECT service_id, capacity, max_profiles, id AS dedicated_to FROM asked
    UNION SELECT service_id, capacity, max_profiles, 0 FROM asked),
counted AS MATERIALIZED (
    SELECT service_id, capacity, dedicated_to,
           CASE capacity WHEN 'profile' THEN (
               SELECT count(*) FROM (
                   (SELECT FROM {_POOL} AND reserved_until IS NULL
                    ORDER BY paid_until DESC, id LIMIT %(most)s)
                   UNION ALL
                   (SELECT FROM {_POOL} AND {LAPSED}
                    ORDER BY reserved_until LIMIT %(most)s)) AS single)
           ELSE (
               SELECT count(*) FROM (
                   SELECT FROM profiles AS first
                   WHERE {whole}
                   ORDER BY first.paid_until DESC, first.account_id
                   LIMIT %(most)s) AS whole)
           END AS units
    FROM pools)
SELECT asked.id AS plan_id, least(%(most)s, sum(counted.units))::int AS units
FROM asked JOIN counted ON counted.service_id = asked.service_id
     AND counted.capacity = asked.capacity AND counted.dedicated_to IN (0, asked.id)
GROUP BY asked.id"""  # noqa: S608  # built from constants


AVAILABLE = counted("%(plans)s::bigint[] IS NULL OR p.id = ANY(%(plans)s)")
