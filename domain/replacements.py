"""Another access for the same paid time: the subscription moves, its dates stay.

The new profile comes from the pool as for any buyer of the line's plan, from another account. When
the report is that somebody uses the profile, another profile of the same account is accepted if
there is nothing else; no other problem ends within its account. A whole account is replaced by a
whole account.

The profile left behind always waits for a rotation, even where its service sells again at once:
something was wrong with it, and somebody must look before the next customer meets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import messages, orders, stock
from domain.actors import Actor
from domain.claim_ends import settle_claims
from domain.errors import Conflict, NotFound
from domain.records import audit, note, tell
from domain.renewals import UNIT
from domain.sql import fetch, fetch_one, scalar
from infra.clock import today
from models.plans import Capacity


async def lock_unit(session: AsyncSession, actor: Actor, assignment_id: int) -> list[Any]:
    """The order, then the subscriptions of the unit, locked; the rows of `UNIT`.

    Raises `NotFound` for another customer's, `Conflict` (`access_ended`) once released.
    """
    order_id = await scalar(
        session,
        """SELECT i.order_id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE a.id = %(id)s""",
        id=assignment_id,
    )
    if order_id is None:
        raise NotFound
    await orders.lock(session, actor, order_id)
    unit = await fetch(session, UNIT, id=assignment_id)
    if any(held.released_at is not None for held in unit):
        raise Conflict("access_ended")
    return unit


async def replace(
    session: AsyncSession,
    actor: Actor,
    *,
    assignment_id: int,
    claim_id: int | None = None,
    from_account: int | None = None,
    automatic: bool = False,
) -> int:
    """Move a live subscription to other stock and tell its holder; the replacement's id.

    `claim_id` or `from_account` say what the caller saw, so that the same wish twice moves once.
    Raises `NotFound`, `Conflict`: `access_ended`, `claim_closed`, `replaced_since`, and
    `no_replacement` when the pool has nothing; then nothing has changed.
    """
    actor.require_staff()
    unit = await lock_unit(session, actor, assignment_id)
    problem = await _problem(session, unit, claim_id)
    account_id = await _account_of(session, unit[0].profile_id)
    if from_account not in (None, account_id):
        raise Conflict("replaced_since")
    taken = await _take(session, unit, account_id, within=problem == "profile_taken")
    moved = await fetch(
        session,
        MOVE,
        ids=[held.id for held in unit],
        taken=taken,
        left=[held.profile_id for held in unit],
        claim=claim_id,
        automatic=automatic,
        kind=actor.recorded_kind,
        actor=actor.id,
    )
    await settle_claims(session, actor, [held.id for held in unit], "replaced")
    first = moved[0]
    name = await _service_name(session, unit[0].order_item_id)
    await note(session, actor, unit[0].order_id, "replaced", service=name)
    for row in moved:
        await audit(
            session,
            actor,
            "assignment.replace",
            "assignment",
            row.assignment_id,
            before=row.from_profile_id,
            after=row.to_profile_id,
            claim=claim_id,
            automatic=automatic,
        )
    await messages.tell_holders(
        session, "replaced", [first.assignment_id], occasion=f"replacement:{first.id}"
    )
    await tell(session, f"order:{unit[0].order_id}", "orders")
    return int(first.id)


async def _problem(session: AsyncSession, unit: Sequence[Any], claim_id: int | None) -> str:
    """What the open claim says is wrong; empty without one."""
    if claim_id is None:
        return ""
    claim = await fetch_one(
        session,
        "SELECT kind, status, assignment_id FROM claims WHERE id = %(id)s FOR UPDATE",
        id=claim_id,
    )
    if claim is None or claim.assignment_id not in {held.id for held in unit}:
        raise NotFound
    if claim.status != "open":
        raise Conflict("claim_closed")
    return str(claim.kind)


async def _account_of(session: AsyncSession, profile_id: int) -> int:
    """The account, kept from changing: a rotation tells its holders before or after, not amid."""
    return int(
        await scalar(
            session,
            """SELECT c.id FROM accounts c JOIN profiles p ON p.account_id = c.id
               WHERE p.id = %(profile)s FOR SHARE OF c""",
            profile=profile_id,
        )
    )


async def _take(
    session: AsyncSession, unit: Sequence[Any], account_id: int, *, within: bool
) -> list[int]:
    """Free profiles for one unit, held for its order; what that order held before stays its own."""
    line = unit[0]
    need = stock.Need(
        plan_id=line.plan_id,
        service_id=line.service_id,
        capacity=Capacity(line.capacity),
        profiles_per_unit=line.profiles_per_unit,
        units=1,
    )
    before = await _held(session, line.order_id, "AND reserved_until > clock_timestamp()")
    short = await stock.claim(session, [need], line.order_id, None, leaving=account_id)
    if short and within and not need.whole:
        short = await stock.claim(session, [need], line.order_id, None)
    if short:
        raise Conflict("no_replacement")
    return sorted(await _held(session, line.order_id) - before)


async def _held(session: AsyncSession, order_id: int, also: str = "") -> set[int]:
    rows = await fetch(
        session,
        f"SELECT id FROM profiles WHERE reserved_order_id = %(order)s AND status = 'free' {also}",  # noqa: S608  # constants
        order=order_id,
    )
    return {row.id for row in rows}


MOVE = """
WITH pairs AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(taken)s::bigint[], %(left)s::bigint[])
        AS p(assignment, taken, gone)),
