"""What a customer may use today, as their own page shows it. Opening it is in `assignments`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.sql import fetch_as
from infra.settings import settings


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a customer holds. Dates are local business dates; `ends_on` is the last paid day.

    `kept_until` is the last day of the grace. `unit` is shared by the profiles of one whole
    account, which are renewed together, and `leads` marks its first. `renewal_order` is the order
    that waits for payment to renew it. `version` names the credential in force and `changed` what
    became new since its holder last saw it: `replaced`, `password`, `pin` or nothing. `confirmed`:
    its holder said that the version in force works.
    """

    id: int
    order_id: int
    service_name: str
    service_slug: str
    service_color: str
    plan_name: str
    capacity: str
    profile_label: str
    starts_on: date
    ends_on: date
    kept_until: date
    instructions: str
    terms: str
    unit: str
    leads: bool
    renewal_order: int | None
    version: str
    changed: str
    confirmed: bool


async def held_by(session: AsyncSession, actor: Actor) -> list[Subscription]:
    """The customer's live subscriptions, the soonest to end first."""
    return await fetch_as(
        session,
        Subscription,
        HELD,
        customer=actor.customer_id(),
        grace=settings().grace_days,
    )


HELD = """SELECT a.id, i.order_id, i.service_name, s.slug AS service_slug, s.color AS service_color,
    i.plan_name, i.capacity, p.label AS profile_label, a.starts_on, a.ends_on,
    a.ends_on + %(grace)s::int AS kept_until, s.instructions, s.terms,
    i.id || '.' || a.unit_index / i.profiles_per_unit AS unit,
    a.unit_index %% i.profiles_per_unit = 0 AS leads, pending.order_id AS renewal_order,
    p.id || '.' || c.credential_version || '.' || p.pin_version AS version,
    CASE WHEN seen.profile_id IS NULL THEN '' WHEN seen.profile_id <> p.id THEN 'replaced'
         WHEN seen.version <> c.credential_version THEN 'password'
         WHEN seen.pin_version <> p.pin_version THEN 'pin' ELSE '' END AS changed,
    EXISTS (SELECT FROM credential_views v WHERE v.assignment_id = a.id AND v.profile_id = p.id
            AND v.version = c.credential_version AND v.pin_version = p.pin_version
            AND v.confirmed_at IS NOT NULL) AS confirmed
FROM assignments a JOIN order_items i ON i.id = a.order_item_id
JOIN profiles p ON p.id = a.profile_id JOIN accounts c ON c.id = p.account_id
JOIN services s ON s.id = i.service_id
LEFT JOIN LATERAL (
    SELECT v.profile_id, v.version, v.pin_version FROM credential_views v
    WHERE v.assignment_id = a.id ORDER BY v.last_at DESC, v.id DESC LIMIT 1) seen ON true
LEFT JOIN LATERAL (
    SELECT o.id AS order_id FROM assignments f JOIN order_items r ON r.renews_id = f.id
    JOIN orders o ON o.id = r.order_id
    WHERE f.order_item_id = a.order_item_id
      AND f.unit_index / i.profiles_per_unit = a.unit_index / i.profiles_per_unit
      AND o.status = 'pending_payment'
      AND (o.expires_at > now() OR o.payment_status <> 'unpaid') LIMIT 1) pending ON true
WHERE a.customer_id = %(customer)s AND a.released_at IS NULL
ORDER BY a.ends_on, a.id LIMIT 200"""
