"""A customer shows that they paid: a picture of the receipt, its tracking key, or both.

A receipt marks nothing as paid. It gives the order more time, once, and keeps it from ending while
nobody has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.amounts import is_amount
from domain.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from domain.messages import tell_staff
from domain.order_holds import keep_until
from domain.orders import lock
from domain.records import audit, note, tell
from domain.sql import fetch, fetch_one, scalar
from domain.texts import ORDER_STATES
from infra import pictures
from infra.clock import now, today
from infra.pictures import Picture
from infra.settings import settings

TOPIC = "receipts"
MOST_BYTES = 8_000_000
TRACKING_KEY = re.compile(r"[A-Z0-9]{0,30}")
LONGEST_BANK = 60
MOST_COMPARED = 200
DAY = 86_400


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """What the customer writes beside the picture, or instead of it. Money in MXN."""

    tracking_key: str = ""
    bank: str = ""
    paid_on: date | None = None
    amount: Decimal | None = None


async def may_send(session: AsyncSession, actor: Actor, *, order_id: int) -> None:
    """Refuse before anybody takes the trouble of reading a file. Raises as `send` does."""
    order = await fetch_one(
        session,
        "SELECT * FROM orders WHERE id = %(id)s AND customer_id = %(customer)s",
        id=order_id,
        customer=actor.customer_id(),
    )
    if order is None:
        raise NotFound
    await _refuse(session, order)


async def picture_of(content: bytes) -> Picture:
    """The file drawn anew. Raises `InvalidInput` (`file`)."""
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "receipt_heavy"})
    try:
        return await pictures.read(content)
    except pictures.PictureError as error:
        raise InvalidInput({"file": f"receipt_{error.reason}"}) from error


async def send(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    told: ReceiptTold,
    picture: Picture | None = None,
) -> int:
    """Put a receipt of one's own order before the staff; its id. The same one twice is one.

    An order that the clock has ended takes one, too: it may have been paid in time. Raises
    `NotFound`, `InvalidInput`, `Conflict` (`receipt_order`, `receipt_limit`), `TooManyRequests`.
    """
    told = checked(told, alone=picture is None)
    actor.customer_id()
    order = await lock(session, actor, order_id)
    if (known := await _known(session, order_id, told, picture)) is not None:
        return known
    await _refuse(session, order)
    receipt_id = await _keep(session, order, told, picture)
    await _give_time(session, order)
    await note(session, actor, order_id, "receipt_sent")
    await audit(session, actor, "receipt.send", "order", order_id, receipt=receipt_id)
    await tell_staff(session, "staff_receipt", occasion=f"receipt:{receipt_id}", order_id=order_id)
    await tell(session, f"order:{order_id}", "orders", TOPIC)
    return receipt_id


def checked(told: ReceiptTold, *, alone: bool) -> ReceiptTold:
    """Raises `InvalidInput`; `alone` says that there is no picture to read the rest from."""
    key = re.sub(r"[\s-]", "", told.tracking_key).upper()
    bank = " ".join(told.bank.split())
    wrong: dict[str, str] = {}
    if not TRACKING_KEY.fullmatch(key):
        wrong["tracking_key"] = "tracking_invalid"
    if len(bank) > LONGEST_BANK or not bank.isprintable():
        wrong["bank"] = "text_long"
    if told.paid_on is not None and told.paid_on > today():
        wrong["paid_on"] = "date_invalid"
    if told.amount is not None and not is_amount(told.amount):
        wrong["amount"] = "amount_invalid"
    if alone and not key and not wrong:
        wrong["file"] = "receipt_empty"
    if alone and key:
        wrong |= {} if bank else {"bank": "receipt_bank"}
        wrong |= {} if told.paid_on else {"paid_on": "date_invalid"}
    if wrong:
        raise InvalidInput(wrong)
    return ReceiptTold(key, bank, told.paid_on, told.amount)


def takes_receipts(status: str, cancel_reason: str) -> bool:
    """Whether an order still may be paid: also one that only its clock has ended."""
    return status == "pending_payment" or (status == "cancelled" and not cancel_reason)


async def _refuse(session: AsyncSession, order: Any) -> None:
    if not takes_receipts(order.status, order.cancel_reason):
        raise Conflict("receipt_order", status=ORDER_STATES[order.status])
    sent: Any = await fetch_one(
        session,
        """SELECT (SELECT count(*) FROM receipts WHERE order_id = %(order)s) AS of_order,
                  (SELECT count(*) FROM receipts WHERE customer_id = %(customer)s
                     AND created_at > now() - interval '1 day') AS today""",
        order=order.id,
        customer=order.customer_id,
    )
    if sent.of_order >= settings().receipts_per_order:
        raise Conflict("receipt_limit", limit=settings().receipts_per_order)
    if sent.today >= settings().receipts_per_day:
        raise TooManyRequests("receipt_day_limit", retry_in=DAY)


async def _known(
    session: AsyncSession, order_id: int, told: ReceiptTold, picture: Picture | None
) -> int | None:
    """The very same one, waiting already: a button pressed twice."""
    return await scalar(
        session,
        """SELECT id FROM receipts WHERE order_id = %(order)s AND status = 'waiting'
             AND original_hash = %(hash)s AND tracking_key = %(key)s LIMIT 1""",
        order=order_id,
        hash=picture.original_hash if picture else "",
        key=told.tracking_key,
    )


async def _keep(
    session: AsyncSession, order: Any, told: ReceiptTold, picture: Picture | None
) -> int:
    drawn: Mapping[str, Any] = {"content": None, "hash": "", "look": None, "marks": []}
    if picture is not None:
        drawn = {
            "content": picture.content,
            "hash": picture.original_hash,
            "look": picture.look,
            "marks": list(picture.marks),
        }
    return await scalar(
        session,
        """INSERT INTO receipts (order_id, customer_id, content, original_hash, look, look_marks,
                                 twin_id, tracking_key, bank, paid_on, amount)
           VALUES (%(order)s, %(customer)s, %(content)s, %(hash)s, %(look)s, %(marks)s::int[],
                   %(twin)s, %(key)s, %(bank)s, %(paid_on)s, %(amount)s) RETURNING id""",
        **drawn,
        order=order.id,
        customer=order.customer_id,
        twin=await _twin(session, order.id, picture) if picture else None,
        key=told.tracking_key,
        bank=told.bank,
        paid_on=told.paid_on,
        amount=told.amount,
    )


async def _twin(session: AsyncSession, order_id: int, picture: Picture) -> int | None:
    """A receipt of another order with this picture, however it was saved since."""
    rows = await fetch(
        session,
        """SELECT id, original_hash, look FROM receipts
           WHERE look_marks && %(marks)s::int[] AND order_id <> %(order)s
           ORDER BY id DESC LIMIT %(most)s""",
        marks=list(picture.marks),
        order=order_id,
        most=MOST_COMPARED,
    )
    for row in rows:
        if row.original_hash == picture.original_hash or pictures.alike(row.look, picture.look):
            return row.id
    return None


async def _give_time(session: AsyncSession, order: Any) -> None:
    """Once an order, at its first receipt."""
    count = "SELECT count(*) FROM receipts WHERE order_id = %(id)s"
    if await scalar(session, count, id=order.id) == 1:
        await extend(session, order)


async def extend(session: AsyncSession, order: Any) -> None:
    """Give an unpaid order the time of a receipt from now on; what it has is never cut short."""
    ends = now() + timedelta(hours=settings().receipt_hold_hours)
    if order.status == "pending_payment" and (order.expires_at or ends) < ends:
        await keep_until(session, order.id, ends)