given AS (
    UPDATE profiles SET status = 'assigned', reserved_order_id = NULL, reserved_until = NULL
    WHERE id = ANY(%(taken)s)),
gone AS (
    UPDATE profiles SET status = 'rotate', reserved_order_id = NULL, reserved_until = NULL
    WHERE id = ANY(%(left)s)),
moved AS (
    UPDATE assignments a SET profile_id = pairs.taken FROM pairs WHERE a.id = pairs.assignment
    RETURNING a.id, a.ends_on, pairs.taken),
warned AS (
    INSERT INTO alerts (kind)
    SELECT DISTINCT 'beyond_paid_until:' || c.id FROM moved JOIN profiles p ON p.id = moved.taken
    JOIN accounts c ON c.id = p.account_id WHERE moved.ends_on > c.paid_until
    ON CONFLICT DO NOTHING)
INSERT INTO replacements (assignment_id, from_profile_id, to_profile_id, claim_id, automatic,
                          actor_kind, actor_id)
SELECT assignment, gone, taken, %(claim)s::bigint, %(automatic)s, %(kind)s, %(actor)s::bigint
FROM pairs ORDER BY assignment RETURNING id, assignment_id, from_profile_id, to_profile_id"""


async def _service_name(session: AsyncSession, item_id: int) -> str:
    return str(
        await scalar(session, "SELECT service_name FROM order_items WHERE id = %(id)s", id=item_id)
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a unit of an account: one profile, or the whole of it (`profiles`)."""

    assignment_id: int
    order_id: int
    customer_name: str
    customer_phone: str
    plan_name: str
    profile_label: str
    profiles: int
    ends_on: date
    reported: bool


async def holders_of(session: AsyncSession, actor: Actor, *, account_id: int) -> list[Holder]:
    """The live holders of an account, in the order in which scarce stock is given to them.

    Whoever has paid time left comes before whoever lapsed; then those who reported it, the first
    report first; then the longest time left, which is the most to lose.
    To swap them all, `replace` each with `from_account` in a transaction of its own: one that
    fails or finds no stock leaves the others swapped, and doing it again goes on with the rest.
    """
    actor.require_staff()
    rows = await fetch(
        session,
        """SELECT min(a.id) AS assignment_id, i.order_id, u.name AS customer_name,
                  u.phone AS customer_phone, i.plan_name,
                  min(p.label) AS profile_label, count(*) AS profiles, a.ends_on,
                  bool_or(c.id IS NOT NULL) AS reported
           FROM profiles p JOIN assignments a ON a.profile_id = p.id AND a.released_at IS NULL
           JOIN order_items i ON i.id = a.order_item_id JOIN customers u ON u.id = a.customer_id
           LEFT JOIN claims c ON c.assignment_id = a.id AND c.status = 'open'
           WHERE p.account_id = %(account)s
           GROUP BY i.id, u.id, a.unit_index / i.profiles_per_unit, a.ends_on
           ORDER BY a.ends_on < %(today)s, min(c.id), a.ends_on DESC, min(a.id)""",
        account=account_id,
        today=today(),
    )
    return [Holder(**row._asdict()) for row in rows]
