"""Records whose fields stand at fixed places without names, as Scotiabank exports them.

    CHQMXN 00000000000123456789 2026/11/02 0010317649 00000000000013.80 Cargo 00000000012331.87 …

without the spaces: kind of account and currency, account, day, the bank's reference, amount, which
way, balance; what follows are the bank's words and the payer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LETTERHEAD = ["Scotiabank"]
NAMES = ["Fecha", "Importe", "Cargo/Abono", "Saldo", "Descripción", "Cuenta", "Moneda"]
_RECORD = re.compile(
    r"[A-Z]{3}(?P<money>[A-Z]{3})(?P<account>\d{20})(?P<day>\d{4}/\d{2}/\d{2}).{10}"
    r"(?P<amount>\d{14}\.\d{2})(?P<side>Cargo|Abono)(?P<balance>[-\d]\d{13}\.\d{2})(?P<words>.*)"
)


def are_records(lines: Sequence[str]) -> bool:
    return bool(lines) and all(_RECORD.fullmatch(line) for line in lines)


def record_rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """With a letterhead and names, which such a file has not, as line 0."""
    yield 0, LETTERHEAD
    yield 0, NAMES
    for number, line in enumerate(lines, 1):
        if found := _RECORD.fullmatch(line):
            amounts = (found["amount"], found["side"], found["balance"])
            words = " ".join(found["words"].split())
            yield number, [found["day"], *amounts, words, found["account"], found["money"]]
