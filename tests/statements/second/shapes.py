"""Shapes of further banks, written before anybody looked what the reader makes of them.

Columns and wording follow published parsers and help pages of these exports; what is in them is
made up. Each returns the file and, of its movements in the order given, the lines they begin in.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import pairwise

from tests.statements.entries import (
    ZERO,
    Entry,
    Line,
    book_of,
    money,
    numbered,
    read_as,
    some,
    text_of,
)
from tests.statements.second.pages import bancoppel_txt, banregio_xls, scotiabank_txt

MONTHS = "ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC".split()  # noqa: SIM905


def movement(cells: Sequence[object], entry: Entry) -> Line:
    return Line(cells, read_as(entry, entry.words))


def lines_of(lines: Sequence[Line]) -> list[int]:
    return [read.line for read in numbered(lines)]


def clabe(entry: Entry) -> str:
    return f"{entry.code}180{entry.serial:011d}7"


def banbajio_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """Numbered rows; what is called a reference in its sentence is the tracking key."""
    lines = [
        Line(("TIENDA DE PRUEBA SA DE CV", "Cuenta: 0123456780201 MXN")),
        Line(
            (
                *("#", "Fecha Movimiento", "Hora", "Recibo", "Descripción", "Cargos", "Abonos"),
                "Saldo",
            )
        ),
    ]
    for n, entry in enumerate(entries, 1):
        words = entry.words
        if entry.amount > 0:
            words = (
                f"DEPÓSITO SPEI:{entry.words} INSTITUCIÓN EMISORA:{entry.bank} "
                f"ORDENANTE:{entry.payer} CUENTA ORDENANTE:{clabe(entry)} REFERENCIA:{entry.key}"
            )
        day = f"{entry.day:%d}-{MONTHS[entry.day.month - 1].title()}-{entry.day.year}"
        cells = (n, day, "10:21:07", f"{entry.serial:010d}", words)
        values = (some(entry.charge), some(entry.credit), money(entry.balance))
        lines.append(movement((*cells, *values), entry))
    return text_of(lines), lines_of(lines)


def afirme_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """The concept first, years of two digits, zeros for nothing, the newest above."""
    names = ("Concepto", "Fecha (DD/MM/AA)", "Referencia", "Cargo", "Abono", "Saldo")
    lines = [Line((*names, "No. Secuencia"))]
    for n, entry in enumerate(reversed(entries), 1):
        words = entry.words
        if entry.amount > 0:
            words = (
                f"SPEI RECIBIDO DE {entry.code}-{entry.bank} {entry.seven} CUENTA:{clabe(entry)} "
                f"EMISOR:{entry.payer} RFC EMISOR:ND CVE RASTREO:{entry.key} {entry.words}"
            )
        values = (f"{entry.charge:.2f}", f"{entry.credit:.2f}", f"{entry.balance:.2f}")
        cells = (words, f"{entry.day:%d/%m/%y}", f"{entry.serial:08d}", *values, n)
        lines.append(movement(cells, entry))
    return text_of(lines, encoding="latin-1"), lines_of(lines)[::-1]


def mercado_pago_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """A table of totals above that of the movements, names in English, nothing the payer typed."""
    opening = entries[0].balance - entries[0].amount
    credit = sum((entry.credit for entry in entries), ZERO)
    charge = sum((entry.charge for entry in entries), ZERO)
    names = "RELEASE_DATE;TRANSACTION_TYPE;REFERENCE_ID;TRANSACTION_NET_AMOUNT;PARTIAL_BALANCE"
    lines = [
        Line(("INITIAL_BALANCE", "CREDITS", "DEBITS", "FINAL_BALANCE")),
        Line((money(opening), money(credit), money(-charge), money(entries[-1].balance))),
        Line(()),
        Line(tuple(names.split(";"))),
    ]
    for entry in entries:
        kind = f"Transferencia recibida {entry.payer}" if entry.amount > 0 else entry.words
        cells = (f"{entry.day:%d-%m-%Y}", kind, f"16{entry.serial:010d}", money(entry.amount))
        lines.append(movement((*cells, money(entry.balance)), entry))
    return text_of(lines, ";"), lines_of(lines)


def nu_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """A mark in front, days in words, a sign and a peso sign before each amount, no balance."""
    lines = [
        Line(("Nu México Financiera, S.A. de C.V., S.F.P.",)),
        Line(("Cuenta Nu", "CLABE 638180000123456789")),
        Line(("Fecha", "Descripción", "Concepto", "Clave de rastreo", "Monto")),
    ]
    for entry in entries:
        day = f"{entry.day:%d} {MONTHS[entry.day.month - 1]} {entry.day.year}"
        incoming = entry.amount > 0
        kind = f"Transferencia recibida de {entry.payer}" if incoming else entry.words
        sign = "+" if incoming else "-"
        amount = f"{sign}${money(abs(entry.amount))}"
        cells = (day, kind, entry.words if incoming else "", entry.key if incoming else "")
        lines.append(movement((*cells, amount), entry))
    return text_of(lines, encoding="utf-8-sig"), lines_of(lines)


def inbursa_txt(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """Unicode text of Excel under a long letterhead; months first, words going on in column one."""
    lines = [Line(("Banco Inbursa, S.A.", "Institución de Banca Múltiple"))]
    lines += [Line((f"Aviso {n}", "Consulta tus comisiones en inbursa.com")) for n in range(28)]
    lines.append(Line(("FECHA", "REFERENCIA", "CONCEPTO", "CARGOS", "ABONOS", "SALDO")))
    first = entries[0]
    opening = money(first.balance - first.amount)
    lines.append(Line(("NOV. 01", "", "BALANCE INICIAL", "", "", opening)))
    for entry in entries:
        day = f"{MONTHS[entry.day.month - 1]}. {entry.day:%d}"
        kind = "DEPOSITO SPEI" if entry.amount > 0 else entry.words
        cells = (day, f"34{entry.serial:08d}", kind, some(entry.charge), some(entry.credit))
        lines.append(movement((*cells, money(entry.balance)), entry))
        if entry.amount > 0:
            lines.append(Line((entry.words,)))
            lines.append(Line((f"REF NUMERICA {entry.seven}",)))
    return text_of(lines, "\t", encoding="utf-16"), lines_of(lines)


def multiva_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """One amount without sign and a letter beside it: C is a credit where D is a debit."""
    lines = [
        Line(("Banco Multiva", "Movimientos del mes")),
        Line(("Fecha", "Descripción", "Importe", "Tipo", "Saldo")),
    ]
    for entry in entries:
        words = entry.words
        if entry.amount > 0:
            words = (
                f"SPEI RECIBIDO {entry.bank} {clabe(entry)} {entry.payer} REF:{entry.seven} "
                f"RASTREO:{entry.key} {entry.words}"
            )
        letter = "C" if entry.amount > 0 else "D"
        cells = (f"{entry.day:%d/%m/%Y}", words, money(abs(entry.amount)), letter)
        lines.append(movement((*cells, money(entry.balance)), entry))
    return text_of(lines, ";"), lines_of(lines)


def bx_xlsx(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """No sign at all: only the balance tells deposits from charges. The newest above."""
    lines = [
        Line(("Ve por Más, S.A., Institución de Banca Múltiple",)),
        Line(("",)),
        Line(("Fecha de operación", "Descripción", "Clave de rastreo", "Monto", "Saldo")),
    ]
    for entry in reversed(entries):
        words = entry.words
        if entry.amount > 0:
            words = (
                f"SPEI RECIBIDO BANCO {entry.bank} CTA ORDENANTE:{clabe(entry)} "
                f"CONCEPTO:{entry.words} REFERENCIA:{entry.seven} ORDENANTE:{entry.payer}"
            )
        key: object = entry.key
        if entry.key.isdigit() and entry.amount > 0:
            key = float(entry.key)  # a spreadsheet keeps fifteen digits of it
        cells = (entry.day, words, key, float(abs(entry.amount)), float(entry.balance))
        lines.append(movement(cells, entry))
    return book_of(lines), lines_of(lines)[::-1]


def bbva_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """Copied from the printed statement: two days, and a balance only where a day ends."""
    names = ("FECHA OPER", "FECHA LIQ", "DESCRIPCION", "CARGOS", "ABONOS", "SALDO OPERACION")
    lines = [Line(("BBVA MEXICO, S.A.", "Detalle de Movimientos Realizados")), Line(names)]
    ends = [a.day != b.day for a, b in pairwise(entries)] + [True]
    for entry, last in zip(entries, ends, strict=True):
        day = f"{entry.day:%d}/{MONTHS[entry.day.month - 1]}"
        kind = entry.words
        goes_on: list[str] = []
        if entry.amount > 0:
            kind = f"T20 SPEI RECIBIDO{entry.bank}"
            goes_on = [
                f"0{entry.serial:07d} {entry.code} {entry.seven}{entry.words}",
                f"00{clabe(entry)}",
                entry.key,
                entry.payer,
            ]
        balance = money(entry.balance) if last else ""
        cells = (day, day, kind, some(entry.charge), some(entry.credit), balance)
        lines.append(movement(cells, entry))
        lines += [Line(("", "", more)) for more in goes_on]
    return text_of(lines), lines_of(lines)


def stp_csv(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """As a bridge to SPEI writes it: names run together, and what was sent back is listed too."""
    names = (
        "fechaOperacion,institucionOrdenante,claveRastreo,nombreOrdenante,cuentaOrdenante,"
        "conceptoPago,referenciaNumerica,monto,estado"
    )
    lines = [Line(tuple(names.split(",")))]
    for entry in entries:
        returned = entry.bank == "DEVUELTA"
        cells = (
            *(f"{entry.day:%Y-%m-%d}T10:11:12", f"40{entry.code}", entry.key, entry.payer),
            *(clabe(entry), entry.words, int(entry.reference or 0), f"{entry.amount:.2f}"),
            "Devuelta" if returned else "Liquidada",
        )
        lines.append(movement(cells, entry))
    return text_of(lines, quote=csv.QUOTE_ALL), lines_of(lines)


Shape = Callable[[Sequence[Entry]], tuple[bytes, list[int]]]
SHAPES: dict[str, Shape] = {
    "banbajio.csv": banbajio_csv,
    "afirme.csv": afirme_csv,
    "mercado_pago.csv": mercado_pago_csv,
    "nu.csv": nu_csv,
    "inbursa.txt": inbursa_txt,
    "multiva.csv": multiva_csv,
    "bx.xlsx": bx_xlsx,
    "bbva.csv": bbva_csv,
    "stp.csv": stp_csv,
    "bancoppel.txt": bancoppel_txt,
    "scotiabank.txt": scotiabank_txt,
    "banregio.xls": banregio_xls,
}
