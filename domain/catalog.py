"""What visitors see on the shelves: services, their plans, prices and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import DEDICATED, SHARED, units_left
from domain.sql import fetch, on_one_line

# On the shelf nobody needs to know how many more than twenty there are.
MANY = 21


@dataclass(frozen=True, slots=True)
class PlanOnSale:
    """`available` is counted up to `MANY`; money in MXN.

    `saving_percent` is against paying the one-month plan each month; `list_price` is what the plan
    really cost before, to be struck through.
    """

    id: int
    service_id: int
    service_name: str
    name: str
    duration_months: int
    capacity: str
    sale_price: Decimal
    available: int
    monthly_price: Decimal
    saving_percent: int
    list_price: Decimal | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceOnSale:
    """Known by itself: shelves that read as before are the same objects."""

    id: int
    slug: str
    name: str
    category: str
    description: str
    color: str
    max_profiles: int
    terms: str
    instructions: str
    plans: tuple[PlanOnSale, ...]

    @property
    def available(self) -> int:
        return max((plan.available for plan in self.plans), default=0)

    @property
    def price_from(self) -> Decimal:
        return min((plan.sale_price for plan in self.plans), default=Decimal(0))


# One journey: the counts come with what they are of, and OFFSET keeps those of a service to one.
SHELVES = on_one_line(
    f"""
SELECT s.id, s.slug, s.name, s.category, s.description, s.color, s.max_profiles, s.terms,
       s.instructions, p.id AS plan_id, p.name AS plan_name, p.duration_months, p.capacity,
       p.sale_price, CASE WHEN p.list_until > now() THEN p.list_price END AS list_price,
       {units_left("s.shared", "s.dedicated")} AS available
FROM (SELECT *, {SHARED} AS shared, {DEDICATED} AS dedicated FROM services s OFFSET 0) s
JOIN plans p ON p.service_id = s.id
WHERE s.active AND s.archived_at IS NULL AND p.active AND p.archived_at IS NULL
ORDER BY s.position, s.id, p.capacity DESC, p.duration_months, p.id"""  # noqa: S608  # constants
)


async def shelves(session: AsyncSession) -> tuple[ServiceOnSale, ...]:
    """Active services with their active plans, in shop order."""
    return arranged(tuple(await fetch(session, SHELVES, most=MANY)))


@lru_cache(1)
def arranged(rows: tuple[Any, ...]) -> tuple[ServiceOnSale, ...]:
    """Rows that read as the last ones did give what those gave."""
    monthly = {(r.id, r.capacity): r.sale_price for r in rows if r.duration_months == 1}
    return tuple(_service(list(group), monthly) for _, group in groupby(rows, key=lambda r: r.id))


def _service(rows: list[Any], monthly: dict[tuple[int, str], Decimal]) -> ServiceOnSale:
    first = rows[0]
    return ServiceOnSale(
        id=first.id,
        slug=first.slug,
        name=first.name,
        category=first.category,
        description=first.description,
        color=first.color,
        max_profiles=first.max_profiles,
        terms=first.terms,
        instructions=first.instructions,
        plans=tuple(_plan(row, monthly.get((row.id, row.capacity))) for row in rows),
    )


def _plan(row: Any, monthly: Decimal | None) -> PlanOnSale:
    full = (monthly or Decimal(0)) * row.duration_months
    return PlanOnSale(
        id=row.plan_id,
        service_id=row.id,
        service_name=row.name,
        name=row.plan_name,
        duration_months=row.duration_months,
        capacity=row.capacity,
        sale_price=row.sale_price,
        available=row.available,
        monthly_price=(row.sale_price / row.duration_months).quantize(Decimal("0.01")),
        saving_percent=max(0, int((full - row.sale_price) * 100 / full)) if full else 0,
        list_price=row.list_price,
    )
