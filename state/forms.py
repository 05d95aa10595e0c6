"""Parse what a browser sent. Type hints on events validate nothing: any argument may be anything.

Each function takes the raw value and the field's name, and raises `InvalidInput` on that field.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.errors import InvalidInput

WHOLE = re.compile(r"-?[0-9]{1,18}")
MONEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")


def text(raw: object, field: str, *, longest: int, required: bool = False) -> str:
    """Without control characters and the spaces around it; line breaks stay."""
    if raw is None:
        raw = ""
    if not isinstance(raw, str):
        raise InvalidInput({field: "value_invalid"})
    said = raw.strip()
    if required and not said:
        raise InvalidInput({field: "value_required"})
    if len(said) > longest:
        raise InvalidInput({field: "text_long"})
    if any(ord(c) < ord(" ") and c not in "\r\n\t" for c in said) or "\x7f" in said:
        raise InvalidInput({field: "value_invalid"})
    if not _writable(said):
        raise InvalidInput({field: "value_invalid"})
    return said


def echoed(raw: object, *, longest: int) -> str:
    """What may be shown again as it was typed, wrong or not: cut, and always writable."""
    said = raw[:longest] if isinstance(raw, str) else ""
    return said.encode(errors="replace").decode()


def _writable(said: str) -> bool:
    """JSON can carry half a character (a lone surrogate), which nothing can write as UTF-8."""
    return not any("\ud800" <= c <= "\udfff" for c in said)


def secret(raw: object, field: str, *, longest: int = 256) -> str:
    """Exactly as typed: spaces are part of a password."""
    if not isinstance(raw, str) or not raw:
        raise InvalidInput({field: "value_required"})
    if len(raw) > longest or "\x00" in raw or not _writable(raw):
        raise InvalidInput({field: "value_invalid"})
    return raw


def whole(raw: object, field: str, *, least: int, most: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise InvalidInput({field: "value_invalid"})
    if isinstance(raw, str) and not WHOLE.fullmatch(raw.strip()):
        raise InvalidInput({field: "value_invalid"})
    number = int(raw)
    if not least <= number <= most:
        raise InvalidInput({field: "value_invalid"})
    return number


def row_id(raw: object, field: str = "id") -> int:
    """A database id; what is no id at all is treated like one that does not exist."""
    return whole(raw, field, least=1, most=2**63 - 1)


def money(raw: object, field: str, *, least: Decimal = Decimal("0.01")) -> Decimal:
    """Pesos with up to two decimals; `$`, thousands commas and `MXN` may be typed."""
    said = str(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else ""
    said = said.upper().replace("MXN", "").replace("$", "").replace(",", "").strip()
    if not MONEY.fullmatch(said):
        raise InvalidInput({field: "amount_invalid"})
    try:
        amount = Decimal(said)
    except InvalidOperation:
        raise InvalidInput({field: "amount_invalid"}) from None
    if amount < least:
        raise InvalidInput({field: "amount_invalid"})
    return amount


def day(raw: object, field: str) -> date:
    """A calendar day as a date input sends it: `2026-11-23`."""
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else _refuse(field)
    except ValueError:
        return _refuse(field)


def choice(raw: object, field: str, among: frozenset[str] | set[str]) -> str:
    if not isinstance(raw, str) or raw not in among:
        raise InvalidInput({field: "value_invalid"})
    return raw


def flag(raw: object) -> bool:
    """A checkbox: browsers send `on`, `true` or nothing."""
    return raw is True or (isinstance(raw, str) and raw.lower() in {"on", "true", "1"})


def fields(raw: object) -> dict[str, object]:
    """A submitted form as a plain dictionary; anything else is an empty one."""
    return dict(raw) if isinstance(raw, dict) else {}


def _refuse(field: str) -> date:
    raise InvalidInput({field: "date_invalid"})
