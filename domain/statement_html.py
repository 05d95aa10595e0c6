"""Web pages that banks call `.xls`: the rows of their tables, as a spreadsheet would show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from domain.import_files import decoded

_LOOKS = re.compile(rb"<(?:!doctype html|html|head|meta|table)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?\s*([a-z0-9_-]+)", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "title"})
_BEGINNING = 2_000
MOST_SPANNED = 40


def is_page(content: bytes) -> bool:
    head = content[:_BEGINNING].replace(b"\x00", b"")
    return (
        _LOOKS.search(head) is not None and head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")[:1] == b"<"
    )


def page_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows of the innermost tables, numbered over the page; text outside of them is left out."""
    reader = _Tables()
    reader.feed(_text(content))
    reader.close()
    return iter(enumerate(reader.rows, 1))


def _text(content: bytes) -> str:
    named = _CHARSET.search(content[:_BEGINNING])
    if named and named[1].lower() in {b"iso-8859-1", b"latin1", b"windows-1252"}:
        return content.decode("cp1252", errors="replace")
    return decoded(content)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in {"table", "tr"}:
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MOST_SPANNED) if span.isdecimal() else 1
            self._cell = []
        elif tag in {"br", "p", "div"} and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
            self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.rows.append(self._row)
            self._row = []
