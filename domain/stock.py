"""The one pool rule: what is free, who gets it, and never twice.

Dedicated stock is used first, then the account with the longest remaining paid time. The first look
takes row locks with SKIP LOCKED, so buyers do not wait for each other. When it finds too little,
`claim` looks again, one claimer at a time and waiting for the locks: only so are rows that were
merely locked told from rows that are gone. Without it some of the last buyers hear a false
"sold out".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run
from models.plans import Capacity

FREE = "status = 'free' AND sellable"
UNHELD = "(reserved_until IS NULL OR reserved_until <= clock_timestamp())"


@dataclass(slots=True)
class Need:
    """One order line's demand: `units` × `profiles_per_unit` profiles, less what it already has."""

    plan_id: int
    service_id: int
    capacity: Capacity
    profiles_per_unit: int
    units: int
    kept: list[int] = field(default_factory=list[int])

    @property
    def wanted(self) -> int:
        return self.units * self.profiles_per_unit

    @property
    def missing(self) -> int:
        return self.wanted - len(self.kept)

    @property
    def whole(self) -> bool:
        return self.capacity == Capacity.FULL_ACCOUNT


def need_of(item: Any) -> Need:
    """What an order item asks of the stock."""
    return Need(
        plan_id=item.plan_id,
        service_id=item.service_id,
        capacity=Capacity(item.capacity),
        profiles_per_unit=item.profiles_per_unit,
        units=item.quantity,
    )


# For single profiles. Expects a CTE `needs(plan_id, service_id, wanted)`: two index ranges, the
# plan's own stock, then the shared one for what the lines of a service still miss together.
_CLAIM = """
own AS (
    SELECT n.service_id, p.id FROM needs n CROSS JOIN LATERAL (
        SELECT id FROM profiles WHERE service_id = n.service_id AND dedicated_to = n.plan_id
          AND {free} AND {unheld} ORDER BY paid_until DESC, id LIMIT n.wanted {lock}) AS p),
missed AS (
    SELECT n.service_id, sum(n.wanted)::bigint -
           (SELECT count(*) FROM own WHERE own.service_id = n.service_id) AS wanted
    FROM needs n GROUP BY n.service_id),
common AS (
    SELECT p.id FROM missed m CROSS JOIN LATERAL (
        SELECT id FROM profiles WHERE service_id = m.service_id AND dedicated_to = 0
          AND {free} AND {unheld} ORDER BY paid_until DESC, id LIMIT m.wanted {lock}) AS p),
claimed AS (SELECT id FROM own UNION ALL SELECT id FROM common)"""

CLAIM = _CLAIM.format(free=FREE, unheld="reserved_until IS NULL", lock="FOR UPDATE SKIP LOCKED")
CLAIM_WAITING = _CLAIM.format(free=FREE, unheld=UNHELD, lock="FOR UPDATE")

# The array keeps the planner on the primary key: it would guess a join with thousands of rows.
HOLD = """
held AS (
    UPDATE profiles SET reserved_order_id = {order},
        reserved_until = coalesce(now() + make_interval(secs => %(hold_hours)s::float8 * 3600),
                                  '9999-12-31')
    WHERE id = ANY(ARRAY(SELECT id FROM claimed))
    RETURNING id, dedicated_to, service_id)"""

CLAIM_FOR_ORDER = (
    """WITH needs AS (SELECT * FROM unnest(%(plans)s::bigint[], %(services)s::bigint[],
                                           %(wanted)s::int[]) AS n(plan_id, service_id, wanted)),"""  # noqa: S608  # constants
    + CLAIM_WAITING
    + ","
    + HOLD.format(order="%(order)s")
    + " SELECT * FROM held"
)


async def claim(
    session: AsyncSession, needs: Sequence[Need], order_id: int, hold_hours: float | None
) -> set[int]:
    """Hold free profiles for the order until every need is met; the plans that stay short.

    One claimer at a time per service, waiting for rows that others have locked: the answer is
    final. What was found stays held even when it is not enough: the caller refuses the order (and
    its rollback frees everything) or lets a paid order wait with what it has. `hold_hours` is
    None for a hold that never lapses, as paid orders have.
    """
    for service_id in sorted({need.service_id for need in needs}):
        await run(
            session,
            "SELECT pg_advisory_xact_lock(hashtextextended('claim', %(service)s))",
            service=service_id,
        )
    short: set[int] = set()
    for need in needs:
        if need.whole and not await _hold_whole_accounts(session, need, order_id, hold_hours):
            short.add(need.plan_id)
    return short | await _hold_profiles(session, needs, order_id, hold_hours)


