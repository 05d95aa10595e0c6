"""Rows as a file, while they come: CSV or XLSX, never whole in memory and never on the disk.

openpyxl writes a sheet to a temporary file first, which here would hold passwords in the clear;
what a plain list needs of the format is five small parts.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from xml.sax.saxutils import escape

Rows = AsyncIterator[list[tuple[str, ...]]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Inventario" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}


async def csv_of(header: Sequence[str], pages: Rows) -> AsyncGenerator[bytes]:
    """With the mark by which Excel knows UTF-8. No cell can be taken for a formula."""
    yield b"\xef\xbb\xbf" + _lines([tuple(header)])
    async for rows in pages:
        yield _lines(rows)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def harmless(cell: str) -> str:
    """A sheet runs what begins like a formula; behind an apostrophe it is text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


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


async def xlsx_of(header: Sequence[str], pages: Rows) -> AsyncGenerator[bytes]:
    """Every cell is text, exactly as it is: zeros stay, and nothing is a formula."""
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in PARTS.items():
            packed.writestr(name, text)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            sheet.write(_cells(header))
            async for rows in pages:
                for row in rows:
                    sheet.write(_cells(row))
                yield out.take()
            sheet.write(b"</sheetData></worksheet>")
    yield out.take()


def _cells(row: Sequence[str]) -> bytes:
    cells = (
        f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in row
    )
    return f"<row>{''.join(cells)}</row>".encode()
