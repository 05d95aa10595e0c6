"""The one pool rule: what is free, who gets it, and never twice.

Dedicated stock is used first, then the account with the longest remaining paid time. The first look
takes row locks with SKIP LOCKED, so buyers do not wait for each other. When it finds too little,
`claim` looks again, one claimer at a time and waiting for the locks: only so are rows that were
merely locked told from rows that are gone. Without it some of the last buyers hear a false
"sold out".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run
from models.plans import Capacity

# A hold that ran out is no hold, whoever wrote it. The subquery makes the time one constant of the
# statement: an index can start from it, and it is taken after whatever lock came before.
FREE = "status = 'free' AND sellable"
LAPSED = "reserved_until <= (SELECT clock_timestamp())"
UNHELD = f"(reserved_until IS NULL OR {LAPSED})"


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


# Each pool is read in the order it is sold, from an index that keeps it, no further than asked.
def _take(pool: str, wanted: str) -> str:
    """Free profiles that nobody has locked."""
    return f"""SELECT id FROM profiles WHERE {pool} AND {FREE} AND reserved_until IS NULL
        ORDER BY paid_until DESC, id LIMIT {wanted} FOR UPDATE SKIP LOCKED"""  # noqa: S608


def _take_waiting(pool: str, wanted: str) -> str:
    """Free profiles outside one account, those of lapsed holds too, each lock waited for."""
    never, lapsed = (
        f"""SELECT * FROM (SELECT id, paid_until FROM profiles WHERE {pool} AND {FREE} AND {held}
              AND account_id <> %(leaving)s
            ORDER BY paid_until DESC, id LIMIT {wanted} FOR UPDATE) AS locked"""  # noqa: S608
        for held in ("reserved_until IS NULL", LAPSED)
    )
    return f"""SELECT id FROM ({never} UNION ALL {lapsed}) AS found
        ORDER BY paid_until DESC, id LIMIT {wanted}"""  # noqa: S608


def _claiming(take: Callable[[str, str], str]) -> str:
    """CTEs for single profiles, ending in `claimed(id)`.

    They expect `needs(plan_id, service_id, wanted)` and read two pools: the plan's own stock, then
    the shared one for what the lines of a service still miss together.
    """
    own = take("service_id = n.service_id AND dedicated_to = n.plan_id", "n.wanted")
    common = take("service_id = m.service_id AND dedicated_to = 0", "m.wanted")
    return f"""
own AS (
    SELECT n.service_id, p.id FROM needs n CROSS JOIN LATERAL ({own}) AS p),
missed AS (
    SELECT n.service_id, sum(n.wanted)::bigint -
           (SELECT count(*) FROM own WHERE own.service_id = n.service_id) AS wanted
    FROM needs n GROUP BY n.service_id),
common AS (
    SELECT p.id FROM missed m CROSS JOIN LATERAL ({common}) AS p),
claimed AS (SELECT id FROM own UNION ALL SELECT id FROM common)"""  # noqa: S608


CLAIM = _claiming(_take)
CLAIM_WAITING = _claiming(_take_waiting)

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
    session: AsyncSession,
    needs: Sequence[Need],
    order_id: int,
    hold_hours: float | None,
    *,
    leaving: int = 0,
) -> set[int]:
    """Hold free profiles for the order until every need is met; the plans that stay short.

    One claimer at a time per service, waiting for rows that others have locked: the answer is
    final. What was found stays held even when it is not enough: the caller refuses the order (and
    its rollback frees everything) or lets a paid order wait with what it has. `hold_hours` is
    None for a hold that never lapses, as paid orders have. Nothing is taken from the account that
    a replacement is `leaving`.
    """
    await claim_alone(session, {need.service_id for need in needs})
    short: set[int] = set()
    for need in needs:
        if need.whole and not await _hold_whole_accounts(session, need, order_id, hold_hours):
            short.add(need.plan_id)
    return short | await _hold_profiles(session, needs, order_id, hold_hours, leaving)


async def claim_alone(session: AsyncSession, service_ids: Collection[int]) -> None:
    """Wait until nobody else claims stock of these services, and keep others waiting."""
    for service_id in sorted(set(service_ids)):
        await run(
            session,
            "SELECT pg_advisory_xact_lock(hashtextextended('claim', %(service)s))",
            service=service_id,
        )


async def _hold_profiles(
    session: AsyncSession,
    needs: Sequence[Need],
    order_id: int,
    hold_hours: float | None,
    leaving: int,
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
        leaving=leaving,
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
    missing, tried = need.missing, list[int]()
    while missing > 0:
        candidates = await fetch(
            session,
            WHOLE_ACCOUNTS,
            service=need.service_id,
            plan=need.plan_id,
            size=need.profiles_per_unit,
            wanted=-(-missing // need.profiles_per_unit),
            tried=tried,
        )
        if not candidates:
            return False
        for candidate in candidates:
            tried.append(candidate.account_id)
            rows = await fetch(
                session,
                HOLD_WHOLE_ACCOUNT,
                account=candidate.account_id,
                size=need.profiles_per_unit,
                order=order_id,
                hold_hours=hold_hours,
            )
            missing -= len(rows)
    return True


def whole_accounts(service: str, pool: str, size: str) -> str:
    """The condition on `first`, a profile: it is the first of an account that is free as a whole.

    An account is looked up by the profile that is sold first: where it is free, the others mostly
    are. `size` is the service's, `pool` the plan whose own stock it is, or 0.
    """
    return f"""first.position = 1 AND first.service_id = {service} AND first.dedicated_to = {pool}
        AND first.status = 'free' AND first.sellable
        AND (SELECT count(*) = {size} AND bool_and({FREE} AND {UNHELD}) FROM profiles
             WHERE account_id = first.account_id)"""  # noqa: S608


WHOLE_ACCOUNTS = f"""SELECT found.account_id
    FROM unnest(ARRAY[%(plan)s::bigint, 0]) WITH ORDINALITY AS pool(id, turn) CROSS JOIN LATERAL (
        SELECT first.account_id, first.paid_until FROM profiles AS first
        WHERE {whole_accounts("%(service)s", "pool.id", "%(size)s")}
          AND first.account_id <> ALL(%(tried)s::bigint[])
        ORDER BY first.paid_until DESC, first.account_id LIMIT %(wanted)s) AS found
    ORDER BY pool.turn, found.paid_until DESC, found.account_id LIMIT %(wanted)s"""  # noqa: S608

HOLD_WHOLE_ACCOUNT = (
    f"""WITH locked AS MATERIALIZED (
            SELECT id FROM profiles
            WHERE account_id = %(account)s AND {FREE} AND {UNHELD} ORDER BY id FOR UPDATE),
        claimed AS (SELECT * FROM locked WHERE (SELECT count(*) FROM locked) = %(size)s),"""  # noqa: S608
    + HOLD.format(order="%(order)s")
    + " SELECT * FROM held"
)
