"""What customers and strangers send, and what a careful person says of it.

Such a person has the file and the orders. They take a reference or a number that is plainly meant
if the amount agrees, a payer they know if only one order waits for that amount, and a tracking key
they were told. They take nothing that could as well be another order's.
"""

from __future__ import annotations

from tests.statements.doubts import Doubts
from tests.statements.payments import Payments

FIRST_NUMBER = 1001


class Cases(Payments, Doubts):
    """Makes everything that happened in these weeks."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._all()
        self.orders.sort(key=lambda order: order.placed_on)
        for number, order in enumerate(self.orders, FIRST_NUMBER):
            order.number = number

    def _all(self) -> None:
        self.plainly_named(560)
        self.equal_on_one_day(12)
        self.garbled(9)
        self.lost_zeros(30)
        self.known_payers(40)
        self.told_keys(110)
        self.in_parts(20)
        self.too_much(16)
        self.twice(16)
        self.too_late(16)
        self.could_be_two()
        self.wrongly_named()
        self.not_ours()
        self.charges(64)
