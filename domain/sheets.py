"""A list as a file: its columns, and its rows a page at a time, so that any length fits.

    def sheet(actor: Actor, said: Said) -> Sheet: ...

`said` is the address of the screen: what the list shows for it, the file holds. Rows are read with
the list's own function, page after page, and nobody's connection is held while a line is slow.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor

PAGE = 500
# Text stays text, money and counts are numbers, days are days and instants Mexico City's.
Cell = str | int | Decimal | date | datetime | None
Row = tuple[Cell, ...]
Said = Mapping[str, str]
Page = tuple[list[Row], int | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`page` takes where the page before it ended, and says where this one did: None is the end.

    `name` is in the address and the file's name; `filters` is what the log keeps.
    """

    name: str
    title: str
    header: tuple[str, ...]
    page: Callable[[AsyncSession, Actor, int | None], Awaitable[Page]]
    filters: Said
