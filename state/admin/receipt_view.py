"""One receipt beside what it should show, in finished words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.receipt_pages import Neighbours, ReceiptToReview, Repeat
from infra.clock import today
from state import views
from state.receipt_rows import ReceiptRow, picture_address, receipt_row

REPEATED = {"picture": "la misma imagen", "key": "la misma clave de rastreo"}


@dataclass(frozen=True)
class RepeatView:
    """The same picture or key, used for another order."""

    said: str
    order: int


@dataclass(frozen=True)
class ReviewView:
    """`decided` says what became of a receipt that waits no more; an `id` of 0 is none at all."""

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
    waiting: int = 0


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
        notice=_notice(found),
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
        repeats=_repeats(found.repeats),
        earlier=[receipt_row(one, for_staff=True) for one in found.earlier],
        before=around.before,
        after=around.after,
        waiting=around.waiting,
    )


def _notice(found: ReceiptToReview) -> str:
    """What to know before accepting."""
    known: list[str] = []
    said = found.receipt.amount
    if found.expired:
        known.append("El tiempo para pagar terminó: al aceptar, el pedido se reactiva.")
    if said is not None and said != found.missing:
        known.append(f"El cliente dice que pagó {views.pesos(said)}: escribe lo que llegó.")
    return " ".join(known)


def _decided(row: ReceiptRow, reviewer: str) -> str:
    who = f" por {reviewer}" if reviewer else ""
    return f"{row.state}{who}" + (f": {row.reason}" if row.reason else "")


def _repeats(found: Sequence[Repeat]) -> list[RepeatView]:
    """One sentence for each other order."""
    orders = dict.fromkeys(one.order_id for one in found)
    return [_repeat(order, [one for one in found if one.order_id == order]) for order in orders]


def _repeat(order: int, found: Sequence[Repeat]) -> RepeatView:
    what = " y ".join(REPEATED[one.what] for one in found)
    paid = ", que ya tiene un pago" if found[0].paid else ""
    return RepeatView(f"{what[0].upper()}{what[1:]}: pedido #{order}{paid}.", order)
