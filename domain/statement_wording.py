"""What a bank writes into the concept for want of a column, and how it gives itself away."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.import_columns import plain

BANKS = {
    "bbva": "BBVA",
    "bancomer": "BBVA",
    "santander": "Santander",
    "banorte": "Banorte",
    "citibanamex": "Citibanamex",
    "banamex": "Citibanamex",
    "hsbc": "HSBC",
    "stp": "STP",
    "scotiabank": "Scotiabank",
    "inbursa": "Inbursa",
    "azteca": "Azteca",
    "nu mexico": "Nu",
    "banregio": "Banregio",
    "bajio": "BanBajío",
    "afirme": "Afirme",
    "multiva": "Multiva",
    "ve por mas": "BX+",
    "bancoppel": "BanCoppel",
    "mercado pago": "Mercado Pago",
    "hey banco": "Hey Banco",
    "klar": "Klar",
}
BBVA_HEADER = "dia concepto referencia cargo abono saldo"  # no other bank has it, and no preamble

_KEY = re.compile(
    r"\b(?:(?:CLAVE|CVE)\.?\s*(?:DE\s+)?RAST(?:REO)?|RASTREO)\b[:.\s]*([A-Z0-9]{6,30})\b",
    re.IGNORECASE,
)
_PAYER = re.compile(
    r"\b(?:DEL\s+CLIENTE|POR\s+ORDEN\s+DE|(?<!CTA )(?<!CUENTA )(?<!BANCO )ORDENANTE"
    r"|(?<!BANCO )EMISOR)[:\s]+([^,;:/]+?)"
    r"(?=\s*(?:[,;:/]|\b(?:CLAVE|CVE|RASTREO|DE\s+LA\s+(?:CLABE|CUENTA)|CON\s+RFC|RFC|REF"
    r"|CONCEPTO|REFERENCIA|CUENTA|CTA|INSTITUCION|BANCO|ORDENANTE)\b|$))",
    re.IGNORECASE,
)
_BNET = re.compile(r"\bBNET\s*(\d{10})\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\bREF(?:ERENCIA)?\.?(?:\s*NUM(?:ERICA)?\.?)?[:\s]+(\d{1,7})\b", re.IGNORECASE
)
# `SPEI RECIBIDOBANORTE/0108312837  072 0010012Orden 1001`, with spaces around the sign or without
# it: the bank glues what the payer typed to his seven digits.
_GLUED = re.compile(
    r"(.*?\bSPEI RECIBIDO *(?:/ *)?[^/\d]*(?:/ *)?\d{7,10}[ /]+\d{3}[ /]+)(\d{7})(.*)",
    re.IGNORECASE,
)
# A name right behind an account of eighteen digits, where more of the bank's own follows.
_BEHIND_CLABE = re.compile(
    r"\b\d{18}(?:,([^\d,;:/]+),| ([^\d,;:/]+) (?:IVA ACREDITABLE|REF|RASTREO|RFC|CVE RASTREO):)",
    re.IGNORECASE,
)
# A whole cell that is a sentence and a name, as wallets write.
_FROM = re.compile(r"TRANSFERENCIA RECIBIDA(?: DE)?:? ([^\d,;:/]+)", re.IGNORECASE)
FEWEST_NAMES = 3  # of a person, where no label says that it is one
NO_NAMES = frozenset(
    (
        *("pago", "pagos", "orden", "pedido", "transferencia", "spei", "concepto", "referencia"),
        *("netflix", "disney", "hbo", "max", "spotify", "prime", "cuenta", "perfil", "servicio"),
        *("gracias", "renta", "deposito", "abono", "hola", "compra", "mes", "banco", "mexico"),
    )
)


def bank_of(preamble: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Never asked of the movements: they name the banks of the payers."""
    if " ".join(" ".join(map(plain, headers)).split()) == BBVA_HEADER:
        return "BBVA"
    words = f" {' '.join(plain(cell) for row in preamble for cell in row)} "
    found = {words.index(f" {sign} "): BANKS[sign] for sign in BANKS if f" {sign} " in words}
    return found[min(found)] if found else ""


def parted(concept: str) -> str:
    """With a space where the bank glues a reference to words."""
    found = _GLUED.fullmatch(concept)
    return f"{found[1]}{found[2]} {found[3].strip()}".strip() if found else concept


def key_in(concept: str) -> str:
    found = _KEY.search(concept)
    return found[1].upper() if found else ""


def payer_of(cell: str) -> str:
    """Whom a cell names that holds nothing else."""
    found = _FROM.fullmatch(cell.strip())
    return _name(found[1]) if found else ""


def payer_in(concept: str) -> str:
    if (found := _PAYER.search(concept)) and not _is_bank(found[1]):
        return " ".join(found[1].split())
    if (found := _BEHIND_CLABE.search(concept)) and (name := _name(found[1] or found[2])):
        return name
    found = _BNET.search(concept)
    return f"BNET {found[1]}" if found else ""


def _name(words: str) -> str:
    """Words that nothing calls a payer are one only when they look like a person's whole name.

    What a payer typed would else be taken for who he is, and pay for another who typed the same.
    """
    parts = plain(words).split()
    if len(parts) < FEWEST_NAMES or NO_NAMES & set(parts):
        return ""
    return " ".join(words.split())


def _is_bank(words: str) -> bool:
    name = plain(words)
    return any(name == sign or name.startswith(f"{sign} ") for sign in BANKS)


def reference_in(concept: str) -> str:
    if found := _GLUED.fullmatch(concept):
        return found[2]
    found = _REFERENCE.search(concept)
    return found[1] if found else ""
