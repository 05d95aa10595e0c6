"""The shop's cash by business day: what came in, by whom and where, what went out, and credit.

Credit is no cash: using it moves nothing, it was received on an earlier day. `net` is what the
shop's accounts and drawer have more at the end of the day.

What was sold is told by `statistics`, for a whole order on the day it was paid; `bridge` leads from
there to the cash of the same days, and leaves nothing unexplained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.sql import fetch_as
from domain.statistics import Period, sales
from infra.clock import today

MOST_DAYS = 366
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Span:
    """Business days, both included."""

    since: date
    until: date

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Span:
        """That of an address; without one, or with nonsense, this month until today."""
        try:
            since = date.fromisoformat(said.get("desde", ""))
            until = date.fromisoformat(said.get("hasta", ""))
        except ValueError:
            return cls(today().replace(day=1), today())
        since, until = min(since, until), max(since, until)
        return cls(max(since, until - timedelta(days=MOST_DAYS)), until)

    def said(self) -> dict[str, str]:
        return {"desde": self.since.isoformat(), "hasta": self.until.isoformat()}


@dataclass(frozen=True, slots=True)
class Sums:
    received: Decimal
    refunded: Decimal
    credit_given: Decimal
    credit_used: Decimal

    @property
    def net(self) -> Decimal:
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class Day(Sums):
    day: date


@dataclass(frozen=True, slots=True)
class Place(Sums):
    """Where money came in or went out: a source or a way of refunding, and the bank."""

    source: str
    bank: str
    times: int


@dataclass(frozen=True, slots=True)
class Movement:
    """`kind` is payment, refund or credit; `amount` is negative for what went out."""

    day: date
    kind: str
    source: str
    bank: str
    order_id: int | None
    customer_name: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """`movements` are there for a single day, at most `MOST_LINES` of them."""

    span: Span
    days: tuple[Day, ...]
    places: tuple[Place, ...]
    movements: tuple[Movement, ...]

    @property
    def total(self) -> Sums:
        return Sums(
            *(
                sum((getattr(day, name) for day in self.days), Decimal(0))
                for name in ("received", "refunded", "credit_given", "credit_used")
            )
        )


async def report(session: AsyncSession, actor: Actor, span: Span) -> Report:
    """No cost and no profit is in it: everybody of the staff may see it."""
    actor.require_staff()
    values = {"since": span.since, "until": span.until}
    days = await fetch_as(
        session,
        Day,
        f"SELECT day, {SUMS} FROM ({MOVED}) m GROUP BY day ORDER BY day DESC",  # noqa: S608
        **values,
    )
    places = await fetch_as(
        session,
        Place,
        f"""SELECT source, bank, count(*) AS times, {SUMS} FROM ({MOVED}) m
            WHERE kind <> 'credit' AND source <> 'credit' GROUP BY source, bank
            ORDER BY 4 DESC, source, bank LIMIT 100""",  # noqa: S608  # constants
        **values,
    )
    lines: list[Movement] = []
    if span.since == span.until:
        lines = await movements(session, actor, span.since, limit=MOST_LINES)
    return Report(span, tuple(days), tuple(places), tuple(lines))


@dataclass(frozen=True, slots=True)
class Bridge:
    """Why what was sold is not what came in. All of it adds up to `net`.

    `other_days` is what came in before or after its order was paid whole, or was too much.
    """

    sold: Decimal
    returned: Decimal
    by_credit: Decimal
    no_sale: Decimal
    other_days: Decimal
    net: Decimal


async def bridge(session: AsyncSession, actor: Actor, found: Report) -> Bridge:
    period = Period(found.span.since, found.span.until)
    sold, moved = await sales(session, actor, period), found.total
    return Bridge(
        sold=sold.revenue,
        returned=-sold.returned,
        by_credit=-moved.credit_used,
        no_sale=sold.returned - moved.refunded,
        other_days=moved.received + moved.credit_used - sold.revenue,
        net=moved.net,
    )


async def movements(
    session: AsyncSession, actor: Actor, day: date, *, limit: int | None = None
) -> list[Movement]:
    """What moved on one day, in the order in which it was written down."""
    actor.require_staff()
    return await fetch_as(
        session,
        Movement,
        f"""SELECT m.day, m.kind, m.source, m.bank, m.order_id, c.name AS customer_name,
                   m.reference, m.amount
            FROM ({MOVED}) m JOIN customers c ON c.id = m.customer_id
            ORDER BY m.at, m.id LIMIT %(limit)s""",  # noqa: S608  # constants
        since=day,
        until=day,
        limit=limit,
    )


async def next_day(session: AsyncSession, span: Span, after: date | None) -> date | None:
    """The first day of the span with any movement, after the given one."""
    found = await fetch_as(
        session,
        Day,
        f"SELECT day, {SUMS} FROM ({MOVED}) m GROUP BY day ORDER BY day LIMIT 1",  # noqa: S608
        since=max(span.since, after + timedelta(days=1)) if after else span.since,
        until=span.until,
    )
    return found[0].day if found else None


SUMS = """coalesce(sum(amount) FILTER (WHERE kind = 'payment' AND source <> 'credit'), 0)
        AS received,
    coalesce(-sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded,
    coalesce(sum(amount) FILTER (WHERE kind = 'credit'), 0) AS credit_given,
    coalesce(sum(amount) FILTER (WHERE kind = 'payment' AND source = 'credit'), 0)
        AS credit_used"""
MOVED = """
SELECT p.paid_on AS day, 'payment' AS kind, p.source, p.bank, p.order_id, o.customer_id,
       p.reference, p.amount, p.created_at AS at, p.id
FROM payments p JOIN orders o ON o.id = p.order_id
WHERE p.paid_on BETWEEN %(since)s AND %(until)s
UNION ALL
SELECT refunded_on, 'refund', method, '', order_id, customer_id, reference, -amount, created_at, id
FROM refunds WHERE refunded_on BETWEEN %(since)s AND %(until)s
UNION ALL
SELECT (created_at AT TIME ZONE 'America/Mexico_City')::date, 'credit', cause, '', order_id,
       customer_id, '', amount, created_at, id
FROM credit_entries
WHERE amount > 0
  AND created_at >= %(since)s::date::timestamp AT TIME ZONE 'America/Mexico_City'
  AND created_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'America/Mexico_City'"""
