"""What people read about reports: the operators' list and page, the news on a customer's card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch, fetch_one, scalar

PAGE = 25


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One report. `reports` counts the open ones of its account; `ended`: access is over."""

    id: int
    kind: str
    details: str
    status: str
    answer: str
    created_at: datetime
    closed_at: datetime | None
    assignment_id: int
    order_id: int
    service_name: str
    service_slug: str
    service_color: str
    plan_id: int
    plan_name: str
    ends_on: date
    ended: bool
    customer_name: str
    customer_phone: str
    account_id: int
    account_status: str
    profile_label: str
    reports: int


LINE = """SELECT c.id, c.kind, c.details, c.status, c.answer, c.created_at, c.closed_at,
       a.id AS assignment_id, i.order_id, i.service_name, s.slug AS service_slug,
       s.color AS service_color, i.plan_id, i.plan_name, a.ends_on,
       a.released_at IS NOT NULL AS ended, u.name AS customer_name, u.phone AS customer_phone,
       p.account_id, k.status AS account_status, p.label AS profile_label,
       (SELECT count(*) FROM claims o JOIN profiles q ON q.id = o.profile_id
         WHERE q.account_id = p.account_id AND o.status = 'open') AS reports
FROM claims c JOIN assignments a ON a.id = c.assignment_id
JOIN order_items i ON i.id = a.order_item_id JOIN services s ON s.id = i.service_id
JOIN customers u ON u.id = c.customer_id JOIN profiles p ON p.id = c.profile_id
JOIN accounts k ON k.id = p.account_id """


async def open_claims(
    session: AsyncSession, actor: Actor, *, after: int | None = None, limit: int = PAGE
) -> list[ClaimLine]:
    """What waits for an answer, the oldest first; the next page starts `after` the last id."""
    actor.require_staff()
    rows = await fetch(
        session,
        LINE
        + """WHERE c.status = 'open' AND (%(after)s::bigint IS NULL OR c.id > %(after)s)
             ORDER BY c.id LIMIT %(limit)s""",
        after=after,
        limit=limit,
    )
    return [ClaimLine(**row._asdict()) for row in rows]


async def closed_claims(
    session: AsyncSession, actor: Actor, *, before: int | None = None, limit: int = PAGE
) -> list[ClaimLine]:
    """What was answered, the newest first; the next page starts `before` the last id."""
    actor.require_staff()
    rows = await fetch(
        session,
        LINE
        + """WHERE c.status <> 'open' AND (%(before)s::bigint IS NULL OR c.id < %(before)s)
             ORDER BY c.id DESC LIMIT %(limit)s""",
        before=before,
        limit=limit,
    )
    return [ClaimLine(**row._asdict()) for row in rows]


async def open_count(session: AsyncSession) -> int:
    return int(await scalar(session, "SELECT count(*) FROM claims WHERE status = 'open'"))


@dataclass(frozen=True, slots=True)
class PastUnit:
    """A replacement that was: from which profile to which, and by whose hand."""

    at: datetime
    from_account_id: int
    from_label: str
    to_account_id: int
    to_label: str
    automatic: bool
    actor_name: str


@dataclass(frozen=True, slots=True)
class PastClaim:
    id: int
    kind: str
    status: str
    answer: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimOnPage:
    """A report with what happened before. `seen_at`: its holder opened the access they report."""

    line: ClaimLine
    seen_at: datetime | None
    replacements: tuple[PastUnit, ...]
    earlier: tuple[PastClaim, ...]


async def claim_page(session: AsyncSession, actor: Actor, *, claim_id: int) -> ClaimOnPage:
    """Raises `NotFound`."""
    actor.require_staff()
    row = await fetch_one(session, LINE + "WHERE c.id = %(id)s", id=claim_id)
    if row is None:
        raise NotFound
    line = ClaimLine(**row._asdict())
    past = await past_units(session, [line.assignment_id])
    earlier = await fetch(
        session,
        """SELECT id, kind, status, answer, created_at FROM claims
           WHERE assignment_id = %(assignment)s AND id < %(id)s ORDER BY id DESC LIMIT 20""",
        assignment=line.assignment_id,
        id=claim_id,
    )
    seen = await scalar(
        session,
        """SELECT max(v.last_at) FROM credential_views v JOIN claims c ON c.id = %(id)s
           WHERE v.assignment_id = c.assignment_id AND v.profile_id = c.profile_id""",
        id=claim_id,
    )
    return ClaimOnPage(
        line=line,
        seen_at=seen,
        replacements=tuple(past.get(line.assignment_id, ())[:20]),
        earlier=tuple(PastClaim(**row._asdict()) for row in earlier),
    )


async def past_units(
    session: AsyncSession, assignment_ids: Sequence[int]
) -> dict[int, list[PastUnit]]:
    """The replacements of these subscriptions, the newest first."""
    rows = await fetch(
        session,
        """SELECT r.assignment_id, r.at, f.account_id AS from_account_id, f.label AS from_label,
                  t.account_id AS to_account_id, t.label AS to_label, r.automatic,
                  coalesce(u.username, '') AS actor_name
           FROM replacements r JOIN profiles f ON f.id = r.from_profile_id
           JOIN profiles t ON t.id = r.to_profile_id
           LEFT JOIN staff_users u ON r.actor_kind = 'staff' AND u.id = r.actor_id
           WHERE r.assignment_id = ANY(%(ids)s) ORDER BY r.id DESC""",
        ids=list(assignment_ids),
    )
    past: dict[int, list[PastUnit]] = {}
    for row in rows:
        known = row._asdict()
        past.setdefault(known.pop("assignment_id"), []).append(PastUnit(**known))
    return past


@dataclass(frozen=True, slots=True)
class CardNews:
    """What a subscription's card says about the warranty.

    `reported_at` while a report is open; `replaced_at` until the new access has been seen;
    `answer` and `status` of a report closed in the last week.
    """

    assignment_id: int
    reported_at: datetime | None
    replaced_at: datetime | None
    status: str
    answer: str


async def of_customer(session: AsyncSession, actor: Actor) -> dict[int, CardNews]:
    """The news of the customer's live subscriptions, by subscription, where there is any."""
    rows = await fetch(
        session,
        """SELECT a.id AS assignment_id, said.created_at AS reported_at, new.at AS replaced_at,
                  CASE WHEN told.recent THEN told.status ELSE '' END AS status,
                  CASE WHEN told.recent THEN told.answer ELSE '' END AS answer
           FROM assignments a
           LEFT JOIN claims said ON said.assignment_id = a.id AND said.status = 'open'
           LEFT JOIN LATERAL (
               SELECT r.at FROM replacements r WHERE r.assignment_id = a.id
                 AND NOT EXISTS (SELECT 1 FROM credential_views v WHERE v.assignment_id = a.id
                                 AND v.profile_id = a.profile_id AND v.last_at >= r.at)
               ORDER BY r.id DESC LIMIT 1) AS new ON true
           LEFT JOIN LATERAL (
               SELECT c.status, c.answer, c.status IN ('solved', 'rejected')
                      AND c.closed_at > now() - interval '7 days' AS recent
               FROM claims c WHERE c.assignment_id = a.id
               ORDER BY c.id DESC LIMIT 1) AS told ON said.id IS NULL AND new.at IS NULL
           WHERE a.customer_id = %(customer)s AND a.released_at IS NULL
             AND (said.id IS NOT NULL OR new.at IS NOT NULL OR told.recent)""",
        customer=actor.customer_id(),
    )
    return {row.assignment_id: CardNews(**row._asdict()) for row in rows}
