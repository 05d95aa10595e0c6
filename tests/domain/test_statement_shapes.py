"""What banks do around and inside their tables, and files that hold none."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from domain.errors import InvalidInput
from domain.statement_files import Statement, read_statement

TODAY = date(2026, 11, 25)
HEADER = "Fecha,Concepto,Cargo,Abono,Saldo"
ROWS = ("02/11/2026,Orden 1001,,150.00,1150.00", "03/11/2026,COMISION,10.00,,1140.00")
TABLE = "\n".join((HEADER, *ROWS))


def read(content: str | bytes) -> Statement:
    return read_statement(content.encode() if isinstance(content, str) else content, today=TODAY)


def told(statement: Statement) -> list[tuple[str, Decimal]]:
    return [(movement.concept, movement.amount) for movement in statement.movements]


def problems(statement: Statement) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in statement.problems]


BOTH = [("Orden 1001", Decimal(150)), ("COMISION", Decimal(-10))]
PRINTED = """\
BANCO DE PRUEBA            ESTADO DE CUENTA
PAGINA 1

FECHA     DESCRIPCION               REFERENCIA       CARGOS       ABONOS        SALDO
-------------------------------------------------------------------------------------
02/NOV    SPEI RECIBIDO AZTECA      0010012                       150.00     1,150.00
          Orden 1001 de una casa muy larga y ancha
03/NOV    COMISION                                    10.00                  1,140.00
\fBANCO DE PRUEBA            ESTADO DE CUENTA
PAGINA 2

FECHA     DESCRIPCION               REFERENCIA       CARGOS       ABONOS        SALDO
-------------------------------------------------------------------------------------
04/NOV    SPEI RECIBIDO BBVA        1234567                    12,345.00    13,485.00

