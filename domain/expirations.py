"""What ends soon, lapsed, waits for its rotation or for the supplier's payment: lists to work on.

A row is a unit: a whole account is one, led by its first subscription. Lists are read by keyset:
`after` is the mark of the last row seen, the day and the id in one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import inventory, subscriptions
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.payments import PaymentNotice
from domain.renewals import UNIT
from domain.sql import fetch, fetch_as, fetch_one
from domain.subscriptions import RenewalForCustomer
from infra.clock import add_months, today

PAGE = 25
MOST_COUNTED = 100
SUPPLIER_DAYS = 7
# First and last day of an end, counted from today. What lapsed is kept until its grace is over.
ENDING = {"hoy": (0, 0), "manana": (1, 1), "7": (0, 7), "15": (0, 15), "30": (0, 30)}
LAPSED = "vencidas"
TO_ROTATE = "por-rotar"
SUPPLIER = "proveedor"
TABS = (*ENDING, LAPSED, TO_ROTATE, SUPPLIER)
_DAY = 10**12  # above any id: a mark is the day's ordinal and the id


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit with both clocks: `ends_on` is the customer's, `paid_until` the account's.

    `renewal_order` waits for the payment that will make it longer; `reminded_at` is the last time.
    """

    id: int
    order_id: int
    customer_name: str
    customer_phone: str
    service_name: str
    plan_name: str
    whole: bool
    profile_label: str
    account_id: int
    account_status: str
    ends_on: date
    paid_until: date | None
    renewal_order: int | None
    reminded_at: datetime | None

    @property
    def mark(self) -> int:
        return self.ends_on.toordinal() * _DAY + self.id


@dataclass(frozen=True, slots=True)
class Rotation:
    """A profile whose last holder is gone and whose secret they still know."""

    id: int
    account_id: int
    account_status: str
    service_name: str
    profile_label: str
    held_by: str | None
    since: datetime | None

    @property
    def mark(self) -> int:
        return self.id


@dataclass(frozen=True, slots=True)
class SupplierDue:
    """`holders` live subscriptions depend on the payment, the last of them until `last_end`."""

    id: int
    service_name: str
    status: str
    paid_until: date
    holders: int
    last_end: date | None

    @property
    def mark(self) -> int:
        return self.paid_until.toordinal() * _DAY + self.id


async def ending(
    session: AsyncSession,
    actor: Actor,
    *,
    tab: str,
    service: str = "",
    after: int | None = None,
    limit: int = PAGE,
) -> list[Ending]:
    """Units of one of `ENDING` or `LAPSED`, the first to end first."""
    actor.require_staff()
    day, last_id = divmod(after or 0, _DAY)
    first, last = _days(tab)
    return await fetch_as(
        session,
        Ending,
        _ENDING,
        first=first,
        last=last,
        service=service,
        after_day=date.fromordinal(day) if 0 < day < date.max.toordinal() else date.min,
        after_id=last_id,
        limit=limit,
    )


def _days(tab: str) -> tuple[date, date]:
    day = today()
    if tab == LAPSED:
        return date.min, day - timedelta(days=1)
    first, last = ENDING[tab]
    return day + timedelta(days=first), day + timedelta(days=last)


_ENDS = """assignments a JOIN order_items i ON i.id = a.order_item_id
    JOIN services s ON s.id = i.service_id
    WHERE a.released_at IS NULL AND a.ends_on BETWEEN %(first)s AND %(last)s
      AND a.unit_index %% i.profiles_per_unit = 0
      AND (%(service)s = '' OR s.slug = %(service)s)"""

_ENDING = f"""
WITH page AS MATERIALIZED (
    SELECT a.*, i.order_id, i.service_name, i.plan_name, i.capacity, i.profiles_per_unit
    FROM {_ENDS} AND (a.ends_on, a.id) > (%(after_day)s, %(after_id)s)
    ORDER BY a.ends_on, a.id LIMIT %(limit)s)
SELECT a.id, a.order_id, u.name AS customer_name, u.phone AS customer_phone, a.service_name,
       a.plan_name, a.capacity = 'full_account' AS whole, p.label AS profile_label,
       c.id AS account_id, c.status AS account_status, a.ends_on, c.paid_until,
       (SELECT o.id FROM assignments f JOIN order_items r ON r.renews_id = f.id
        JOIN orders o ON o.id = r.order_id
        WHERE f.order_item_id = a.order_item_id
          AND f.unit_index / a.profiles_per_unit = a.unit_index / a.profiles_per_unit
          AND o.status = 'pending_payment'
          AND (o.expires_at > now() OR o.payment_status <> 'unpaid') LIMIT 1) AS renewal_order,
       (SELECT max(m.created_at) FROM messages m
        WHERE m.assignment_id = a.id AND m.kind = 'reminder') AS reminded_at
FROM page a JOIN customers u ON u.id = a.customer_id JOIN profiles p ON p.id = a.profile_id
JOIN accounts c ON c.id = p.account_id
ORDER BY a.ends_on, a.id"""  # noqa: S608  # constants


