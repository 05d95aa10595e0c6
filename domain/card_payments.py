"""What the provider of card payments says of a payment, and what that means for its order.

Notices only name a payment: what counts is what the provider answers when asked for it. Money
enters by `confirm_payment`, once, whatever is said how often and in which order.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import card_reversals
from domain.actors import SYSTEM, Actor
from domain.errors import DomainError
from domain.orders import lock
from domain.payments import PaymentNotice, confirm_payment
from domain.records import audit, raise_alert, tell
from domain.sql import come_back_point, fetch_one, run, scalar
from infra.clock import local, today
from infra.payments.shapes import CURRENCY, ProviderPayment
from infra.queue import defer
from infra.settings import settings
from models.payments import PaymentSource

PROVIDER = "Mercado Pago"


async def take_notice(session: AsyncSession, number: str, address_hash: str) -> None:
    """Somebody who can sign says that a payment changed: it is asked for, now and until it is."""
    row = await fetch_one(
        session,
        """INSERT INTO card_payments (number, due_at) VALUES (%(number)s, now())
           ON CONFLICT (number) DO UPDATE SET due_at = now(), tries = 0
           RETURNING id, xmax <> 0 AS known""",
        number=number,
    )
    assert row is not None  # noqa: S101  # an insert that never refuses
    actor = Actor(kind="system", address_hash=address_hash)
    action = "card.notice_repeated" if row.known else "card.notice"
    await audit(session, actor, action, "card_payment", number)
    await defer(session, "cards.ask", urgent=True, payment_id=row.id)


async def log_refused(session: AsyncSession, reason: str, address_hash: str) -> None:
    """A notice that nobody signed, or long ago: it had no effect, and the owner can see it."""
    actor = Actor(kind="system", address_hash=address_hash)
    await audit(
        session, actor, "card.notice_refused", "card_notice", "mercadopago", reason=f"card_{reason}"
    )


async def unknown(session: AsyncSession, row: Any) -> None:
    """The provider knows no such payment, as with its own test notices."""
    if row.refused != "unknown":
        await audit(
            session, SYSTEM, "card.ignored", "card_payment", row.number, reason="card_unknown"
        )
    await run(session, "UPDATE card_payments SET refused = 'unknown' WHERE id = %(id)s", id=row.id)


async def settle(session: AsyncSession, said: ProviderPayment) -> None:
    """Put into effect what the provider says of a payment; said again, it changes nothing.

    The owner may sell elsewhere with the same provider: what is no order's and nobody told of is
    passed over.
    """
    checkout = await fetch_one(
        session,
        "SELECT id, order_id FROM card_checkouts WHERE reference = %(reference)s",
        reference=said.reference,
    )
    order = await lock(session, SYSTEM, checkout.order_id) if checkout is not None else None
    known = await _known(session, said.number, new=order is not None)
    if known is None:
        return
    payment_id, refused = known.payment_id, _refused(said, order)
    if said.paid and payment_id is None and not refused and order is not None:
        payment_id, refused = await _enter(session, order.id, said)
    if said.paid and refused and refused != known.refused:
        await _say_refused(session, order, said, refused)
    if payment_id is not None and order is not None:
        await card_reversals.follow(session, order, known, said)
    await run(
        session,
        """UPDATE card_payments SET checkout_id = %(checkout)s, payment_id = %(payment)s,
               status = %(status)s, refused = %(refused)s, disputed = %(disputed)s,
               returned = %(returned)s WHERE id = %(id)s""",
        id=known.id,
        checkout=checkout.id if checkout is not None else None,
        payment=payment_id,
        status=said.status[:24],
        refused=refused,
        disputed=said.disputed,
        returned=sum(refund.amount for refund in said.refunds),
    )
    if order is not None and said.status != known.status:
        await tell(session, f"order:{order.id}")


async def _known(session: AsyncSession, number: str, *, new: bool) -> Any | None:
    """What was last said of it, its row locked."""
    if new:
        await run(
            session,
            "INSERT INTO card_payments (number) VALUES (%(number)s) ON CONFLICT DO NOTHING",
            number=number,
        )
    return await fetch_one(
        session, "SELECT * FROM card_payments WHERE number = %(number)s FOR UPDATE", number=number
    )


def _refused(said: ProviderPayment, order: Any | None) -> str:
    """Why its money is none of an order's; empty when it is."""
    if order is None:
        return "reference"
    if not (said.live or settings().test_money):
        return "test"
    if said.currency != CURRENCY:
        return "currency"
    return "" if said.amount else "amount"


async def _enter(
    session: AsyncSession, order_id: int, said: ProviderPayment
) -> tuple[int | None, str]:
    """The payment's id on record, or why the shop did not take it."""
    notice = PaymentNotice(
        amount=said.amount,
        paid_on=_day(said),
        reference=said.number,
        bank=PROVIDER,
        source=PaymentSource.PROVIDER,
    )
    back = await come_back_point(session)
    try:
        await confirm_payment(session, SYSTEM, order_id=order_id, notice=notice)
    except DomainError as refusal:
        await back()
        return None, refusal.code[:24]
    payment_id = await scalar(
        session,
        "SELECT id FROM payments WHERE order_id = %(order)s AND reference = %(reference)s",
        order=order_id,
        reference=said.number,
    )
    return payment_id, ""


def _day(said: ProviderPayment) -> date:
    return min(local(said.paid_at).date(), today()) if said.paid_at else today()


async def _say_refused(
    session: AsyncSession, order: Any | None, said: ProviderPayment, reason: str
) -> None:
    """Logged; and of an order of ours the staff is told. Other sales of the owner's are theirs."""
    await audit(
        session,
        SYSTEM,
        "card.ignored",
        "card_payment",
        said.number,
        reason=f"card_{reason}",
        amount=str(said.amount),
        order=order.id if order is not None else None,
    )
    if order is not None:
        await raise_alert(session, f"card_ignored:{order.id}")
