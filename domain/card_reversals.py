"""Money that the provider took out of a payment by itself: given back in its panel, or disputed.

What went back is written down here as well, and the staff is told. What is disputed is not gone
until the bank decides: the staff is told, and told when it is over.
"""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import card_refunds
from domain.actors import SYSTEM
from domain.errors import DomainError
from domain.money_back import write_down
from domain.orders import lock
from domain.records import audit, close_alert, note, raise_alert
from domain.refund_notices import RefundNotice
from domain.sql import come_back_point, scalar
from infra.clock import local, today
from infra.payments.shapes import ProviderPayment, ProviderRefund

REASON = "Devuelto desde Mercado Pago"


async def follow(session: AsyncSession, order: Any, known: Any, said: ProviderPayment) -> None:
    """Of a payment on record, its order's and its own row locked."""
    if said.disputed != known.disputed:
        await _say_disputed(session, order.id, said)
    if await card_refunds.waits_for(session, known.id):
        return  # it may be the one that the shop asked for; who asked writes it down
    for refund in said.refunds:
        if not await _written(session, order.id, refund.number):
            await _write_down(session, order.id, refund)


async def _written(session: AsyncSession, order_id: int, number: str) -> bool:
    return bool(
        await scalar(
            session,
            "SELECT 1 FROM refunds WHERE order_id = %(order)s AND reference = %(number)s",
            order=order_id,
            number=number,
        )
    )


async def _write_down(session: AsyncSession, order_id: int, refund: ProviderRefund) -> None:
    """Where the order's money already went elsewhere, only the alert says it."""
    notice = RefundNotice(
        amount=refund.amount,
        method="card",
        reason=REASON,
        reference=refund.number,
        refunded_on=min(local(refund.at).date(), today()) if refund.at else today(),
    )
    back = await come_back_point(session)
    try:
        await write_down(session, SYSTEM, await lock(session, SYSTEM, order_id), notice)
    except DomainError:
        await back()
    amount = str(refund.amount)
    await audit(session, SYSTEM, "card.returned", "order", order_id, amount=amount)
    await raise_alert(session, f"card_returned:{order_id}", amount=amount)


async def _say_disputed(session: AsyncSession, order_id: int, said: ProviderPayment) -> None:
    kind, amount = f"card_disputed:{order_id}", str(said.amount)
    if said.disputed:
        await note(session, SYSTEM, order_id, "card_disputed", amount=amount)
        await audit(session, SYSTEM, "card.disputed", "order", order_id, amount=amount)
        await raise_alert(session, kind, amount=amount)
        return
    await note(session, SYSTEM, order_id, "card_dispute_over", amount=amount)
    await audit(session, SYSTEM, "card.dispute_over", "order", order_id, result=said.status)
    await close_alert(session, kind)