async def to_rotate(
    session: AsyncSession,
    actor: Actor,
    *,
    service: str = "",
    after: int | None = None,
    limit: int = PAGE,
) -> list[Rotation]:
    actor.require_staff()
    return await fetch_as(
        session,
        Rotation,
        f"""WITH page AS MATERIALIZED (
                SELECT p.*, s.name AS service_name FROM {_ROTATE} AND p.id > %(after)s
                ORDER BY p.id LIMIT %(limit)s)
            SELECT p.id, c.id AS account_id, c.status AS account_status, p.service_name,
                   p.label AS profile_label, held.name AS held_by, held.released_at AS since
            FROM page p JOIN accounts c ON c.id = p.account_id
            LEFT JOIN LATERAL (
                SELECT u.name, a.released_at FROM assignments a
                JOIN customers u ON u.id = a.customer_id
                WHERE a.profile_id = p.id ORDER BY a.id DESC LIMIT 1) AS held ON true
            ORDER BY p.id""",  # noqa: S608  # constants
        service=service,
        after=after or 0,
        limit=limit,
    )


_ROTATE = """profiles p JOIN services s ON s.id = p.service_id
    JOIN accounts k ON k.id = p.account_id
    WHERE p.status = 'rotate' AND k.status <> 'retired'
      AND (%(service)s = '' OR s.slug = %(service)s)"""


async def supplier_due(
    session: AsyncSession,
    actor: Actor,
    *,
    service: str = "",
    after: int | None = None,
    limit: int = PAGE,
) -> list[SupplierDue]:
    """Accounts whose paid time is over or ends within a week, the first to end first."""
    actor.require_staff()
    day, last_id = divmod(after or 0, _DAY)
    return await fetch_as(
        session,
        SupplierDue,
        f"""WITH page AS MATERIALIZED (
                SELECT c.*, s.name AS service_name FROM {_DUE}
                  AND (c.paid_until, c.id) > (%(after_day)s, %(after_id)s)
                ORDER BY c.paid_until, c.id LIMIT %(limit)s)
            SELECT c.id, c.service_name, c.status, c.paid_until, coalesce(live.n, 0) AS holders,
                   live.last_end
            FROM page c CROSS JOIN LATERAL (
                SELECT count(*) AS n, max(a.ends_on) AS last_end FROM profiles p
                JOIN assignments a ON a.profile_id = p.id AND a.released_at IS NULL
                WHERE p.account_id = c.id) AS live
            ORDER BY c.paid_until, c.id""",  # noqa: S608  # constants
        service=service,
        until=today() + timedelta(days=SUPPLIER_DAYS),
        after_day=date.fromordinal(day) if 0 < day < date.max.toordinal() else date.min,
        after_id=last_id,
        limit=limit,
    )


_DUE = """accounts c JOIN services s ON s.id = c.service_id
    WHERE c.paid_until <= %(until)s AND c.status <> 'retired'
      AND (%(service)s = '' OR s.slug = %(service)s)"""


async def counts(session: AsyncSession, actor: Actor, *, service: str = "") -> dict[str, int]:
    """How many rows each tab has; `MOST_COUNTED` means that many or more."""
    actor.require_staff()
    found: dict[str, int] = {}
    for tab in TABS:
        first, last = _days(tab) if tab in (*ENDING, LAPSED) else (today(), today())
        source = {TO_ROTATE: _ROTATE, SUPPLIER: _DUE}.get(tab, _ENDS)
        row: Any = await fetch_one(
            session,
            f"SELECT count(*) AS n FROM (SELECT FROM {source} LIMIT {MOST_COUNTED}) AS o",  # noqa: S608
            first=first,
            last=last,
            service=service,
            until=today() + timedelta(days=SUPPLIER_DAYS),
        )
        found[tab] = row.n
    return found


async def services(session: AsyncSession, actor: Actor) -> list[tuple[str, str]]:
    """Slug and name of every service that has stock to look after."""
    actor.require_staff()
    rows = await fetch(session, "SELECT slug, name FROM services ORDER BY position, name LIMIT 200")
    return [(row.slug, row.name) for row in rows]


async def renew(
    session: AsyncSession,
    actor: Actor,
    *,
    assignment_id: int,
    seen_end: date,
    reference: str | None = None,
) -> RenewalForCustomer:
    """Renew at the counter with the plan they have; with a reference it is paid in full already.

    `seen_end` is the end on the operator's screen: asked twice, it is renewed once. Raises
    `Conflict` (`end_changed`) and what `subscriptions.renew_for` raises.
    """
    actor.require_staff()
    unit = await fetch(session, UNIT, id=assignment_id)
    if not unit:
        raise NotFound
    if unit[0].ends_on != seen_end:
        raise Conflict("end_changed")
    notice = None
    if reference is not None:
        plan: Any = await fetch_one(
            session, "SELECT sale_price FROM plans WHERE id = %(id)s", id=unit[0].plan_id
        )
        notice = PaymentNotice(amount=plan.sale_price, paid_on=today(), reference=reference)
    return await subscriptions.renew_for(
        session, actor, assignment_id=assignment_id, payment=notice
    )


async def pay_supplier(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: int,
    seen_until: date,
    months: int,
    cost: Decimal | None = None,
) -> date:
    """Record that the supplier was paid for so many months more; the day it is paid until now.

    Without a cost it is what the account cost before. Counted from `seen_until`, a second tap
    leads to the same day, which is then refused. Raises `Conflict` (`end_changed`) and what
    `inventory.renew_with_supplier` raises.
    """
    actor.require_staff()
    account = await fetch_one(
        session, "SELECT paid_until FROM accounts WHERE id = %(id)s", id=account_id
    )
    if account is None:
        raise NotFound
    if account.paid_until != seen_until:
        raise Conflict("end_changed")
    until = add_months(seen_until, months)
    await inventory.renew_with_supplier(
        session,
        actor,
        account_id=account_id,
        paid_until=until,
        cost=cost,
    )
    return until
