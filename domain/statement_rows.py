"""A bank's file becomes rows of cells, whatever it puts above and below its table.

Text is parted by the one of tab `|` `;` `,` that makes a line of it read like a header, else by the
one that most lines have. Between `,` `;` and tab a cell may stand in quotes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from domain.errors import InvalidInput
from domain.import_files import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    OLD_EXCEL,
    SAMPLE,
    ZIP,
    Row,
    decoded,
    workbook,
)
from domain.statement_columns import is_header

SEPARATORS = ("\t", "|", ";", ",")
UNQUOTED = "|"


def rows_of(content: bytes) -> list[Row]:
    """Raises `InvalidInput` on `file` when nobody could read this, or it is too much."""
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "import_large"})
    if content.startswith(OLD_EXCEL):
        raise InvalidInput({"file": "import_old_excel"})
    rows: list[Row] = []
    for line, cells in workbook(content) if content.startswith(ZIP) else _text(content):
        kept = [cell.strip("\ufeff \t\r\n") for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            continue
        if len(kept) > MOST_CELLS or max(map(len, kept)) > LONGEST_CELL:
            raise InvalidInput({"file": f"La línea {line} es demasiado larga. Revisa el archivo."})
        rows.append(Row(line, tuple(kept)))
        if len(rows) > MOST_ROWS:
            raise InvalidInput({"file": "import_many"})
    if not rows:
        raise InvalidInput({"file": "import_empty"})
    return rows


def _text(content: bytes) -> Iterable[tuple[int, list[str]]]:
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    separator = _separator([line for line in text.split("\n") if line.strip()][:SAMPLE])
    if separator in UNQUOTED:
        return ((n, line.split(separator)) for n, line in enumerate(text.split("\n"), 1))
    return _quoted(text, separator)


def _separator(sample: list[str]) -> str:
    for sign in SEPARATORS:
        if any(is_header([cell.strip('" ') for cell in line.split(sign)]) for line in sample):
            return sign
    return max(SEPARATORS, key=lambda sign: sum(sign in line for line in sample))


def _quoted(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        said = f"Hay comillas sin cerrar en la línea {begins}. Corrígelas e intenta."
        raise InvalidInput({"file": said}) from error


def usual_width(rows: Iterable[Row]) -> int:
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0]
