"""The orders staff look through: filtered, sorted and read by keyset, whatever the shop's size.

Filters come as the address of the screen says them, for the screen and for a file alike. Each
combination of states walks one index in the order of the sort, from where the page before it ended.
A filter that few orders pass is asked first: then only those few are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.order_filters import Wanted, conditions
from domain.order_sorts import SORTS, Sort
from domain.sql import fetch, fetch_as

PAGE = 25
FEW = 2000
BY_TIME = frozenset({"nuevos", "antiguos"})


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """`since` is when it began to wait for what it waits for: its payment, or its delivery.

    `delivery` is how far the notice of its accesses got by the best way, "" when only the panel has
    it; `waiting` says that a paid line lacks stock.
    """

    id: int
    status: str
    payment_status: str
    total: Decimal
    products: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    since: datetime
    follow_up_on: date | None
    waiting: bool
    in_review: bool
    delivery: str
    customer_phone: str
    customer_name: str


async def order_list(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    *,
    after: int | None = None,
    limit: int = PAGE,
) -> list[ListedOrder]:
    """A page of the wanted orders; the next one starts `after` the mark of the last."""
    actor.require_staff()
    page, values = await _page(session, wanted, after, limit)
    order = SORTS[wanted.sorted].order
    return await fetch_as(
        session,
        ListedOrder,
        f"WITH page AS MATERIALIZED ({page}) {LINES} ORDER BY {order}",
        **values,
    )


async def order_ids(session: AsyncSession, actor: Actor, wanted: Wanted, *, most: int) -> list[int]:
    """The first of the wanted orders, in their order."""
    actor.require_staff()
    page, values = await _page(session, wanted, None, most)
    return [row.id for row in await fetch(session, page, **values)]


def mark_of(wanted: Wanted, order: ListedOrder) -> int:
    return SORTS[wanted.sorted].mark(order)


async def _page(
    session: AsyncSession, wanted: Wanted, after: int | None, limit: int
) -> tuple[str, dict[str, Any]]:
    """A statement for the ids of a page, and what fills it."""
    sort = SORTS[wanted.sorted]
    asked = conditions(wanted)
    values = {
        **asked.values,
        "states": wanted.states,
        "payments": wanted.payments,
        "limit": limit,
        "few": FEW,
    }
    clauses = list(asked.clauses)
    if after is not None:
        key, last = sort.place(after)
        values |= {"after_key": key, "after_id": last}
        clauses.append(sort.beyond)
    few = await _few(session, asked.probes, values)
    if few is None and asked.clauses and not wanted.narrow and wanted.sorted in BY_TIME:
        return _stroll(sort, clauses), values
    if few is None:
        return _walk(sort, clauses), values
    return _pick(sort, clauses), {**values, "ids": few}


async def _few(
    session: AsyncSession, probes: Sequence[str], values: Mapping[str, Any]
) -> list[int] | None:
    """The ids that pass the first filter that few pass; None when many pass each of them."""
    for probe in probes:
        rows = await fetch(session, f"{probe} LIMIT %(few)s", **values)
        if len(rows) < FEW:
            return sorted({row.id for row in rows})
    return None


def _walk(sort: Sort, clauses: Sequence[str]) -> str:
    """One range of the sort's index for each pair of states."""
    also = "".join(f" AND {clause}" for clause in clauses)
    return f"""SELECT found.id FROM unnest(%(states)s::text[]) AS s(status)
        CROSS JOIN unnest(%(payments)s::text[]) AS p(status)
        CROSS JOIN LATERAL (
            SELECT o.id, {sort.key} AS key FROM orders o
            WHERE o.status = s.status AND o.payment_status = p.status{also}
            ORDER BY {sort.order} LIMIT %(limit)s) AS found
        ORDER BY found.key {sort.way}, found.id {sort.way} LIMIT %(limit)s"""  # noqa: S608


def _stroll(sort: Sort, clauses: Sequence[str]) -> str:
    """All states in one range: a filter that some state never passes would read all of that."""
    return f"""SELECT o.id FROM orders o WHERE {" AND ".join(clauses)}
        ORDER BY {sort.order} LIMIT %(limit)s"""  # noqa: S608  # constants


def _pick(sort: Sort, clauses: Sequence[str]) -> str:
    also = "".join(f" AND {clause}" for clause in clauses)
    return f"""SELECT o.id FROM orders o WHERE o.id = ANY(%(ids)s)
        AND o.status = ANY(%(states)s) AND o.payment_status = ANY(%(payments)s){also}
        ORDER BY {sort.order} LIMIT %(limit)s"""  # noqa: S608  # constants


# What each row says is looked up row by row: a join would read every customer.
LINES = """SELECT o.id, o.status, o.payment_status, o.total, o.created_at, o.updated_at,
    o.expires_at, coalesce(o.paid_at, o.created_at) AS since, o.follow_up_on,
    (SELECT string_agg(i.quantity || ' × ' || i.service_name || ' ' || i.plan_name, ', '
                       ORDER BY i.id) FROM order_items i WHERE i.order_id = o.id) AS products,
    EXISTS (SELECT FROM order_items i
            WHERE i.order_id = o.id AND i.fulfilment = 'waiting_stock') AS waiting,
    EXISTS (SELECT FROM receipts r
            WHERE r.order_id = o.id AND r.status = 'waiting') AS in_review,
    coalesce((SELECT m.status FROM messages m
              WHERE m.order_id = o.id AND m.kind = 'delivered'
                AND (m.channel <> 'web' OR m.status = 'confirmed')
              ORDER BY array_position(ARRAY['confirmed', 'read', 'delivered', 'sent', 'queued',
                                            'failed'], m.status::text) LIMIT 1), '') AS delivery,
    c.phone AS customer_phone, c.name AS customer_name
FROM orders o CROSS JOIN LATERAL (
    SELECT phone, name FROM customers WHERE id = o.customer_id LIMIT 1) AS c
WHERE o.id = ANY(ARRAY(SELECT id FROM page))"""
