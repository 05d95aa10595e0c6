"""What the columns of a bank statement mean: guessed from their names, or said by a person.

A mapping says of each column what it is, in their order: `["date", "concept", "", "amount"]`.
It is plain data, kept as JSON under the layout of the file. Only the concept may stand in several
columns; they are joined from left to right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from domain.errors import InvalidInput
from domain.import_columns import plain
from domain.statement_names import NAMES, SENTENCE
from domain.statement_sides import Sides, sides

Mapping = list[str]

FIELDS = tuple(NAMES)
KNOWN = {name: (rank, field) for field, names in NAMES.items() for rank, name in enumerate(names)}
MONEY = ("charge", "credit", "amount")
SILENT = {"mxn", "mn", "pesos", "m", "n", "dd", "mm", "mmm", "aa", "aaaa", "yy", "yyyy"}
RUN_TOGETHER = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])")  # `fechaOperacion`


def name_of(cell: str) -> str:
    """A column's name without currency, dates and numbers: `Saldo al 25/11 (MXN)` → `saldo al`."""
    words = plain(RUN_TOGETHER.sub(" ", cell)).split()
    return " ".join(word for word in words if word not in SILENT and not word.isdigit())


def guess(headers: Sequence[str]) -> Mapping:
    """Of two columns that could be the same, the one with the better name is."""
    found = [KNOWN.get(name_of(cell)) for cell in headers]
    best: dict[str, tuple[int, int]] = {}
    for column, known in enumerate(found):
        if known is not None:
            rank, field = known
            best[field] = min(best.get(field, (rank, column)), (rank, column))
    mapping = [
        known[1] if known and (known[1] == "concept" or best[known[1]][1] == column) else ""
        for column, known in enumerate(found)
    ]
    if "credit" in mapping or "charge" in mapping:  # then a further amount is something else
        return ["" if field in ("amount", "type") else field for field in mapping]
    return mapping


def guess_with(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """As the names suggest, and what stands below them: `Tipo` may hold letters or sentences."""
    mapping = guess(headers)
    named = [i for i, cell in enumerate(headers) if KNOWN.get(name_of(cell), (0, ""))[1] == "type"]
    if "amount" in mapping:
        telling = [i for i in named if _tells(headers[i], [_at(row, i) for row in rows])]
        kept = telling[0] if telling else -1
        mapping = [
            "type" if i == kept else "" if field == "type" else field
            for i, field in enumerate(mapping)
        ]
    if "concept" not in mapping:
        free = [i for i, cell in enumerate(headers) if name_of(cell) in SENTENCE and not mapping[i]]
        mapping = ["concept" if i in free[:1] else field for i, field in enumerate(mapping)]
    return mapping


def _tells(header: str, cells: Sequence[str]) -> bool:
    found: Sides = sides(cells, header)
    said = [cell for cell in cells if cell]
    return bool(said) and all(found.of(cell) is not None or found.open(cell) for cell in said)


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def is_header(cells: Sequence[str]) -> bool:
    return is_enough(guess(cells))


def is_enough(mapping: Mapping) -> bool:
    """A day and an amount make a movement."""
    return "date" in mapping and any(field in mapping for field in MONEY)


def check(mapping: Sequence[object], width: int) -> Mapping:
    """A mapping given by a person or kept from before. Raises `InvalidInput` on `mapping`."""
    said = [field for field in mapping if isinstance(field, str)]
    named = [field for field in said if field and field != "concept"]
    split = "charge" in named or "credit" in named
    if not (
        len(said) == len(mapping) == width
        and set(said) <= {*FIELDS, ""}
        and len(set(named)) == len(named)
        and is_enough(said)
        and not (split and ("amount" in named or "type" in named))
    ):
        raise InvalidInput({"mapping": "statement_mapping"})
    return said


def layout_of(headers: Sequence[str], bank: str) -> str:
    """Names the shape of a file, whatever account and days it is of."""
    names = "\x1f".join((bank, str(len(headers)), *(name_of(cell) for cell in headers)))
    return hashlib.sha256(names.encode()).hexdigest()
