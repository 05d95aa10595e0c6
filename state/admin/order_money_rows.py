"""The money of an order in finished words: each movement, and where all of it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from domain.ledger import Line
from domain.order_pages import OrderOnPage
from state import views
from state.admin.card_refund_rows import CardMoneyView, card_money_view

CAUSES = {
    "manual": "Pago confirmado",
    "receipt": "Pago por comprobante",
    "statement": "Pago del estado de cuenta",
    "notice": "Pago avisado por el banco",
    "provider": "Pago con tarjeta",
    "credit": "Pago con saldo a favor",
    "transfer": "Devolución por transferencia",
    "cash": "Devolución en efectivo",
    "card": "Devolución a su tarjeta",
    "overpayment": "A saldo: pagó de más",
    "duplicate": "A saldo: pagó dos veces",
    "late": "A saldo: pagó tarde",
    "refund": "A saldo: devolución",
    "returned": "El saldo usado volvió a su dueño",
}
KINDS = {
    "full": "",
    "partial": "Pago parcial",
    "over": "Pago de más",
    "late": "Pago tardío",
    "duplicate": "Pago duplicado",
}
METHODS = (("transfer", "Transferencia"), ("cash", "Efectivo"), ("card", "A su tarjeta"))


@dataclass(frozen=True)
class MoneyRow:
    """`tone` is of what came in and of what left."""

    title: str
    amount: str
    detail: str
    tone: str


@dataclass(frozen=True)
class MoneyView:
    """`loose` is empty when every centavo has its place; `seen` is what the buttons were shown.

    `returnable` is what a refund may be, `suggested` what it most likely is.
    """

    rows: list[MoneyRow] = field(default_factory=list)
    sums: list[MoneyRow] = field(default_factory=list)
    loose: str = ""
    seen: str = ""
    returnable: str = ""
    remains: str = ""
    suggested: str = ""
    held: bool = False
    may_revive: bool = False
    may_release: bool = False
    cards: CardMoneyView = field(default_factory=CardMoneyView)


def money_view(order: OrderOnPage) -> MoneyView:
    money = order.money
    leaving = money.remains if order.status != "pending" else Decimal(0)
    returning = money.by_credit - money.returned  # a cancellation gives it back by itself
    return MoneyView(
        rows=[_row(line) for line in order.movements],
        sums=_sums(order),
        loose=views.pesos(money.loose) if money.loose else "",
        seen=str(money.loose),
        returnable=views.pesos(leaving) if leaving else "",
        remains=str(money.remains),
        suggested=f"{money.loose or leaving:.2f}",
        held=leaving > returning,
        may_revive=order.expired and money.remains >= order.total,
        may_release=order.status == "delivered",
        cards=card_money_view(order.cards, money.remains - returning),
    )


def _row(line: Line) -> MoneyRow:
    known = (
        views.day(line.day),
        line.bank,
        line.reference and f"Referencia {line.reference}",
        KINDS[line.reason] if line.kind == "payment" else line.reason,
        line.who,
    )
    return MoneyRow(
        title=CAUSES[line.cause],
        amount=views.signed(line.amount),
        detail=" · ".join(filter(None, known)),
        tone="in" if line.amount > 0 else "out",
    )


def _sums(order: OrderOnPage) -> list[MoneyRow]:
    """Received, and the places it went to; they add up. Nothing, where there was no money."""
    money = order.money
    if not money.received:
        return []
    places = (
        ("Recibido", money.received),
        ("De este pedido", money.kept),
        ("Devuelto", money.refunded),
        ("A saldo a favor", money.credited),
        ("Sin destino", money.loose),
    )
    return [
        MoneyRow(name, views.pesos(amount), "", "loose" if name == "Sin destino" else "")
        for name, amount in places
        if amount or name in {"Recibido", "De este pedido"}
    ]
