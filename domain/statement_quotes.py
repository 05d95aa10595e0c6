"""Cells in quotes, also where a bank leaves quotes inside of them as they are.

`csv` reads what is written by the book. Where that fails, a quote ends a cell only in front of a
separator or the end of a line; a line whose last cell stays open could swallow others: refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from domain.errors import InvalidInput

QUOTE = '"'


def quoted_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins in. Raises `InvalidInput` on `file`."""
    try:
        return iter(list(_by_the_book(text, separator)))
    except csv.Error:
        return iter([(n, _cells(line, separator, n)) for n, line in enumerate(text.split("\n"), 1)])


def _by_the_book(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _cells(line: str, separator: str, number: int) -> list[str]:
    cells: list[str] = []
    rest = line
    while True:
        if rest.startswith(QUOTE):
            cell, rest, ended = _quoted(rest[1:], separator, number)
        else:
            cell, mark, rest = rest.partition(separator)
            ended = not mark
        cells.append(cell)
        if ended:
            return cells


def _quoted(rest: str, separator: str, number: int) -> tuple[str, str, bool]:
    """The cell, what stands behind its separator, and whether it was the last."""
    end = rest.find(QUOTE + separator)
    if end >= 0:
        return rest[:end].replace(QUOTE * 2, QUOTE), rest[end + 1 + len(separator) :], False
    whole = rest.rstrip()
    if not whole.endswith(QUOTE):
        said = f"Hay comillas sin cerrar en la línea {number}. Corrígelas e intenta."
        raise InvalidInput({"file": said})
    return whole[:-1].replace(QUOTE * 2, QUOTE), "", True
