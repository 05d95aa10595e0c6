"""In what order staff look through orders, and the mark a page ends with.

A mark is the sort's key and the order's id in one number, so that it fits an address and stays
right when the order it was taken from moves on: it names a place, not a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_IDS = 10**8  # above any order's number; a mark of seconds has eighteen digits, as an id may
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Sort:
    """`key` is written as its index is; `whole` and `back` turn it into a whole number and back."""

    key: str
    descending: bool
    read: Callable[[Any], Any]
    whole: Callable[[Any], int]
    back: Callable[[int], Any]

    @property
    def way(self) -> str:
        return "DESC" if self.descending else "ASC"

    @property
    def order(self) -> str:
        return f"{self.key} {self.way}, o.id {self.way}"

    @property
    def beyond(self) -> str:
        """The condition that a row comes later than a place."""
        sign = "<" if self.descending else ">"
        return f"({self.key}, o.id) {sign} (%(after_key)s, %(after_id)s)"

    def mark(self, order: Any) -> int:
        return self.whole(self.read(order)) * _IDS + order.id

    def place(self, mark: int) -> tuple[Any, int]:
        key, last = divmod(mark, _IDS)
        return self.back(key), last


def _second(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(second: int) -> datetime:
    """On the clock of the index, which knows no zones; no later than a year PostgreSQL has."""
    return datetime.fromtimestamp(min(second, 2**37), UTC).replace(tzinfo=None)


def _day(ordinal: int) -> date:
    return date.fromordinal(max(1, min(ordinal, date.max.toordinal())))


PLACED = "date_trunc('second', o.created_at AT TIME ZONE 'UTC')"
WAITING = "date_trunc('second', coalesce(o.paid_at, o.created_at) AT TIME ZONE 'UTC')"

BY_TIME = frozenset({"nuevos", "antiguos"})  # sorted by when they were placed
SORTS: dict[str, Sort] = {
    "nuevos": Sort(PLACED, True, lambda o: o.created_at, _second, _instant),
    "antiguos": Sort(PLACED, False, lambda o: o.created_at, _second, _instant),
    "espera": Sort(WAITING, False, lambda o: o.since, _second, _instant),
    "total": Sort(
        "o.total",
        True,
        lambda o: o.total,
        lambda total: int(total * _CENTS),
        lambda cents: Decimal(cents) / _CENTS,
    ),
    "seguimiento": Sort("o.follow_up_on", False, lambda o: o.follow_up_on, date.toordinal, _day),
}
