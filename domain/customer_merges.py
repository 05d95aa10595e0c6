"""Two records of one person become one: everything moves to the one that stays.

The other is removed, so the schema itself proves that nothing points at it any more; its number
stays in the history of the one that took over.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, sessions
from domain.actors import Actor
from domain.customer_changes import locked, sign_out, spend_codes
from domain.customer_pages import CustomerOnPage, customer
from domain.errors import Conflict, Forbidden
from domain.records import audit, tell
from domain.sql import fetch, fetch_as, run, scalar
from infra.settings import settings

# What simply changes hands. Carts, sessions, wishes and requests have rules of their own below.
MOVED = ("orders", "assignments", "claims", "messages", "tickets", "former_phones", "receipts")
OWN_RULES = ("carts", "restock_requests", "login_sessions", "erasure_requests")
WORDS_IN_TICKETS = """UPDATE ticket_entries SET actor_id = %(stays)s
    WHERE actor_kind = 'customer' AND actor_id = %(goes)s"""


@dataclass(frozen=True, slots=True)
class Moving:
    """How much of each goes over."""

    orders: int
    payments: int
    subscriptions: int
    messages: int
    cart: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    stays: CustomerOnPage
    goes: CustomerOnPage
    moving: Moving


async def preview(
    session: AsyncSession, actor: Actor, *, stays_id: int, goes_id: int
) -> MergePreview:
    """Raises `NotFound`, `Conflict`: `merge_same` and what else forbids it."""
    _only_the_owner(actor)
    if stays_id == goes_id:
        raise Conflict("merge_same")
    stays = await customer(session, actor, customer_id=stays_id)
    goes = await customer(session, actor, customer_id=goes_id)
    await _refuse(session, stays, goes)
    return MergePreview(stays, goes, await _moving(session, goes_id))


async def merge(
    session: AsyncSession, actor: Actor, *, stays_id: int, goes_id: int, seen: Moving
) -> None:
    """`seen` is what the preview showed; when more or less would move by now, nothing does.

    Both rows are locked in the order of their ids: an order on its way is waited for, and the next
    finds nobody to belong to. Raises as `preview`, and `Conflict` (`merge_changed`).
    """
    _only_the_owner(actor)
    if stays_id == goes_id:
        raise Conflict("merge_same")
    rows = {one: await locked(session, actor, one) for one in sorted((stays_id, goes_id))}
    shown = await preview(session, actor, stays_id=stays_id, goes_id=goes_id)
    if shown.moving != seen:
        raise Conflict("merge_changed")
    await _move_unpaid(session, stays_id, goes_id)
    for table in MOVED:
        await run(
            session,
            f"UPDATE {table} SET customer_id = %(stays)s WHERE customer_id = %(goes)s",  # noqa: S608  # a constant
            stays=stays_id,
            goes=goes_id,
        )
    await run(session, WORDS_IN_TICKETS, stays=stays_id, goes=goes_id)
    await carts.pour(session, from_customer=goes_id, customer_id=stays_id)
    await _move_wishes(session, stays_id, goes_id)
    await sessions.end(session, customer_id=goes_id)
    await _remove(session, actor, stays_id, rows[goes_id])
    await audit(
        session,
        actor,
        "customer.merge",
        "customer",
        stays_id,
        merged=goes_id,
        moved=asdict(shown.moving),
    )
    await tell(session, "orders", f"accounts:{stays_id}")


def _only_the_owner(actor: Actor) -> None:
    if not actor.owner:
        raise Forbidden


async def _refuse(session: AsyncSession, one: CustomerOnPage, other: CustomerOnPage) -> None:
    if one.erased_at or other.erased_at:
        raise Conflict("customer_erased")
    if (one.blocked_at is None) != (other.blocked_at is None):
        raise Conflict("merge_blocked")
    if one.asked_at or other.asked_at:
        raise Conflict("merge_erasure")
    unpaid = await scalar(
        session,
        """SELECT count(*) FROM orders
           WHERE customer_id = ANY(%(ids)s) AND status = 'pending_payment'""",
        ids=[one.id, other.id],
    )
    if unpaid > settings().max_unpaid_orders:
        raise Conflict("merge_unpaid", count=unpaid, limit=settings().max_unpaid_orders)


async def _moving(session: AsyncSession, goes_id: int) -> Moving:
    found = await fetch_as(
        session,
        Moving,
        """SELECT (SELECT count(*) FROM orders WHERE customer_id = %(id)s) AS orders,
                  (SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id
                    WHERE o.customer_id = %(id)s) AS payments,
                  (SELECT count(*) FROM assignments WHERE customer_id = %(id)s) AS subscriptions,
                  (SELECT count(*) FROM messages WHERE customer_id = %(id)s) AS messages,
                  (SELECT coalesce(sum(quantity), 0) FROM cart_items i
                    JOIN carts c ON c.id = i.cart_id WHERE c.customer_id = %(id)s) AS cart""",
        id=goes_id,
    )
    return found[0]


async def _move_unpaid(session: AsyncSession, stays_id: int, goes_id: int) -> None:
    """Unpaid orders take the slots that are left; `_refuse` has seen that there are enough."""
    taken = await fetch(
        session,
        """SELECT unpaid_slot FROM orders
           WHERE customer_id = %(stays)s AND status = 'pending_payment'""",
        stays=stays_id,
    )
    moving = await fetch(
        session,
        """SELECT id FROM orders WHERE customer_id = %(goes)s AND status = 'pending_payment'
           ORDER BY id FOR NO KEY UPDATE""",
        goes=goes_id,
    )
    slots = range(1, settings().max_unpaid_orders + 1)
    free = [slot for slot in slots if slot not in {row.unpaid_slot for row in taken}]
    for order, slot in zip(moving, free, strict=False):
        await run(
            session,
            """UPDATE orders SET customer_id = %(stays)s, unpaid_slot = %(slot)s
               WHERE id = %(id)s""",
            id=order.id,
            stays=stays_id,
            slot=slot,
        )


async def _move_wishes(session: AsyncSession, stays_id: int, goes_id: int) -> None:
    """Two open wishes for one plan are one wish."""
    await run(
        session,
        """DELETE FROM restock_requests g WHERE g.customer_id = %(goes)s AND g.told_at IS NULL
             AND EXISTS (SELECT FROM restock_requests s WHERE s.customer_id = %(stays)s
                         AND s.plan_id = g.plan_id AND s.told_at IS NULL)""",
        stays=stays_id,
        goes=goes_id,
    )
    for table in ("restock_requests", "erasure_requests"):
        await run(
            session,
            f"UPDATE {table} SET customer_id = %(stays)s WHERE customer_id = %(goes)s",  # noqa: S608  # a constant
            stays=stays_id,
            goes=goes_id,
        )


async def _remove(session: AsyncSession, actor: Actor, stays_id: int, gone: object) -> None:
    """What the one that stays does not know yet, the other tells."""
    goes_id, phone = getattr(gone, "id", 0), str(getattr(gone, "phone", ""))
    await run(
        session,
        """UPDATE customers s SET
               name = coalesce(nullif(s.name, ''), g.name),
               email = coalesce(nullif(s.email, ''), g.email),
               notes = concat_ws(E'\n', nullif(s.notes, ''), nullif(g.notes, ''))
           FROM customers g WHERE s.id = %(stays)s AND g.id = %(goes)s""",
        stays=stays_id,
        goes=goes_id,
    )
    await spend_codes(session, phone)
    await sign_out(session, goes_id)
    await run(session, "DELETE FROM customers WHERE id = %(goes)s", goes=goes_id)
    await run(
        session,
        """INSERT INTO former_phones (customer_id, phone, merged_id, actor_id)
           VALUES (%(stays)s, %(phone)s, %(goes)s, %(actor)s)""",
        stays=stays_id,
        phone=phone,
        goes=goes_id,
        actor=actor.id,
    )
