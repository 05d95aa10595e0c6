"""What movements are held against, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.statements import LineResult


@dataclass(slots=True)
class OrderFacts:
    id: int
    customer_id: int
    customer_key: str
    status: str
    total: Decimal
    received: Decimal
    placed_on: date

    @property
    def missing(self) -> Decimal:
        return self.total - self.received

    @property
    def waits(self) -> bool:
        return self.status == "pending_payment"


@dataclass(slots=True)
class PaymentFacts:
    """`statement` is the one whose movement it is tied to; `new` had none when it was loaded."""

    id: int | None
    order_id: int
    amount: Decimal
    paid_on: date
    tracking_key: str = ""
    statement: int | None = None


@dataclass(slots=True)
class Picture:
    """The orders, payments and receipts that movements are held against.

    `receipts` are tracking keys customers gave, with the orders they gave them for; `payers` whom
    a payer has paid for before.
    """

    orders: dict[int, OrderFacts]
    payments: list[PaymentFacts] = field(default_factory=list[PaymentFacts])
    receipts: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    payers: dict[str, set[int]] = field(default_factory=dict[str, set[int]])


@dataclass(frozen=True, slots=True)
class Candidate:
    order_id: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`payment_id` is the payment it is tied to instead of recording another."""

    result: LineResult
    sure: bool = False
    order_id: int | None = None
    payment_id: int | None = None
    why: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
