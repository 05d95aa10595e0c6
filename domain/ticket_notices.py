"""How a message says which ticket it speaks of, and which of its entries it announces."""

from __future__ import annotations

import re

OCCASION = re.compile(r"ticket:(\d+):(\d+)")


def occasion(ticket_id: int, entry_id: int) -> str:
    return f"ticket:{ticket_id}:{entry_id}"


def ticket_of(written: str) -> int | None:
    return _part(written, 1)


def entry_of(written: str) -> int | None:
    return _part(written, 2)


def _part(written: str, which: int) -> int | None:
    found = OCCASION.fullmatch(written)
    return int(found[which]) if found else None
