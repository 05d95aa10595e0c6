"""What staff read about customers: the list with its search, one customer, who asked to go.

A customer is found by the end of a phone, the beginning of an e-mail, or words of the name; each
has an index, since such lists grow for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones
from domain.actors import Actor
from domain.errors import InvalidInput, NotFound
from domain.sql import fetch, fetch_as, scalar
from models.customers import NAME_WORDS

PAGE = 25
FEW = 2000
LONGEST_SEARCH = 80
FEWEST_DIGITS = 4
TABS = ("todos", "con-suscripcion", "sin-compra", "bloqueados", "por-borrar")
LIVE = "SELECT FROM assignments a WHERE a.customer_id = c.id AND a.released_at IS NULL"
PAID = "SELECT FROM orders o WHERE o.customer_id = c.id AND o.paid_at IS NOT NULL"
ASKED = """SELECT FROM erasure_requests e WHERE e.customer_id = c.id AND e.closed_at IS NULL"""
FILTERS = {
    "todos": "true",
    "con-suscripcion": f"EXISTS ({LIVE})",
    "sin-compra": f"NOT EXISTS ({PAID})",
    "bloqueados": "c.blocked_at IS NOT NULL",
    "por-borrar": f"EXISTS ({ASKED})",
}


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """`spent` is the total of what was paid and not cancelled; `live` subscriptions."""

    id: int
    phone: str
    name: str
    email: str
    blocked: bool
    orders: int
    spent: Decimal
    last_purchase: datetime | None
    live: int
    asked_at: datetime | None


LINE = """SELECT c.id, c.phone, c.name, c.email, c.blocked_at IS NOT NULL AS blocked,
    bought.orders, bought.spent, bought.last_purchase,
    (SELECT count(*) FROM assignments a WHERE a.customer_id = c.id AND a.released_at IS NULL)
        AS live,
    (SELECT asked_at FROM erasure_requests e WHERE e.customer_id = c.id AND e.closed_at IS NULL)
        AS asked_at
