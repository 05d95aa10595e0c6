"""Shapes that are no table of separated cells: aligned by spaces, by position, or a web page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.statements.entries import Entry, money, some

PAGE = 24  # movements of a printed page
MONTHS = "ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC".split()  # noqa: SIM905


def bancoppel_txt(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """Columns aligned by spaces; each page begins with the same names; long words go on below."""
    names = (
        f"{'FECHA':<8}{'DESCRIPCION':<34}{'REFERENCIA':<12}{'RETIROS':>14}{'DEPOSITOS':>14}"
        f"{'SALDO':>16}"
    )
    lines: list[str] = []
    starts: list[int] = []
    for n, entry in enumerate(entries):
        if n % PAGE == 0:
            feed = "\f" if n else ""
            lines += [f"{feed}BANCOPPEL, S.A.   ESTADO DE CUENTA", f"PAGINA {n // PAGE + 1}", ""]
            lines += [names, "-" * len(names)]
        day = f"{entry.day:%d}/{MONTHS[entry.day.month - 1]}"
        words = f"SPEI RECIBIDO {entry.bank}" if entry.amount > 0 else entry.words
        reference = entry.seven if entry.amount > 0 else ""
        values = f"{some(entry.charge):>14}{some(entry.credit):>14}{money(entry.balance):>16}"
        starts.append(len(lines) + 1)
        lines.append(f"{day:<8}{words[:33]:<34}{reference:<12}{values}")
        if entry.amount > 0:
            lines.append(f"{'':<8}{entry.words}")
    lines += ["", f"SALDO FINAL{money(entries[-1].balance):>87}"]
    return "\r\n".join(lines).encode("cp1252"), starts


def scotiabank_txt(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """No names and nothing between the fields: each stands at its own place."""
    lines: list[str] = []
    for entry in entries:
        kind = "Abono" if entry.amount > 0 else "Cargo"
        words = "TRANSF INTERBANCARIA SPEI" if entry.amount > 0 else entry.words
        head = (
            f"CHQMXN{'00000123456789':0>20}{entry.day:%Y/%m/%d}{entry.serial:010d}"
            f"{abs(entry.amount):017.2f}{kind}{entry.balance:017.2f}"
        )
        told = ""
        if entry.amount > 0:
            told = f"{entry.bank:<20}{entry.key:<30}{entry.payer:<40}/{entry.words}"
        lines.append(f"{head:<135}{words:<45}{told}".rstrip())
    return "\r\n".join(lines).encode("latin-1"), list(range(1, len(lines) + 1))


def banregio_xls(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """A web page that calls itself a workbook."""
    names = ("Fecha", "Descripción", "Referencia", "Cargos", "Abonos", "Saldo")
    rows = [("Banregio Grupo Financiero",), ("Cuenta", "058 580 0000123456"), names]
    for entry in entries:
        words = entry.words
        if entry.amount > 0:
            words = (
                f"INT {entry.serial}-{entry.code} SPEI, {entry.bank},{entry.code}180"
                f"{entry.serial:011d}7,{entry.payer},{entry.key},{entry.seven},{entry.words}"
            )
        cells = (f"{entry.day:%d/%m/%Y}", words, entry.reference if entry.amount > 0 else "")
        values = (some(entry.charge), some(entry.credit), money(entry.balance))
        rows.append((*cells, *values))
    body = "\r\n".join(
        "<tr>" + "".join(f"<td>{escape(cell) or '&nbsp;'}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
        "<style>td { mso-number-format:'@'; }</style></head><body>\r\n"
        f'<table border="1">\r\n{body}\r\n</table></body></html>'
    )
    return page.encode("cp1252"), list(range(4, 4 + len(entries)))
