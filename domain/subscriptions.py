"""The end of a subscription: renewed at the counter, or access taken back after the grace.

Releasing may run twice, late or after days of downtime with the same result: what is due is read
from dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import messages, renewals
from domain.actors import SYSTEM, Actor
from domain.claim_ends import drop_claims
from domain.errors import Conflict, NotFound
from domain.payments import PaymentNotice, confirm_payment
from domain.records import audit, note, tell
from domain.renewals import UNIT
from domain.sql import fetch, fetch_one
from domain.stock_returns import give_back
from domain.waiting_orders import fill_waiting
from infra.clock import MEXICO, today
from infra.settings import settings


@dataclass(frozen=True, slots=True)
class RenewalForCustomer:
    """`status` is the order's: `delivered` once it is paid in full, else `pending_payment`."""

    order_id: int
    status: str


async def renew_for(
    session: AsyncSession,
    actor: Actor,
    *,
    assignment_id: int,
    plan_id: int | None = None,
    payment: PaymentNotice | None = None,
) -> RenewalForCustomer:
    """Order a renewal for a customer, with the plan they have unless another is named.

    A payment in hand is confirmed at once; what is left to pay, the customer is told. Raises what
    `renewals.place` and `payments.confirm_payment` raise.
    """
    actor.require_staff()
    held = await fetch_one(
        session,
        """SELECT i.plan_id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE a.id = %(id)s""",
        id=assignment_id,
    )
    if held is None:
        raise NotFound
    placed = await renewals.place(
        session, actor, assignment_id=assignment_id, plan_id=plan_id or held.plan_id
    )
    status = "pending_payment"
    if payment is not None:
        confirmed = await confirm_payment(session, actor, order_id=placed.id, notice=payment)
        status = confirmed.status
    if status == "pending_payment":
        await messages.tell_holders(
            session,
            "payment_due",
            [assignment_id],
            occasion=f"order:{placed.id}",
            order_id=placed.id,
        )
    return RenewalForCustomer(placed.id, status)


async def release_lapsed(session: AsyncSession, most: int = 200) -> int:
    """Release what lapsed and outlived its grace; how many. The stock goes to those who wait.

    A renewal ordered before the grace ended keeps its subscription while that order can be paid.
    """
    due = await fetch(
        session,
        """SELECT a.id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE a.released_at IS NULL AND a.ends_on < %(last)s AND NOT EXISTS (
               SELECT 1 FROM assignments f
               JOIN order_items r ON r.renews_id = f.id JOIN orders o ON o.id = r.order_id
               WHERE f.order_item_id = a.order_item_id
                 AND f.unit_index / i.profiles_per_unit = a.unit_index / i.profiles_per_unit
                 AND o.status = 'pending_payment' AND o.expires_at > now()
                 AND o.created_at < (a.ends_on + %(grace)s + 1)::timestamp
                                    AT TIME ZONE %(zone)s)
           ORDER BY a.ends_on, a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED""",
        last=today() - timedelta(days=settings().grace_days),
        grace=settings().grace_days,
        zone=MEXICO.key,
        most=most,
    )
    await _release(session, SYSTEM, [row.id for row in due], "lapsed")
    return len(due)


async def release(session: AsyncSession, actor: Actor, *, assignment_id: int) -> None:
    """Take a lapsed subscription's access back at once, before its grace ends.

    Raises `NotFound`, `Conflict`: `access_ended` when it is released already, `still_paid` while
    paid time is left.
    """
    actor.require_staff()
    unit = await fetch(session, UNIT, id=assignment_id)
    if not unit:
        raise NotFound
    if any(held.released_at is not None for held in unit):
        raise Conflict("access_ended")
    if any(held.ends_on >= today() for held in unit):
        raise Conflict("still_paid")
    await _release(session, actor, [held.id for held in unit], "released")


async def release_all_of(session: AsyncSession, actor: Actor, *, customer_id: int) -> None:
    """End every live subscription of one customer, paid time or not."""
    actor.require_staff()
    live = await fetch(
        session,
        """SELECT id FROM assignments WHERE customer_id = %(customer)s AND released_at IS NULL
           ORDER BY id FOR UPDATE""",
        customer=customer_id,
    )
    await _release(session, actor, [row.id for row in live], "erased")


async def _release(
    session: AsyncSession, actor: Actor, assignment_ids: Sequence[int], reason: str
) -> None:
    if not assignment_ids:
        return
    released = await give_back(session, assignment_ids, reason)
    await drop_claims(session, actor, assignment_ids)
    told = await fetch(
        session,
        """SELECT a.id, i.order_id, i.service_name FROM assignments a
           JOIN order_items i ON i.id = a.order_item_id WHERE a.id = ANY(%(ids)s) ORDER BY a.id""",
        ids=[row.id for row in released],
    )
    for row in told:
        await note(session, actor, row.order_id, "access_released", service=row.service_name)
        await audit(session, actor, "assignment.release", "assignment", row.id, reason=reason)
    await tell(session, *sorted({f"order:{row.order_id}" for row in told}), "orders")
    for service_id in sorted({row.service_id for row in released if row.status == "free"}):
        await fill_waiting(session, service_id)
