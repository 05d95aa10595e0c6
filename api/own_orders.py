"""What a customer does with their own order that waits: give it up, or say that it is paid."""

from __future__ import annotations

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor
from api.once import Once
from api.order_schemas import Order
from api.renaming import renamed
from api.schemas import Amount, Answer, Body, Id, IsoDay
from domain import order_endings, order_records, receipts
from domain.receipts import ReceiptTold

router = routing.router("/ordenes-new/{order_id:int}", "orders")


class Cancelling(Body):
    reason: str = Field(min_length=1, max_length=200)


class ToldReceipt(Body):
    """The tracking key (clave de rastreo) of a transfer, from which bank, and on which day."""

    tracking_key: str = Field(max_length=60)
    bank: str = Field(max_length=120)
    paid_on: IsoDay
    amount: Amount | None = None


class ReceiptSent(Answer):
    id: int


@router.post("/cancelar", summary="Cancel one's own order that is not paid")
async def cancel(order_id: Id, body: Cancelling, actor: CustomerActor, once: Once) -> Order:
    """What it held is free again, and credit that paid a part goes back. 409 `order_state`."""

    async def work(session: AsyncSession) -> Order:
        await order_endings.cancel(session, actor, order_id=order_id, reason=body.reason)
        return Order.model_validate(await order_records.record(session, actor, order_id=order_id))

    return await once(actor, body, Order, work)


@router.post("/comprobantes", status_code=201, summary="Say that one's own order was paid")
async def send_receipt(
    order_id: Id, body: ToldReceipt, actor: CustomerActor, once: Once
) -> ReceiptSent:
    """The staff compares it with the bank; until then the order does not lapse.

    A photo or a PDF goes to `POST /api/comprobantes/{order}`, as `multipart/form-data`.
    """
    told = ReceiptTold(body.tracking_key, body.bank, body.paid_on, body.amount)

    async def work(session: AsyncSession) -> ReceiptSent:
        with renamed(file="tracking_key"):
            sent = await receipts.send(session, actor, order_id=order_id, told=told)
        return ReceiptSent(id=sent)

    return await once(actor, body, ReceiptSent, work)
