"""Heads of the log's chain, kept in a file: what was cut off its end in the database is missed.

One line a day: instant, place in the chain, hash. Copied to another machine it is worth more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from infra.clock import now
from infra.settings import settings

LINE = re.compile(r"\S+ (\d{1,18}) ([0-9a-f]{64})")


def file() -> Path:
    return settings().data_dir / "bitacora-anclas.txt"


def keep(chain_no: int, head: str) -> None:
    file().parent.mkdir(parents=True, exist_ok=True)
    with file().open("a", encoding="utf-8") as kept:
        kept.write(f"{now():%Y-%m-%dT%H:%M:%SZ} {chain_no} {head}\n")


def kept() -> Iterator[tuple[int, str]]:
    """A line that cannot be read, half written in a power cut, is passed over."""
    if not file().exists():
        return
    with file().open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if found := LINE.fullmatch(line.strip()):
                yield int(found[1]), found[2]
