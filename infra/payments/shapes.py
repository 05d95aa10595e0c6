"""What the shop asks of a provider of card payments, and what it hears from one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

CURRENCY = "MXN"


@dataclass(frozen=True, slots=True)
class CheckoutWanted:
    """A page on which `amount` of an order can be paid. `back` is the order's own page."""

    reference: str
    order_id: int
    title: str
    amount: Decimal
    expires_at: datetime
    back: str


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    number: str
    amount: Decimal
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment as its provider tells of it. `reference` is of the checkout it was made on.

    `paid`: its money is ours, but for the `refunds` that went back; `disputed` says that the card's
    holder wants it back.
    """

    number: str
    status: str
    amount: Decimal
    currency: str
    reference: str
    live: bool
    paid: bool
    paid_at: datetime | None = None
    disputed: bool = False
    refunds: tuple[ProviderRefund, ...] = ()


class CardProviderError(Exception):
    """`code` is stable and is all that the error says: never a token, a name or an address.

    `final` says that the provider refused and asking again cannot help; else nobody knows.
    """

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
