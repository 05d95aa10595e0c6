"""How the shop did in a span of days: what came in, what it cost, how far orders got.

A past day is added up once (`settle`) and read from there, unless one of its orders has changed
since; such days, today and the days not added up yet are read from the orders themselves. So every
answer is exact, and a month costs the same however many orders there are.

What was sold counts on the day it was paid, whatever it was paid with; an order that was cancelled
afterwards does not count. What goes back of a sale counts against the day it goes back. Money that
was never a sale (paid twice or too much, of an order that ended, a credit paid out) is in the cash
report alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput
from domain.sql import fetch, fetch_one, run
from domain.stock import FREE, UNHELD
from infra.clock import local, now, today

MOST_DAYS = 1100
LATE = timedelta(hours=1)  # after midnight: as in the trigger that marks changed days
CENT, PERCENT = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if not self.since <= self.until:
            raise InvalidInput({"until": "period_backwards"})
        if (self.until - self.since).days >= MOST_DAYS:
            raise InvalidInput({"since": "period_long"})

    @property
    def before(self) -> Period:
        """As many days, right before."""
        length = self.until - self.since
        last = self.since - timedelta(days=1)
        return Period(last - length, last)


@dataclass(frozen=True, slots=True)
class Figures:
    """Money in MXN. `cost` is None for who may not know it, and with it profit and margin.

    `revenue` is what was sold, `returned` what went back of sales of this or an earlier period.
    """

    total_orders: int = 0
    pending_payments: int = 0
    orders_paid: int = 0
    orders_delivered: int = 0
    orders_cancelled: int = 0
    revenue: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    cost: Decimal | None = None

    @property
    def net(self) -> Decimal:
        return self.revenue - self.returned

    @property
    def profit(self) -> Decimal | None:
        return None if self.cost is None else self.net - self.cost

    @property
    def margin(self) -> Decimal | None:
        """Profit in percent of what was sold and did not go back."""
        if self.profit is None or self.net <= 0:
            return None
        return (100 * self.profit / self.net).quantize(PERCENT)

    @property
    def average_ticket(self) -> Decimal:
        if not self.orders_paid:
            return Decimal(0)
        return (self.revenue / self.orders_paid).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Part:
    """The share of a day or of a service; `name` is the day in ISO form or the service's name."""

    name: str
    units: int
    revenue: Decimal
    returned: Decimal
    profit: Decimal | None

    @property
    def net(self) -> Decimal:
        return self.revenue - self.returned


@dataclass(frozen=True, slots=True)
class Funnel:
    """Of the orders placed in the period, how many were paid and delivered until now."""

    placed: int = 0
    paid: int = 0
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class Statistics:
    period: Period
    figures: Figures
    before: Figures
    by_day: tuple[Part, ...]
    by_service: tuple[Part, ...]
    funnel: Funnel
    profiles_occupied: int
    profiles_free: int


async def statistics(session: AsyncSession, actor: Actor, period: Period) -> Statistics:
    """Everything about a period, and the figures of the one before. Costs are the owner's."""
    actor.require_staff()
    owner = actor.owner or actor.kind == "system"
    days = await _days(session, period)
    profiles: Any = await fetch_one(session, PROFILES)
    return Statistics(
        period=period,
        figures=await _figures(session, period, days, owner=owner),
        before=await _figures(
            session, period.before, await _days(session, period.before), owner=owner
        ),
        by_day=tuple(_part(row.day.isoformat(), row.paid, row, owner=owner) for row in days),
        by_service=await _by_service(session, period, owner=owner),
        funnel=Funnel(
            sum(day.placed for day in days),
            sum(day.placed_paid for day in days),
            sum(day.placed_delivered for day in days),
        ),
        profiles_occupied=profiles.occupied,
        profiles_free=profiles.free,
    )


def _part(name: str, units: int, row: Any, *, owner: bool) -> Part:
    profit = row.revenue - row.returned - row.cost
    return Part(name, units, row.revenue, row.returned, profit if owner else None)


