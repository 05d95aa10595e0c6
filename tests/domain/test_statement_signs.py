"""Which way money went: a charge is never taken for a deposit, whatever the bank calls it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.statement_files import Statement, read_statement

TODAY = date(2026, 11, 25)
UNSIGNED = "Fecha,Concepto,Importe,Saldo"


def read(*lines: str) -> Statement:
    return read_statement("\n".join(lines).encode(), today=TODAY)


def amounts(*lines: str) -> list[Decimal]:
    return [movement.amount for movement in read(*lines).movements]


def problems(*lines: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in read(*lines).problems]


RISING = (
    "02/11/2026,SPEI RECIBIDO Orden 1001,150.00,1150.00",
    "03/11/2026,COMISION,10.00,1140.00",
    "03/11/2026,Orden 1002,150.00,1290.00",
    "04/11/2026,Orden 1003,200.00,1090.00",
)


def test_a_falling_balance_makes_a_charge_of_an_amount_without_sign() -> None:
    assert amounts(UNSIGNED, *RISING) == [150, -10, 150, -200]


def test_the_balance_decides_as_well_where_the_newest_stands_above() -> None:
    assert amounts(UNSIGNED, *RISING[::-1]) == [150, -10, 150, -200]


def test_a_row_that_states_the_balance_before_settles_the_first_movement() -> None:
    rows = ("01/11/2026,SALDO ANTERIOR,,1000.00", "02/11/2026,Orden 1001,150.00,850.00")
    assert amounts(UNSIGNED, *rows) == [-150]


def test_an_amount_that_the_balance_does_not_bear_out_is_a_problem() -> None:
    rows = [*RISING[:3], "04/11/2026,Orden 1004,150.00,9999.00"]
    assert problems(UNSIGNED, *rows) == [(5, "statement_balance")]
    assert len(amounts(UNSIGNED, *rows)) == 3


def test_where_nothing_tells_the_first_movement_is_a_problem_and_no_deposit() -> None:
    rows = ("02/11/2026,Orden 1001,150.00,1150.00", *RISING[1:])
    assert problems(UNSIGNED, *rows) == [(2, "statement_side")]
    assert amounts(UNSIGNED, *rows) == [-10, 150, -200]


def test_equal_amounts_of_one_day_may_be_in_either_order_and_are_not_guessed_at() -> None:
    rows = ("02/11/2026,a,150.00,1150.00", "02/11/2026,b,150.00,1300.00")
    assert [code for _, code in problems(UNSIGNED, *rows)] == ["statement_side"] * 2


def test_a_sign_that_the_balance_contradicts_is_a_problem() -> None:
    rows = ("02/11/2026,a,-10.00,990.00", "02/11/2026,b,150.00,840.00", "03/11/2026,c,5.00,845.00")
    assert problems(UNSIGNED, *rows) == [(3, "statement_balance")]


def test_charges_and_deposits_in_each_other_s_place_are_seen_by_the_balance() -> None:
    header = "Fecha,Concepto,Abono,Cargo,Saldo"
    rows = ("02/11/2026,a,10.00,,990.00", "03/11/2026,b,20.00,,970.00", "04/11/2026,c,,5.00,975.00")
    assert [code for _, code in problems(header, *rows)] == ["statement_balance"] * 2


@pytest.mark.parametrize(
    ("header", "into", "out"),
    [
        ("Tipo", "C", "D"),
        ("Tipo", "A", "C"),
        ("Tipo", "D", "R"),
        ("Tipo", "H", "D"),
        ("Tipo", "I", "E"),
        ("Tipo", "E", "S"),
        ("Tipo", "+", "-"),
        ("Tipo", "CR", "DB"),
        ("Tipo", "CR", "DR"),
        ("Tipo", "Abono", "Cargo"),
        ("Movimiento", "Depósito", "Retiro"),
        ("Movimiento", "C", "D"),
        ("Movimiento", "A", "C"),
        ("Tipo de movimiento", "Crédito", "Débito"),
        ("Tipo de operación", "SPEI recibido", "SPEI enviado"),
        ("Naturaleza", "HABER", "DEBE"),
        ("C/A", "A", "C"),
        ("D/C", "C", "D"),
    ],
)
def test_all_the_values_of_a_column_decide_what_its_letters_mean(
    header: str, into: str, out: str
) -> None:
    rows = (f"02/11/2026,a,150.00,{into}", f"03/11/2026,b,10.00,{out}")
    assert amounts(f"Fecha,Concepto,Importe,{header}", *rows) == [150, -10]


@pytest.mark.parametrize(
    ("header", "letter", "sign"), [("C/A", "C", -1), ("D/C", "C", 1), ("D/C", "D", -1)]
)
def test_one_letter_alone_is_told_by_the_column_s_name(header: str, letter: str, sign: int) -> None:
    assert amounts(f"Fecha,Concepto,Importe,{header}", f"02/11/2026,a,150.00,{letter}") == [
        150 * sign
    ]


@pytest.mark.parametrize("letter", ["C", "D"])
def test_one_letter_alone_that_could_mean_either_is_a_problem(letter: str) -> None:
    rows = (f"02/11/2026,Orden 1001,150.00,{letter}", f"03/11/2026,Orden 1002,10.00,{letter}")
    found = read("Fecha,Concepto,Importe,Tipo", *rows)
    assert found.movements == []
    assert [problem.code for problem in found.problems] == ["statement_side"] * 2


def test_such_a_letter_is_settled_by_the_balance() -> None:
    rows = (
        "01/11/2026,SALDO ANTERIOR,,,1000.00",
        "02/11/2026,Orden 1001,150.00,D,1150.00",
        "03/11/2026,Orden 1002,10.00,D,1160.00",
    )
    assert amounts("Fecha,Concepto,Importe,Tipo,Saldo", *rows) == [150, 10]


def test_a_letter_that_the_balance_contradicts_is_a_problem() -> None:
    rows = (
        "01/11/2026,SALDO ANTERIOR,,,1000.00",
        "02/11/2026,a,150.00,A,1150.00",
        "03/11/2026,b,10.00,A,1140.00",
        "04/11/2026,c,10.00,C,1130.00",
    )
    assert problems("Fecha,Concepto,Importe,Tipo,Saldo", *rows) == [(4, "statement_balance")]


def test_a_column_of_kinds_that_say_no_direction_is_not_asked_for_one() -> None:
    rows = ("02/11/2026,a,150.00,SPEI", "03/11/2026,b,-10.00,Comisión")
    assert amounts("Fecha,Concepto,Importe,Tipo", *rows) == [150, -10]


def test_only_charges_are_only_charges() -> None:
    rows = ("02/11/2026,a,10.00,,990.00", "03/11/2026,b,20.00,,970.00")
    assert amounts("Fecha,Concepto,Cargo,Abono,Saldo", *rows) == [-10, -20]


def test_a_transfer_sent_is_no_deposit_where_a_file_has_neither_signs_nor_balances() -> None:
    rows = ("02/11/2026,Orden 1001,150.00", "03/11/2026,SPEI ENVIADO RENTA,900.00")
    assert amounts("Fecha,Concepto,Monto", *rows) == [150]
    assert problems("Fecha,Concepto,Monto", *rows) == [(3, "statement_side")]


def test_a_deposit_taken_back_is_no_deposit() -> None:
    rows = ("02/11/2026,Orden 1001,150.00,Abono", "03/11/2026,Orden 1001,-150.00,Abono")
    assert amounts("Fecha,Concepto,Importe,Tipo", *rows) == [150]
    assert problems("Fecha,Concepto,Importe,Tipo", *rows) == [(3, "statement_side")]


cents = st.integers(-300_00, 300_00).filter(bool)
amounts_of_a_few = st.sampled_from((150_00, -150_00, 99_00, -99_00, 10_00, -10_00))


@given(
    st.lists(st.tuples(st.integers(0, 20), cents | amounts_of_a_few), min_size=1, max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_no_charge_becomes_a_deposit_whatever_the_order_and_the_amounts(
    written: list[tuple[int, int]], newest_first: bool, opening: bool
) -> None:
    """Each movement is read as it was, or is told as a problem."""
    written.sort(key=lambda one: one[0])
    balances = list(accumulate((cents for _, cents in written), initial=10_000_00))
    rows = [
        f"{date(2026, 11, 1) + timedelta(days=day)},m{n},{peso(abs(cents))},{peso(balance)}"
        for n, ((day, cents), balance) in enumerate(zip(written, balances[1:], strict=True))
    ]
    rows = [f"2026-11-01,SALDO INICIAL,,{peso(balances[0])}"] * opening + rows
    found = read(UNSIGNED, *(rows[::-1] if newest_first else rows))
    for movement in found.movements:
        assert movement.amount == Decimal(written[int(movement.concept[1:])][1]) / 100
    assert len(found.movements) + len(found.problems) == len(written)
    if opening:
        assert found.problems == []


def peso(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"
