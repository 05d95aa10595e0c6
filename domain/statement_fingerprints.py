"""What makes a movement the same one when its statement is imported again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from domain.statement_movements import Movement


def fingerprints(account: str, movements: Sequence[Movement]) -> list[str]:
    """One hash per movement, in their order; `account` tells whose statement it is.

    Made of day, amount, concept, reference, tracking key and balance, so that the same file, or
    another one of an overlapping period in the same layout, gives the same hashes. Movements equal
    in all of these are counted: the second of its kind on a day differs from the first.

    With a balance column equal deposits differ by themselves, and any overlap is safe. Without one
    the counting holds as long as a file has a day whole: a file that begins or ends amid a day
    counts anew, so of two equal deposits the one already known is taken for known and the other
    for new, whichever they are; money is neither lost nor doubled by it, unless each of two files
    has only one of the two. A day without year is hashed as the year it was read with.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    hashes: list[str] = []
    for movement in movements:
        kind = _kind(movement)
        seen[kind] += 1
        parts = (account.strip().casefold(), *kind, str(seen[kind]))
        hashes.append(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())
    return hashes


def _kind(movement: Movement) -> tuple[str, ...]:
    return (
        movement.booked_on.isoformat(),
        f"{movement.amount:.2f}",
        " ".join(movement.concept.split()).casefold(),
        movement.reference,
        movement.tracking_key,
        "" if movement.balance is None else f"{movement.balance:.2f}",
    )
