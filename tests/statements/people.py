"""Names of nobody: customers, and payers as banks print them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import product
from random import Random

FIRST = """
Ana Luis María José Jorge Karla Diego Sofía Iván Elena Raúl Paola Héctor Lucía Óscar Nadia Martín
Rocío Víctor Irene Tomás Alma Felipe Julia
""".split()  # noqa: SIM905  # a list of words
SECOND = """
Hernández García Martínez López González Pérez Rodríguez Sánchez Ramírez Cruz Flores Gómez Morales
Vázquez Reyes Jiménez Torres Díaz Gutiérrez Mendoza Ruiz Aguilar Ortiz Castillo Muñoz
""".split()  # noqa: SIM905
BANKS = (
    ("BBVA MEXICO", "012"),
    ("SANTANDER", "014"),
    ("BANORTE", "072"),
    ("AZTECA", "127"),
    ("STP", "646"),
    ("NU MEXICO", "638"),
    ("BANAMEX", "002"),
    ("MERCADO PAGO W", "722"),
)


@dataclass(slots=True)
class Customer:
    phone: str
    name: str
    payers: list[str] = field(default_factory=list)


class People:
    """No name comes twice, so that a payer is one person unless a case says otherwise."""

    def __init__(self, rng: Random) -> None:
        names = [f"{a} {b} {c}" for a, b, c in product(FIRST, SECOND, SECOND) if b != c]
        rng.shuffle(names)
        self._names = iter(names)
        self.customers: list[Customer] = []

    def name(self) -> str:
        return next(self._names)

    def customer(self, name: str = "", payers: tuple[str, ...] = ()) -> Customer:
        made = Customer(f"55{10_000_001 + len(self.customers)}", name or self.name(), list(payers))
        self.customers.append(made)
        return made


def printed(name: str) -> str:
    """Capitals without accents, and no more than forty letters, as SPEI carries a name."""
    parts = unicodedata.normalize("NFKD", name.upper())
    return "".join(c for c in parts if not unicodedata.combining(c))[:40]
