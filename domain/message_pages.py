"""What staff read about messages: the history with its filters, one message's way, who is reached.

A text is never shown here, and an address only as far as a person needs it to recognise it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones
from domain.actors import Actor
from domain.alerts import OpenAlert
from domain.errors import InvalidInput, NotFound
from domain.sql import fetch_as, fetch_one
from models.messages import MessageKind

PAGE = 25
MOST_COUNTED = 100
# What waits for somebody: it failed for good, and nothing else told the customer instead.
DEAD = """m.status = 'failed' AND m.error_code <> 'not_needed'
    AND NOT EXISTS (SELECT 1 FROM messages f WHERE f.fallback_of = m.id)"""
NEVER_AGAIN = ("login_code", "reminder")  # their moment is over
TABS = ("fallidos", "en-cola", "todos")
CHANNELS = ("whatsapp", "sms", "email")
LONGEST_SEARCH = 254


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of a list. `to` is masked; `fell_back` is the channel it was tried on instead.

    `dead` is what failed and nothing took the place of; `again` that it may be tried once more.
    """

    number: int
    id: UUID
    channel: str
    kind: str
    to: str
    customer_name: str
    staff_name: str
    order_id: int | None
    status: str
    error_code: str
    attempts: int
    created_at: datetime
    updated_at: datetime
    not_before: datetime | None
    fell_back: str
    dead: bool
    again: bool


LINE = f"""SELECT m.number, m.id, m.channel, m.kind,
       CASE WHEN m.channel = 'web' THEN ''
            WHEN m.channel = 'email' THEN left(m.to_address, 2) || '•••@'
                 || split_part(m.to_address, '@', 2)
            ELSE left(m.to_address, 3) || ' •••• ' || right(m.to_address, 4) END AS "to",
       coalesce(c.name, '') AS customer_name, coalesce(u.username, '') AS staff_name, m.order_id,
       m.status, m.error_code, m.attempts, m.created_at, m.updated_at, m.not_before,
       coalesce((SELECT f.channel FROM messages f WHERE f.fallback_of = m.id), '') AS fell_back,
       ({DEAD}) AS dead, ({DEAD}) AND m.kind NOT IN {NEVER_AGAIN} AS again
FROM messages m LEFT JOIN customers c ON c.id = m.customer_id
LEFT JOIN staff_users u ON u.id = m.staff_id """  # noqa: S608  # constants


@dataclass(frozen=True, slots=True)
class Filters:
    """`q` is an order's number, a phone or an e-mail address, whole."""

    tab: str = "todos"
    channel: str = ""
    kind: str = ""
    q: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Filters:
        """Those of an address; what no list knows shows everything."""
        q = said.get("q", "").replace("\x00", "")
        return cls(
            tab=_among(said.get("tab"), TABS) or "todos",
            channel=_among(said.get("canal"), CHANNELS),
            kind=_among(said.get("tipo"), [kind.value for kind in MessageKind]),
            q=q.encode(errors="ignore").decode().strip() if len(q) <= LONGEST_SEARCH else "",
        )

    def said(self) -> dict[str, str]:
        """As an address says it."""
        return {
            "tab": "" if self.tab == "todos" else self.tab,
            "canal": self.channel,
            "tipo": self.kind,
            "q": self.q,
        }


def _among(said: str | None, known: Collection[str]) -> str:
    return said if said is not None and said in known else ""


