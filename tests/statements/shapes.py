"""The shapes in which banks export, and what a reader must get out of each of them.

Written after published descriptions and help pages; quirks are the banks' own.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date

from domain.statement_movements import Movement
from tests.statements.entries import (
    ZERO,
    Entry,
    Line,
    book_of,
    comma,
    money,
    numbered,
    read_as,
    some,
    text_of,
)

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
MONTH_NAMES = MONTHS.split()
EXCEL_ZERO = date(1899, 12, 30)


def bbva(entries: Sequence[Entry], names: tuple[str, str]) -> list[Line]:
    """Reference and words are glued; of a customer of its own it prints only the account."""
    lines = [Line(("Día", "Concepto / Referencia", *names, "Saldo"))]
    for entry in entries:
        told = {}
        if entry.amount < 0:
            printed = shown = entry.words
        elif entry.payer.startswith("BNET"):
            told = {"payer": entry.payer}
            printed = shown = (
                f"PAGO CUENTA DE TERCERO/ {entry.serial:010d} {entry.payer} {entry.words}"
            )
        else:
            told = {"reference": entry.reference}
            head = f"SPEI RECIBIDO{entry.bank}/{entry.serial:010d}  {entry.code} {entry.seven}"
            printed, shown = f"{head}{entry.words}", f"{head} {entry.words}"
        cells = (f"{entry.day:%d-%m-%Y}", printed, some(entry.charge), some(entry.credit))
        lines.append(Line((*cells, money(entry.balance)), read_as(entry, shown, **told)))
    return lines


def bbva_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    lines = bbva(entries, ("cargo", "Abono"))
    return text_of(lines), numbered(lines)


def bbva_txt(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    lines = bbva(entries, ("Cargo", "Abono"))
    return text_of(lines, "\t"), numbered(lines)


def bbva_xlsx(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Days without year; the concept goes on in rows of its own."""
    lines = [
        Line(("BBVA México, S.A.",)),
        Line(("Cuenta", "012 180 0155512345 6")),
        Line(("",)),
        Line(("Fecha", "Concepto", "Cargo", "Abono", "Saldo")),
    ]
    for entry in entries:
        goes_on = []
        first = entry.words
        if entry.amount > 0:
            first = f"SPEI RECIBIDO {entry.bank}"
            goes_on = [f"{entry.seven} {entry.words}", entry.key, entry.payer]
        values = [float(v) if v else "" for v in (entry.charge, entry.credit)]
        day = f"{entry.day.day}-{MONTH_NAMES[entry.day.month - 1][:3]}"
        read = read_as(entry, " ".join((first, *goes_on)))
        lines.append(Line((day, first, *values, float(entry.balance)), read))
        lines += [Line(("", more)) for more in goes_on if more]
    lines += [Line(("",)), Line(("Total de movimientos", "", len(entries)))]
    return book_of(lines), numbered(lines)


