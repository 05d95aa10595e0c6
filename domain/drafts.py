"""Orders an operator prepares for a customer: kept, changed, sent, or given up.

A draft holds no stock and promises no price. Sending it places the order it is, with the prices and
the stock of that moment. Who changes or sends one says which one was on their screen: of two people
at the same draft one wins, and the other is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import counter, order_endings, orders
from domain.actors import Actor
from domain.counter import Sale
from domain.errors import Conflict, NotFound
from domain.messages import tell_buyer
from domain.order_placing import ITEMS, LINES, PICKED, picked
from domain.records import audit, note, tell
from domain.sql import fetch, fetch_one
from models.orders import OrderStatus

GIVEN_UP = "Borrador descartado"


@dataclass(frozen=True, slots=True)
class Draft:
    """`lines` are units by plan, `names` the plans as they were called when it was kept."""

    id: int
    phone: str
    delivery_preference: str
    lines: dict[int, int]
    names: dict[int, str]
    kept_at: datetime
    version: str


async def draft(session: AsyncSession, actor: Actor, *, order_id: int) -> Draft:
    """Raises `NotFound`, `Conflict` (`order_state`) when it is a draft no more."""
    actor.require_staff()
    order = await fetch_one(
        session,
        """SELECT o.*, c.phone FROM orders o JOIN customers c ON c.id = o.customer_id
           WHERE o.id = %(id)s""",
        id=order_id,
    )
    if order is None:
        raise NotFound
    if order.status != OrderStatus.PENDING:
        raise orders.refuse_state(order)
    items = await _items(session, order_id)
    lines = {item.plan_id: item.quantity for item in items}
    return Draft(
        id=order.id,
        phone=order.phone,
        delivery_preference=order.delivery_preference,
        lines=lines,
        names={item.plan_id: f"{item.service_name} {item.plan_name}" for item in items},
        kept_at=order.updated_at,
        version=_version(lines, order.delivery_preference),
    )


async def keep(
    session: AsyncSession,
    actor: Actor,
    *,
    phone: str,
    name: str,
    lines: Mapping[int, int],
    delivery_preference: str,
) -> int:
    """Begin a draft for the holder of a phone, as `counter.sell` knows them; its number.

    Raises `InvalidInput`, `Conflict`: `sale_empty`, `sale_changed`, `buyer_blocked`.
    """
    actor.require_staff()
    counter.check(lines, delivery_preference)
    customer_id = await counter.known(session, actor, phone, name, delivery_preference)
    kept = await _write(session, KEEP, lines, delivery_preference, customer=customer_id)
    await note(session, actor, kept.id, "drafted")
    await audit(session, actor, "order.draft", "order", kept.id, total=str(kept.total))
    await tell(session, "orders")
    return int(kept.id)


async def change(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    lines: Mapping[int, int],
    delivery_preference: str,
    seen: str,
) -> None:
    """Write a draft over the one that was `seen`, and over no other.

    Raises as `keep` does, `NotFound`, `Conflict`: `order_state`, `draft_changed`.
    """
    actor.require_staff()
    counter.check(lines, delivery_preference)
    order = await _lock(session, actor, order_id, seen)
    await counter.check_reach(session, order.customer_id, delivery_preference)
    kept = await _write(session, CHANGE, lines, delivery_preference, order=order_id)
    before, after = str(order.total), str(kept.total)
    await audit(session, actor, "order.change_draft", "order", order_id, before=before, after=after)
    await tell(session, f"order:{order_id}", "orders")


async def send(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    lines: Mapping[int, int],
    delivery_preference: str,
    seen_total: Decimal,
    seen: str,
) -> Sale:
    """Place what is on the seller's screen in place of the draft, and tell the customer how to pay.

    Raises as `counter.sell` and `change` do.
    """
    actor.require_staff()
    counter.check(lines, delivery_preference)
    order = await _lock(session, actor, order_id, seen)
    await counter.check_reach(session, order.customer_id, delivery_preference)
    with counter.to_staff():
        placed = await orders.place_draft(
            session,
            actor,
            draft=order,
            lines=lines,
            delivery_preference=delivery_preference,
            seen_total=seen_total,
        )
    await tell(session, f"order:{order_id}", "orders")
    told = await tell_buyer(session, "order_placed", placed.id)
    return Sale(placed.id, "pending_payment", told)


async def give_up(session: AsyncSession, actor: Actor, *, order_id: int) -> None:
    """The order ends without the customer ever having seen it.

    Raises `NotFound`, `Conflict` (`order_state`) when it is a draft no more.
    """
    actor.require_staff()
    order = await orders.lock(session, actor, order_id)
    if order.status != OrderStatus.PENDING:
        raise orders.refuse_state(order)
    await order_endings.cancel(session, actor, order_id=order_id, reason=GIVEN_UP)


async def _lock(session: AsyncSession, actor: Actor, order_id: int, seen: str) -> Any:
    order = await orders.lock(session, actor, order_id)
    if order.status != OrderStatus.PENDING:
        raise orders.refuse_state(order)
    lines = {item.plan_id: item.quantity for item in await _items(session, order_id)}
    if _version(lines, order.delivery_preference) != seen:
        raise Conflict("draft_changed")
    return order


async def _items(session: AsyncSession, order_id: int) -> list[Any]:
    return await fetch(
        session,
        """SELECT plan_id, quantity, service_name, plan_name FROM order_items
           WHERE order_id = %(id)s ORDER BY id""",
        id=order_id,
    )


def _version(lines: Mapping[int, int], delivery_preference: str) -> str:
    """Which draft somebody has before them; the same things by the same way are the same."""
    said = f"{delivery_preference} {sorted(lines.items())}"
    return sha256(said.encode()).hexdigest()[:16]


async def _write(
    session: AsyncSession,
    statement: str,
    lines: Mapping[int, int],
    delivery_preference: str,
    **values: int,
) -> Any:
    """Raises `Conflict` (`sale_changed`) for a plan that is not on sale."""
    kept: Any = await fetch_one(
        session, statement, preference=delivery_preference, **picked(lines), **values
    )
    if kept.id is None or kept.lines != len(lines):
        raise Conflict("sale_changed")
    return kept


_KEPT = """
SELECT placed.id, sums.lines, sums.total FROM sums LEFT JOIN placed ON true"""
KEEP = f"""WITH taken AS ({PICKED}), {LINES},
placed AS (
    INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions)
    SELECT %(customer)s, 'pending', %(preference)s, sums.total, sums.cost, '{{}}'
    FROM sums WHERE sums.on_sale RETURNING id), {ITEMS} {_KEPT}"""  # noqa: S608  # constants
CHANGE = f"""WITH taken AS ({PICKED}), {LINES},
dropped AS (DELETE FROM order_items WHERE order_id = %(order)s),
placed AS (
    UPDATE orders o SET delivery_preference = %(preference)s, total = sums.total,
        cost = sums.cost, updated_at = now()
    FROM sums WHERE o.id = %(order)s AND sums.on_sale RETURNING o.id), {ITEMS} {_KEPT}"""  # noqa: S608  # constants
