"""What an order's customer was given, unit by unit, as staff read it: now, and before a swap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.claim_pages import PastUnit, past_units
from domain.sql import fetch

MOST = 200


@dataclass(frozen=True, slots=True)
class UnitOnPage:
    """One profile, or the `profiles` of a whole account, which move and end together.

    `assignment_id` is its first; `claim_id` the report that is open; `reason` says why it ended.
    """

    assignment_id: int
    service_name: str
    plan_name: str
    profile_label: str
    profiles: int
    account_id: int
    account_status: str
    ends_on: date
    released_at: datetime | None
    reason: str
    claim_id: int | None
    replacements: tuple[PastUnit, ...]


async def of_order(session: AsyncSession, actor: Actor, *, order_id: int) -> tuple[UnitOnPage, ...]:
    """The units of an order, in the order of its lines."""
    actor.require_staff()
    rows = await fetch(session, UNITS, order=order_id, most=MOST)
    past = await past_units(session, [row.assignment_id for row in rows])
    return tuple(
        UnitOnPage(**row._asdict(), replacements=tuple(past.get(row.assignment_id, ())))
        for row in rows
    )


UNITS = """SELECT min(a.id) AS assignment_id, i.service_name, i.plan_name,
       (array_agg(p.label ORDER BY a.id))[1] AS profile_label, count(*)::int AS profiles,
       min(p.account_id) AS account_id, min(k.status) AS account_status, min(a.ends_on) AS ends_on,
       max(a.released_at) AS released_at, max(a.release_reason) AS reason, min(c.id) AS claim_id
FROM order_items i JOIN assignments a ON a.order_item_id = i.id
JOIN profiles p ON p.id = a.profile_id JOIN accounts k ON k.id = p.account_id
LEFT JOIN claims c ON c.assignment_id = a.id AND c.status = 'open'
WHERE i.order_id = %(order)s
GROUP BY i.id, a.unit_index / i.profiles_per_unit
ORDER BY i.id, min(a.id) LIMIT %(most)s"""
