"""Which way money went, by what a column of words, letters or signs says beside an amount.

A letter means nothing by itself: C is a credit where D is a debit, and a charge (`Cargo`) where A
is a deposit (`Abono`). So the whole set of a column's values decides, then the column's name; what
neither settles stays open, for the balance to tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.import_columns import plain

IN, OUT = 1, -1
WORDS = dict.fromkeys(
    (
        *("abono", "abonos", "haber", "credito", "creditos", "deposito", "depositos", "ingreso"),
        *("ingresos", "entrada", "entradas", "recibido", "recibida", "cr", "credit", "deposit"),
    ),
    IN,
) | dict.fromkeys(
    (
        *("cargo", "cargos", "debe", "debito", "debitos", "retiro", "retiros", "egreso"),
        *("egresos", "salida", "salidas", "enviado", "enviada", "db", "dr", "debit"),
        "withdrawal",
    ),
    OUT,
)
PAIRS = (
    {"c": IN, "d": OUT},  # crédito, débito
    {"a": IN, "c": OUT},  # abono, cargo
    {"d": IN, "r": OUT},  # depósito, retiro
    {"h": IN, "d": OUT},  # haber, debe
    {"i": IN, "e": OUT},  # ingreso, egreso
    {"e": IN, "s": OUT},  # entrada, salida
)
ALONE = {"a": IN, "h": IN, "i": IN, "r": OUT, "s": OUT}  # one meaning in every pair
NAMED = {
    "d c": PAIRS[0],
    "c d": PAIRS[0],
    "a c": PAIRS[1],
    "c a": PAIRS[1],
    "cargo abono": PAIRS[1],
    "abono cargo": PAIRS[1],
    "d r": PAIRS[2],
    "r d": PAIRS[2],
    "d h": PAIRS[3],
    "h d": PAIRS[3],
}
LETTERS = frozenset(letter for pair in PAIRS for letter in pair)


@dataclass(frozen=True, slots=True)
class Sides:
    """`letters` holds what a letter of this column means; one that it lacks stays open."""

    letters: dict[str, int]

    def of(self, cell: str) -> int | None:
        """Which way a cell says that money went; None when it does not say."""
        sign = cell.strip()
        if sign in {"+", "-"}:
            return IN if sign == "+" else OUT
        words = plain(cell).split()
        if len(words) == 1 and len(words[0]) == 1:
            return self.letters.get(words[0])
        found = {WORDS[word] for word in words if word in WORDS}
        return found.pop() if len(found) == 1 else None

    def open(self, cell: str) -> bool:
        """Whether this is a letter that could mean either."""
        letter = plain(cell)
        return letter in LETTERS and letter not in self.letters


def sides(cells: Iterable[str], header: str) -> Sides:
    """What the values of one column mean, all of them together."""
    said = {plain(cell) for cell in cells} - {""}
    letters = {value for value in said if len(value) == 1}
    fitting = [pair for pair in PAIRS if letters == set(pair)]
    if fitting:
        return Sides(fitting[0])
    named = NAMED.get(plain(header), {})
    if letters and letters <= set(named):
        return Sides(named)
    if letters <= set(ALONE) and len({ALONE[letter] for letter in letters}) == len(letters):
        return Sides({letter: ALONE[letter] for letter in letters})
    return Sides({})
