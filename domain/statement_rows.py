"""A bank's file becomes rows of cells, whatever it puts above and below its table.

Text is parted by the one of tab `|` `;` `,` that makes a line of it read like a header; where none
does but names are aligned by spaces, by place; else by the one that most lines have. Between `,`
`;` and tab a cell may stand in quotes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.errors import InvalidInput
from domain.import_files import LONGEST_CELL, MOST_BYTES, MOST_CELLS, ZIP, Row, decoded, workbook
from domain.statement_columns import is_header
from domain.statement_html import is_page, page_rows
from domain.statement_kinds import check_kind
from domain.statement_quotes import quoted_rows
from domain.statement_records import are_records, record_rows
from domain.statement_widths import aligned_rows, names_in

SEPARATORS = ("\t", "|", ";", ",")
UNQUOTED = "|"
SAMPLE = 200
MOST_ROWS = 25_000


def rows_of(content: bytes) -> list[Row]:
    """Raises `InvalidInput` on `file` when nobody could read this, or it is too much."""
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "import_large"})
    rows: list[Row] = []
    for line, cells in _found(content):
        kept = [cell.strip("\ufeff \t\r\n\f") for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            continue
        if len(kept) > MOST_CELLS or max(map(len, kept)) > LONGEST_CELL:
            raise InvalidInput({"file": f"La línea {line} es demasiado larga. Revisa el archivo."})
        rows.append(Row(line, tuple(kept)))
        if len(rows) > MOST_ROWS:
            raise InvalidInput({"file": "statement_many"})
    if not rows:
        raise InvalidInput({"file": "import_empty"})
    return rows


def _found(content: bytes) -> Iterable[tuple[int, list[str]]]:
    if is_page(content):
        return page_rows(content)
    check_kind(content)
    return workbook(content) if content.startswith(ZIP) else _text(content)


def _text(content: bytes) -> Iterable[tuple[int, list[str]]]:
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    sample = [line for line in lines if line.strip()][:SAMPLE]
    separator = _named_separator(sample)
    if not separator:
        if are_records(sample):
            return record_rows(lines)
        names = names_in(sample)
        if names:
            return aligned_rows(lines, names)
        separator = max(SEPARATORS, key=lambda sign: sum(sign in line for line in sample))
    if separator in UNQUOTED:
        return ((n, line.split(separator)) for n, line in enumerate(lines, 1))
    return quoted_rows(text, separator)


def _named_separator(sample: list[str]) -> str:
    for sign in SEPARATORS:
        if any(is_header([cell.strip('" ') for cell in line.split(sign)]) for line in sample):
            return sign
    return ""


def usual_width(rows: Iterable[Row]) -> int:
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0]
