"""A file or a pasted text becomes rows of cells, each with the line it stands in.

Text: UTF-8 or UTF-16 (with or without a mark), else Windows-1252. Cells are parted by
the one of tab `|` `;` `,` `:` that most lines have. Between `,` `;` and tab a cell may stand in
quotes; between `|` and `:` every character counts.

Lines of `login:password:profile:pin` are read by position, and a login holds no `:`. A file is as
wide as most of its lines; a longer line, as one whose password holds a `:`, could be read in
several ways and is kept in one cell, so that it is refused and not guessed at.

A sheet is read with its dates as dates, and numbers as they are shown: `0042` stays so when the
cell's format says four digits.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from domain.errors import InvalidInput
from domain.import_columns import is_header

MOST_BYTES = 5_000_000
MOST_ROWS = 10_000
MOST_CELLS = 40
LONGEST_CELL = 1_000
MOST_UNPACKED = 60_000_000
MOST_PARTS = 500
SHEET_END = 1_048_576
SAMPLE = 200
SEPARATORS = ("\t", "|", ";", ",", ":")
UNQUOTED = "|:"
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
WIDEST_LINE = 4  # login:password:profile:pin
INEXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
ZEROS = re.compile(r"0+")


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts as an editor or a spreadsheet does."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`header` is empty when the first row is already stock."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Sheet:
    """Raises `InvalidInput` on `file` when nobody could read this, or it is too much."""
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "import_large"})
    if content.startswith(OLD_EXCEL):
        raise InvalidInput({"file": "import_old_excel"})
    found = workbook(content) if content.startswith(ZIP) else _text(content)
    rows: list[Row] = []
    for line, cells in found:
        kept = tuple(cell.strip() if i else cell.strip("﻿ \t") for i, cell in enumerate(cells))
        while kept and not kept[-1]:
            kept = kept[:-1]
        if not kept:
            continue
        if len(kept) > MOST_CELLS or max(map(len, kept)) > LONGEST_CELL:
            raise InvalidInput({"file": f"La línea {line} es demasiado larga. Revisa el archivo."})
        rows.append(Row(line, kept))
        if len(rows) > MOST_ROWS + 1:
            break
    header = rows[0].cells if rows and is_header(rows[0].cells) else ()
    rows = rows[1:] if header else rows
    if len(rows) > MOST_ROWS:
        raise InvalidInput({"file": "import_many"})
    if not rows:
        raise InvalidInput({"file": "import_empty"})
    return Sheet(header, tuple(rows))


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return iter(())
    separator = _separator([line for _, line in lines[:SAMPLE]])
    if separator == ":":
        return _by_colon(lines)
    if separator in UNQUOTED:
        return ((n, line.split(separator)) for n, line in lines)
    return _quoted(text, separator)


def decoded(content: bytes) -> str:
    wide = _utf_16(content)
    for encoding in (wide,) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise InvalidInput({"file": "import_unreadable"})


def _utf_16(content: bytes) -> str:
    """By its mark, or by the zero beside each letter where the mark is missing."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = content[:SAMPLE:2], content[1:SAMPLE:2]
    if second and not any(second) and all(first):
        return "utf-16-le"
    return "utf-16-be" if first and not any(first) and all(second) else ""


def _separator(sample: list[str]) -> str:
    """A header decides; else the separator of the most lines. Ties go to the rarer sign."""
    for sign in SEPARATORS:
        if is_header(sample[0].split(sign)):
            return sign
    return max(SEPARATORS, key=lambda sign: sum(sign in line for line in sample))


def _by_colon(lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    if is_header(lines[0][1].split(":")):
        width = lines[0][1].count(":") + 1
    else:
        found = Counter(line.count(":") + 1 for _, line in lines)
        width = max(2, min(WIDEST_LINE, found.most_common(1)[0][0]))
    for n, line in lines:
        cells = line.split(":")
        yield n, cells if len(cells) <= width else [line]


def _quoted(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        said = f"Hay comillas sin cerrar en la línea {reader.line_num}. Corrígelas e intenta."
        raise InvalidInput({"file": said}) from error


def workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet, read as a stream; what unpacks to too much is not opened."""
    import openpyxl  # noqa: PLC0415  # heavy, and idle processes read no workbook
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_size(packed.infolist())
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what openpyxl leaves out (styles, filters) is no stock
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            rows: Iterable[Any] = book.worksheets[0].iter_rows(
                max_row=SHEET_END, max_col=MOST_CELLS + 1
            )
            for number, row in enumerate(rows, 1):
                yield number, [_shown(cell) for cell in row]
    except InvalidInput:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        ParseError,
        ValueError,  # defusedxml's refusals, and dates that are none
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise InvalidInput({"file": "import_unreadable"}) from error


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    """What a part says of its size is as much as is ever read of it."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise InvalidInput({"file": "import_large"})


def _shown(cell: Any) -> str:
    """A cell's value as the person sees it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float) and abs(value) >= INEXACT:
        return f"{value:.14E}"  # rounded, and said to be
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):  # the format of a postal code or a PIN: `0000`
        digits = cell.number_format or ""
        return str(value).zfill(len(digits)) if ZEROS.fullmatch(digits) else str(value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