async def _figures(
    session: AsyncSession, period: Period, days: list[Any], *, owner: bool
) -> Figures:
    pending: Any = await fetch_one(session, PENDING, since=period.since, until=period.until)
    return Figures(
        total_orders=sum(day.placed for day in days),
        pending_payments=pending.n,
        orders_paid=sum(day.paid for day in days),
        orders_delivered=sum(day.delivered for day in days),
        orders_cancelled=sum(day.cancelled for day in days),
        revenue=sum((day.revenue for day in days), Decimal(0)),
        returned=sum((day.returned for day in days), Decimal(0)),
        cost=sum((day.cost for day in days), Decimal(0)) if owner else None,
    )


SOLD = "('paid', 'processing', 'delivered')"
# Days as instants of Mexico City. Expects `named (day)`.
BOUNDS = """SELECT day, day::timestamp AT TIME ZONE 'America/Mexico_City' AS since,
       (day + 1)::timestamp AT TIME ZONE 'America/Mexico_City' AS until FROM named"""
COUNTED = f"""SELECT d.day, p.placed, p.placed_paid, p.placed_delivered, m.paid, v.delivered,
       x.cancelled, m.revenue, m.cost, r.returned
FROM ({BOUNDS}) AS d
CROSS JOIN LATERAL (
    SELECT count(*) AS placed, count(*) FILTER (WHERE o.status IN {SOLD}) AS placed_paid,
           count(*) FILTER (WHERE o.status = 'delivered') AS placed_delivered
    FROM orders o WHERE o.created_at >= d.since AND o.created_at < d.until
      AND o.expires_at IS NOT NULL) AS p
CROSS JOIN LATERAL (
    SELECT count(*) AS paid, coalesce(sum(o.total), 0) AS revenue, coalesce(sum(o.cost), 0) AS cost
    FROM orders o WHERE o.paid_at >= d.since AND o.paid_at < d.until AND o.status IN {SOLD}) AS m
CROSS JOIN LATERAL (
    SELECT count(*) AS delivered FROM orders o
    WHERE o.delivered_at >= d.since AND o.delivered_at < d.until
      AND o.status = 'delivered') AS v
CROSS JOIN LATERAL (
    SELECT count(*) AS cancelled FROM orders o
    WHERE o.cancelled_at >= d.since AND o.cancelled_at < d.until
      AND o.status = 'cancelled' AND o.expires_at IS NOT NULL) AS x
CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.from_kept), 0) AS returned
    FROM refunds b JOIN orders o ON o.id = b.order_id
    WHERE b.refunded_on = d.day AND o.status IN {SOLD}) AS r"""  # noqa: S608  # constants
# What went back of an order, to the centavo on its lines by what each of them cost.
RETURNED_BY_LINE = f"""SELECT l.service_id,
       round(b.from_kept * l.upto / l.whole, 2)
       - round(b.from_kept * (l.upto - l.paid) / l.whole, 2) AS returned
FROM refunds b JOIN orders o ON o.id = b.order_id
CROSS JOIN LATERAL (
    SELECT i.service_id, i.line_total - i.discount AS paid,
           sum(i.line_total - i.discount) OVER (ORDER BY i.id) AS upto,
           sum(i.line_total - i.discount) OVER () AS whole
    FROM order_items i WHERE i.order_id = o.id) AS l
WHERE b.refunded_on = d.day AND b.from_kept > 0 AND o.status IN {SOLD}"""  # noqa: S608
COUNTED_BY_SERVICE = f"""SELECT d.day, s.service_id, s.units, s.revenue, s.cost, s.returned
FROM ({BOUNDS}) AS d
CROSS JOIN LATERAL (
    SELECT m.service_id, sum(m.units) AS units, sum(m.revenue) AS revenue, sum(m.cost) AS cost,
           sum(m.returned) AS returned
    FROM (
        SELECT i.service_id, i.quantity AS units, i.line_total - i.discount AS revenue,
               i.unit_cost * i.quantity AS cost, 0 AS returned
        FROM orders o JOIN order_items i ON i.order_id = o.id
        WHERE o.paid_at >= d.since AND o.paid_at < d.until AND o.status IN {SOLD}
        UNION ALL SELECT service_id, 0, 0, 0, returned FROM ({RETURNED_BY_LINE}) AS b) AS m
    GROUP BY 1) AS s"""  # noqa: S608  # constants
