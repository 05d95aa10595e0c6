"""More time for a subscription: the same profile, from its end, or from today once it lapsed.

Time is added only by a paid order item, once (`renewals`), so nobody has time that was not sold.
A whole account is renewed as one: its order item names the first of its subscriptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import messages, orders
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.orders import OrderPlaced
from domain.records import audit, note, tell
from domain.sql import fetch, fetch_one, run, scalar
from infra.clock import add_months, today

# The subscriptions of the unit that assignment %(id)s belongs to, in the order they are locked.
UNIT = """SELECT a.*, i.profiles_per_unit, i.plan_id, i.service_id, i.capacity, i.order_id
    FROM assignments f JOIN order_items i ON i.id = f.order_item_id
    JOIN assignments a ON a.order_item_id = f.order_item_id
     AND a.unit_index / i.profiles_per_unit = f.unit_index / i.profiles_per_unit
    WHERE f.id = %(id)s ORDER BY a.id FOR UPDATE OF a"""


@dataclass(frozen=True, slots=True)
class RenewalOption:
    """A plan this subscription can be renewed with, and the end it would have. Money in MXN."""

    plan_id: int
    name: str
    duration_months: int
    sale_price: Decimal
    ends_on: date
    same_plan: bool


async def options(
    session: AsyncSession, actor: Actor, *, assignment_id: int
) -> list[RenewalOption]:
    """What a live subscription can be renewed with, the shortest first.

    Raises `NotFound` for another customer's, `Conflict` (`access_ended`) once released.
    """
    found = await fetch_one(
        session,
        """SELECT a.*, i.plan_id, i.service_id, i.capacity
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id WHERE a.id = %(id)s""",
        id=assignment_id,
    )
    held = _held_by(actor, found)
    plans = await fetch(
        session,
        """SELECT p.id, p.name, p.duration_months, p.sale_price
           FROM plans p JOIN services s ON s.id = p.service_id
           WHERE p.service_id = %(service)s AND p.capacity = %(capacity)s
             AND p.active AND p.archived_at IS NULL AND s.active AND s.archived_at IS NULL
           ORDER BY p.duration_months, p.sale_price, p.id""",
        service=held.service_id,
        capacity=held.capacity,
    )
    return [
        RenewalOption(
            plan_id=plan.id,
            name=plan.name,
            duration_months=plan.duration_months,
            sale_price=plan.sale_price,
            ends_on=_longer(held, plan.duration_months).ends_on,
            same_plan=plan.id == held.plan_id,
        )
        for plan in plans
    ]


async def place(
    session: AsyncSession,
    actor: Actor,
    *,
    assignment_id: int,
    plan_id: int,
    seen_total: Decimal | None = None,
) -> OrderPlaced:
    """Order more time with a plan of the same service and capacity; it waits for its payment.

    Staff may do it for a customer. Raises `NotFound`, `Conflict`: `access_ended`,
    `renewal_pending` (with the order that waits), `plan_inactive`, `price_changed` when
    `seen_total` is no longer what it costs, and what `orders.place` raises.
    """
    unit = await fetch(session, UNIT, id=assignment_id)
    first = next(_held_by(actor, held) for held in unit or [None])
    waiting = await scalar(session, PENDING, id=first.id)
    if waiting is not None:
        raise Conflict("renewal_pending", order=waiting)
    price = await scalar(
        session,
        """SELECT sale_price FROM plans WHERE id = %(plan)s AND service_id = %(service)s
             AND capacity = %(capacity)s AND active AND archived_at IS NULL""",
        plan=plan_id,
        service=first.service_id,
        capacity=first.capacity,
    )
    if price is None:
        raise Conflict("plan_inactive")
    if seen_total not in (None, price):
        raise Conflict("price_changed")
    placed = await orders.place_renewal(
        session,
        actor,
        customer_id=first.customer_id,
        renews_id=first.id,
        plan_id=plan_id,
        seen_total=seen_total,
    )
    await tell(session, f"accounts:{first.customer_id}")
    return placed


PENDING = """SELECT o.id FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE i.renews_id = %(id)s AND o.status = 'pending_payment'
      AND (o.expires_at > now() OR o.payment_status <> 'unpaid') LIMIT 1"""


def _held_by(actor: Actor, held: Any | None) -> Any:
    """The row, when it is this actor's business and still live."""
    stranger = actor.kind == "customer" and held is not None and held.customer_id != actor.id
    if held is None or stranger or actor.kind == "guest":
        raise NotFound
    if held.released_at is not None:
        raise Conflict("access_ended")
    return held


async def extend(
    session: AsyncSession, actor: Actor, order_id: int, items: Sequence[Any]
) -> set[int]:
    """Apply the paid renewal lines of an order; the ids of the lines that are served by that.

    A line whose subscription was released in the meantime is left to the stock.
    """
    done: set[int] = set()
    for item in items:
        unit = await fetch(session, UNIT, id=item.renews_id)
        if any(held.released_at is not None for held in unit):
            continue
        for held in unit:
            await _extend_one(session, item, held)
        await run(
            session,
            "UPDATE order_items SET fulfilment = 'delivered' WHERE id = %(id)s",
            id=item.id,
        )
        first = unit[0]
        ends = _longer(first, item.duration_months).ends_on
        await note(session, actor, order_id, "renewed", service=item.service_name, ends=str(ends))
        await audit(
            session,
            actor,
            "assignment.renew",
            "assignment",
            first.id,
            order=order_id,
            before=str(first.ends_on),
            after=str(ends),
        )
        await messages.tell_holders(session, "renewed", [first.id], occasion=f"renewal:{item.id}")
        done.add(item.id)
    return done


@dataclass(frozen=True, slots=True)
class _Longer:
    anchor_on: date
    months: int
    starts_on: date
    ends_on: date


def _longer(held: Any, months: int) -> _Longer:
    """The run with `months` more. Ends are counted from the anchor, so a 31st stays a 31st."""
    day = today()
    if held.ends_on < day:
        return _Longer(day, months, day, add_months(day, months))
    total = held.months + months
    return _Longer(
        held.anchor_on,
        total,
        held.ends_on + timedelta(days=1),
        add_months(held.anchor_on, total),
    )


async def _extend_one(session: AsyncSession, item: Any, held: Any) -> None:
    longer = _longer(held, item.duration_months)
    await run(
        session,
        """WITH renewed AS (
               INSERT INTO renewals (assignment_id, order_item_id, ended_before, anchor_before,
                                     months_before, starts_on, ends_on)
               VALUES (%(id)s, %(item)s, %(ended)s, %(anchor_before)s, %(months_before)s,
                       %(starts)s, %(ends)s)),
           warned AS (
               INSERT INTO alerts (kind)
               SELECT 'beyond_paid_until:' || a.id FROM profiles p
               JOIN accounts a ON a.id = p.account_id
               WHERE p.id = %(profile)s AND a.paid_until < %(ends)s ON CONFLICT DO NOTHING)
           UPDATE assignments SET anchor_on = %(anchor)s, months = %(months)s, ends_on = %(ends)s
           WHERE id = %(id)s""",
        id=held.id,
        item=item.id,
        profile=held.profile_id,
        ended=held.ends_on,
        anchor_before=held.anchor_on,
        months_before=held.months,
        anchor=longer.anchor_on,
        months=longer.months,
        starts=longer.starts_on,
        ends=longer.ends_on,
    )
