"""One receipt beside what it should show, in finished words."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.receipt_pages import MOST_COUNTED, Neighbours, ReceiptToReview, Repeat
from infra.clock import today
from state import views
from state.receipt_rows import ReceiptRow, picture_address, receipt_row


@dataclass(frozen=True)
class RepeatView:
    """The same picture or key elsewhere; it is grave when that order was paid with it."""

    said: str
    order: int


@dataclass(frozen=True)
class ReviewView:
    """`decided` says what became of a receipt that waits no more; 0 is none at all."""

    id: int = 0
    order: int = 0
    customer_id: int = 0
    customer: str = ""
    phone: str = ""
    products: str = ""
    placed: str = ""
    total: str = ""
    missing: str = ""
    missing_plain: str = ""
    partly: bool = False
    reference: str = ""
    told_bank: str = ""
    notice: str = ""
    sent: str = ""
    picture: str = ""
    tracking_key: str = ""
    bank: str = ""
    paid_on: str = ""
    declared: str = ""
    decided: str = ""
    decided_tone: str = "neutral"
    payments: int = 0
    today: str = ""
    repeats: list[RepeatView] = field(default_factory=list[RepeatView])
    earlier: list[ReceiptRow] = field(default_factory=list[ReceiptRow])
    before: int = 0
    after: int = 0
    waiting: str = ""


def review_view(found: ReceiptToReview, around: Neighbours) -> ReviewView:
    receipt = found.receipt
    row = receipt_row(receipt, for_staff=True)
    decided = "" if row.waiting else _decided(row, receipt.reviewer)
    return ReviewView(
        id=receipt.id,
        order=found.order_id,
        customer_id=found.customer_id,
        customer=found.customer_name or "Sin nombre",
        phone=views.phone(found.customer_phone),
        products=found.products,
        placed=views.moment(found.placed_at),
        total=views.pesos(found.total),
        missing=views.pesos(found.missing),
        missing_plain=f"{found.missing:.2f}",
        partly=found.missing != found.total,
        reference=found.reference,
        told_bank=found.told_bank,
        notice="El tiempo para pagar terminó: al aceptar, el pedido se reactiva."
        if found.expired
        else "",
        sent=f"{views.moment(receipt.created_at)} · {views.ago(receipt.created_at)}",
        picture=picture_address(receipt),
        tracking_key=receipt.tracking_key,
        bank=receipt.bank,
        paid_on=str(receipt.paid_on or today()),
        declared=views.pesos(receipt.amount) if receipt.amount else "",
        decided=decided,
        decided_tone=row.tone,
        payments=found.payments,
        today=str(today()),
        repeats=[_repeat(one) for one in found.repeats],
        earlier=[receipt_row(one, for_staff=True) for one in found.earlier],
        before=around.before,
        after=around.after,
        waiting=count_of(around.waiting),
    )


def count_of(waiting: int) -> str:
    """Empty for none; counting ends somewhere."""
    return f"{MOST_COUNTED - 1}+" if waiting >= MOST_COUNTED else str(waiting or "")


def _decided(row: ReceiptRow, reviewer: str) -> str:
    who = f" por {reviewer}" if reviewer else ""
    return f"{row.state}{who}" + (f": {row.reason}" if row.reason else "")


def _repeat(one: Repeat) -> RepeatView:
    what = "La misma imagen" if one.what == "picture" else "La misma clave de rastreo"
    paid = ", que ya tiene un pago" if one.paid else ""
    return RepeatView(f"{what} se usó en el pedido #{one.order_id}{paid}.", one.order_id)
