"""What a movement's words say about the order it pays, before anybody looks at the orders.

Payers type by hand and banks cut, pad and strip: a reference loses its leading zeros, an O stands
for a 0. What had to be mended is told apart from what was written so, since it proves less.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.payments import reference_of
from domain.statement_movements import Movement
from domain.statement_values import ROUNDED, whole

DIGITS = 7
MOST_NUMBER = 9
SHORTEST_PAYER = 5
LOOK_ALIKES = str.maketrans("OQDIL|SBZ", "000111582")

_NUMBER = r"([0-9OQDIL|SBZ]{1,9})(?![0-9A-Z])"
_SIGNS = r"[\s.:#*/_\-]*"
_ORDER = re.compile(
    rf"(?<![A-Z0-9])(?:[O0]RDEN|[O0]RD|PEDID[O0]|PED)(?:\s*(?:NUMER[O0]|NUM|N[O0]|N))?{_SIGNS}{_NUMBER}"
)
_GLUED = re.compile(r"(?:ORDEN|PEDIDO)([0-9]{2,9})(?![0-9])")
_TYPED = re.compile(r"(?<![A-Z0-9])([A-Z]{4,7})[\s.:#_\-]{0,3}([0-9]{2,9})(?![0-9A-Z])")
_PARTED = re.compile(r"[0-9]{1,6}(?: [0-9]{1,6})+")
_ALIKE = 0.8  # one letter wrong, missing, doubled, or two of them in each other's place
_HASH = re.compile(r"#\s*([0-9]{1,9})(?![0-9A-Z])")
_SECOND = re.compile(r"^\s*(?:Y|E|&|,|\+)\s*#?\s*([0-9]{1,9})(?![0-9A-Z])")
_LABELLED = re.compile(rf"(?<![A-Z0-9])REF(?:ERENCIA)?(?:\s*NUMERICA)?{_SIGNS}{_NUMBER}")
_SEVEN = re.compile(r"(?<![0-9A-Z])[0-9OQDIL|SBZ]{7}(?![0-9A-Z])")
_WHOLE = re.compile(r"[0-9OQDIL|SBZ]+(?:\.0+)?")
_KEY = re.compile(r"[A-Z0-9]{10,30}")
_TRUE_DIGITS = 4

# Money that comes in and is no customer's.
_NOT_A_SALE = re.compile(
    r"\b(?:INTERES(?:ES)?|COMISION(?:ES)?|RENDIMIENTOS?|BONIFICACION|DEVOLUCION|DEVUELTO|REVERSO"
    r"|CASHBACK|TRASPASO (?:PROPIO|ENTRE CUENTAS|CUENTAS PROPIAS)|IVA|ISR|DISPERSION|NOMINA"
    r"|SALDO (?:INICIAL|ANTERIOR|FINAL))\b"
)


@dataclass(frozen=True, slots=True)
class Clues:
    """`references` and `numbers` say of each whether it was written so, or had to be mended.

    `bare` are numbers that nothing calls an order's. `keys` are words that may be tracking keys.
    """

    references: dict[str, bool]
    numbers: dict[int, bool]
    bare: frozenset[int]
    keys: frozenset[str]
    payer: str
    no_sale: bool


def clues(movement: Movement) -> Clues:
    words, field = _plain(movement.concept), _plain(movement.reference)
    references: dict[str, bool] = {}
    numbers: dict[int, bool] = {}
    bare: set[int] = set()
    for text in (field, words):
        _orders(text, numbers)
        for found in _LABELLED.finditer(text):
            _reference(found[1], references)
        for found in _SEVEN.finditer(text):
            if sum(c.isdigit() for c in found[0]) >= _TRUE_DIGITS:
                _reference(found[0], references)
        if _PARTED.fullmatch(text):
            _reference(text.replace(" ", ""), references, so=False)
        if _WHOLE.fullmatch(text):
            _reference(text.partition(".")[0], references)
            if text.isdigit() and len(text) <= MOST_NUMBER:
                bare.add(int(text))
    return Clues(
        references=references,
        numbers={number: so for number, so in numbers.items() if number},
        bare=frozenset(bare - set(numbers) - {0}),
        keys=frozenset(
            k
            for k in _KEY.findall(f"{_plain(movement.tracking_key)} {words}")
            if _mixed(k) and whole(k)
        ),
        payer=payer_key(movement.payer),
        no_sale=bool(_NOT_A_SALE.search(words)),
    )


def plain(text: str) -> str:
    """Capitals without accents, as banks write."""
    parts = unicodedata.normalize("NFKD", text.upper())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


def payer_key(payer: str) -> str:
    """Names the same payer however a bank writes the name; empty for what names nobody."""
    key = " ".join(re.findall(r"[A-Z0-9]+", plain(payer)))[:120]
    return key if len(key) >= SHORTEST_PAYER else ""


def _plain(text: str) -> str:
    """Without numbers that a spreadsheet rounded: what is left of them must name nothing."""
    return ROUNDED.sub(" ", plain(text))


def _orders(text: str, numbers: dict[int, bool]) -> None:
    for found in _ORDER.finditer(text):
        _number(found[1], numbers)
        second = _SECOND.match(text[found.end() :])
        if second:
            _number(second[1], numbers)
    for found in _HASH.finditer(text):
        _number(found[1], numbers)
    for found in _GLUED.finditer(text):
        _number(found[1], numbers, so=False)
    for found in _TYPED.finditer(text):
        if _mistyped(found[1]):
            _number(found[2], numbers, so=False)


def _mistyped(word: str) -> bool:
    return any(
        abs(len(word) - len(meant)) <= 1 and SequenceMatcher(None, word, meant).ratio() >= _ALIKE
        for meant in ("ORDEN", "PEDIDO")
    )


def _number(token: str, numbers: dict[int, bool], *, so: bool = True) -> None:
    """A word of look-alikes alone is a word; `so` says that it was written so."""
    if not any(c.isdigit() for c in token):
        return
    number = int(token.translate(LOOK_ALIKES))
    numbers[number] = numbers.get(number, False) or (so and token.isdigit())


def _reference(token: str, references: dict[str, bool], *, so: bool = True) -> None:
    """Seven digits whose check digit is right, once padding is off and lost zeros are back."""
    if not any(c.isdigit() for c in token):
        return
    digits = token.translate(LOOK_ALIKES)
    short = digits.lstrip("0")
    if not 1 < len(short) <= DIGITS:
        return
    reference = short.zfill(DIGITS)
    if reference_of(int(reference[:-1])) != reference:
        return
    written = so and token.isdigit() and len(token) >= DIGITS
    references[reference] = references.get(reference, False) or written


def _mixed(word: str) -> bool:
    return any(c.isdigit() for c in word)
