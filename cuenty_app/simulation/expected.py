"""The reminders that should have been sent, from the history of ends alone.

Five days before the last day, one before, on it, two after: the product's rule, not its code. At
each run that somebody made by day, whoever holds something, and wants to know, should have had the
one that fits that day, once for each end and distance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cuenty_app.simulation.ledger import Ledger, Unit
from infra.clock import MEXICO
from infra.settings import settings

DISTANCES = (-5, -1, 0, 2)
Reminder = tuple[int, str]  # the assignment, and `ends:2026-02-15:-5`


def asleep(at: datetime) -> bool:
    begins, ends, hour = settings().quiet_from, settings().quiet_until, at.astimezone(MEXICO).hour
    return begins <= hour < ends if begins <= ends else not ends <= hour < begins


def reminders(ledger: Ledger, runs: Iterable[datetime]) -> set[Reminder]:
    by_day: dict[date, list[datetime]] = {}
    for run in runs:
        if not asleep(run):
            by_day.setdefault(run.astimezone(MEXICO).date(), []).append(run)
    due: set[Reminder] = set()
    for unit in ledger.units:
        for since, until, end in _spans(unit):
            for gone in range(DISTANCES[0], settings().grace_days + 1):
                distance = max(d for d in DISTANCES if d <= gone)
                if any(
                    since <= run < until and _wants(ledger, unit.customer, run)
                    for run in by_day.get(end + timedelta(days=gone), [])
                ):
                    due.add((unit.first, f"ends:{end}:{distance}"))
    return due


def _spans(unit: Unit) -> Iterable[tuple[datetime, datetime, date]]:
    """From when until when each end was the one the customer had."""
    over = unit.released_at or datetime.max.replace(tzinfo=MEXICO)
    moments = [since for since, _ in unit.ends[1:]] + [over]
    for (since, end), until in zip(unit.ends, moments, strict=True):
        yield since, min(until, over), end


def _wants(ledger: Ledger, customer: int, at: datetime) -> bool:
    wishes = ledger.wishes.get(customer, [])
    known = bisect_right([since for since, _ in wishes], at)
    return known == 0 or wishes[known - 1][1]
