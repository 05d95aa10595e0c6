"""What the columns of a bank statement mean: guessed from their names, or said by a person.

A mapping says of each column what it is, in their order: `["date", "concept", "", "amount"]`.
It is plain data, kept as JSON under the layout of the file. Only the concept may stand in several
columns; they are joined from left to right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from domain.errors import InvalidInput
from domain.import_columns import plain

Mapping = list[str]

NAMES: dict[str, tuple[str, ...]] = {  # the better name of two stands first
    "date": (
        "fecha de operacion",
        "fecha operacion",
        "fecha de la operacion",
        "fecha de movimiento",
        "fecha del movimiento",
        "fecha movimiento",
        "fecha mov",
        "fecha oper",
        "fecha",
        "dia",
        "fecha y hora",
        "fecha de registro",
        "fecha de aplicacion",
        "fecha aplicacion",
        "fecha de abono",
        "date",
    ),
    "concept": (
        "concepto",
        "concepto referencia",
        "concepto de pago",
        "concepto pago",
        "concepto del movimiento",
        "concepto de la operacion",
        "descripcion",
        "descripcion detallada",
        "descripcion larga",
        "descripcion del movimiento",
        "descripcion de la operacion",
        "detalle",
        "detalles",
        "detalle de la operacion",
        "leyenda",
        "observaciones",
        "description",
    ),
    "reference": (
        "referencia numerica",
        "referencia interbancaria",  # the payer's, where another one is the bank's own
        "numero de referencia",
        "num de referencia",
        "num referencia",
        "no de referencia",
        "no referencia",
        "referencia",
        "ref numerica",
        "ref",
        "referencia bancaria",
    ),
    "tracking_key": (
        "clave de rastreo",
        "clave rastreo",
        "cve de rastreo",
        "cve rastreo",
        "rastreo",
    ),
    "charge": (
        "cargo",
        "cargos",
        "retiro",
        "retiros",
        "debito",
        "debitos",
        "importe cargo",
        "monto cargo",
        "cargos retiros",
        "retiros cargos",
        "retiro cargo",
        "egresos",
        "salidas",
    ),
    "credit": (
        "abono",
        "abonos",
        "deposito",
        "depositos",
        "credito",
        "creditos",
        "importe abono",
        "monto abono",
        "abonos depositos",
        "depositos abonos",
        "deposito abono",
        "ingresos",
        "entradas",
    ),
    "amount": (
        "importe",
        "monto",
        "cantidad",
        "importe de la operacion",
        "monto de la operacion",
        "importe del movimiento",
        "monto del movimiento",
        "monto operacion",
        "amount",
    ),
    "type": (
        "cargo abono",
        "abono cargo",
        "c a",
        "a c",
        "d c",
        "d h",
        "signo",
        "naturaleza",
        "tipo de movimiento",
        "tipo movimiento",
        "tipo",
    ),
    "balance": (
        "saldo",
        "saldo contable",
        "saldo actual",
        "saldo final",
        "saldo total",
        "saldo disponible",
        "saldo al",
        "balance",
    ),
    "payer": (
        "nombre ordenante",
        "nombre del ordenante",
        "ordenante",
        "nombre remitente",
        "remitente",
        "nombre del emisor",
        "pagador",
    ),
}
FIELDS = tuple(NAMES)
KNOWN = {name: (rank, field) for field, names in NAMES.items() for rank, name in enumerate(names)}
MONEY = ("charge", "credit", "amount")
SILENT = {"mxn", "mn", "pesos", "m", "n"}


def name_of(cell: str) -> str:
    """A column's name without currency, dates and numbers: `Saldo al 25/11 (MXN)` → `saldo al`."""
    words = plain(cell).split()
    return " ".join(word for word in words if word not in SILENT and not word.isdigit())


def guess(headers: Sequence[str]) -> Mapping:
    """Of two columns that could be the same, the one with the better name is."""
    found = [KNOWN.get(name_of(cell)) for cell in headers]
    best: dict[str, tuple[int, int]] = {}
    for column, known in enumerate(found):
        if known is not None:
            rank, field = known
            best[field] = min(best.get(field, (rank, column)), (rank, column))
    mapping = [
        known[1] if known and (known[1] == "concept" or best[known[1]][1] == column) else ""
        for column, known in enumerate(found)
    ]
    if "credit" in mapping or "charge" in mapping:  # then a further amount is something else
        return ["" if field in ("amount", "type") else field for field in mapping]
    return mapping


def is_header(cells: Sequence[str]) -> bool:
    return is_enough(guess(cells))


def is_enough(mapping: Mapping) -> bool:
    """A day and an amount make a movement."""
    return "date" in mapping and any(field in mapping for field in MONEY)


def check(mapping: Sequence[object], width: int) -> Mapping:
    """A mapping given by a person or kept from before. Raises `InvalidInput` on `mapping`."""
    said = [field for field in mapping if isinstance(field, str)]
    named = [field for field in said if field and field != "concept"]
    split = "charge" in named or "credit" in named
    if not (
        len(said) == len(mapping) == width
        and set(said) <= {*FIELDS, ""}
        and len(set(named)) == len(named)
        and is_enough(said)
        and not (split and ("amount" in named or "type" in named))
    ):
        raise InvalidInput({"mapping": "statement_mapping"})
    return said


def layout_of(headers: Sequence[str], bank: str) -> str:
    """Names the shape of a file, whatever account and days it is of."""
    names = "\x1f".join((bank, str(len(headers)), *(name_of(cell) for cell in headers)))
    return hashlib.sha256(names.encode()).hexdigest()
