"""What the address of a page asks for: an order, filters, and where in a list one is.

Lists are read by keyset, newest first: `before` is the id the page starts after. `via` remembers
the starts of the pages on the way here, so that going back needs no second query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx

from domain.errors import InvalidInput
from state import forms

MOST_STEPS = 400


def query(state: rx.State) -> Mapping[str, str]:
    return state.router.url.query_parameters


def order_number(state: rx.State) -> int:
    """The last part of the path; what is no number is 0, which no order has."""
    try:
        return forms.row_id(state.router.url.path.rstrip("/").rpartition("/")[2])
    except InvalidInput:
        return 0


@dataclass(frozen=True)
class Place:
    """Where in a list the address stands; the first page has no `before`."""

    before: int | None = None
    via: tuple[int, ...] = ()

    @classmethod
    def of(cls, state: rx.State) -> Place:
        """An address somebody mangled shows the first page."""
        asked = query(state)
        try:
            before = forms.row_id(asked["before"]) if asked.get("before") else None
            steps = [step for step in asked.get("via", "").split(".")[-MOST_STEPS:] if step]
            return cls(before, tuple(forms.row_id(step) for step in steps))
        except InvalidInput:
            return cls()

    def around(
        self, path: str, kept: Mapping[str, str], ids: Sequence[int], size: int
    ) -> tuple[str, str]:
        """The addresses of the newer and the older page; `ids` may hold one more than `size`."""
        newer = older = ""
        if self.before is not None:
            back = Place(self.via[-1], self.via[:-1]) if self.via else Place()
            newer = address(path, kept, back)
        if len(ids) > size:
            via = (*self.via, self.before) if self.before is not None else self.via
            older = address(path, kept, Place(ids[size - 1], via))
        return newer, older


def address(path: str, kept: Mapping[str, str], place: Place | None = None) -> str:
    """`path` with the filters that are not empty."""
    asked = {name: value for name, value in kept.items() if value}
    if place is not None and place.before is not None:
        asked["before"] = str(place.before)
        if place.via:
            asked["via"] = ".".join(str(step) for step in place.via)
    return f"{path}?{urlencode(asked)}" if asked else path
