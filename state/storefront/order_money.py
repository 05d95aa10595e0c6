"""What became of a customer's money for an order, as the shop tells them."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.ledger import Line
from domain.order_pages import OrderOnPage
from state import views

TOLD = {
    "payment": "Recibimos tu pago",
    "credit": "Usaste tu saldo a favor",
    "refund": "Te devolvimos",
    "to_credit": "Pasó a tu saldo a favor",
    "returned": "Tu saldo a favor volvió a ti",
}


@dataclass(frozen=True)
class MovementView:
    title: str
    amount: str
    detail: str


@dataclass(frozen=True)
class OrderMoneyView:
    """`credit` is what could pay now; `loose` what has no place yet, with `said` about it."""

    rows: list[MovementView] = field(default_factory=list)
    missing: str = ""
    loose: str = ""
    credit: str = ""


def order_money(order: OrderOnPage) -> OrderMoneyView:
    payable = order.status == "pending_payment"
    return OrderMoneyView(
        rows=[_movement(line) for line in order.movements],
        missing=views.pesos(order.missing) if payable and order.movements else "",
        loose=views.pesos(order.money.loose) if order.money.loose else "",
        credit=views.pesos(min(order.credit, order.missing)) if payable and order.credit else "",
    )


def _movement(line: Line) -> MovementView:
    known = (
        views.day(line.day),
        line.reference and line.kind == "refund" and f"Referencia {line.reference}",
        line.kind == "refund" and line.reason,
    )
    return MovementView(
        title=TOLD[_told(line)],
        amount=views.signed(line.amount),
        detail=" · ".join(part for part in known if part),
    )


def _told(line: Line) -> str:
    if line.kind == "payment":
        return "credit" if line.cause == "credit" else "payment"
    if line.kind == "refund":
        return "refund"
    return "returned" if line.cause == "returned" else "to_credit"
