"""The catalog as programs read it: all of it, with what staff, or the owner, may know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.availability import available
from domain.catalog_changes import lock, set_active, write
from domain.errors import NotFound
from domain.services import ServiceSheet
from domain.sql import fetch, fetch_as


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    id: int
    slug: str
    name: str
    category: str
    description: str
    color: str
    max_profiles: int
    terms: str
    instructions: str
    position: int
    active: bool
    archived: bool
    version: int


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """`cost` and `margin` are None for who may not know them."""

    id: int
    service_id: int
    service_name: str
    name: str
    duration_months: int
    capacity: str
    sale_price: Decimal
    list_price: Decimal | None
    active: bool
    archived: bool
    version: int
    cost: Decimal | None
    margin: Decimal | None
    available: int


SERVICES = """SELECT id, slug, name, category, description, color, max_profiles, terms,
       instructions, position, active, archived_at IS NOT NULL AS archived, version
FROM services
WHERE (%(id)s::bigint IS NULL OR id = %(id)s)
  AND (%(archived)s::bool IS NULL OR (archived_at IS NOT NULL) = %(archived)s)
  AND (%(search)s = '' OR strpos(lower(name || ' ' || category || ' ' || slug),
                                 lower(%(search)s)) > 0)
ORDER BY position, id LIMIT 1000"""


async def services(
    session: AsyncSession,
    actor: Actor,
    *,
    search: str = "",
    archived: bool | None = None,
    service_id: int | None = None,
) -> list[ServiceRecord]:
    """In shop order. For staff."""
    actor.require_staff()
    search = search.replace("\x00", "")
    return await fetch_as(
        session, ServiceRecord, SERVICES, id=service_id, archived=archived, search=search
    )


async def service(session: AsyncSession, actor: Actor, *, service_id: int) -> ServiceRecord:
    """Raises `NotFound`."""
    found = await services(session, actor, service_id=service_id)
    if not found:
        raise NotFound
    return found[0]


PLANS = """SELECT p.id, p.service_id, s.name AS service_name, p.name, p.duration_months, p.capacity,
       p.sale_price, CASE WHEN p.list_until > now() THEN p.list_price END AS list_price, p.active,
       p.archived_at IS NOT NULL AS archived, p.version,
       CASE WHEN %(owner)s THEN p.cost END AS cost, CASE WHEN %(owner)s THEN p.margin END AS margin
FROM plans p JOIN services s ON s.id = p.service_id
WHERE (%(service)s::bigint IS NULL OR p.service_id = %(service)s)
  AND (%(id)s::bigint IS NULL OR p.id = %(id)s)
ORDER BY s.position, s.id, p.capacity DESC, p.duration_months, p.id LIMIT 1000"""


async def plans(
    session: AsyncSession,
    actor: Actor,
    *,
    service_id: int | None = None,
    plan_id: int | None = None,
) -> list[PlanRecord]:
    """In shop order. For staff."""
    actor.require_staff()
    rows = await fetch(session, PLANS, service=service_id, id=plan_id, owner=actor.owner)
    left = await available(session, [row.id for row in rows]) if rows else {}
    return [PlanRecord(**row._asdict(), available=left.get(row.id, 0)) for row in rows]


async def plan(session: AsyncSession, actor: Actor, *, plan_id: int) -> PlanRecord:
    """Raises `NotFound`."""
    found = await plans(session, actor, plan_id=plan_id)
    if not found:
        raise NotFound
    return found[0]


async def arrange(
    session: AsyncSession, actor: Actor, *, service_id: int, position: int | None, active: bool
) -> None:
    """Put a service on sale or pause it, and say where it stands in the shop."""
    await set_active(session, actor, "service", service_id, active=active)
    if position is not None:
        row = await lock(session, "service", service_id)
        await write(session, actor, "service", row, {"position": position})


def slug_of(name: str) -> str:
    """The address a name asks for: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("+", " plus "))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].strip("-")


def keeping_slug(sheet: ServiceSheet, slug: str) -> ServiceSheet:
    """A change that names no address leaves the one people have kept."""
    return replace(sheet, slug=slug)
