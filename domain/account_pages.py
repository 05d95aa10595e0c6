"""One account whole, as staff read it: its places and holders, payments, versions and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch_as, fetch_one, scalar

MOST = 50


@dataclass(frozen=True, slots=True)
class ProfileOnPage:
    """`free` means: could be sold now. The holder's fields are empty while there is none."""

    id: int
    position: int
    label: str
    status: str
    has_pin: bool
    pin_version: int
    held_for_order: int | None
    assignment_id: int | None
    order_id: int | None
    customer_name: str
    customer_phone: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Paid:
    paid_before: date | None
    paid_until: date
    cost: Decimal | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastHolder:
    """Somebody who no longer holds it; `reason` is `replaced` when they were moved elsewhere."""

    customer_name: str
    customer_phone: str
    order_id: int
    profile_label: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    action: str
    actor_kind: str
    by: str
    profile_label: str
    change: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccountOnPage:
    """`will_be_told` is how many subscriptions a new password concerns.

    For who does not know costs there is none, neither here nor in its payments and history.
    """

    id: int
    service_id: int
    service_name: str
    service_slug: str
    max_profiles: int
    plan_id: int | None
    plan_name: str
    status: str
    status_since: datetime
    paid_until: date | None
    cost: Decimal | None
    notes: str
    version: int
    created_at: datetime
    will_be_told: int
    profiles: tuple[ProfileOnPage, ...]
    payments: tuple[Paid, ...]
    past: tuple[PastHolder, ...]
    history: tuple[Event, ...]


async def account_page(session: AsyncSession, actor: Actor, *, account_id: int) -> AccountOnPage:
    """Raises `NotFound`."""
    actor.require_staff()
    row = await fetch_one(
        session,
        """SELECT a.id, a.service_id, s.name AS service_name, s.slug AS service_slug,
                  s.max_profiles, a.plan_id, coalesce(pl.name, '') AS plan_name, a.status,
                  a.status_since, a.paid_until, a.notes, a.credential_version AS version,
                  a.created_at, CASE WHEN %(costs)s THEN a.cost END AS cost
           FROM accounts a JOIN services s ON s.id = a.service_id
           LEFT JOIN plans pl ON pl.id = a.plan_id WHERE a.id = %(id)s""",
        id=account_id,
        costs=actor.knows_costs,
    )
    if row is None:
        raise NotFound
    profiles = await fetch_as(session, ProfileOnPage, PROFILES, id=account_id)
    return AccountOnPage(
        **row._asdict(),
        will_be_told=await scalar(session, TOLD, id=account_id),
        profiles=tuple(profiles),
        payments=tuple(
            await fetch_as(
                session, Paid, PAYMENTS, id=account_id, costs=actor.knows_costs, most=MOST
            )
        ),
        past=tuple(await fetch_as(session, PastHolder, PAST, id=account_id, most=MOST)),
        history=tuple(
            await fetch_as(
                session,
                Event,
                HISTORY,
                account=str(account_id),
                profiles=[str(profile.id) for profile in profiles],
                costs=actor.knows_costs,
                most=MOST,
            )
        ),
    )


PROFILES = """SELECT p.id, p.position, p.label, p.pin_version, p.pin_sealed IS NOT NULL AS has_pin,
       p.status, CASE WHEN p.reserved_until > clock_timestamp() THEN p.reserved_order_id END
           AS held_for_order,
       a.id AS assignment_id, i.order_id, coalesce(c.name, '') AS customer_name,
       coalesce(c.phone, '') AS customer_phone, a.ends_on
FROM profiles p LEFT JOIN assignments a ON a.profile_id = p.id AND a.released_at IS NULL
LEFT JOIN order_items i ON i.id = a.order_item_id LEFT JOIN customers c ON c.id = a.customer_id
WHERE p.account_id = %(id)s ORDER BY p.position"""

TOLD = """SELECT count(DISTINCT (i.id, a.unit_index / i.profiles_per_unit))
FROM profiles p JOIN assignments a ON a.profile_id = p.id AND a.released_at IS NULL
JOIN order_items i ON i.id = a.order_item_id WHERE p.account_id = %(id)s"""

PAYMENTS = """SELECT r.paid_before, r.paid_until, CASE WHEN %(costs)s THEN r.cost END AS cost,
       coalesce(u.username, '') AS by, r.at
FROM supplier_renewals r LEFT JOIN staff_users u ON u.id = r.actor_id
WHERE r.account_id = %(id)s ORDER BY r.id DESC LIMIT %(most)s"""