def santander_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Everything in quotes, days as eight digits behind an apostrophe, a sign in its own column."""
    lines = [
        Line(("Banco Santander México, S.A.", "Consulta de movimientos")),
        Line(("Del 01/11/2026 al 24/11/2026",)),
        Line(()),
        Line(
            (
                *("Cuenta", "Fecha", "Hora", "Sucursal", "Descripción", "Cargo/Abono", "Importe"),
                *(
                    "Saldo",
                    "Referencia",
                    "Concepto",
                    "Referencia Interbancaria",
                    "Nombre Ordenante",
                ),
            )
        ),
    ]
    for entry in entries:
        incoming = entry.amount > 0
        kind = "ABONO TRANSFERENCIA SPEI" if incoming else entry.words
        words = entry.words if incoming else ""
        read = read_as(entry, f"{kind} {words}", reference=entry.reference, payer=entry.payer)
        cells = (
            *("'65501234567'", f"'{entry.day:%d%m%Y}'", f"{9 + entry.serial % 11:02d}:15", "7981"),
            *(kind, "+" if incoming else "-", f"{abs(entry.amount):.2f}", f"{entry.balance:.2f}"),
            *(f"{entry.serial:08d}", words, entry.reference, entry.payer),
        )
        lines.append(Line(cells, read))
    total = sum((entry.credit for entry in entries), ZERO)
    lines += [Line(()), Line(("Total de abonos", money(total)))]
    return text_of(lines, quote=csv.QUOTE_ALL), numbered(lines)


def banorte_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Everything about a transfer stands in one long description."""
    names = (
        "Cuenta|Fecha De Operación|Fecha|Referencia|Descripción|Cod. Transac|Sucursal|Depósitos"
        "|Retiros|Saldo|Movimiento|Descripción Detallada|Cheque"
    )
    lines = [Line(("Banorte en su empresa",)), Line(tuple(names.split("|")))]
    for entry in entries:
        day, told, short, detail = f"{entry.day:%d/%m/%Y}", {}, entry.words, "-"
        if entry.amount > 0:
            told = {"reference": entry.reference, "key": entry.key, "payer": entry.payer}
            short = "SPEI RECIBIDO"
            detail = (
                f"SPEI RECIBIDO, BCO:0{entry.code} {entry.bank} "
                f"HR LIQ: {9 + entry.serial % 11:02d}:15:32 DEL CLIENTE {entry.payer} "
                f"DE LA CLABE {entry.code}180{entry.serial:011d}7 CON RFC ND CONCEPTO: "
                f"{entry.words} REFERENCIA: {entry.seven} CVE RAST: {entry.key}"
            )
        credit, charge = (f"${money(v)}" if v else "-" for v in (entry.credit, entry.charge))
        cells = (
            *("'0102030405", day, day, "0000000000", short, "006", "0070", credit, charge),
            *(f"${money(entry.balance)}", f"{entry.serial:06d}", detail, "-"),
        )
        lines.append(Line(cells, read_as(entry, f"{short} {detail}", **told)))
    return text_of(lines, "|", quote=csv.QUOTE_NONE), numbered(lines)


def citibanamex_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Windows-1252, the peso sign in front of every amount, totals below."""
    lines = [
        Line(("Citibanamex BancaNet Empresarial",)),
        Line(("Cuenta de cheques 7001 1234567",)),
        Line(()),
        Line(("Fecha", "Descripción", "Depósitos", "Retiros", "Saldo")),
    ]
    for entry in entries:
        told, words = {}, entry.words
        if entry.amount > 0:
            told = {"reference": entry.reference, "key": entry.key, "payer": entry.payer}
            words = (
                f"PAGO RECIBIDO DE {entry.bank} POR ORDEN DE {entry.payer} REF. {entry.seven} "
                f"RASTREO {entry.key} {entry.words}"
            )
        values = [f"${some(v)}" if v else "" for v in (entry.credit, entry.charge)]
        cells = (f"{entry.day:%d-%m-%Y}", words, *values, f"${money(entry.balance)}")
        lines.append(Line(cells, read_as(entry, words, **told)))
    paid = sum((entry.credit for entry in entries), ZERO)
    spent = sum((entry.charge for entry in entries), ZERO)
    lines.append(Line(("Total", "", f"${money(paid)}", f"${money(spent)}", "")))
    return text_of(lines, encoding="cp1252"), numbered(lines)


def hsbc_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """One signed amount; the references have lost their zeros."""
    lines = [
        Line(("HSBC México, S.A.", "HSBCnet")),
        Line(("Fecha", "Descripción", "Referencia", "Importe", "Saldo")),
    ]
    for entry in entries:
        words = f"TRANSFERENCIA SPEI RECIBIDA {entry.words}" if entry.amount > 0 else entry.words
        reference = entry.reference.lstrip("0")
        cells = (f"{entry.day:%d/%m/%Y}", words, reference, f"{entry.amount:.2f}")
        read = read_as(entry, words, reference=reference)
        lines.append(Line((*cells, f"{entry.balance:.2f}"), read))
    lines.append(Line(("Saldo final", "", "", "", f"{entries[-1].balance:.2f}")))
    return text_of(lines), numbered(lines)


def stp_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """All that SPEI itself knows, and no balance."""
    lines = [
        Line(("STP Sistema de Transferencias y Pagos", "Órdenes recibidas")),
        Line(
            (
                *("Fecha Operación", "Institución", "Clave de Rastreo", "Nombre Ordenante"),
                *("Cuenta", "Concepto Pago", "Referencia Numérica", "Monto"),
            )
        ),
    ]
    for entry in entries:
        read = read_as(
            entry,
            entry.words,
            reference=entry.reference,
            key=entry.key,
            payer=entry.payer,
            no_balance="yes",
        )
        cells = (
            *(f"{entry.day:%Y%m%d}", entry.bank, entry.key, entry.payer),
            *(f"{entry.code}180{entry.serial:011d}3", entry.words, entry.seven),
        )
        lines.append(Line((*cells, f"{entry.amount:.2f}"), read))
    return text_of(lines), numbered(lines)


def scotiabank_txt(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Semicolons, decimals behind a comma, zeros where there is no amount."""
    lines = [
        Line(("Scotiabank Inverlat",)),
        Line(("Fecha", "Descripción", "Referencia", "Cargos", "Abonos", "Saldo")),
    ]
    for entry in entries:
        values = (comma(v) for v in (entry.charge, entry.credit, entry.balance))
        cells = (f"{entry.day:%d/%m/%Y}", entry.words, entry.reference, *values)
        lines.append(Line(cells, read_as(entry, entry.words, reference=entry.reference)))
    return text_of(lines, ";"), numbered(lines)


