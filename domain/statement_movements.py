"""What every bank's statement comes down to, whatever its columns are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement, its continued concept joined.

    `line` is where it begins in the file, as an editor or a spreadsheet counts. `amount` is in MXN:
    deposits are positive, charges negative. What the bank does not say is empty.
    """

    line: int
    booked_on: date
    amount: Decimal
    concept: str
    reference: str = ""
    tracking_key: str = ""
    payer: str = ""
    balance: Decimal | None = None
