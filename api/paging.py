"""Lists by keyset: each page says where the next begins, and no row comes twice or is left out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query

from api.schemas import Answer
from domain.errors import InvalidInput

MOST = 200
USUAL = 50
HIGHEST = 2**63 - 1  # a place may be a day and an id in one number
CURSOR = r"^([A-Za-z0-9_-]{6,30})?$"
T = TypeVar("T")


class Items(Answer, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`before` is the place of the last row of the page before, its id mostly; None begins."""

    limit: int = USUAL
    before: int | None = None

    @property
    def asked(self) -> int:
        """One more than is shown tells whether there is a next page."""
        return self.limit + 1

    def of(self, rows: Sequence[Any], show: Callable[[Any], T], by: str = "id") -> Items[T]:
        """Rows that were `asked` for, in the order of `by`."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return Items(
            items=[show(row) for row in shown],
            next_cursor=_written(getattr(shown[-1], by)) if more and shown else None,
        )

    def among(self, rows: Sequence[Any], show: Callable[[Any], T]) -> Items[T]:
        """Of a whole list in an order of its own. Raises `InvalidInput` when the row has gone."""
        ids = [row.id for row in rows]
        if self.before is None:
            start = 0
        elif self.before in ids:
            start = ids.index(self.before) + 1
        else:
            raise InvalidInput({"cursor": "cursor_invalid"})
        return self.of(rows[start : start + self.asked], show)


def _written(row_id: int) -> str:
    return base64.urlsafe_b64encode(f"v1:{row_id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        version, _, row_id = base64.b64decode(padded, altchars=b"-_", validate=True).partition(b":")
        found = int(row_id) if row_id.isdigit() else 0
    except (UnicodeEncodeError, binascii.Error, ValueError):
        found, version = 0, b""
    if version != b"v1" or not 0 < found <= HIGHEST or _written(found) != cursor:
        raise InvalidInput({"cursor": "cursor_invalid"})
    return found


async def page(  # what is not async waits for a thread, which takes longer than the rest
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows of a page.")] = USUAL,
    cursor: Annotated[
        str, Query(pattern=CURSOR, description="`next_cursor` of the page before.")
    ] = "",
) -> Page:
    return Page(limit, _read(cursor) if cursor else None)


Paged = Annotated[Page, Depends(page)]
