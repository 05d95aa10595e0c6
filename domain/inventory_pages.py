"""What staff read about the stock: the list of accounts, one account whole, who saw which version.

No secret is read here, not even a login. The list reads index ranges of a page's length, whatever
the size of the stock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.inventory import login_hash
from domain.sql import fetch, fetch_as
from infra.vault import Secret
from models.inventory import AccountStatus

PAGE = 25
MOST_COUNTED = 1000
STATUSES = tuple(str(status) for status in AccountStatus)
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a list. `free` profiles could be sold now if the account is active."""

    id: int
    service_name: str
    service_slug: str
    plan_name: str
    status: str
    paid_until: date | None
    profiles: int
    free: int
    to_rotate: int
    held: int


# Expects a CTE `page(id)` with the accounts of one page. The array keeps the planner on the primary
# key: with a limit yet unknown it would read the table and join.
LINES = """
SELECT a.id, s.name AS service_name, s.slug AS service_slug, coalesce(pl.name, '') AS plan_name,
       a.status, a.paid_until, c.profiles, c.free, c.to_rotate, c.held
FROM accounts a JOIN services s ON s.id = a.service_id
LEFT JOIN plans pl ON pl.id = a.plan_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS profiles,
           (count(*) FILTER (WHERE p.status = 'free' AND (p.reserved_until IS NULL
                OR p.reserved_until <= clock_timestamp())))::int AS free,
           (count(*) FILTER (WHERE p.status = 'rotate'))::int AS to_rotate,
           (count(*) FILTER (WHERE p.status = 'assigned'))::int AS held
    FROM profiles p WHERE p.account_id = a.id) AS c
WHERE a.id = ANY(ARRAY(SELECT id FROM page)) ORDER BY a.id DESC"""

# One index range for each status, however many accounts there are.
PAGE_OF = """
WITH page AS MATERIALIZED (
    SELECT found.id FROM unnest(%(statuses)s::text[]) AS wanted(status)
    CROSS JOIN LATERAL (
        SELECT a.id FROM accounts a
        WHERE a.status = wanted.status {service} AND a.id < %(before)s
        ORDER BY a.id DESC LIMIT %(limit)s) AS found
    ORDER BY found.id DESC LIMIT %(limit)s)"""
PAGE_OF_ALL = PAGE_OF.format(service="") + LINES
PAGE_OF_SERVICE = PAGE_OF.format(service="AND a.service_id = %(service)s") + LINES

PAGE_FOUND = """
WITH page AS MATERIALIZED (
    SELECT id FROM accounts WHERE id = %(number)s
    UNION (SELECT id FROM accounts WHERE login_hash = %(hash)s ORDER BY id DESC LIMIT %(limit)s))"""
FOUND = PAGE_FOUND + LINES


async def account_list(
    session: AsyncSession,
    actor: Actor,
    *,
    status: str | None = None,
    service_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[AccountLine]:
    """Accounts, newest first; the next page starts `before` the last id."""
    actor.require_staff()
    return await fetch_as(
        session,
        AccountLine,
        PAGE_OF_ALL if service_id is None else PAGE_OF_SERVICE,
        statuses=[status] if status in STATUSES else list(STATUSES),
        service=service_id,
        before=before or 2**63 - 1,
        limit=limit,
    )


async def find(session: AsyncSession, actor: Actor, q: str) -> list[AccountLine]:
    """The account of a number, and those with exactly this login, at whatever service."""
    actor.require_staff()
    digits = q.strip().removeprefix("#")
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    return await fetch_as(
        session,
        AccountLine,
        FOUND,
        number=number if len(digits) <= LONGEST_NUMBER else 0,
        hash=login_hash(Secret(q)),
        limit=PAGE,
    )


# Ordered, since without an order the planner may begin with the table and read it whole.
COUNT = """SELECT wanted.status, found.n FROM unnest(%(statuses)s::text[]) AS wanted(status)
    CROSS JOIN LATERAL (SELECT count(*)::int AS n FROM (
        SELECT 1 FROM accounts a WHERE a.status = wanted.status {service}
        ORDER BY a.id LIMIT %(most)s) AS few) AS found"""
COUNT_ALL = COUNT.format(service="")
COUNT_SERVICE = COUNT.format(service="AND a.service_id = %(service)s")


async def counts(
    session: AsyncSession, actor: Actor, *, service_id: int | None = None
) -> dict[str, int]:
    """Accounts by status; a count stops at `MOST_COUNTED`, which then means "or more"."""
    actor.require_staff()
    rows = await fetch(
        session,
        COUNT_ALL if service_id is None else COUNT_SERVICE,
        statuses=list(STATUSES),
        service=service_id,
        most=MOST_COUNTED,
    )
    return {row.status: row.n for row in rows}


@dataclass(frozen=True, slots=True)
class PlanChoice:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    id: int
    name: str
    max_profiles: int
    plans: tuple[PlanChoice, ...]


async def services(session: AsyncSession, actor: Actor) -> list[ServiceChoice]:
    """What an account may belong to, and what it may be dedicated to."""
    actor.require_staff()
    plans = await fetch(
        session,
        "SELECT id, service_id, name FROM plans WHERE archived_at IS NULL ORDER BY id",
    )
    return [
        ServiceChoice(
            row.id,
            row.name,
            row.max_profiles,
            tuple(PlanChoice(p.id, p.name) for p in plans if p.service_id == row.id),
        )
        for row in await fetch(
            session,
            """SELECT id, name, max_profiles FROM services WHERE archived_at IS NULL
               ORDER BY name, id""",
        )
    ]
