"""Rows as a file, while they come: CSV or XLSX, never whole in memory and never on the disk.

openpyxl's write-only mode puts the sheet into a temporary file before its first byte leaves, which
here would hold passwords in the clear; what a plain list needs of the format are six small parts.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from domain.sheets import Cell, Row

Rows = AsyncIterator[list[Row]]
# What makes a cell a formula, or comes before one that a program trims to: also in full width.
FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767  # of the format
MOST_ROWS = 1_048_576  # of one sheet; what follows is on another
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The styles that cells name by number: as it is, a day, an instant, money.
DAY, INSTANT, MONEY = 1, 2, 3
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/>'
    + "".join(f'<xf numFmtId="{n}" applyNumberFormat="1"/>' for n in (164, 165, 4))
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
EPOCH = date(1899, 12, 30)  # from which the format counts days
FIRST_DAY = date(1900, 3, 1)  # before, it has a day that never was


async def csv_of(header: Sequence[str], pages: Rows) -> AsyncGenerator[bytes]:
    """With the mark by which Excel knows UTF-8. No cell can be taken for a formula."""
    yield b"\xef\xbb\xbf" + _lines([tuple(header)])
    async for rows in pages:
        yield await asyncio.to_thread(_lines, rows)


def _lines(rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[_text(cell) for cell in row] for row in rows])
    return out.getvalue().encode(errors="replace")


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def harmless(cell: str) -> str:
    """A sheet runs what begins like a formula; behind an apostrophe it is text."""
    return f"'{cell}" if FORMULA.match(cell) else cell


class _Outgoing(io.RawIOBase):
    """What the archive writes, until it is taken to be sent."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload, arg-type]  # bytes or a view of them
        self.kept += piece
        return len(piece)

    def take(self) -> bytes:
        piece = bytes(self.kept)
        self.kept.clear()
        return piece


async def xlsx_of(title: str, header: Sequence[str], pages: Rows) -> AsyncGenerator[bytes]:
    """Text is text exactly as it is, zeros and all; numbers and dates are such; no formulas."""
    out = _Outgoing()
    sheets, left = 0, 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        sheet = None
        async for rows in pages:
            rest = rows
            while rest or sheet is None:
                if sheet is None:
                    sheets, left = sheets + 1, MOST_ROWS - 1
                    sheet = packed.open(f"xl/worksheets/sheet{sheets}.xml", "w")
                    sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                    sheet.write(_xml([tuple(header)]))
                now, rest = rest[:left], rest[left:]
                sheet.write(await asyncio.to_thread(_xml, now))
                left -= len(now)
                if rest:
                    _close(sheet)
                    sheet = None
            yield out.take()
        if sheet is not None:
            _close(sheet)
        for name, text in _parts(title, sheets).items():
            packed.writestr(name, text)
    yield out.take()


def _close(sheet: io.BufferedIOBase | zipfile.ZipExtFile | object) -> None:
    sheet.write(b"</sheetData></worksheet>")  # type: ignore[attr-defined]
    sheet.close()  # type: ignore[attr-defined]


def _parts(title: str, sheets: int) -> dict[str, str]:
    """Written last: only then it is known how many sheets there are."""
    numbers = range(1, sheets + 1)
    names = [title, *(f"{title} {n}" for n in numbers[1:])]
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, names, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in numbers}
            | {"rIdS": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": STYLES,
    }


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for name, (kind, target) in targets.items()
        )
        + "</Relationships>"
    )


def _xml(rows: Sequence[Row]) -> bytes:
    return "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows).encode()


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, Decimal):
        return f'<c s="{MONEY}"><v>{cell}</v></c>'
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    if isinstance(cell, date) and (days := _days(cell)) is not None:
        return f'<c s="{INSTANT if isinstance(cell, datetime) else DAY}"><v>{days}</v></c>'
    text = escape(UNWRITABLE.sub("\ufffd", str(cell)[:LONGEST_CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _days(value: date) -> str | None:
    """A day as the format counts, an instant as it is on the wall; None for what it cannot say."""
    day = value.date() if isinstance(value, datetime) else value
    if day < FIRST_DAY:
        return None
    whole = (day - EPOCH).days
    if not isinstance(value, datetime):
        return str(whole)
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f"{whole + seconds / 86_400:.10f}"
