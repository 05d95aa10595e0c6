"""How long, how many, and when no worker runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

OPENING = date(2026, 1, 1)
USUAL_DOWNTIME = 14


@dataclass(frozen=True, slots=True)
class Downtime:
    """`first` counts days from the opening, which is day 0."""

    first: int
    days: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """The same scenario gives the same report. Customers arrive over the whole time."""

    days: int = 365
    customers: int = 200
    accounts: int = 60
    seed: int = 1
    downtimes: tuple[Downtime, ...] = ()

    def calendar(self) -> list[date]:
        return [OPENING + timedelta(days=n) for n in range(self.days)]

    def works(self, day: date) -> bool:
        """Whether a worker runs on that day."""
        n = (day - OPENING).days
        return not any(d.first <= n < d.first + d.days for d in self.downtimes)


def usual_downtime(days: int) -> Downtime:
    """Two weeks before the middle; less of a time too short for that."""
    return Downtime(days * 2 // 5, min(USUAL_DOWNTIME, days // 5))
