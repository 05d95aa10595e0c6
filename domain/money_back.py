"""Money that leaves an order again: to the customer's credit, or out of the shop.

What is too much for an order becomes credit by anybody of the staff. A refund is the owner's, with
its reason and the reference of the transfer, and says whether the access is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import card_refunds, credit, ledger, order_endings
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.messages import tell_buyer
from domain.orders import lock
from domain.records import audit, note, tell
from domain.refund_notices import RefundNotice
from domain.sql import run, scalar
from infra.clock import today
from models.money import CreditCause

PAID = ("paid", "processing", "delivered")
ZERO = Decimal(0)


async def move_to_credit(
    session: AsyncSession, actor: Actor, *, order_id: int, seen: Decimal | None = None
) -> Decimal:
    """All money of the order without a destination becomes its customer's credit; how much.

    `seen` is what whoever decides was shown. Raises `NotFound`, `Conflict` (`money_moved` when
    there is none, or another amount by now; `refund_waits`).
    """
    actor.require_staff()
    order = await lock(session, actor, order_id)
    await card_refunds.refuse_while_one_waits(session, order_id)
    money = await ledger.money_of(session, order_id)
    if money.loose <= 0 or seen not in (None, money.loose):
        raise Conflict("money_moved")
    await credit.keep(session, actor, order, money.loose, await _cause(session, order))
    await tell_buyer(session, "money_back", order_id, occasion=f"credit:{money.credited}")
    return money.loose


async def _cause(session: AsyncSession, order: Any) -> CreditCause:
    """Why it was too much, by the last payment that was."""
    kind = await scalar(
        session,
        """SELECT kind FROM payments WHERE order_id = %(id)s
             AND kind IN ('over', 'late', 'duplicate') ORDER BY id DESC LIMIT 1""",
        id=order.id,
    )
    if kind == "late":
        return CreditCause.LATE
    if order.status == "cancelled":
        return CreditCause.REFUND
    return CreditCause.DUPLICATE if kind == "duplicate" else CreditCause.OVERPAYMENT


async def refund(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    notice: RefundNotice,
    seen: Decimal | None = None,
) -> bool:
    """Write down that money of an order went back. The same reference again changes nothing.

    What goes back to a card that paid with the provider is asked of the provider, and written down
    once it did; whether it is so. `seen` is what the order had left for who decides. Raises
    `Forbidden` for anybody but the owner, `InvalidInput` (`amount` when it is more than there is),
    `NotFound`, `Conflict` (`money_moved`, `refund_waits`, and what a cancellation raises when an
    order that is not delivered gives its access back).
    """
    if not actor.owner:
        raise Forbidden
    order = await lock(session, actor, order_id)
    by_provider = await card_refunds.by_provider(session, order_id, notice.method)
    notice.check(referenced=not by_provider)
    if not by_provider and await _known(session, order.customer_id, order_id, notice):
        return False
    await card_refunds.refuse_while_one_waits(session, order_id)
    money = await ledger.money_of(session, order_id)
    if seen not in (None, money.remains):
        raise Conflict("money_moved")
    if notice.amount > money.remains:
        raise InvalidInput({"amount": "refund_much"})
    if by_provider:
        await card_refunds.ask(session, actor, order_id=order_id, notice=notice)
    else:
        await write_down(session, actor, order, notice)
    return by_provider


async def write_down(session: AsyncSession, actor: Actor, order: Any, notice: RefundNotice) -> None:
    """Record what went back of a locked order; the same reference again changes nothing.

    Loose money goes first; what is more comes out of what the order had earned. Raises as `refund`.
    """
    order_id = order.id
    if await _known(session, order.customer_id, order_id, notice):
        return
    if notice.release:
        order = await _take_access_back(session, actor, order, notice.reason)
    money = await ledger.money_of(session, order_id)
    if notice.amount > money.remains:  # with a release: what was paid with credit is credit again
        raise InvalidInput({"amount": "refund_much"})
    await _insert(
        session,
        actor,
        notice,
        customer_id=order.customer_id,
        order_id=order_id,
        from_kept=max(Decimal(0), notice.amount - money.loose) if order.status in PAID else ZERO,
    )
    await ledger.restate(session, order_id)
    await note(session, actor, order_id, "refunded", amount=str(notice.amount))
    await audit(
        session,
        actor,
        "payment.refund",
        "order",
        order_id,
        amount=str(notice.amount),
        reason=notice.reason,
        reference=notice.reference,
        released=notice.release,
    )
    await tell_buyer(session, "money_back", order_id, occasion=f"refund:{notice.reference}")
    await tell(session, f"order:{order_id}", "orders")


async def _take_access_back(session: AsyncSession, actor: Actor, order: Any, reason: str) -> Any:
    """An order on its way ends with it; of a delivered one the subscriptions do."""
    if order.status == "delivered":
        await order_endings.release(session, actor, order, "refunded")
        await tell(session, f"accounts:{order.customer_id}")
    elif order.status in PAID:
        await order_endings.cancel(session, actor, order_id=order.id, reason=reason)
    return await lock(session, actor, order.id)


async def _known(
    session: AsyncSession, customer_id: int, order_id: int | None, notice: RefundNotice
) -> bool:
    """Whether it is on record. Raises `InvalidInput` when its reference is, for another amount."""
    amount = await scalar(
        session,
        """SELECT amount FROM refunds WHERE customer_id = %(customer)s
             AND order_id IS NOT DISTINCT FROM %(order)s AND reference = %(reference)s""",
        customer=customer_id,
        order=order_id,
        reference=notice.reference.strip(),
    )
    if amount not in (None, notice.amount):
        raise InvalidInput({"refund_reference": "refund_known"})
    return amount is not None


async def pay_out(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    notice: RefundNotice,
    seen: Decimal | None = None,
) -> None:
    """Give a customer's credit back as money. The same reference again changes nothing.

    Raises `Forbidden`, `NotFound`, `InvalidInput`, `Conflict`.
    """
    if not actor.owner:
        raise Forbidden
    notice.check()
    has = await scalar(
        session,
        "SELECT credit FROM customers WHERE id = %(id)s FOR NO KEY UPDATE",
        id=customer_id,
    )
    if has is None:
        raise NotFound
    if await _known(session, customer_id, None, notice):
        return
    if seen not in (None, has):
        raise Conflict("money_moved")
    if notice.amount > has:
        raise InvalidInput({"amount": "credit_much"})
    await _insert(session, actor, notice, customer_id=customer_id, order_id=None, from_kept=ZERO)
    await audit(
        session,
        actor,
        "credit.pay_out",
        "customer",
        customer_id,
        amount=str(notice.amount),
        reason=notice.reason,
        reference=notice.reference,
    )


async def _insert(
    session: AsyncSession,
    actor: Actor,
    notice: RefundNotice,
    *,
    customer_id: int,
    order_id: int | None,
    from_kept: Decimal,
) -> None:
    try:
        await run(
            session,
            """INSERT INTO refunds (customer_id, order_id, amount, from_kept, method, reason,
                   reference, released, refunded_on, actor_kind, actor_id)
               VALUES (%(customer)s, %(order)s, %(amount)s, %(from_kept)s, %(method)s, %(reason)s,
                   %(reference)s, %(released)s, %(day)s, %(kind)s, %(actor)s)""",
            customer=customer_id,
            order=order_id,
            amount=notice.amount,
            from_kept=from_kept,
            method=notice.method,
            reason=notice.reason.strip(),
            reference=notice.reference.strip(),
            released=notice.release,
            day=notice.refunded_on,
            kind=actor.recorded_kind,
            actor=actor.id,
        )
    except psycopg.errors.CheckViolation as error:
        raise Conflict("money_moved") from error


@dataclass(frozen=True, slots=True)
class CancelWish:
    """Why an order ends, and where its money goes: to credit, back, or decided later."""

    reason: str
    to_credit: bool = False
    refund_by: str = ""
    refund_reference: str = ""


async def cancel(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    wish: CancelWish,
    seen_status: str | None = None,
) -> None:
    """Cancel an order and say in the same breath what happens with its money.

    What was paid with credit is credit again in any case. Raises what `order_endings.cancel` raises
    and, for a refund, `Forbidden` for anybody but the owner and `InvalidInput`
    (`cancel_reference`).
    """
    if wish.refund_by and not actor.owner:
        raise Forbidden
    await order_endings.cancel(
        session, actor, order_id=order_id, reason=wish.reason, seen_status=seen_status
    )
    left = (await ledger.money_of(session, order_id)).loose
    if left and wish.to_credit:
        await move_to_credit(session, actor, order_id=order_id)
    elif left and wish.refund_by:
        by_provider = await card_refunds.by_provider(session, order_id, wish.refund_by)
        if not (by_provider or wish.refund_reference.strip()):
            raise InvalidInput({"cancel_reference": "refund_reference"})
        notice = RefundNotice(left, wish.refund_by, wish.reason, wish.refund_reference, today())
        await refund(session, actor, order_id=order_id, notice=notice)
