"""What makes a movement the same one when its statement is imported again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from domain.statement_movements import Movement


def fingerprints(account: str, movements: Sequence[Movement]) -> list[str]:
    """One hash per movement, in their order; `account` tells whose statement it is.

    Made of day, amount and balance; where the bank gives no balance, of concept, reference and
    tracking key instead. So the same file, or another one of an overlapping period, gives the same
    hashes, also when a sentence below the last row of one was read as the end of its concept.
    Movements equal in all of these are counted: the second of its kind on a day differs from the
    first.

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
    day, amount = movement.booked_on.isoformat(), f"{movement.amount:.2f}"
    if movement.balance is not None:
        return (day, amount, f"{movement.balance:.2f}")
    concept = " ".join(movement.concept.split()).casefold()
    return (day, amount, concept, movement.reference, movement.tracking_key)
