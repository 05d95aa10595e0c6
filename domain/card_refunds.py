"""Money that goes back to the card it came from, by way of the provider.

The owner asks, a job asks the provider, and what it gave back is written down: never before, since
a refund on record is not taken back. Until then no other money leaves the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import ledger
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.orders import lock
from domain.records import audit, close_alert, note, tell
from domain.refund_notices import RefundNotice
from domain.sql import fetch_as, fetch_one, run, scalar
from infra.queue import defer
from infra.settings import settings

# What each card payment of an order may still give back, the oldest first.
LEFT = """SELECT k.id, p.amount - k.returned AS left FROM card_payments k
    JOIN payments p ON p.id = k.payment_id WHERE p.order_id = %(order)s AND NOT k.disputed"""


@dataclass(frozen=True, slots=True)
class Refund:
    """One that is on its way, or that the provider refused (`error`)."""

    id: int
    amount: Decimal
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class CardMoney:
    """`most` is what one refund may give back by card; nothing where none was paid that way."""

    most: Decimal = Decimal(0)
    refunds: tuple[Refund, ...] = ()


async def card_money(session: AsyncSession, order_id: int) -> CardMoney:
    """Those that still need somebody or something."""
    most = await scalar(session, f"SELECT max(l.left) FROM ({LEFT}) l", order=order_id)  # noqa: S608
    if most is None:
        return CardMoney()
    refunds = await fetch_as(
        session,
        Refund,
        """SELECT id, amount, state, error FROM card_refunds
           WHERE order_id = %(order)s AND state IN ('waiting', 'failed') ORDER BY id""",
        order=order_id,
    )
    return CardMoney(most, tuple(refunds))


async def by_provider(session: AsyncSession, order_id: int, method: str) -> bool:
    """Whether such a refund is the provider's to make: it took money for this order."""
    if method != "card" or not settings().mercadopago_access_token:
        return False
    found = await scalar(session, f"SELECT EXISTS ({LEFT})", order=order_id)
    return bool(found)


async def refuse_while_one_waits(session: AsyncSession, order_id: int) -> None:
    """Raises `Conflict` (`refund_waits`)."""
    if await scalar(
        session,
        "SELECT 1 FROM card_refunds WHERE order_id = %(order)s AND state = 'waiting'",
        order=order_id,
    ):
        raise Conflict("refund_waits")


async def waits_for(session: AsyncSession, card_payment_id: int) -> bool:
    return bool(
        await scalar(
            session,
            "SELECT 1 FROM card_refunds WHERE card_payment_id = %(id)s AND state = 'waiting'",
            id=card_payment_id,
        )
    )


async def ask(session: AsyncSession, actor: Actor, *, order_id: int, notice: RefundNotice) -> None:
    """Of a locked order whose money was looked at. Raises `InvalidInput` (`card_refund_much`)."""
    payments = await fetch_as(session, _Left, f"{LEFT} ORDER BY k.id", order=order_id)
    enough = [one.id for one in payments if one.left >= notice.amount]
    if not enough:
        raise InvalidInput({"amount": "card_refund_much"})
    refund_id = await scalar(
        session,
        """INSERT INTO card_refunds
               (order_id, card_payment_id, amount, reason, release, staff_id, due_at)
           VALUES (%(order)s, %(payment)s, %(amount)s, %(reason)s, %(release)s, %(staff)s, now())
           RETURNING id""",
        order=order_id,
        payment=enough[0],
        amount=notice.amount,
        reason=notice.reason.strip(),
        release=notice.release,
        staff=actor.id,
    )
    await _log(session, actor, "card.refund", order_id, notice.amount)
    await defer(session, "cards.refund", urgent=True, refund_id=refund_id)


@dataclass(frozen=True, slots=True)
class _Left:
    id: int
    left: Decimal


async def again(session: AsyncSession, actor: Actor, *, refund_id: int) -> None:
    """Ask once more for one that was refused, under a new key.

    Raises `NotFound`, `Forbidden`, `Conflict`: `refund_waits`, `refund_settled`, and `money_moved`
    when the order or the card has not as much left by now.
    """
    row = await _failed(session, actor, refund_id)
    await refuse_while_one_waits(session, row.order_id)
    payments = await fetch_as(session, _Left, LEFT, order=row.order_id)
    left = {one.id: one.left for one in payments}.get(row.card_payment_id, Decimal(0))
    if row.amount > min(left, (await ledger.money_of(session, row.order_id)).remains):
        raise Conflict("money_moved")
    await run(
        session,
        """UPDATE card_refunds SET state = 'waiting', error = '', tries = 0, due_at = now(),
               key = gen_random_uuid(), staff_id = %(staff)s WHERE id = %(id)s""",
        id=refund_id,
        staff=actor.id,
    )
    await _closed(session, row.order_id)
    await _log(session, actor, "card.refund", row.order_id, row.amount)
    await defer(session, "cards.refund", urgent=True, refund_id=refund_id)


async def drop(session: AsyncSession, actor: Actor, *, refund_id: int) -> None:
    """Nobody insists on one that was refused. Raises as `again`."""
    row = await _failed(session, actor, refund_id)
    await run(session, "UPDATE card_refunds SET state = 'dropped' WHERE id = %(id)s", id=refund_id)
    await _closed(session, row.order_id)
    await _log(session, actor, "card.refund_dropped", row.order_id, row.amount)


async def _failed(session: AsyncSession, actor: Actor, refund_id: int) -> Any:
    """Its order is locked first, as everywhere."""
    if not actor.owner:
        raise Forbidden
    order_id = await scalar(
        session, "SELECT order_id FROM card_refunds WHERE id = %(id)s", id=refund_id
    )
    if order_id is None:
        raise NotFound
    await lock(session, actor, order_id)
    row = await fetch_one(
        session,
        "SELECT * FROM card_refunds WHERE id = %(id)s AND state = 'failed' FOR UPDATE",
        id=refund_id,
    )
    if row is None:
        raise Conflict("refund_settled")
    return row


async def _closed(session: AsyncSession, order_id: int) -> None:
    await close_alert(session, f"card_refund:{order_id}")


async def _log(
    session: AsyncSession, actor: Actor, action: str, order_id: int, amount: Decimal
) -> None:
    if action == "card.refund":
        await note(session, actor, order_id, "card_refund", amount=str(amount))
    await audit(session, actor, action, "order", order_id, amount=str(amount))
    await tell(session, f"order:{order_id}", "orders")
