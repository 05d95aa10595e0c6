"""A bank's file comes down to movements, whatever stands around and between them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.errors import InvalidInput
from domain.statement_files import read_statement

TODAY = date(2026, 11, 25)
BBVA = """BBVA México
Movimientos de la cuenta;;;;
Fecha;Concepto / Referencia;Cargo;Abono;Saldo
21-nov;SPEI RECIBIDO BANORTE;;$1,150.00;$2,150.00
;Orden 123;;;
20-nov;COMISION;5.80;;1,000.00
"""


def test_a_letterhead_names_the_bank_and_a_row_without_a_day_goes_on() -> None:
    read = read_statement(BBVA.encode("cp1252"), today=TODAY)
    assert (read.bank, read.problems) == ("BBVA", [])
    charge, deposit = read.movements
    assert (deposit.booked_on, deposit.amount) == (date(2026, 11, 21), Decimal("1150.00"))
    assert (deposit.concept, deposit.line) == ("SPEI RECIBIDO BANORTE Orden 123", 4)
    assert (charge.amount, charge.balance) == (Decimal("-5.80"), Decimal("1000.00"))


@pytest.mark.parametrize(
    ("header", "row", "amount"),
    [
        ("Fecha,Descripcion,Importe", "25/11/2026,x,-150.00", "-150.00"),
        ("Fecha,Descripcion,Importe,Tipo", "25/11/2026,x,150.00,Cargo", "-150.00"),
        ("Fecha,Descripcion,Importe,Tipo", "25/11/2026,x,150.00,Abono", "150.00"),
        ("Fecha\tDescripcion\tImporte", "25/11/2026\tx\t1.150,50", "1150.50"),
    ],
)
def test_charges_are_told_from_deposits(header: str, row: str, amount: str) -> None:
    [movement] = read_statement(f"{header}\n{row}\n".encode(), today=TODAY).movements
    assert movement.amount == Decimal(amount)


def test_lost_zeros_of_a_reference_are_put_back() -> None:
    content = b"Fecha,Concepto,Referencia,Abono\n25/11/2026,SPEI,1237,150.00\n"
    [movement] = read_statement(content, today=TODAY).movements
    assert movement.reference == "0001237"


def test_what_is_no_movement_is_named_by_its_line() -> None:
    content = b"Fecha,Concepto,Abono\nayer,x,150.00\n25/11/2026,y,150.00\n"
    read = read_statement(content, today=TODAY)
    assert [problem.line for problem in read.problems] == [2]
    assert [movement.concept for movement in read.movements] == ["y"]


def test_a_person_says_what_the_columns_hold_and_not_nonsense() -> None:
    content = b"A,B,C\n25/11/2026,x,150.00\n"
    assert [p.code for p in read_statement(content, today=TODAY).problems] == ["statement_mapping"]
    said = ["date", "concept", "credit"]
    read = read_statement(content, today=TODAY, mapping=said)
    assert [movement.amount for movement in read.movements] == [Decimal("150.00")]
    with pytest.raises(InvalidInput):
        read_statement(content, today=TODAY, mapping=["concept", "concept", "credit"])
