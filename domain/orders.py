"""An order is placed, and found again by whoever may change it.

`place` takes the cart's rows (so a double tap finds it empty), snapshots the prices of the moment,
holds the stock and tells nobody else about it until the payment is confirmed. An order's state
changes only here, in `order_endings` and by payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.carts import check
from domain.errors import Conflict, NotFound
from domain.messages import tell_buyer
from domain.order_placing import (
    PLACE,
    PLACE_AND_CLAIM,
    PLACE_DRAFT,
    PLACE_LINES,
    PLACE_RENEWAL,
    picked,
)
from domain.sql import come_back_point, fetch, fetch_one, scalar
from domain.stock import claim, need_of
from domain.texts import ORDER_STATES
from domain.webhook_events import announce_order
from infra.settings import settings


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """`way` is how its customer wants to hear of it."""

    id: int
    total: Decimal
    expires_at: datetime
    way: str = "web"
    heard: bool = False  # some program wants to know


async def place(
    session: AsyncSession,
    actor: Actor,
    *,
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Turn the customer's cart into an order that waits for its payment.

    `seen_total` is what the customer agreed to; another total by now refuses the order.
    Raises `Conflict`: `cart_empty`, `cart_changed`, `out_of_stock`, `unpaid_limit`.
    """
    placed = await place_untold(
        session, actor, delivery_preference=delivery_preference, seen_total=seen_total
    )
    await announce(session, placed)
    await tell_how_to_pay(session, placed)
    return placed


async def place_untold(
    session: AsyncSession,
    actor: Actor,
    *,
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """As `place`, for an order of which nobody is told before more is done to it."""
    values = _values(actor, actor.customer_id()) | {"preference": delivery_preference}
    come_back = await come_back_point(session)
    placed = await _write(session, PLACE_AND_CLAIM, values)
    _refuse(placed, seen_total)
    if placed.held < placed.wanted:
        await come_back()
        await check(session, actor)  # most often the stock is plainly gone
        placed = await _write(session, PLACE, values)
        _refuse(placed, seen_total)
        await _claim_or_refuse(session, placed.id)
    return _of(placed)


async def place_for(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    lines: Mapping[int, int],
    delivery_preference: str | None = None,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Place what a customer orders at the counter, units by plan; their own cart stays as it is.

    Nobody is told: who sells knows what to say. Raises as `place` does.
    """
    actor.require_staff()
    values = _values(actor, customer_id) | {"preference": delivery_preference}
    return await _place_lines(session, PLACE_LINES, values, lines, seen_total)


async def place_draft(
    session: AsyncSession,
    actor: Actor,
    *,
    draft: Any,
    lines: Mapping[int, int],
    delivery_preference: str,
    seen_total: Decimal,
) -> OrderPlaced:
    """As `place_for`, of an order that the caller has locked and found to be a draft.

    It keeps its number and is placed now, whatever it said before.
    """
    values = _values(actor, draft.customer_id) | {
        "preference": delivery_preference,
        "draft": draft.id,
    }
    return await _place_lines(session, PLACE_DRAFT, values, lines, seen_total)


async def _place_lines(
    session: AsyncSession,
    statements: Mapping[str, str],
    values: dict[str, Any],
    lines: Mapping[int, int],
    seen_total: Decimal | None,
) -> OrderPlaced:
    placed = await _write(session, statements, values | picked(lines))
    _refuse(placed, seen_total)
    if placed.lines != len(lines):  # a plan that never was
        raise Conflict("cart_changed")
    await _claim_or_refuse(session, placed.id)
    await announce(session, _of(placed))
    return _of(placed)


async def place_renewal(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    renews_id: int,
    plan_id: int,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Order more time for a subscription whose row the caller has locked and found fit.

    Nothing is taken from the stock: its profile is held already. Raises as `place` does.
    """
    values = _values(actor, customer_id) | {
        "preference": None,
        "plan": plan_id,
        "renews": renews_id,
    }
    placed = await _write(session, PLACE_RENEWAL, values)
    _refuse(placed, seen_total)
    await announce(session, _of(placed))
    if actor.kind == "customer":  # who renews for a customer tells them in other words
        await tell_how_to_pay(session, _of(placed))
    return _of(placed)


async def announce(session: AsyncSession, placed: OrderPlaced) -> None:
    """Programs hear of it; where none listens, placing costs no journey more."""
    if placed.heard:
        await announce_order(session, "order.placed", placed.id)


async def tell_how_to_pay(session: AsyncSession, placed: OrderPlaced) -> None:
    """Send the instructions to whoever wants them elsewhere than on the order's page."""
    if placed.way != "web":
        await tell_buyer(session, "order_placed", placed.id)


def _of(placed: Any) -> OrderPlaced:
    return OrderPlaced(placed.id, placed.total, placed.expires_at, placed.way, placed.heard)


def _values(actor: Actor, customer_id: int) -> dict[str, Any]:
    return {
        "customer": customer_id,
        "kind": actor.recorded_kind,
        "actor": actor.id,
        "hold_hours": settings().hold_hours,
        "limit": settings().max_unpaid_orders,
        "session_id": actor.session_id,
        "address_hash": actor.address_hash,
    }


async def _write(
    session: AsyncSession, statements: Mapping[str, str], values: dict[str, Any]
) -> Any:
    """Run the whole placing as one statement."""
    try:
        placed: Any = await fetch_one(session, statements[settings().bank_rule], **values)
    except psycopg.errors.UniqueViolation as error:  # two orders of one customer, at once
        raise Conflict("unpaid_limit", limit=values["limit"]) from error
    if placed.id is None:
        may_buy = "SELECT blocked_at IS NULL FROM customers WHERE id = %(customer)s"
        if not await scalar(session, may_buy, customer=values["customer"]):
            raise Conflict("buyer_blocked")
    return placed


def _refuse(placed: Any, seen_total: Decimal | None) -> None:
    if not placed.lines:
        raise Conflict("cart_empty")
    if not placed.on_sale or seen_total not in (None, placed.total):
        raise Conflict("cart_changed")
    if not placed.has_bank:
        raise Conflict("no_instructions")
    if placed.id is None:
        raise Conflict("unpaid_limit", limit=settings().max_unpaid_orders)


async def _claim_or_refuse(session: AsyncSession, order_id: int) -> None:
    """The second look at the stock, for the last units and for whole accounts."""
    lines = await fetch(
        session, "SELECT * FROM order_items WHERE order_id = %(id)s ORDER BY id", id=order_id
    )
    needs = [need_of(line) for line in lines]
    short = await claim(session, needs, order_id, settings().hold_hours)
    if short:
        missing = [line for line in lines if line.plan_id in short]
        raise Conflict(
            "out_of_stock",
            plans=", ".join(f"{line.service_name} {line.plan_name}" for line in missing),
            plan_ids=[line.plan_id for line in missing],
        )


async def lock(session: AsyncSession, actor: Actor, order_id: int) -> Any:
    """The order's row, locked until the transaction ends; its timeline can be added to meanwhile.

    Raises `NotFound` for another customer's order just as for none, and for their own while it is
    a draft of the shop.
    """
    order = await fetch_one(
        session, "SELECT * FROM orders WHERE id = %(id)s FOR NO KEY UPDATE", id=order_id
    )
    if order is None or (actor.kind == "customer" and order.customer_id != actor.id):
        raise NotFound
    if actor.kind == "guest" or (actor.kind == "customer" and order.expires_at is None):
        raise NotFound
    return order


def refuse_state(order: Any) -> Conflict:
    return Conflict("order_state", status=ORDER_STATES[order.status])
