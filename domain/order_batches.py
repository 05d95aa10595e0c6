"""What can be done with many orders at once: which of the chosen it would apply to, and why not.

This only foretells. Each order is then worked through by the command of its own, which decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.reminder_times import quiet
from domain.sql import fetch_as
from domain.texts import ORDER_STATES, REFUSALS
from infra.clock import now, today

MOST = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """`missing` is still to be paid; `waits` for stock; `reminded` of the payment today."""

    id: int
    status: str
    payment_status: str
    missing: Decimal
    expires_at: datetime | None
    delivery_preference: str
    customer_name: str
    blocked: bool
    reachable: bool
    waits: bool
    given: bool
    reminded: bool


@dataclass(frozen=True, slots=True)
class Foretold:
    """`why_not` is a Spanish sentence, empty when the action applies."""

    id: int
    customer_name: str
    status: str
    missing: Decimal
    why_not: str = ""


async def foretell(
    session: AsyncSession, actor: Actor, *, action: str, order_ids: Sequence[int]
) -> list[Foretold]:
    """Each of the orders, in the order they were chosen; those that do not exist are left out."""
    actor.require_staff()
    rows = await fetch_as(
        session,
        Facts,
        FACTS,
        ids=list(order_ids)[:MOST],
        occasion=f"asked:{today()}",
    )
    return [
        Foretold(
            row.id, row.customer_name, row.status, row.missing, _sentence(RULES[action](row), row)
        )
        for row in rows
    ]


def _sentence(code: str, order: Facts) -> str:
    return REFUSALS[code].format(status=ORDER_STATES[order.status]) if code else ""


def _confirm(order: Facts) -> str:
    return "" if order.status == "pending_payment" else "order_state"


def _remind(order: Facts) -> str:
    if order.status != "pending_payment":
        return "order_state"
    if _over(order) and order.payment_status == "unpaid":
        return "hold_ended"
    if quiet():
        return "quiet_hours"
    if order.blocked:
        return "buyer_blocked"
    if not order.reachable:
        return "panel_only"
    return "payment_reminded" if order.reminded else ""


def _extend(order: Facts) -> str:
    if order.status != "pending_payment":
        return "order_state"
    return "hold_ended" if _over(order) else ""


def _cancel(order: Facts) -> str:
    cancellable = {"pending", "pending_payment", "paid", "processing"}
    return "" if order.status in cancellable else "order_state"


def _assign(order: Facts) -> str:
    if order.status not in {"paid", "processing"}:
        return "order_state"
    return "" if order.waits else "nothing_waits"


def _resend(order: Facts) -> str:
    return "" if order.given else "not_delivered"


def _over(order: Facts) -> bool:
    return order.expires_at is None or order.expires_at <= now()


RULES: Mapping[str, Callable[[Facts], str]] = {
    "confirm": _confirm,
    "remind": _remind,
    "extend": _extend,
    "cancel": _cancel,
    "assign": _assign,
    "resend": _resend,
}

FACTS: Any = """SELECT o.id, o.status, o.payment_status, o.expires_at, o.delivery_preference,
    o.total - (SELECT remains FROM order_money WHERE order_id = o.id) AS missing,
    c.name AS customer_name, c.blocked_at IS NOT NULL AS blocked,
    CASE o.delivery_preference WHEN 'web' THEN false WHEN 'email' THEN c.email <> '' ELSE true END
        AS reachable,
    EXISTS (SELECT FROM order_items i
            WHERE i.order_id = o.id AND i.fulfilment = 'waiting_stock') AS waits,
    EXISTS (SELECT FROM order_items i JOIN assignments a ON a.order_item_id = i.id
            WHERE i.order_id = o.id AND a.released_at IS NULL) AS given,
    EXISTS (SELECT FROM messages m WHERE m.order_id = o.id AND m.kind = 'order_placed'
              AND m.occasion = %(occasion)s) AS reminded
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS chosen(id, turn)
JOIN orders o ON o.id = chosen.id JOIN customers c ON c.id = o.customer_id
ORDER BY chosen.turn"""
