"""Files that are no table of movements, told by how they begin and refused by name."""

from __future__ import annotations

from domain.errors import InvalidInput
from domain.import_files import OLD_EXCEL, ZIP

BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (OLD_EXCEL, "import_old_excel"),
    (b"%PDF", "statement_pdf"),
    (b"\x89PNG", "statement_picture"),
    (b"\xff\xd8\xff", "statement_picture"),
    (b"GIF8", "statement_picture"),
    (b"RIFF", "statement_picture"),
    (b"{", "statement_format"),
    (b"[", "statement_format"),
    (b"OFXHEADER", "statement_format"),
    (b"<?xml", "statement_format"),
    (b"<OFX", "statement_format"),
    (b"!Type", "statement_format"),
    (b":20:", "statement_format"),
    (b"\x1f\x8b", "statement_packed"),
    (b"7z\xbc\xaf", "statement_packed"),
    (b"Rar!", "statement_packed"),
)
WORKBOOK = b"xl/"  # a folder of every XLSX
HEIC = b"ftyp"
BLANK = b"\xef\xbb\xbf \r\n\t"
_BEGINNING = 1_024


def check_kind(content: bytes) -> None:
    """Raises `InvalidInput` on `file` with what to do instead."""
    begins = content[:_BEGINNING].lstrip(BLANK)
    for sign, code in BEGINNINGS:
        if begins.startswith(sign):
            raise InvalidInput({"file": code})
    if content[4:8] == HEIC:
        raise InvalidInput({"file": "statement_picture"})
    if content.startswith(ZIP) and WORKBOOK not in content:
        raise InvalidInput({"file": "statement_packed"})
