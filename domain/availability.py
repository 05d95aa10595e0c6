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
def _single(pool: str) -> str:
    free = f"profiles WHERE service_id = s.id AND dedicated_to = {pool} AND {FREE}"
    return f"""(SELECT count(*) FROM (
        (SELECT FROM {free} AND reserved_until IS NULL
         ORDER BY paid_until DESC, id LIMIT %(most)s)
        UNION ALL
        (SELECT FROM {free} AND {LAPSED} ORDER BY reserved_until LIMIT %(most)s)) AS single)"""  # noqa: S608


def _accounts(pool: str) -> str:
    return f"""(SELECT FROM profiles AS first
                WHERE {whole_accounts("s.id", pool, "s.max_profiles")}
                ORDER BY first.paid_until DESC, first.account_id LIMIT %(most)s)"""


# Of a service `s`: the single profiles any of its plans may have, and whether any plan has its own.
SHARED = _single("0")
DEDICATED = f"EXISTS (SELECT FROM profiles WHERE service_id = s.id AND dedicated_to > 0 AND {FREE})"


def units_left(shared: str = SHARED, dedicated: str = DEDICATED) -> str:
    """What counts the units left of the plan `p` of the service `s`, `most` at most."""
    return f"""least(%(most)s, CASE p.capacity
        WHEN 'profile' THEN {shared} + CASE WHEN {dedicated} THEN {_single("p.id")} ELSE 0 END
        ELSE (SELECT count(*) FROM ({_accounts("p.id")} UNION ALL {_accounts("0")}) AS whole)
        END)::int"""  # noqa: S608


AVAILABLE = f"""SELECT p.id AS plan_id, {units_left()} AS units
    FROM plans p JOIN services s ON s.id = p.service_id
    WHERE p.active AND (%(plans)s::bigint[] IS NULL OR p.id = ANY(%(plans)s))"""  # noqa: S608