def inbursa_xlsx(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Saved from Excel: days are numbers, references too, so that their zeros are lost."""
    lines = [
        Line(("Inbursa", "Movimientos de la cuenta")),
        Line(("Fecha", "Referencia", "Concepto", "Ordenante", "Cargo", "Abono", "Saldo")),
    ]
    for entry in entries:
        number = int(entry.reference) if entry.reference else ""
        values = (float(v) if v else "" for v in (entry.charge, entry.credit))
        cells = ((entry.day - EXCEL_ZERO).days, number, entry.words, entry.payer, *values)
        read = read_as(entry, entry.words, reference=entry.reference, payer=entry.payer)
        lines.append(Line((*cells, float(entry.balance)), read))
    return book_of(lines), numbered(lines)


def azteca_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """The newest first, days in words."""
    lines = [
        Line(("Banco Azteca", "Estado de cuenta")),
        Line(("Fecha", "Concepto", "Clave de Rastreo", "Cargos", "Abonos", "Saldo")),
    ]
    for entry in reversed(entries):
        day = f"{entry.day.day} de {MONTH_NAMES[entry.day.month - 1]} de {entry.day.year}"
        cells = (day, entry.words, entry.key, some(entry.charge), some(entry.credit))
        read = read_as(entry, entry.words, key=entry.key)
        lines.append(Line((*cells, money(entry.balance)), read))
    return text_of(lines, quote=csv.QUOTE_ALL), numbered(lines)[::-1]


def generic_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    """Nothing says which bank it is; equal deposits are equal to the letter."""
    lines = [Line(("Fecha", "Descripción", "Ordenante", "Monto"))]
    for entry in entries:
        day = f"{entry.day.day} {MONTH_NAMES[entry.day.month - 1][:3]} {entry.day.year}"
        read = read_as(entry, entry.words, payer=entry.payer, no_balance="yes")
        lines.append(Line((day, entry.words, entry.payer, f"{entry.amount:.2f}"), read))
    return text_of(lines), numbered(lines)


def banregio_csv(entries: Sequence[Entry]) -> tuple[bytes, list[Movement]]:
    lines = [
        Line(("Banregio", "Cuenta 058 580 0000123456")),
        Line(("Fecha", "Descripción", "Referencia", "Cargos", "Abonos", "Saldo")),
    ]
    for entry in entries:
        cells = (f"{entry.day:%d/%m/%Y}", entry.words, entry.reference)
        values = (some(entry.charge), some(entry.credit), money(entry.balance))
        lines.append(
            Line((*cells, *values), read_as(entry, entry.words, reference=entry.reference))
        )
    return text_of(lines), numbered(lines)


Shape = Callable[[Sequence[Entry]], tuple[bytes, list[Movement]]]
SHAPES: dict[str, Shape] = {  # in the order in which the files are imported
    "bbva.csv": bbva_csv,
    "bbva.xlsx": bbva_xlsx,
    "bbva.txt": bbva_txt,
    "santander.csv": santander_csv,
    "banorte.csv": banorte_csv,
    "citibanamex.csv": citibanamex_csv,
    "hsbc.csv": hsbc_csv,
    "stp.csv": stp_csv,
    "scotiabank.txt": scotiabank_txt,
    "inbursa.xlsx": inbursa_xlsx,
    "azteca.csv": azteca_csv,
    "generic.csv": generic_csv,
    "banregio-1.csv": banregio_csv,
    "banregio-2.csv": banregio_csv,
}
