"""The one source of "now"; business dates are Mexico City's, instants are UTC.

SQL takes its now from the database. `infra.simulated_clock` moves both together.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MEXICO = ZoneInfo("America/Mexico_City")


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _source()


def _real_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _real_now


@contextmanager
def told_by(source: Callable[[], datetime]) -> Generator[None]:
    """Let another source tell this process the time, for a simulation."""
    global _source  # noqa: PLW0603  # a process has one clock
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def today() -> date:
    """The business date: the calendar day in Mexico City."""
    return now().astimezone(MEXICO).date()


def local(instant: datetime) -> datetime:
    """The same instant on a wall clock in Mexico City."""
    return instant.astimezone(MEXICO)


def add_months(day: date, months: int) -> date:
    """Calendar months: 31 January plus one month is the last day of February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