async def _hold_profiles(
    session: AsyncSession, needs: Sequence[Need], order_id: int, hold_hours: float | None
) -> set[int]:
    singles = [need for need in needs if not need.whole and need.missing > 0]
    if not singles:
        return set()
    rows = await fetch(
        session,
        CLAIM_FOR_ORDER,
        plans=[need.plan_id for need in singles],
        services=[need.service_id for need in singles],
        wanted=[need.missing for need in singles],
        order=order_id,
        hold_hours=hold_hours,
    )
    own = Counter(row.dedicated_to for row in rows)
    common = Counter(row.service_id for row in rows if not row.dedicated_to)
    short: set[int] = set()
    for need in singles:
        lacks = need.missing - own[need.plan_id]
        if common[need.service_id] < lacks:
            short.add(need.plan_id)
        common[need.service_id] -= lacks
    return short


async def _hold_whole_accounts(
    session: AsyncSession, need: Need, order_id: int, hold_hours: float | None
) -> bool:
    """Accounts whose every profile is free; a whole account is never held in parts."""
    missing = need.missing
    for candidate in await fetch(
        session,
        WHOLE_ACCOUNTS,
        service=need.service_id,
        plan=need.plan_id,
        size=need.profiles_per_unit,
    ):
        if missing <= 0:
            break
        rows = await fetch(
            session,
            HOLD_WHOLE_ACCOUNT,
            account=candidate.account_id,
            size=need.profiles_per_unit,
            order=order_id,
            hold_hours=hold_hours,
        )
        missing -= len(rows)
    return missing <= 0


WHOLE_ACCOUNTS = f"""SELECT account_id FROM profiles
    WHERE service_id = %(service)s AND dedicated_to IN (0, %(plan)s)
    GROUP BY account_id, dedicated_to, paid_until
    HAVING bool_and({FREE} AND {UNHELD}) AND count(*) = %(size)s
    ORDER BY dedicated_to DESC, paid_until DESC, account_id"""  # noqa: S608  # constants

HOLD_WHOLE_ACCOUNT = (
    f"""WITH locked AS MATERIALIZED (
            SELECT id FROM profiles
            WHERE account_id = %(account)s AND {FREE} AND {UNHELD} ORDER BY id FOR UPDATE),
        claimed AS (SELECT * FROM locked WHERE (SELECT count(*) FROM locked) = %(size)s),"""  # noqa: S608
    + HOLD.format(order="%(order)s")
    + " SELECT * FROM held"
)


async def release_holds(session: AsyncSession, order_id: int) -> None:
    await run(
        session,
        """UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL
           WHERE reserved_order_id = %(order)s AND status = 'free'""",
        order=order_id,
    )


async def available(session: AsyncSession, plan_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Units each active plan could sell now: free and not held, by the one pool rule."""
    rows = await fetch(session, AVAILABLE, plans=list(plan_ids) if plan_ids is not None else None)
    return {row.plan_id: row.units for row in rows}


ASKED = """(%(plans)s::bigint[] IS NULL
    OR service_id IN (SELECT service_id FROM plans WHERE id = ANY(%(plans)s)))"""

AVAILABLE = f"""
WITH pools AS MATERIALIZED (
    SELECT service_id, dedicated_to, count(*) AS units FROM profiles
    WHERE {FREE} AND {UNHELD} AND {ASKED} GROUP BY 1, 2),
wholes AS MATERIALIZED (
    SELECT service_id, dedicated_to, count(*) AS units FROM (
        SELECT p.service_id, p.dedicated_to FROM profiles p
        JOIN services s ON s.id = p.service_id
        WHERE EXISTS (SELECT 1 FROM plans f WHERE f.service_id = p.service_id
                      AND f.capacity = 'full_account' AND f.active
                      AND (%(plans)s::bigint[] IS NULL OR f.id = ANY(%(plans)s)))
        GROUP BY p.account_id, p.service_id, p.dedicated_to, s.max_profiles
        HAVING bool_and({FREE} AND {UNHELD}) AND count(*) = s.max_profiles) AS whole
    GROUP BY 1, 2)
SELECT plans.id AS plan_id, coalesce(sum(found.units), 0)::int AS units
FROM plans LEFT JOIN LATERAL (
    SELECT units FROM pools
     WHERE plans.capacity = 'profile' AND pools.service_id = plans.service_id
       AND pools.dedicated_to IN (0, plans.id)
    UNION ALL
    SELECT units FROM wholes
     WHERE plans.capacity = 'full_account' AND wholes.service_id = plans.service_id
       AND wholes.dedicated_to IN (0, plans.id)) AS found ON true
WHERE (%(plans)s::bigint[] IS NULL OR plans.id = ANY(%(plans)s)) AND plans.active
GROUP BY plans.id"""  # noqa: S608  # built from constants