async def history(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[MessageLine]:
    """Messages, newest first; the next page starts `before` the last number."""
    actor.require_staff()
    where, values = _where(filters)
    return await fetch_as(
        session,
        MessageLine,
        f"{LINE} WHERE {where} AND m.number < %(before)s ORDER BY m.number DESC LIMIT %(limit)s",
        before=before or 2**63 - 1,
        limit=limit,
        **values,
    )


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Conditions made of constants, and what fills them."""
    parts = {
        "fallidos": [DEAD],
        "en-cola": ["m.status = 'queued'"],
    }.get(filters.tab, ["m.channel <> 'web'"])
    values: dict[str, Any] = {}
    if filters.channel:
        parts.append("m.channel = %(channel)s")
        values["channel"] = filters.channel
    if filters.kind:
        parts.append("m.kind = %(kind)s")
        values["kind"] = filters.kind
    if filters.q:
        clause, values["q"] = _sought(filters.q)
        parts.append(clause)
    return " AND ".join(parts), values


def _sought(q: str) -> tuple[str, object]:
    digits = q.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < len("5512345678"):
        return "m.order_id = %(q)s", int(digits)
    if "@" in q:
        return "m.to_address = ANY(%(q)s)", [q.strip(), q.strip().lower()]
    try:
        phone = phones.canonical(q)
    except InvalidInput:
        return "m.to_address = %(q)s", q.strip()[:254]
    return "m.to_address = ANY(%(q)s)", [phone, f"+521{phone.removeprefix('+52')}"]


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many messages failed or wait; `MOST_COUNTED` means that many or more."""
    actor.require_staff()
    row: Any = await fetch_one(
        session,
        f"""SELECT (SELECT count(*) FROM (SELECT FROM messages m WHERE {DEAD}
                    LIMIT {MOST_COUNTED}) AS d) AS failed,
                   (SELECT count(*) FROM (SELECT FROM messages m WHERE m.status = 'queued'
                    LIMIT {MOST_COUNTED}) AS w) AS queued""",  # noqa: S608  # constants
    )
    return {"fallidos": row.failed, "en-cola": row.queued}


async def message(session: AsyncSession, actor: Actor, *, message_id: UUID) -> MessageLine:
    """Raises `NotFound`."""
    actor.require_staff()
    found = await fetch_as(session, MessageLine, f"{LINE} WHERE m.id = %(id)s", id=message_id)
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class Step:
    status: str
    error_code: str
    at: datetime


async def steps(session: AsyncSession, actor: Actor, *, message_id: UUID) -> list[Step]:
    """How far one message got, and when."""
    actor.require_staff()
    return await fetch_as(
        session,
        Step,
        """SELECT status, error_code, at FROM message_events WHERE message_id = %(id)s
           ORDER BY id""",
        id=message_id,
    )


@dataclass(frozen=True, slots=True)
class OrderMessage:
    """What an order's page says of one message about it, or of `times` that differ in nothing.

    `service` is empty for one about the whole order; `fell_back` is the channel it was tried on
    instead.
    """

    kind: str
    service: str
    channel: str
    status: str
    error_code: str
    fell_back: str
    times: int
    updated_at: datetime


async def of_order(session: AsyncSession, actor: Actor, *, order_id: int) -> list[OrderMessage]:
    """The messages about an order and its accesses, the newest first."""
    actor.require_staff()
    return await fetch_as(
        session,
        OrderMessage,
        """SELECT m.kind, coalesce(i.service_name, '') AS service, m.channel, m.status,
                  m.error_code, coalesce(f.channel, '') AS fell_back, count(*)::int AS times,
                  max(m.updated_at) AS updated_at
           FROM messages m LEFT JOIN messages f ON f.fallback_of = m.id
           LEFT JOIN assignments a ON a.id = m.assignment_id
           LEFT JOIN order_items i ON i.id = a.order_item_id
           WHERE m.order_id = %(order)s AND m.staff_id IS NULL
           GROUP BY m.kind, i.service_name, m.channel, m.status, m.error_code, f.channel, m.occasion
           ORDER BY max(m.number) DESC LIMIT 30""",
        order=order_id,
    )


async def of_customer(
    session: AsyncSession, actor: Actor, *, customer_id: int, limit: int = PAGE
) -> list[MessageLine]:
    """The newest messages to a customer, their addresses masked, but those of the panel."""
    actor.require_staff()
    return await fetch_as(
        session,
        MessageLine,
        f"""{LINE} WHERE m.customer_id = %(customer)s AND m.channel <> 'web'
            ORDER BY m.number DESC LIMIT %(limit)s""",
        customer=customer_id,
        limit=limit,
    )


async def held_back(session: AsyncSession, actor: Actor) -> list[OpenAlert]:
    """Why messages wait that could go: providers that rest, and a budget that is used up."""
    actor.require_staff()
    return await fetch_as(
        session,
        OpenAlert,
        """SELECT kind, data FROM alerts WHERE closed_at IS NULL
             AND (kind LIKE 'provider:%%' OR kind = 'message_budget') ORDER BY id""",
    )
