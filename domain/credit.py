"""A customer's credit: money of theirs that the shop keeps for their next order.

It changes only by entries, each with its cause; the database adds them up on the customer's row and
refuses less than nothing, whoever asks at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import ledger
from domain.actors import Actor
from domain.amounts import is_amount
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit, note, tell
from domain.sql import fetch_as, run, scalar
from models.money import CreditCause

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` is negative for what was spent or paid out; in MXN."""

    id: int
    amount: Decimal
    cause: str
    order_id: int | None
    note: str
    created_at: datetime


async def balance(session: AsyncSession, actor: Actor, *, customer_id: int) -> Decimal:
    """Raises `NotFound` for anybody else's."""
    if not actor.staff and actor.customer_id() != customer_id:
        raise NotFound
    found = await scalar(session, "SELECT credit FROM customers WHERE id = %(id)s", id=customer_id)
    if found is None:
        raise NotFound
    return Decimal(found)


async def entries(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    before: int | None = None,
    limit: int = 20,
) -> list[Entry]:
    """The latest first; the next page starts `before` the last id.

    Raises `NotFound` for anybody else's.
    """
    await balance(session, actor, customer_id=customer_id)
    return await fetch_as(
        session,
        Entry,
        """SELECT id, amount, cause, order_id, note, created_at FROM credit_entries
           WHERE customer_id = %(id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s""",
        id=customer_id,
        before=before or 2**63 - 1,
        limit=limit,
    )


async def give(
    session: AsyncSession, actor: Actor, *, customer_id: int, amount: Decimal, reason: str
) -> None:
    """A present of the shop, by its owner. Raises `Forbidden`, `InvalidInput`, `NotFound`."""
    if not actor.owner:
        raise Forbidden
    if not is_amount(amount):
        raise InvalidInput({"gift": "amount_invalid"})
    if not reason.strip():
        raise InvalidInput({"reason": "reason_required"})
    known = "SELECT 1 FROM customers WHERE id = %(id)s AND erased_at IS NULL FOR KEY SHARE"
    if not await scalar(session, known, id=customer_id):
        raise NotFound
    await add(session, actor, customer_id, amount, CreditCause.GIFT, why=reason.strip())
    await audit(
        session, actor, "credit.give", "customer", customer_id, amount=str(amount), reason=reason
    )


async def keep(
    session: AsyncSession, actor: Actor, order: Any, amount: Decimal, cause: CreditCause
) -> None:
    """Move money of an order, its row locked by the caller, to its customer's credit."""
    await add(session, actor, order.customer_id, amount, cause, order_id=order.id)
    await ledger.restate(session, order.id)
    await note(session, actor, order.id, "credited", amount=str(amount))
    await audit(
        session,
        actor,
        "credit.add",
        "order",
        order.id,
        amount=str(amount),
        cause=cause.value,
    )
    await tell(session, f"order:{order.id}", "orders", f"accounts:{order.customer_id}")


async def return_used(session: AsyncSession, actor: Actor, order: Any) -> Decimal:
    """Credit that paid for an order which ends goes back, as far as it is still there; how much."""
    money = await ledger.money_of(session, order.id)
    amount = min(money.by_credit - money.returned, money.remains)
    if amount > 0:
        await keep(session, actor, order, amount, CreditCause.RETURNED)
    return max(amount, Decimal(0))


async def add(
    session: AsyncSession,
    actor: Actor,
    customer_id: int,
    amount: Decimal,
    cause: CreditCause,
    *,
    order_id: int | None = None,
    why: str = "",
) -> None:
    await run(
        session,
        """INSERT INTO credit_entries (customer_id, amount, cause, order_id, note, actor_kind,
                                       actor_id)
           VALUES (%(customer)s, %(amount)s, %(cause)s, %(order)s, %(note)s, %(kind)s,
                   %(actor)s)""",
        customer=customer_id,
        amount=amount,
        cause=cause.value,
        order=order_id,
        note=why[:LONGEST_NOTE],
        kind=actor.recorded_kind,
        actor=actor.id,
    )
