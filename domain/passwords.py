"""Passwords of staff: Argon2id, hashed away from the event loop, and long rather than strange."""

from __future__ import annotations

import asyncio
import functools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from passlib.hash import argon2  # pyright: ignore  # noqa: PGH003  # it ships no types

from domain.errors import InvalidInput

SHORTEST, LONGEST = 15, 256
ENOUGH = 8  # characters left, all different from each other, once well-known pieces are gone
# 19 MiB and two passes: OWASP ASVS 5.0, appendix C. Some 50 ms.
_scheme: Any = argon2.using(type="ID", memory_cost=19_456, time_cost=2, parallelism=1)  # pyright: ignore  # noqa: PGH003
# Two at a time: each takes 19 MiB, and a flood of log-ins must not take all of them.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")

WELL_KNOWN = re.compile(
    r"contrase[nñ]as?|passw[o0]rd|passphrase|clave|acceso|usuario|admin(?:istrador|istrator)?|root|"
    r"welcome|bienvenid[oa]s?|letmein|iloveyou|tequiero|teamo|mexico|america|guadalajara|"
    r"princesa|princess|dragon|monkey|football|futbol|baseball|superman|batman|sunshine|shadow|"
    r"master|secret[oa]?|hola|hello|test|prueba|demo|change|cambia(?:r|me)?|please|"
    r"cuenty|netflix|disney|spotify|primevideo|amazon|hbo|max|tienda|shop|"
    r"qwert[yz]u?i?o?p?|asdf(?:g?h?j?k?l?ñ?)?|zxcv(?:b?n?m?)?|1q2w3e4r5?t?6?y?|qazwsx(?:edc)?|"
    r"abc(?:d?e?f?g?h?i?j?k?l?m?n?o?p?)?|(?:19|20)[0-9]{2}"
)


def hash_now(password: str) -> str:
    """Takes the whole 50 ms on this thread: for commands, never inside an event."""
    return str(_scheme.hash(password))


async def hash_password(password: str) -> str:
    return await _away(hash_now, password)


async def is_right(password: str, kept: str | None) -> bool:
    """An unknown user's password is verified too, so the answer takes as long.

    So is that of somebody invited who has not chosen one: it is never right.
    """
    return await _away(_verify, password, kept or _nobodys()) and bool(kept)


def check(password: str, *, username: str, field: str = "password") -> None:
    """Raises `InvalidInput` for a password that is short, well known or the user's own name."""
    if len(password) < SHORTEST:
        raise InvalidInput({field: "password_short"})
    if len(password) > LONGEST:
        raise InvalidInput({field: "password_long"})
    if is_well_known(password, username=username):
        raise InvalidInput({field: "password_common"})


def is_well_known(password: str, *, username: str = "") -> bool:
    """Long passwords on public lists are short ones, joined or said twice: little is left."""
    rest = password.casefold()
    if username:
        rest = rest.replace(username.casefold(), "")
    rest = WELL_KNOWN.sub("", rest)
    rest = re.sub(r"[0-9]+", lambda run: "" if _is_plain(run[0]) else run[0], rest)
    rest = re.sub(r"(.{1,6}?)\1+", r"\1", rest)
    return len(set(re.sub(r"[\W_]+", "", rest))) < ENOUGH


def _is_plain(digits: str) -> bool:
    up, down = "0123456789" * 3, "9876543210" * 3
    return len(digits) <= 4 or digits in up or digits in down or len(set(digits)) == 1  # noqa: PLR2004  # a year, a PIN


def _verify(password: str, kept: str) -> bool:
    try:
        return bool(_scheme.verify(password, kept))
    except ValueError:
        return False


@functools.lru_cache(maxsize=1)
def _nobodys() -> str:
    return hash_now("the password of nobody")


async def _away(work: Any, *arguments: object) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)
