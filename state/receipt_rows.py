"""Receipts as both sides of the counter see them, in finished words."""

from __future__ import annotations

from dataclasses import dataclass

from domain.receipt_pages import ReceiptOnPage
from state import views

STATES = {
    "waiting": ("En revisión", "processing"),
    "accepted": ("Aceptado", "success"),
    "rejected": ("Rechazado", "error"),
    "asked_again": ("Se pidió otro", "warning"),
    "superseded": ("Ya no hizo falta", "neutral"),
}


@dataclass(frozen=True)
class ReceiptRow:
    """`picture` is the address of its picture, empty when there is none."""

    id: int
    state: str
    tone: str
    when: str
    detail: str
    reason: str
    picture: str
    waiting: bool


def receipt_row(receipt: ReceiptOnPage, *, for_staff: bool = False) -> ReceiptRow:
    state, tone = STATES[receipt.status]
    known = (
        receipt.tracking_key and f"Rastreo {receipt.tracking_key}",
        receipt.bank,
        views.day(receipt.paid_on) if receipt.paid_on else "",
        views.pesos(receipt.amount) if receipt.amount else "",
        receipt.reviewer if for_staff else "",
    )
    return ReceiptRow(
        id=receipt.id,
        state=state,
        tone=tone,
        when=views.moment(receipt.created_at),
        detail=" · ".join(filter(None, known)),
        reason=receipt.reason,
        picture=picture_address(receipt),
        waiting=receipt.status == "waiting",
    )


def picture_address(receipt: ReceiptOnPage) -> str:
    return f"/api/comprobantes/{receipt.id}" if receipt.pictured else ""
