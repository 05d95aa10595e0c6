"""What is said of money that goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.amounts import is_amount
from domain.errors import InvalidInput
from infra.clock import today
from models.money import RefundMethod

LONGEST_REASON, LONGEST_REFERENCE = 200, 40


@dataclass(frozen=True, slots=True)
class RefundNotice:
    """What left the shop, how, and why. `release` takes the order's access back."""

    amount: Decimal
    method: str
    reason: str
    reference: str
    refunded_on: date
    release: bool = False

    def check(self, *, referenced: bool = True) -> None:
        """Without `referenced` the reference is still to come. Raises `InvalidInput`."""
        wrong: dict[str, str] = {}
        if not is_amount(self.amount):
            wrong["amount"] = "amount_invalid"
        if self.method not in set(RefundMethod):
            wrong["method"] = "value_invalid"
        if not 0 < len(self.reason.strip()) <= LONGEST_REASON:
            wrong["refund_reason"] = "reason_required"
        if referenced and not 0 < len(self.reference.strip()) <= LONGEST_REFERENCE:
            wrong["refund_reference"] = "refund_reference"
        if self.refunded_on > today():
            wrong["refunded_on"] = "date_invalid"
        if wrong:
            raise InvalidInput(wrong)