SALDO FINAL                                                                 13,485.00
"""


def test_columns_aligned_by_spaces_are_read_over_all_pages() -> None:
    read_so = read(PRINTED)
    first, charge, last = read_so.movements
    assert first.concept == "SPEI RECIBIDO AZTECA Orden 1001 de una casa muy larga y ancha"
    assert (first.reference, first.amount, first.balance) == ("0010012", 150, 1150)
    assert (charge.amount, charge.reference) == (-10, "")
    assert (last.concept, last.amount, last.line) == ("SPEI RECIBIDO BBVA", 12345, 14)
    assert read_so.problems == []


def test_an_amount_too_wide_for_its_column_is_not_cut() -> None:
    wide = f"{'05/NOV':<10}{'SPEI RECIBIDO BBVA':<50}1,012,345.00 1,025,830.00"
    read_so = read(PRINTED.replace("\n\nSALDO FINAL", f"\n{wide}\n\nSALDO FINAL"))
    assert read_so.movements[-1].amount == Decimal("1012345.00")
    assert read_so.movements[-1].balance == Decimal("1025830.00")


def test_names_of_one_space_between_are_still_columns_when_two_part_the_others() -> None:
    text = (
        "FECHA       CONCEPTO DEL MOVIMIENTO      IMPORTE   SALDO FINAL\n"
        "02/11/2026  SPEI RECIBIDO Orden 1001      150.00      1,150.00\n"
        "03/11/2026  COMISION                       10.00      1,140.00\n"
    )
    assert [amount for _, amount in told(read(text))] == [150, -10]


PAGE = """<html><head><meta charset="utf-8"><style>td { color: red }</style></head><body>
<table><tr><td colspan=2>Banregio</td></tr>
<tr><th>Fecha</th><th>Concepto</th><th>Cargo</th><th>Abono</th><th>Saldo</th></tr>
<tr><td>02/11/2026<td>Orden&nbsp;1001<br><td>&nbsp;<td>$150.00<td>1,150.00
<tr><td>03/11/2026</td><td>COMISION</td><td>10.00</td><td></td><td>1,140.00</td></tr>
</table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_web_page_that_is_called_a_workbook_is_read(encoding: str) -> None:
    read_so = read(PAGE.encode(encoding))
    assert told(read_so) == BOTH
    assert read_so.bank == "Banregio"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_in_every_encoding_and_with_every_separator(
    encoding: str, separator: str
) -> None:
    text = TABLE.replace("COMISION", "COMISIÓN").replace(",", separator)
    assert told(read(text.encode(encoding)))[1] == ("COMISIÓN", Decimal(-10))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n" + bytes(range(256)), "Es un PDF"),
        (b"\xef\xbb\xbf\n%PDF-1.7", "Es un PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), ".xlsx o CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "Es una imagen"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "Es una imagen"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(60), "Es una imagen"),
        (b"\x1f\x8b\x08\x00" + bytes(60), "comprimido"),
        (b'[{"fecha": "2026-11-02", "monto": 150.0}]', "No es una tabla"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n<OFX>", "No es una tabla"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "No es una tabla"),
        (b"<html><body>Tu sesi\xf3n expir\xf3</body></html>", "No encontramos filas"),
        (b"hola\nesto es una carta, sin tabla\n", "No encontramos movimientos"),
        (HEADER.encode(), "No encontramos movimientos"),
        (b"", "No encontramos filas"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(content)
    assert words in refused.value.fields["file"]


def test_an_archive_without_a_workbook_in_it_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("movimientos.csv", TABLE)
    with pytest.raises(InvalidInput) as refused:
        read(packed.getvalue())
    assert "comprimido" in refused.value.fields["file"]


@pytest.mark.parametrize(
    ("row", "concept"),
    [
        ('02/11/2026,"pago "juan" de la orden 1001",,150.00,', 'pago "juan" de la orden 1001'),
        ('02/11/2026,"pago 5" de orden 1001",,150.00,', 'pago 5" de orden 1001'),
        ('02/11/2026,pago "juan",,150.00,', 'pago "juan"'),
        ('02/11/2026,"pago ""juan""",,"150.00",', 'pago "juan"'),
        ('02/11/2026,"pago, juan",,150.00,', "pago, juan"),
    ],
)
def test_quotes_inside_of_a_cell_are_letters_like_others(row: str, concept: str) -> None:
    after = '03/11/2026,"otra, orden",,10.00,'
    assert told(read(f"{HEADER}\n{row}\n{after}\n")) == [
        (concept, Decimal(150)),
        ("otra, orden", Decimal(10)),
    ]


@pytest.mark.parametrize("cell", ["{words},,,", ",{words},,", "{words}"])
def test_a_concept_goes_on_below_or_at_the_left(cell: str) -> None:
    more = "\n".join(cell.format(words=words) for words in ("Orden 1001", "REF 0010012"))
    read_so = read(f"{HEADER}\n02/11/2026,DEPOSITO,,150.00,\n{more}\n03/11/2026,x,,1.00,\n")
    assert [m.concept for m in read_so.movements] == ["DEPOSITO Orden 1001 REF 0010012", "x"]
    assert read_so.movements[0].reference == "0010012"


@pytest.mark.parametrize(
    "concept",
    [
        "SPEI RECIBIDOBANORTE/0108312837  072 0010012Orden 1001",
        "SPEI RECIBIDOBANORTE / 0108312837  072 0010012Orden 1001",
        "SPEI RECIBIDO / BANORTE / 0108312837 / 072 / 0010012 Orden 1001",
        "T20 SPEI RECIBIDOBANORTE 0108312837 072 0010012Orden 1001",
    ],
)
def test_bbva_glues_a_reference_with_or_without_spaces_around_its_signs(concept: str) -> None:
    [movement] = read(f"{HEADER}\n02/11/2026,{concept},,150.00,\n").movements
    assert movement.reference == "0010012"
    assert movement.concept.endswith("0010012 Orden 1001")


def test_repeated_names_and_letterheads_move_no_money_and_end_a_concept() -> None:
    page = "Banco de Prueba\nPágina {n}\n" + HEADER
    read_so = read(f"{page.format(n=1)}\n{ROWS[0]}\n{page.format(n=2)}\n{ROWS[1]}\n")
    assert (told(read_so), problems(read_so)) == (BOTH, [])


def test_another_table_with_other_columns_is_told_and_not_read() -> None:
    other = "Fecha,Concepto,Abono,Cargo,Saldo\n04/11/2026,x,10.00,,50.00\n"
    read_so = read(f"{TABLE}\n\nCuenta 2\n{other}")
    assert told(read_so) == BOTH
    assert problems(read_so) == [(6, "statement_other_table")]


def test_a_second_account_below_is_read_by_the_same_columns() -> None:
    read_so = read(f"{TABLE}\nTotal,,10.00,150.00,\nCuenta 2\n{HEADER}\n04/11/2026,x,,5.00,5.00\n")
    assert told(read_so) == [*BOTH, ("x", Decimal(5))]


def test_names_thirty_lines_down_are_found() -> None:
    above = "".join(f"Aviso {n},consulta tus comisiones\n" for n in range(30))
    assert told(read(above + TABLE)) == BOTH


def test_totals_below_are_no_movements() -> None:
    below = "\nTOTAL DE ABONOS,,,150.00,\nSaldo final,,,,1140.00\n,Total de cargos,10.00,,\n"
    assert told(read(TABLE + below)) == BOTH


def test_twenty_thousand_movements_are_read() -> None:
    rows = "".join(f"02/11/2026,Orden {n},,150.00,{n * 150}.00\n" for n in range(20_000))
    assert len(read(f"{HEADER}\n{rows}").movements) == 20_000


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("$1,234.50 MXN", "1234.50"),
        ("MXN 1,234.50", "1234.50"),
        ("MX$1,234.50", "1234.50"),
        ("1234.5 pesos", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("1,234.50-", "-1234.50"),
        ("- $1,234.50", "-1234.50"),
        ("+1.234,50", "1234.50"),
    ],
)
def test_amounts_of_every_writing_are_read(amount: str, value: str) -> None:
    text = f"Fecha;Concepto;Monto\n02/11/2026;a;{amount}\n03/11/2026;b;-1,00\n"
    assert read(text).movements[0].amount == Decimal(value)


def test_dollars_are_no_pesos() -> None:
    header = "Fecha,Concepto,Monto,Moneda"
    read_so = read(
        f"{header}\n02/11/2026,a,150.00,USD\n02/11/2026,b,1.00,MXN\n02/11/2026,c,2.00,\n"
    )
    assert problems(read_so) == [(2, "statement_currency")]
    assert problems(read("Fecha,Concepto,Monto\n02/11/2026,a,USD 150.00\n")) == [
        (2, "statement_amount")
    ]


@pytest.mark.parametrize(
    "status", ["Devuelta", "RECHAZADO", "Pendiente", "En proceso", "Cancelada"]
)
def test_what_the_bank_sent_back_or_holds_is_no_deposit(status: str) -> None:
    header = "Fecha,Concepto,Monto,Estatus"
    read_so = read(f"{header}\n02/11/2026,a,150.00,{status}\n02/11/2026,b,1.00,Liquidada\n")
    assert problems(read_so) == [(2, "statement_returned")]
    assert told(read_so) == [("b", Decimal(1))]


@pytest.mark.parametrize(
    "text",
    [
        *("12/ENE", "12 ENE 26", "12 DE ENERO DE 2026", "ENE. 12", "ene 12, 2026", "12-Jan-26"),
        *(
            "lunes 12 de enero de 2026",
            "12/01/26",
            "2026/01/12",
            "2026-01-12T10:11:12",
            "12.01.2026",
        ),
    ],
)
def test_days_of_every_writing_are_read(text: str) -> None:
    content = f"Fecha;Concepto;Abono\n{text};a;150.00\n"
    assert read(content).movements[0].booked_on == date(2026, 1, 12)


@pytest.mark.parametrize("day", ["25/11/2027", "25/11/27", "30/11/2026", "2062-11-02"])
def test_a_day_to_come_is_told_and_no_movement(day: str) -> None:
    read_so = read(f"{HEADER}\n{day},Orden 1001,,150.00,\n{ROWS[1]}\n")
    assert problems(read_so) == [(2, "statement_ahead")]
    assert len(read_so.movements) == 1


def test_a_transfer_of_a_friday_night_is_booked_on_monday() -> None:
    friday = date(2026, 11, 20)
    content = f"{HEADER}\n23/11/2026,Orden 1001,,150.00,\n".encode()
    assert len(read_statement(content, today=friday).movements) == 1


@pytest.mark.parametrize(
    "key", ["2.61103E+17", "2,61103E+17", "261103166810686000", "2.61103166810686E+017"]
)
def test_a_number_that_a_spreadsheet_rounded_names_nothing(key: str) -> None:
    header = "Fecha;Concepto;Clave de rastreo;Referencia;Abono"
    [movement] = read(f"{header}\n02/11/2026;a;{key};{key};150.00\n").movements
    assert (movement.tracking_key, movement.reference) == ("", "")


def test_nor_does_one_that_a_workbook_rounded() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Fecha", "Concepto", "Clave de rastreo", "Abono"))
    sheet.append(("02/11/2026", "a", 261103166810686123, 150))
    sheet.append(("02/11/2026", "b", 2.61103166810686e17, 150))
    sheet.append(("02/11/2026", "c", "261103166810686123", 150))
    out = io.BytesIO()
    book.save(out)
    keys = [movement.tracking_key for movement in read(out.getvalue()).movements]
    assert keys == ["", "", "261103166810686123"]


def test_a_balance_only_where_a_day_ends_is_enough() -> None:
    rows = ("02/11/2026,a,,150.00,", "02/11/2026,b,,10.00,1160.00", "03/11/2026,c,5.00,,1155.00")
    assert [amount for _, amount in told(read("\n".join((HEADER, *rows))))] == [150, 10, -5]
