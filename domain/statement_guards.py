"""Rows that state no money of ours: sent back, refused, still under way, or in another currency."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.import_columns import plain
from domain.import_files import Row
from domain.statement_columns import name_of
from domain.statement_names import CURRENCY, STATUS

_UNDONE = re.compile(
    r"\b(?:devuelt[oa]s?|devolucion|rechazad[oa]|cancelad[oa]|pendiente|en proceso|en transito"
    r"|retenid[oa]|fallid[oa]|no (?:aplicad|liquidad)[oa]|reversad[oa]|returned|rejected|pending"
    r"|cancell?ed|failed|refunded)\b"
)
PESOS = {"", "mxn", "mxp", "mx", "mn", "m n", "peso", "pesos", "pesos mexicanos", "nacional"}


class Guards:
    """Knows its columns by their names; no mapping takes a file past it."""

    def __init__(self, headers: Sequence[str]) -> None:
        names = [name_of(cell) for cell in headers]
        self._status = [i for i, name in enumerate(names) if name in STATUS]
        self._currency = [i for i, name in enumerate(names) if name in CURRENCY]

    def against(self, row: Row) -> str:
        """The code of what speaks against this row's money, empty for nothing."""
        if any(_UNDONE.search(plain(cell)) for cell in _cells(row, self._status)):
            return "statement_returned"
        if any(plain(cell) not in PESOS for cell in _cells(row, self._currency)):
            return "statement_currency"
        return ""


def _cells(row: Row, columns: Sequence[int]) -> list[str]:
    return [row.cells[i] for i in columns if i < len(row.cells)]
