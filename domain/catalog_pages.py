"""The catalog as staff see it: everything, on sale or not, and never what it costs the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.availability import available
from domain.errors import NotFound
from domain.services import ServiceSheet
from domain.sql import fetch, fetch_as, fetch_one


@dataclass(frozen=True, slots=True)
class CatalogLine:
    """One service in the list; `plans` are those not archived, `on_sale` those a shopper sees."""

    id: int
    name: str
    slug: str
    category: str
    color: str
    active: bool
    plans: int
    on_sale: int
    price_from: Decimal | None
    free: int


LINES = """
SELECT s.id, s.name, s.slug, s.category, s.color, s.active,
       count(p.id) AS plans, count(p.id) FILTER (WHERE p.active) AS on_sale,
       min(p.sale_price) FILTER (WHERE p.active) AS price_from,
       (SELECT count(*) FROM profiles f
        WHERE f.service_id = s.id AND f.status = 'free' AND f.sellable
          AND (f.reserved_until IS NULL OR f.reserved_until <= now())) AS free
FROM services s LEFT JOIN plans p ON p.service_id = s.id AND p.archived_at IS NULL
WHERE (s.archived_at IS NOT NULL) = %(archived)s
  AND (%(search)s = '' OR strpos(lower(s.name || ' ' || s.category || ' ' || s.slug),
                                 lower(%(search)s)) > 0)
GROUP BY s.id ORDER BY s.position, s.id"""


async def lines(
    session: AsyncSession, actor: Actor, *, search: str = "", archived: bool = False
) -> list[CatalogLine]:
    """Every service in shop order. For staff."""
    actor.require_staff()
    return await fetch_as(session, CatalogLine, LINES, search=search, archived=archived)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """`list_price` only while it may be shown."""

    id: int
    name: str
    duration_months: int
    capacity: str
    sale_price: Decimal
    list_price: Decimal | None
    active: bool
    archived: bool
    version: int
    available: int


@dataclass(frozen=True, slots=True)
class ServicePage:
    id: int
    version: int
    active: bool
    archived_at: datetime | None
    sheet: ServiceSheet
    plans: tuple[PlanLine, ...]


PLANS = """
SELECT id, name, duration_months, capacity, sale_price,
       CASE WHEN list_until > now() THEN list_price END AS list_price,
       active, archived_at IS NOT NULL AS archived, version
FROM plans WHERE service_id = %(id)s
ORDER BY archived_at IS NOT NULL, capacity DESC, duration_months, id"""


async def service(session: AsyncSession, actor: Actor, *, service_id: int) -> ServicePage:
    """One service with all its plans. For staff. Raises `NotFound`."""
    actor.require_staff()
    row = await fetch_one(session, "SELECT * FROM services WHERE id = %(id)s", id=service_id)
    if row is None:
        raise NotFound
    plans = await fetch(session, PLANS, id=service_id)
    left = await available(session, [plan.id for plan in plans]) if plans else {}
    return ServicePage(
        row.id,
        row.version,
        row.active,
        row.archived_at,
        ServiceSheet(
            row.name,
            row.slug,
            row.category,
            row.max_profiles,
            row.color,
            row.description,
            row.terms,
            row.instructions,
        ),
        tuple(PlanLine(**plan._asdict(), available=left.get(plan.id, 0)) for plan in plans),
    )


async def categories(session: AsyncSession, actor: Actor) -> list[str]:
    """Those in use, in the order of the alphabet. For staff."""
    actor.require_staff()
    rows = await fetch(
        session,
        "SELECT DISTINCT category FROM services WHERE archived_at IS NULL ORDER BY category",
    )
    return [row.category for row in rows]
