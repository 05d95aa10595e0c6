"""Rows worked through one by one, and what came of each, said while it goes on.

Each row is a unit of work of its own: one that is refused leaves the others done.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from infra.database import unit_of_work
from state.outcomes import told

TO_RESULTS = "document.getElementById('resultados')?.scrollIntoView({ block: 'start' })"
STEPS = 20
Work = Callable[[AsyncSession, int], Awaitable[tuple[str, int]]]


@dataclass(frozen=True)
class ResultView:
    """What became of one row; `order` is the one to look at, 0 for none."""

    title: str
    said: str
    tone: str
    order: int


class OneByOne(rx.State, mixin=True):
    """To be mixed into a State that works through rows."""

    results: list[ResultView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    running: bool = False
    progress: str = ""

    async def _each(
        self, rows: Sequence[tuple[int, str]], work: Work
    ) -> AsyncGenerator[EventSpec | None]:
        """`rows` pairs an id with its title; `work` says what it did, and an order to look at.

        The list of outcomes goes out whole each time, so a long one grows by several at once.
        """
        self.results, self.running = [], True
        done: list[ResultView] = []
        for number, (row, title) in enumerate(rows, 1):
            self.progress = f"{number} de {len(rows)}"
            done.append(await _one(work, row, title))
            if number % -(-len(rows) // STEPS) == 0 or number == len(rows):
                self.results = [*done]
            yield rx.call_script(TO_RESULTS) if number == 1 else None
        self.running = False


@dataclass
class _Outcome:
    errors: dict[str, str] = field(default_factory=dict[str, str])
    notice: str = ""


async def _one(work: Work, row: int, title: str) -> ResultView:
    """One row in a transaction of its own; a refusal is its outcome."""
    outcome = _Outcome()
    said, order = "", 0
    async with told(outcome), unit_of_work() as session:
        said, order = await work(session, row)
    if outcome.notice or outcome.errors:
        why = " ".join(outcome.errors.values()) or outcome.notice
        return ResultView(title, f"No se pudo: {why}", "warning", 0)
    return ResultView(title, said, "success", order)
