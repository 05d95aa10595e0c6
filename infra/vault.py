"""Secrets at rest: AES-256-GCM, a fresh data key per value, wrapped by a ring of key keys.

The additional data names table, column and row, so a ciphertext moved to another place does not
open. `Secret` masks itself wherever it is printed; the text comes out only through `disclose()`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.settings import SettingsError, settings

FORMAT = b"\x01"
NONCE = 12
KEY = 32
WRAPPED = NONCE + KEY + 16


class VaultError(Exception):
    """A sealed value does not open here: wrong key, wrong place or altered bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that must not be seen. Printing, logging or formatting it shows dots."""

    _text: str

    def disclose(self) -> str:
        return self._text

    def __str__(self) -> str:
        return "••••••"

    def __repr__(self) -> str:
        return "Secret(••••••)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives; it opens nowhere else."""

    table: str
    column: str
    row_id: object

    @property
    def mark(self) -> bytes:
        return f"{self.table}.{self.column}:{self.row_id}".encode()


class KeyRing:
    """The first key seals, every key opens. Source: `CUENTY_KEYS`, `id:base64` by commas."""

    def __init__(self, written: str) -> None:
        self.keys: dict[str, bytes] = {}
        for part in filter(None, (p.strip() for p in written.split(","))):
            name, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise SettingsError("CUENTY_KEYS must be id:base64 pairs") from error
            if not name or len(name) > 40 or len(key) != KEY:  # noqa: PLR2004  # column width
                raise SettingsError("CUENTY_KEYS needs short ids and 32-byte keys in base64")
            self.keys[name] = key
        if not self.keys:
            raise SettingsError("CUENTY_KEYS is empty")
        self.current = next(iter(self.keys))

    def seal(self, secret: Secret, place: Place, *, key_id: str | None = None) -> bytes:
        if type(secret) is not Secret:
            raise TypeError("only a Secret can be sealed")
        name = key_id or self.current
        data_key, nonce, wrap_nonce = (secrets.token_bytes(n) for n in (KEY, NONCE, NONCE))
        wrapped = AESGCM(self.keys[name]).encrypt(wrap_nonce, data_key, place.mark)
        body = AESGCM(data_key).encrypt(nonce, secret.disclose().encode(), place.mark)
        label = name.encode()
        return FORMAT + bytes([len(label)]) + label + wrap_nonce + wrapped + nonce + body

    def unseal(self, sealed: bytes, place: Place) -> Secret:
        """Raises `VaultError` for another place, another key or altered bytes."""
        try:
            if sealed[:1] != FORMAT:
                raise VaultError("unknown format")
            size = sealed[1]
            name = sealed[2 : 2 + size].decode()
            rest = sealed[2 + size :]
            key = self.keys.get(name)
            if key is None:
                raise VaultError(f"key {name!r} is not in CUENTY_KEYS")
            data_key = AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:WRAPPED], place.mark)
            nonce, body = rest[WRAPPED : WRAPPED + NONCE], rest[WRAPPED + NONCE :]
            return Secret(AESGCM(data_key).decrypt(nonce, body, place.mark).decode())
        except (InvalidTag, IndexError, ValueError) as error:
            raise VaultError(f"{place.table}.{place.column} does not open here") from error


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    return KeyRing(settings().keys)


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 with the pepper, in hex; each purpose has its own space of values."""
    key = settings().pepper.encode()
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
