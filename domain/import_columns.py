"""What a file's columns mean: proposed from their names, in Spanish or English."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

FIELDS = ("service", "plan", "login", "password", "profile", "pin", "paid_until", "cost")
NAMES: dict[str, tuple[str, ...]] = {
    "service": ("servicio", "service", "plataforma", "platform", "streaming"),
    "plan": ("plan", "dedicada a", "dedicado a", "dedicacion", "dedicated to", "plan dedicado"),
    "login": (
        "usuario",
        "correo",
        "correo electronico",
        "email",
        "e mail",
        "mail",
        "login",
        "user",
        "username",
        "cuenta",
        "account",
    ),
    "password": ("contrasena", "clave", "password", "pass", "contrasenia", "pwd"),
    "profile": ("perfil", "profile", "nombre del perfil", "profile name", "perfiles", "pantalla"),
    "pin": ("pin", "nip", "pin del perfil", "profile pin", "codigo"),
    "paid_until": (
        "pagado hasta",
        "paid until",
        "vence",
        "vencimiento",
        "fecha de vencimiento",
        "proximo pago",
        "expires",
        "expiration",
        "valid until",
        "corte",
        "fecha de corte",
        "renovacion",
    ),
    "cost": ("costo", "cost", "precio de costo", "precio", "price", "importe"),
}
KNOWN = {name: field for field, names in NAMES.items() for name in names}
BY_POSITION = {"login": 0, "password": 1, "profile": 2, "pin": 3}


def is_header(cells: Sequence[str]) -> bool:
    """Two names that are known make a row of names."""
    named = {KNOWN.get(plain(cell)) for cell in cells} - {None}
    return len(named) >= 2  # noqa: PLR2004


def propose(header: Sequence[str]) -> dict[str, int]:
    """Field → column. Without a header the columns stand as `login:password:profile:pin` do."""
    if not header:
        return dict(BY_POSITION)
    found: dict[str, int] = {}
    for column, name in enumerate(header):
        field = KNOWN.get(plain(name))
        if field is not None:
            found.setdefault(field, column)
    return found


def signature(header: Sequence[str]) -> str:
    """Names the header: files with the same one are read the same way."""
    names = "\x1f".join(plain(name) for name in header)
    return hashlib.sha256(names.encode()).hexdigest() if header else ""


def fits(mapping: Mapping[str, object], width: int) -> bool:
    """Known fields, each on a column of its own that exists."""
    columns = list(mapping.values())
    return (
        set(mapping) <= set(FIELDS)
        and all(type(c) is int and 0 <= c < width for c in columns)
        and len(set(columns)) == len(columns)
    )


def plain(name: str) -> str:
    """Without accents, case, signs and spaces around."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.split())