FROM customers c CROSS JOIN LATERAL (
    SELECT count(*) AS orders,
           coalesce(sum(o.total) FILTER (WHERE o.paid_at IS NOT NULL
                                         AND o.status <> 'cancelled'), 0) AS spent,
           max(o.created_at) FILTER (WHERE o.paid_at IS NOT NULL) AS last_purchase
    FROM orders o WHERE o.customer_id = c.id AND o.expires_at IS NOT NULL) bought """


def asked(said: Mapping[str, str]) -> tuple[str, str]:
    """The tab and the search of an address, as the database takes them."""
    tab, q = said.get("tab", ""), said.get("q", "")[:LONGEST_SEARCH]
    q = q.replace("\x00", "").encode(errors="ignore").decode()
    return tab if tab in TABS else "todos", q


async def customers(
    session: AsyncSession,
    actor: Actor,
    *,
    tab: str = "todos",
    q: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> list[CustomerLine]:
    """Customers of a tab, newest first; the next page starts `before` the last id.

    What few fit is looked up before the list is walked: words that nobody has would walk all of it.
    """
    actor.require_staff()
    clause, sought = _sought(q)
    few = await _few(session, clause, sought) if sought else None
    clause = clause if few is None else "c.id = ANY(%(few)s)"
    return await fetch_as(
        session,
        CustomerLine,
        f"""{LINE} WHERE c.id IN (
                SELECT c.id FROM customers c
                WHERE c.erased_at IS NULL AND c.id < %(before)s AND {FILTERS[tab]} AND {clause}
                ORDER BY c.id DESC LIMIT %(limit)s)
            ORDER BY c.id DESC""",  # noqa: S608  # constants
        before=before or 2**63 - 1,
        limit=limit,
        q=sought,
        few=few,
    )


async def _few(session: AsyncSession, clause: str, sought: str) -> list[int] | None:
    """Who fits, of all tabs; None when many do."""
    found = await fetch(
        session,
        f"SELECT c.id FROM customers c WHERE {clause} LIMIT %(most)s",  # noqa: S608  # constants
        q=sought,
        most=FEW,
    )
    return [row.id for row in found] if len(found) < FEW else None


def _sought(q: str) -> tuple[str, str]:
    """A condition made of constants, and what fills it."""
    q = q.strip().lower()
    if not q:
        return "true", ""
    if "@" in q:
        return "lower(c.email) LIKE %(q)s", _like(q)
    digits = "".join(ch for ch in q if ch in "0123456789")
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]", q):
        return "reverse(c.phone) LIKE %(q)s", f"{digits[-10:][::-1]}%"
    words = re.findall(r"[^\W_]+", q.translate(str.maketrans("áéíóúüñ", "aeiouun")))
    if not words:
        return "false", ""
    named = NAME_WORDS.replace("name", "c.name")
    return f"{named} @@ to_tsquery('simple', %(q)s)", " & ".join(f"{word}:*" for word in words)


def _like(start: str) -> str:
    for sign in "\\%_":
        start = start.replace(sign, f"\\{sign}")
    return f"{start}%"


async def waiting_erasures(session: AsyncSession, actor: Actor) -> int:
    actor.require_staff()
    return await scalar(session, "SELECT count(*) FROM erasure_requests WHERE closed_at IS NULL")


@dataclass(frozen=True, slots=True)
class CustomerOnPage:
    id: int
    phone: str
    name: str
    email: str
    delivery_preference: str
    notes: str
    created_at: datetime
    blocked_at: datetime | None
    erased_at: datetime | None
    asked_at: datetime | None
    orders: int
    spent: Decimal
    last_purchase: datetime | None
    live: int

    @property
    def blocked(self) -> bool:
        return self.blocked_at is not None


async def customer(session: AsyncSession, actor: Actor, *, customer_id: int) -> CustomerOnPage:
    """Raises `NotFound`."""
    actor.require_staff()
    found = await fetch_as(
        session,
        CustomerOnPage,
        f"""SELECT l.id, l.phone, l.name, l.email, c.delivery_preference, c.notes, c.created_at,
                  c.blocked_at, c.erased_at, l.asked_at, l.orders, l.spent, l.last_purchase, l.live
           FROM ({LINE} WHERE c.id = %(id)s) l JOIN customers c ON c.id = l.id""",  # noqa: S608  # constants
        id=customer_id,
    )
    if not found:
        raise NotFound
    return found[0]


async def merged_into(session: AsyncSession, actor: Actor, *, customer_id: int) -> int | None:
    """Who took over what a merged duplicate had."""
    actor.require_staff()
    into: Any = await scalar(
        session,
        "SELECT customer_id FROM former_phones WHERE merged_id = %(id)s ORDER BY id DESC LIMIT 1",
        id=customer_id,
    )
    return into


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    id: int
    status: str
    total: Decimal
    products: str
    created_at: datetime


async def orders_of(
    session: AsyncSession, actor: Actor, *, customer_id: int, limit: int = PAGE
) -> list[CustomerOrder]:
    actor.require_staff()
    return await fetch_as(
        session,
        CustomerOrder,
        """SELECT o.id, o.status, o.total, o.created_at,
                  coalesce((SELECT string_agg(i.quantity || ' × ' || i.service_name || ' '
                                              || i.plan_name, ', ' ORDER BY i.id)
                            FROM order_items i WHERE i.order_id = o.id), '') AS products
           FROM orders o WHERE o.customer_id = %(id)s ORDER BY o.id DESC LIMIT %(limit)s""",
        id=customer_id,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class CustomerSubscription:
    id: int
    order_id: int
    account_id: int
    service_name: str
    plan_name: str
    profile_label: str
    ends_on: date
    released_at: datetime | None


async def subscriptions_of(
    session: AsyncSession, actor: Actor, *, customer_id: int, limit: int = 2 * PAGE
) -> list[CustomerSubscription]:
    """Profiles held, the live ones first."""
    actor.require_staff()
    return await fetch_as(
        session,
        CustomerSubscription,
        """SELECT a.id, i.order_id, p.account_id, i.service_name, i.plan_name,
                  p.label AS profile_label, a.ends_on, a.released_at
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           JOIN profiles p ON p.id = a.profile_id WHERE a.customer_id = %(id)s
           ORDER BY a.released_at IS NOT NULL, a.ends_on DESC, a.id LIMIT %(limit)s""",
        id=customer_id,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class PhoneBefore:
    phone: str
    at: datetime
    merged_id: int | None


async def phones_of(session: AsyncSession, actor: Actor, *, customer_id: int) -> list[PhoneBefore]:
    actor.require_staff()
    return await fetch_as(
        session,
        PhoneBefore,
        """SELECT phone, at, merged_id FROM former_phones WHERE customer_id = %(id)s
           ORDER BY id DESC LIMIT 20""",
        id=customer_id,
    )


async def by_phone(session: AsyncSession, actor: Actor, *, phone: str) -> int:
    """Who has this number. Raises `InvalidInput` on `duplicate`."""
    actor.require_staff()
    found: Any = await scalar(
        session,
        "SELECT id FROM customers WHERE phone = %(phone)s",
        phone=phones.canonical(phone, field="duplicate"),
    )
    if found is None:
        raise InvalidInput({"duplicate": "phone_unknown"})
    return int(found)
