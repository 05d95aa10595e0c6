"""Payments on record, and the receipts that wait for somebody to look at them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Depends, Query, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.order_schemas import Buyer
from api.paging import Items, Paged
from api.schemas import AMOUNT, Amount, Answer, Body, BusinessDay, Id, IsoDay, Money
from domain import payment_pages, receipt_pages, receipt_reviews
from domain.actors import Actor
from domain.payment_pages import Filters
from domain.payments import PaymentNotice
from infra import clock
from infra.database import reading
from models.payments import PaymentSource

router = routing.router("/pagos", "payments")

Reader = Annotated[Actor, Depends(staff_for("payments:read"))]
Writer = Annotated[Actor, Depends(staff_for("payments:write"))]
Source = Literal["manual", "receipt", "statement", "notice", "provider", "credit"]
Kind = Literal["full", "partial", "over", "late", "duplicate"]


class PaymentLine(Answer):
    """`kind` is how it stood to the order; `loose` what the whole order has without destination."""

    id: int
    order_id: int
    customer_name: str
    customer_phone: str
    amount: Money
    currency: str = "MXN"
    kind: Kind
    source: Source
    bank: str
    reference: str
    tracking_key: str
    paid_on: date
    created_at: datetime
    who: str
    loose: Money


class Receipt(Answer):
    """What a customer sent. `pictured` ones have a picture at `/pagos/comprobantes/{id}/imagen`."""

    id: int
    status: Literal["waiting", "accepted", "rejected", "asked_again", "superseded"]
    pictured: bool
    tracking_key: str
    bank: str
    paid_on: date | None
    amount: Money | None
    reason: str
    created_at: datetime
    reviewed_at: datetime | None
    reviewer: str


class QueuedReceipt(Answer):
    id: int
    order_id: int
    created_at: datetime


class ReceiptRepeat(Answer):
    """The same `picture` or tracking `key` came for this other order; `paid` says it has money."""

    what: Literal["picture", "key"]
    order_id: int
    paid: bool


class ReceiptToReview(Answer):
    """A receipt beside what it should show; `payments` are on record for the order by now."""

    receipt: Receipt
    order_id: int
    order_status: str
    expired: bool
    reference: str
    total: Money
    missing: Money
    currency: str = "MXN"
    payments: int
    told_bank: str
    customer: Buyer
    repeats: list[ReceiptRepeat]
    earlier: list[Receipt]


class Acceptance(Body):
    """The money that is there. 409 `payment_since` unless `seen_payments` are still all."""

    amount: Amount
    paid_on: IsoDay | None = None
    tracking_key: str = Field(default="", max_length=30)
    bank: str = Field(default="", max_length=60)
    seen_payments: int | None = Field(default=None, ge=0, le=10_000, strict=True)


class Reason(Body):
    reason: str = Field(max_length=receipt_reviews.LONGEST_REASON)


class Confirmed(Answer):
    """`repeated` says that this very payment was on record already, and nothing changed."""

    order_id: int
    kind: Kind
    status: str
    repeated: bool


async def filters(
    since: Annotated[BusinessDay | None, Query(alias="from")] = None,
    until: Annotated[BusinessDay | None, Query(alias="to")] = None,
    source: Source | None = None,
    kind: Kind | None = None,
    bank: Annotated[str, Query(max_length=payment_pages.LONGEST)] = "",
    amount: Annotated[str | None, Query(pattern=AMOUNT)] = None,
    loose: Annotated[bool, Query(description="Only of orders with money to decide on.")] = False,
    q: Annotated[
        str,
        Query(
            max_length=payment_pages.LONGEST,
            description="A reference, a tracking key or an order's number, whole.",
        ),
    ] = "",
) -> Filters:
    worth = Decimal(amount) if amount else None
    return Filters(since, until, source or "", kind or "", bank, worth, loose, q)


@router.get("", summary="Payments on record, newest first")
async def search(
    actor: Reader, page: Paged, wanted: Annotated[Filters, Depends(filters)]
) -> Items[PaymentLine]:
    async with reading() as session:
        rows = await payment_pages.payment_list(
            session, actor, wanted, before=page.before, limit=page.asked
        )
    return page.of(rows, PaymentLine.model_validate)


@router.get("/comprobantes", summary="Receipts to look at, those that wait longest first")
async def queue(actor: Reader, page: Paged) -> Items[QueuedReceipt]:
    async with reading() as session:
        rows = await receipt_pages.waiting(session, actor, after=page.before, limit=page.asked)
    return page.of(rows, QueuedReceipt.model_validate)


@router.get("/comprobantes/{receipt_id:int}", summary="One receipt beside what it should show")
async def receipt(receipt_id: Id, actor: Reader) -> ReceiptToReview:
    async with reading() as session:
        return await _shown(session, actor, receipt_id)


@router.get(
    "/comprobantes/{receipt_id:int}/imagen",
    summary="The picture of a receipt",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
async def picture(receipt_id: Id, actor: Reader) -> Response:
    async with reading() as session:
        content = await receipt_pages.picture(session, actor, receipt_id=receipt_id)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/comprobantes/{receipt_id:int}/aceptar", summary="Confirm the money a receipt shows")
async def accept(receipt_id: Id, body: Acceptance, actor: Writer, once: Once) -> Confirmed:
    """Less than what is missing leaves the order waiting for the rest. 409 once it is reviewed."""
    notice = PaymentNotice(
        amount=body.amount,
        paid_on=body.paid_on or clock.today(),
        reference=receipt_reviews.reference_for(receipt_id, body.tracking_key),
        tracking_key=body.tracking_key,
        bank=body.bank,
        source=PaymentSource.RECEIPT,
    )

    async def work(session: AsyncSession) -> Confirmed:
        return Confirmed.model_validate(
            await receipt_reviews.accept(
                session,
                actor,
                receipt_id=receipt_id,
                notice=notice,
                seen_payments=body.seen_payments,
            )
        )

    return await once(actor, body, Confirmed, work)


@router.post("/comprobantes/{receipt_id:int}/rechazar", summary="Refuse a receipt")
async def reject(receipt_id: Id, body: Reason, actor: Writer, once: Once) -> ReceiptToReview:
    """The customer is told why."""

    async def work(session: AsyncSession) -> ReceiptToReview:
        await receipt_reviews.reject(session, actor, receipt_id=receipt_id, reason=body.reason)
        return await _shown(session, actor, receipt_id)

    return await once(actor, body, ReceiptToReview, work)


@router.post("/comprobantes/{receipt_id:int}/pedir-otro", summary="Ask for a better receipt")
async def ask_again(receipt_id: Id, body: Reason, actor: Writer, once: Once) -> ReceiptToReview:
    """The customer is told why, and their order gets the time to send it."""

    async def work(session: AsyncSession) -> ReceiptToReview:
        await receipt_reviews.ask_again(session, actor, receipt_id=receipt_id, reason=body.reason)
        return await _shown(session, actor, receipt_id)

    return await once(actor, body, ReceiptToReview, work)


async def _shown(session: AsyncSession, actor: Actor, receipt_id: int) -> ReceiptToReview:
    found = await receipt_pages.to_review(session, actor, receipt_id=receipt_id)
    buyer = Buyer(id=found.customer_id, phone=found.customer_phone, name=found.customer_name)
    kept = {name: getattr(found, name) for name in SHOWN}
    return ReceiptToReview.model_validate({**kept, "customer": buyer}, from_attributes=True)


SHOWN = ReceiptToReview.model_fields.keys() - {"customer", "currency"}
