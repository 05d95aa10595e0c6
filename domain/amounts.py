"""What an amount of money is: more than nothing, to the centavo, and not without end. In MXN."""

from __future__ import annotations

from decimal import Decimal

CENT = Decimal("0.01")
MOST = Decimal("9999999.99")


def is_amount(value: Decimal) -> bool:
    return value.is_finite() and CENT <= value <= MOST and value == value.quantize(CENT)
