"""The staff looks at a receipt: its money is confirmed, it is refused, or another is asked for.

Of two who review the same receipt the second is told what the first did.
"""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.messages import tell_buyer
from domain.orders import lock
from domain.payments import PaymentConfirmed, PaymentNotice, confirm_payment
from domain.receipts import TOPIC, extend
from domain.records import audit, note, tell
from domain.sql import fetch_one, run, scalar
from domain.texts import RECEIPT_STATES

LONGEST_REASON = 200


async def accept(
    session: AsyncSession,
    actor: Actor,
    *,
    receipt_id: int,
    notice: PaymentNotice,
    seen_payments: int | None = None,
) -> PaymentConfirmed:
    """Confirm the payment it shows; less than what is missing leaves the order waiting for more.

    Raises `NotFound`, `Conflict` (`receipt_reviewed`) and what `confirm_payment` raises.
    """
    receipt, _ = await _open(session, actor, receipt_id)
    await _close(session, actor, receipt, "accepted", "")
    return await confirm_payment(
        session,
        actor,
        order_id=receipt.order_id,
        notice=notice,
        seen_payments=seen_payments,
    )


async def reject(session: AsyncSession, actor: Actor, *, receipt_id: int, reason: str) -> None:
    """Tell the customer why. Raises `InvalidInput`, `NotFound`, `Conflict`."""
    receipt, order = await _open(session, actor, receipt_id)
    said = _reason(reason)
    await _close(session, actor, receipt, "rejected", said)
    await note(session, actor, order.id, "receipt_rejected", reason=said)
    await tell_buyer(session, "payment_rejected", order.id, occasion=f"receipt:{receipt.id}")


async def ask_again(session: AsyncSession, actor: Actor, *, receipt_id: int, reason: str) -> None:
    """Ask for a better one; the order gets the time to send it. Raises as `reject` does."""
    receipt, order = await _open(session, actor, receipt_id)
    said = _reason(reason)
    await _close(session, actor, receipt, "asked_again", said)
    await extend(session, order)
    await note(session, actor, order.id, "receipt_again", reason=said)
    await tell_buyer(session, "receipt_again", order.id, occasion=f"receipt:{receipt.id}")


def reference_for(receipt_id: int, tracking_key: str) -> str:
    """What its payment is known by: the bank's own key, so that a statement finds it on record."""
    return tracking_key or f"COMPROBANTE-{receipt_id}"


async def _open(session: AsyncSession, actor: Actor, receipt_id: int) -> tuple[Any, Any]:
    """The receipt and its order, locked in the order everybody locks them: the order first."""
    actor.require_staff()
    order_id = await scalar(
        session, "SELECT order_id FROM receipts WHERE id = %(id)s", id=receipt_id
    )
    if order_id is None:
        raise NotFound
    order = await lock(session, actor, order_id)
    receipt: Any = await fetch_one(
        session,
        """SELECT r.id, r.order_id, r.status, r.reason, coalesce(s.username, 'el sistema') AS who
           FROM receipts r LEFT JOIN staff_users s ON s.id = r.staff_id
           WHERE r.id = %(id)s FOR UPDATE OF r""",
        id=receipt_id,
    )
    if receipt is None:  # its customer was erased just now
        raise NotFound
    if receipt.status != "waiting":
        what = ": ".join(filter(None, (RECEIPT_STATES[receipt.status], receipt.reason)))
        raise Conflict("receipt_reviewed", who=receipt.who, what=what)
    return receipt, order


async def _close(
    session: AsyncSession, actor: Actor, receipt: Any, status: str, reason: str
) -> None:
    await run(
        session,
        """UPDATE receipts SET status = %(status)s, reason = %(reason)s, staff_id = %(by)s,
               reviewed_at = now() WHERE id = %(id)s""",
        id=receipt.id,
        status=status,
        reason=reason,
        by=actor.id if actor.staff else None,
    )
    await audit(
        session,
        actor,
        f"receipt.{status}",
        "order",
        receipt.order_id,
        receipt=receipt.id,
        **({"reason": reason} if reason else {}),
    )
    await tell(session, f"order:{receipt.order_id}", "orders", TOPIC)


def _reason(said: str) -> str:
    reason = " ".join(said.split())
    if not reason:
        raise InvalidInput({"reason": "reason_required"})
    if len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": "text_long"})
    return reason
