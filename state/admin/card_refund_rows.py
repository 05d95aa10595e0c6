"""What goes back to an order's cards, in finished words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from domain.card_refunds import CardMoney, Refund
from domain.texts import CARD_ERRORS
from infra.payments.provider import configured
from state import views


@dataclass(frozen=True)
class CardRefundRow:
    id: int
    said: str
    failed: bool


@dataclass(frozen=True)
class CardMoneyView:
    """`most` is empty where nothing can go back to a card; `whole`: all that is left can."""

    most: str = ""
    whole: bool = False
    refunds: list[CardRefundRow] = field(default_factory=list[CardRefundRow])


def card_money_view(cards: CardMoney, left: Decimal) -> CardMoneyView:
    """`left` is what would go back if the order ended now."""
    returns = configured() and cards.most > 0
    return CardMoneyView(
        most=views.pesos(cards.most) if returns else "",
        whole=returns and 0 < left <= cards.most,
        refunds=[_row(one) for one in cards.refunds],
    )


def _row(one: Refund) -> CardRefundRow:
    amount, failed = views.pesos(one.amount), one.state == "failed"
    begins = "No se devolvieron {} a su tarjeta." if failed else "{} van de regreso a su tarjeta."
    code = one.error and f"Mercado Pago respondió con el código {one.error.rpartition('_')[2]}."
    said = f"{begins.format(amount)} {CARD_ERRORS.get(one.error, code)}"
    return CardRefundRow(one.id, said.strip(), failed)