PAST = """SELECT c.name AS customer_name, c.phone AS customer_phone, i.order_id,
       gone.label AS profile_label, gone.until, gone.reason
FROM (SELECT a.id, p.label, a.released_at AS until, a.release_reason AS reason
      FROM profiles p JOIN assignments a ON a.profile_id = p.id
      WHERE p.account_id = %(id)s AND a.released_at IS NOT NULL
      UNION ALL
      SELECT r.assignment_id, p.label, r.at, 'replaced'
      FROM profiles p JOIN replacements r ON r.from_profile_id = p.id
      WHERE p.account_id = %(id)s) AS gone
JOIN assignments a ON a.id = gone.id JOIN order_items i ON i.id = a.order_item_id
JOIN customers c ON c.id = a.customer_id
ORDER BY gone.until DESC, gone.id DESC LIMIT %(most)s"""

HISTORY = """SELECT e.at, e.action, e.actor_kind, coalesce(u.username, '') AS by,
       coalesce(p.label, '') AS profile_label,
       CASE WHEN %(costs)s THEN e.change ELSE e.change - 'cost' END AS change
FROM (SELECT * FROM audit_entries WHERE object_type = 'account' AND object_id = %(account)s
      UNION ALL
      SELECT * FROM audit_entries
      WHERE object_type = 'profile' AND object_id = ANY(%(profiles)s)) AS e
LEFT JOIN staff_users u ON e.actor_kind = 'staff' AND u.id = e.actor_id
LEFT JOIN profiles p ON e.object_type = 'profile' AND p.id = e.object_id::bigint
ORDER BY e.id DESC LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Version:
    """A password, or a profile's PIN when `profile_label` is given. The one in force has no `id`.

    `seen` of `holders` live subscriptions have opened it.
    """

    id: int | None
    version: int
    profile_id: int | None
    profile_label: str
    kept: bool
    reason: str
    by: str
    replaced_at: datetime | None
    seen: int
    holders: int


async def versions(session: AsyncSession, actor: Actor, *, account_id: int) -> list[Version]:
    """Passwords, the one in force first, then PINs that were. Without any secret."""
    actor.require_staff()
    return await fetch_as(session, Version, VERSIONS, id=account_id, most=MOST)


LIVE = """live AS MATERIALIZED (
    SELECT a.id, a.profile_id FROM profiles p JOIN assignments a ON a.profile_id = p.id
    WHERE p.account_id = %(id)s AND a.released_at IS NULL)"""

VERSIONS = f"""
WITH {LIVE},
all_versions AS (
    SELECT NULL::bigint AS id, a.credential_version AS version, NULL::bigint AS profile_id,
           false AS kept, '' AS reason, NULL::bigint AS actor_id,
           NULL::timestamptz AS replaced_at
    FROM accounts a WHERE a.id = %(id)s
    UNION ALL
    SELECT id, version, profile_id, secret_sealed IS NOT NULL, reason, actor_id, replaced_at
    FROM credential_versions WHERE account_id = %(id)s)
SELECT v.id, v.version, v.profile_id, coalesce(p.label, '') AS profile_label, v.kept, v.reason,
       coalesce(u.username, '') AS by, v.replaced_at,
       (SELECT count(DISTINCT live.id) FROM live JOIN credential_views s
         ON s.assignment_id = live.id AND s.profile_id = live.profile_id
        WHERE CASE WHEN v.profile_id IS NULL THEN s.version = v.version
                   ELSE s.profile_id = v.profile_id AND s.pin_version = v.version END)::int AS seen,
       (SELECT count(*) FROM live
        WHERE v.profile_id IS NULL OR live.profile_id = v.profile_id)::int AS holders
FROM all_versions v LEFT JOIN profiles p ON p.id = v.profile_id
LEFT JOIN staff_users u ON u.id = v.actor_id
ORDER BY v.profile_id IS NOT NULL, v.profile_id, v.version DESC LIMIT %(most)s"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Witness:
    """A live holder; `seen_at` is when they first opened that version, if they have."""

    assignment_id: int
    order_id: int
    customer_name: str
    customer_phone: str
    profile_label: str
    seen_at: datetime | None


async def seen(
    session: AsyncSession, actor: Actor, *, account_id: int, version: int
) -> list[Witness]:
    """Who of the live holders has opened this password version, and who has not yet."""
    actor.require_staff()
    return await fetch_as(session, Witness, SEEN, id=account_id, version=version)


SEEN = f"""
WITH {LIVE}
SELECT live.id AS assignment_id, i.order_id, c.name AS customer_name, c.phone AS customer_phone,
       p.label AS profile_label,
       (SELECT min(s.first_at) FROM credential_views s WHERE s.assignment_id = live.id
          AND s.profile_id = live.profile_id AND s.version = %(version)s) AS seen_at
FROM live JOIN assignments a ON a.id = live.id JOIN order_items i ON i.id = a.order_item_id
JOIN customers c ON c.id = a.customer_id JOIN profiles p ON p.id = live.profile_id
ORDER BY p.position"""  # noqa: S608
