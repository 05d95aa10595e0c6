"""The one pool rule: what is free, who gets it, and never twice.

Dedicated stock is used first, then the account with the longest remaining paid time. A claim takes
row locks with SKIP LOCKED, so buyers do not wait for each other; when fewer rows come back, rows
that were only locked are told from rows that are gone by claiming again, one claimer at a time and
waiting for the locks. Without that second look a third of the last buyers hear "sold out" wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    taken: list[int] = field(default_factory=list[int])

    @property
    def wanted(self) -> int:
        return self.units * self.profiles_per_unit

    @property
    def missing(self) -> int:
        return self.wanted - len(self.kept) - len(self.taken)


async def claim(
    session: AsyncSession, needs: Sequence[Need], order_id: int, hours: float | None
) -> bool:
    """Hold free profiles for the order until every need is met; True when all of them are.

    What was found stays held even when it is not enough: the caller refuses the order (and its
    rollback frees everything) or lets a paid order wait with what it has. `hours` is the length
    of the hold, None for a hold that never lapses, as paid orders have.
    """
    await run(session, "SAVEPOINT claiming")
    if await _claim_all(session, needs, wait=False):
        await _hold(session, needs, order_id, hours)
        return True
    await run(session, "ROLLBACK TO SAVEPOINT claiming")
    for need in needs:
        need.taken.clear()
    for service_id in sorted({need.service_id for need in needs}):
        await run(
            session,
            "SELECT pg_advisory_xact_lock(hashtextextended('claim', %(service)s))",
            service=service_id,
        )
    complete = await _claim_all(session, needs, wait=True)
    await _hold(session, needs, order_id, hours)
    return complete


async def _claim_all(session: AsyncSession, needs: Sequence[Need], *, wait: bool) -> bool:
    used: list[int] = []
    complete = True
    for need in sorted(needs, key=lambda n: (n.capacity != Capacity.FULL_ACCOUNT, n.plan_id)):
        if need.capacity == Capacity.FULL_ACCOUNT:
            found = await _whole_accounts(session, need, used, wait=wait)
        else:
            found = await _single_profiles(session, need, used, wait=wait)
        need.taken.extend(found)
        used.extend(found)
        complete = complete and need.missing <= 0
        if not complete and not wait:
            return False
    return complete


async def _single_profiles(
    session: AsyncSession, need: Need, used: list[int], *, wait: bool
) -> list[int]:
    """Two index ranges, dedicated then shared; waiting claims look at lapsed holds as well."""
    unheld = UNHELD if wait else "reserved_until IS NULL"
    lock = "FOR UPDATE" if wait else "FOR UPDATE SKIP LOCKED"
    pool = f"""SELECT id FROM profiles
        WHERE service_id = %(service)s AND dedicated_to = {{pool}} AND {FREE} AND {unheld}
          AND id <> ALL(%(used)s)
        ORDER BY paid_until DESC, id LIMIT {{limit}} {lock}"""  # noqa: S608  # constants
    dedicated = pool.format(pool="%(plan)s", limit="%(missing)s")
    shared = pool.format(pool="0", limit="%(missing)s - (SELECT count(*) FROM dedicated)")
    rows = await fetch(
        session,
        f"""WITH dedicated AS ({dedicated}), shared AS ({shared})
            SELECT id FROM dedicated UNION ALL SELECT id FROM shared""",  # noqa: S608  # constants
        service=need.service_id,
        plan=need.plan_id,
        missing=need.missing,
        used=used,
    )
    return [row.id for row in rows]


async def _whole_accounts(
    session: AsyncSession, need: Need, used: list[int], *, wait: bool
) -> list[int]:
    """Accounts whose every profile is free; a whole account is never sold in parts."""
    lock = "FOR UPDATE" if wait else "FOR UPDATE SKIP LOCKED"
    found: list[int] = []
    candidates = await fetch(session, WHOLE_ACCOUNTS, **_whole(need))
    for candidate in candidates:
        if len(found) >= need.missing:
            break
        rows = await fetch(
            session,
            f"""SELECT id FROM profiles
                WHERE account_id = %(account)s AND {FREE} AND {UNHELD} AND id <> ALL(%(used)s)
                ORDER BY id {lock}""",  # noqa: S608  # built from constants
            account=candidate.account_id,
            used=used,
        )
        if len(rows) == need.profiles_per_unit:
            found.extend(row.id for row in rows)
    return found


WHOLE_ACCOUNTS = f"""SELECT account_id FROM profiles
    WHERE service_id = %(service)s AND dedicated_to IN (0, %(plan)s)
    GROUP BY account_id, dedicated_to, paid_until
    HAVING bool_and({FREE} AND {UNHELD}) AND count(*) = %(size)s
    ORDER BY dedicated_to DESC, paid_until DESC, account_id"""  # noqa: S608  # constants


def _whole(need: Need) -> dict[str, int]:
    return {"service": need.service_id, "plan": need.plan_id, "size": need.profiles_per_unit}


async def _hold(
    session: AsyncSession, needs: Sequence[Need], order_id: int, hours: float | None
) -> None:
    await run(
        session,
        """UPDATE profiles SET reserved_order_id = %(order)s,
               reserved_until = coalesce(now() + make_interval(secs => %(hours)s::float8 * 3600),
                                         '9999-12-31')
           WHERE id = ANY(%(ids)s)""",
        order=order_id,
        hours=hours,
        ids=[profile for need in needs for profile in need.taken],
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


AVAILABLE = f"""
WITH pools AS MATERIALIZED (
    SELECT service_id, dedicated_to, count(*) AS units FROM profiles
    WHERE {FREE} AND {UNHELD} GROUP BY 1, 2),
wholes AS MATERIALIZED (
    SELECT service_id, dedicated_to, count(*) AS units FROM (
        SELECT p.service_id, p.dedicated_to FROM profiles p
        JOIN services s ON s.id = p.service_id
        WHERE EXISTS (SELECT 1 FROM plans f WHERE f.service_id = p.service_id
                      AND f.capacity = 'full_account' AND f.active)
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
