"""How the stock of each plan stands, when it is too little, and what goes before a resale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.availability import MOST_COUNTED, available
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit, close_alert, raise_alert
from domain.sql import fetch, fetch_one, run
from domain.webhook_events import announce

MOST_THRESHOLD = MOST_COUNTED - 1


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """`available` is counted up to `MOST_COUNTED`; `held` by unpaid orders, `live` are sold units.

    With `threshold` 0 nobody is told that little is left.
    """

    id: int
    name: str
    capacity: str
    available: int
    held: int
    waiting: int
    asked: int
    live: int
    threshold: int

    @property
    def low(self) -> bool:
        return self.threshold > 0 and self.available <= self.threshold


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    id: int
    name: str
    slug: str
    rotates: bool
    plans: tuple[PlanLevel, ...]


LEVELS = """
SELECT s.id AS service_id, s.name AS service_name, s.slug, s.rotate_before_resale, p.id, p.name,
       p.capacity, p.low_stock, coalesce(held.units, 0) AS held,
       coalesce(waiting.units, 0) AS waiting, coalesce(asked.customers, 0) AS asked,
       coalesce(live.units, 0) AS live
FROM services s JOIN plans p ON p.service_id = s.id
LEFT JOIN (SELECT i.plan_id, sum(i.quantity) AS units
           FROM orders o JOIN order_items i ON i.order_id = o.id
           WHERE o.status = 'pending_payment' AND o.expires_at > now() AND i.renews_id IS NULL
           GROUP BY 1) AS held ON held.plan_id = p.id
LEFT JOIN (SELECT plan_id, sum(quantity) AS units FROM order_items
           WHERE fulfilment = 'waiting_stock' GROUP BY 1) AS waiting ON waiting.plan_id = p.id
LEFT JOIN (SELECT plan_id, count(*) AS customers FROM restock_requests
           WHERE told_at IS NULL GROUP BY 1) AS asked ON asked.plan_id = p.id
LEFT JOIN (SELECT i.plan_id, count(*) AS units
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE a.released_at IS NULL AND a.unit_index %% i.profiles_per_unit = 0
           GROUP BY 1) AS live ON live.plan_id = p.id
WHERE s.archived_at IS NULL AND p.active AND p.archived_at IS NULL
ORDER BY s.position, s.id, p.capacity DESC, p.duration_months, p.id"""


async def levels(session: AsyncSession, actor: Actor) -> tuple[ServiceLevels, ...]:
    """Every service with the plans it sells, in shop order. For staff."""
    actor.require_staff()
    rows = await fetch(session, LEVELS)
    left = await available(session)
    return tuple(
        ServiceLevels(
            first.service_id,
            first.service_name,
            first.slug,
            first.rotate_before_resale,
            tuple(
                PlanLevel(
                    row.id,
                    row.name,
                    row.capacity,
                    left.get(row.id, 0),
                    int(row.held),
                    int(row.waiting),
                    row.asked,
                    row.live,
                    row.low_stock,
                )
                for row in plans
            ),
        )
        for first, plans in (
            (found[0], found)
            for found in (list(group) for _, group in groupby(rows, lambda row: row.service_id))
        )
    )


async def set_threshold(session: AsyncSession, actor: Actor, *, plan_id: int, units: int) -> bool:
    """Tell the owner from so few units on, 0 for never; false when it was so already.

    Raises `NotFound`, `InvalidInput`.
    """
    actor.require_staff()
    if not 0 <= units <= MOST_THRESHOLD:
        raise InvalidInput({"units": "threshold_invalid"})
    plan = await fetch_one(
        session, "SELECT low_stock FROM plans WHERE id = %(id)s FOR UPDATE", id=plan_id
    )
    if plan is None:
        raise NotFound
    if plan.low_stock == units:
        return False
    await run(session, "UPDATE plans SET low_stock = %(n)s WHERE id = %(id)s", n=units, id=plan_id)
    await audit(
        session, actor, "plan.low_stock", "plan", plan_id, before=plan.low_stock, after=units
    )
    await watch(session)
    return True


async def set_rotation(
    session: AsyncSession, actor: Actor, *, service_id: int, rotates: bool
) -> None:
    """Whether what is released must be rotated before it is sold again. For owners.

    What waits for its rotation already goes on waiting. Raises `NotFound`.
    """
    if not actor.owner:
        raise Forbidden
    service = await fetch_one(
        session,
        "SELECT rotate_before_resale AS was FROM services WHERE id = %(id)s FOR UPDATE",
        id=service_id,
    )
    if service is None:
        raise NotFound
    if service.was == rotates:
        return
    await run(
        session,
        "UPDATE services SET rotate_before_resale = %(to)s WHERE id = %(id)s",
        to=rotates,
        id=service_id,
    )
    await audit(
        session, actor, "service.rotation", "service", service_id, before=service.was, after=rotates
    )


async def watch(session: AsyncSession) -> None:
    """Open an alert for each plan that has too little left and close those of the others.

    May run twice or late: what is due is read from the stock as it is now.
    """
    plans = await fetch(
        session,
        """SELECT p.id, p.name, s.name AS service, p.low_stock AS threshold
           FROM plans p JOIN services s ON s.id = p.service_id
           WHERE p.low_stock > 0 AND p.active AND p.archived_at IS NULL
             AND s.active AND s.archived_at IS NULL ORDER BY p.id""",
    )
    most = 1 + max((plan.threshold for plan in plans), default=0)
    left = await available(session, [plan.id for plan in plans], most=most) if plans else {}
    low = {f"low_stock:{p.id}": p for p in plans if left.get(p.id, 0) <= p.threshold}
    for kind, plan in low.items():
        units = left.get(plan.id, 0)
        if await raise_alert(session, kind, plan=f"{plan.service} {plan.name}", units=units):
            data = {"plan_id": plan.id, "available": units, "threshold": plan.threshold}
            await announce(session, "stock.low", f"plan:{plan.id}", data)
    for row in await fetch(
        session,
        "SELECT kind FROM alerts WHERE closed_at IS NULL AND starts_with(kind, 'low_stock:')",
    ):
        if row.kind not in low:
            await close_alert(session, row.kind)
