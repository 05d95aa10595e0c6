"""What staff read of statements: the list, one of them with its counts, and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch, fetch_as
from domain.statement_pictures import RECEIVED

PAGE = 20
LINES_PAGE = 30


@dataclass(frozen=True, slots=True)
class StatementRead:
    """`counts` are lines by result, without those taken back.

    `sure` of them wait to be applied, `settled` have their payment; `paid` is what it recorded.
    """

    id: int
    kind: str
    status: str
    month: date | None
    file_name: str
    bank: str
    known: int
    unread: list[tuple[int, str] | int]
    wanted: int
    done: int
    staff_name: str
    undone_by: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    counts: dict[str, int]
    sure: int
    settled: int
    taken_back: int
    paid: Decimal


COLUMNS = """
SELECT s.id, s.kind, s.status, s.month, s.file_name, s.bank, s.known, s.unread, s.wanted, s.done,
       s.created_at, s.applied_at, s.undone_at, coalesce(u.username, '') AS staff_name,
       coalesce(w.username, '') AS undone_by, t.*
FROM statements s LEFT JOIN staff_users u ON u.id = s.staff_id
LEFT JOIN staff_users w ON w.id = s.undone_by
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(result, n) FILTER (WHERE NOT back), '{}') AS counts,
           coalesce(sum(g.sure), 0)::int AS sure, coalesce(sum(g.settled), 0)::int AS settled,
           coalesce(sum(n) FILTER (WHERE back), 0)::int AS taken_back,
           coalesce(sum(g.paid), 0) AS paid
    FROM (SELECT l.result, l.taken_back_at IS NOT NULL AS back, count(*) AS n,
                 count(*) FILTER (WHERE l.sure AND l.payment_id IS NULL) AS sure,
                 count(l.payment_id) AS settled,
                 sum(l.amount) FILTER (WHERE l.own_payment) AS paid
          FROM statement_lines l WHERE l.statement_id = s.id GROUP BY 1, 2) g) t """


async def statements(
    session: AsyncSession, actor: Actor, *, before: int | None = None, limit: int = PAGE
) -> list[StatementRead]:
    """Newest first; the next page starts `before` the last id."""
    actor.require_staff()
    return await fetch_as(
        session,
        StatementRead,
        COLUMNS + "WHERE s.id < %(before)s ORDER BY s.id DESC LIMIT %(limit)s",
        before=before or 2**63 - 1,
        limit=limit,
    )


async def statement(session: AsyncSession, actor: Actor, *, statement_id: int) -> StatementRead:
    """Raises `NotFound`."""
    actor.require_staff()
    found = await fetch_as(session, StatementRead, COLUMNS + "WHERE s.id = %(id)s", id=statement_id)
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class LineRead:
    id: int
    line: int
    booked_on: date
    amount: Decimal
    concept: str
    reference: str
    tracking_key: str
    payer: str
    result: str
    sure: bool
    why: list[str]
    candidates: list[dict[str, Any]]
    order_id: int | None
    customer_name: str
    settled: bool
    decided_by: str
    taken_back: bool


LINE = """
SELECT l.id, l.line, l.booked_on, l.amount, l.concept, l.reference, l.tracking_key, l.payer,
       l.result, l.sure, l.why, l.candidates, l.order_id, coalesce(c.name, '') AS customer_name,
       l.payment_id IS NOT NULL AS settled, coalesce(u.username, '') AS decided_by,
       l.taken_back_at IS NOT NULL AS taken_back
FROM statement_lines l LEFT JOIN orders o ON o.id = l.order_id
LEFT JOIN customers c ON c.id = o.customer_id LEFT JOIN staff_users u ON u.id = l.decided_by
"""
LINES = """WHERE l.statement_id = %(id)s AND l.id > %(after)s
  AND (%(result)s = '' OR (l.taken_back_at IS NULL AND l.result = %(result)s))
ORDER BY l.id LIMIT %(limit)s"""


async def lines(
    session: AsyncSession,
    actor: Actor,
    *,
    statement_id: int,
    result: str = "",
    after: int | None = None,
    limit: int = LINES_PAGE,
) -> list[LineRead]:
    """Of one result, or all; the next page starts `after` the last id."""
    actor.require_staff()
    return await fetch_as(
        session,
        LineRead,
        LINE + LINES,
        id=statement_id,
        result=result,
        after=after or 0,
        limit=limit,
    )


async def line(session: AsyncSession, actor: Actor, *, line_id: int) -> LineRead:
    """Raises `NotFound`."""
    actor.require_staff()
    found = await fetch_as(session, LineRead, LINE + "WHERE l.id = %(id)s", id=line_id)
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class CandidateRead:
    """What a person needs to know of an order to say whether a line pays it."""

    id: int
    customer_name: str
    phone: str
    status: str
    total: Decimal
    missing: Decimal
    placed_at: datetime


async def candidates(
    session: AsyncSession, actor: Actor, order_ids: Sequence[int]
) -> dict[int, CandidateRead]:
    actor.require_staff()
    found = await fetch_as(
        session,
        CandidateRead,
        f"""SELECT o.id, c.name AS customer_name, c.phone, o.status, o.total,
                  o.total - {RECEIVED} AS missing, o.created_at AS placed_at
           FROM orders o JOIN customers c ON c.id = o.customer_id
           WHERE o.id = ANY(%(ids)s::bigint[])""",  # noqa: S608  # a constant
        ids=list(order_ids),
    )
    return {order.id: order for order in found}


async def statement_of(session: AsyncSession, line_id: int) -> int:
    """Raises `NotFound`."""
    found = await fetch(
        session, "SELECT statement_id FROM statement_lines WHERE id = %(id)s", id=line_id
    )
    if not found:
        raise NotFound
    return found[0].statement_id