# What is kept of a period, and the days for which nothing true is.
KEPT = """asked AS (SELECT generate_series(%(since)s::date, %(until)s::date, '1 day')::date AS day),
kept AS (SELECT f.day FROM day_figures f JOIN asked USING (day)
         WHERE NOT EXISTS (SELECT FROM changed_days c WHERE c.day = f.day)),
named AS (SELECT day FROM asked EXCEPT SELECT day FROM kept)"""
DAYS = f"""WITH {KEPT}
SELECT f.* FROM day_figures f JOIN kept USING (day) UNION ALL {COUNTED} ORDER BY day"""  # noqa: S608
SERVICES = f"""WITH {KEPT}
SELECT s.name, sum(f.units) AS units, sum(f.revenue) AS revenue, sum(f.cost) AS cost,
       sum(f.returned) AS returned
FROM (SELECT f.* FROM day_service_figures f JOIN kept USING (day)
      UNION ALL {COUNTED_BY_SERVICE}) AS f
JOIN services s ON s.id = f.service_id
GROUP BY s.id, s.name ORDER BY sum(f.revenue) - sum(f.returned) DESC, s.name"""  # noqa: S608
PENDING = """SELECT count(*) AS n FROM orders WHERE status = 'pending_payment'
    AND created_at >= %(since)s::date::timestamp AT TIME ZONE 'America/Mexico_City'
    AND created_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'America/Mexico_City'"""
PROFILES = f"""SELECT
    (SELECT count(*) FROM assignments WHERE released_at IS NULL) AS occupied,
    (SELECT count(*) FROM profiles WHERE {FREE} AND {UNHELD}) AS free"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold in a period, and what went back of sales in it."""

    revenue: Decimal
    returned: Decimal


async def sales(session: AsyncSession, actor: Actor, period: Period) -> Sales:
    """To hold against the cash of the same days."""
    actor.require_staff()
    days = await _days(session, period)
    return Sales(
        sum((day.revenue for day in days), Decimal(0)),
        sum((day.returned for day in days), Decimal(0)),
    )


async def _days(session: AsyncSession, period: Period) -> list[Any]:
    return await fetch(session, DAYS, since=period.since, until=period.until)


async def _by_service(session: AsyncSession, period: Period, *, owner: bool) -> tuple[Part, ...]:
    rows = await fetch(session, SERVICES, since=period.since, until=period.until)
    return tuple(_part(row.name, int(row.units), row, owner=owner) for row in rows)


async def settle(session: AsyncSession) -> int:
    """Add up the days that are over and those that changed since; how many.

    A change that is committed meanwhile leaves a mark of its own, for the next time.
    """
    last = local(now() - LATE).date() - timedelta(days=1)
    days = await fetch(session, DUE, last=last)
    if not days:
        return 0
    named = "named AS (SELECT unnest(%(days)s::date[]) AS day)"
    values = {"days": [row.day for row in days]}
    await run(session, "DELETE FROM day_figures WHERE day = ANY(%(days)s)", **values)
    await run(session, "DELETE FROM day_service_figures WHERE day = ANY(%(days)s)", **values)
    await run(session, f"WITH {named} INSERT INTO day_figures {COUNTED}", **values)
    await run(
        session,
        f"WITH {named} INSERT INTO day_service_figures {COUNTED_BY_SERVICE}",
        **values,
    )
    return len(days)


DUE = """WITH changed AS (DELETE FROM changed_days WHERE day <= %(last)s RETURNING day)
SELECT day FROM changed UNION
SELECT generate_series(
    coalesce((SELECT max(day) + 1 FROM day_figures),
             (SELECT (min(created_at) AT TIME ZONE 'America/Mexico_City')::date FROM orders)),
    %(last)s::date, '1 day')::date"""


def this_month() -> Period:
    """From the first of the month until today."""
    return Period(today().replace(day=1), today())


def last_days(count: int) -> Period:
    """So many days, today the last of them."""
    return Period(today() - timedelta(days=count - 1), today())
