"""Bank statements: the list, and one of them from its file to the orders it paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import (
    order_lists,
    statement_pages,
    statement_review,
    statement_runs,
    statement_undoing,
    statements,
)
from domain.errors import DomainError
from domain.order_filters import Wanted
from domain.statement_pages import LINES_PAGE, PAGE, LineRead, StatementRead
from domain.statement_texts import RESULTS
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.orders import SHOW_TAB
from state.admin.statement_preview import mapping_in, preview_of, with_chosen
from state.admin.statement_rows import (
    PATH,
    CandidateRow,
    LineRow,
    StatementRow,
    StatementView,
    found_row,
    line_row,
    statement_row,
    statement_view,
)
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told

MOST_FOUND = 6


class AdminStatements(Outcomes, rx.State):
    """`phase` is `loading`, `list`, `statement` or `missing`; with a notice, `loading` has failed.

    `asking` is the line somebody looks for an order of, among `found`.
    """

    phase: str = "loading"
    rows: list[StatementRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    statement: StatementView = StatementView()
    lines: list[LineRow] = []  # noqa: RUF012
    asking: LineRow = LineRow()
    found: list[CandidateRow] = []  # noqa: RUF012
    searched: bool = False
    newer: str = ""
    older: str = ""
    paged: bool = False
    said: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        self.said, number = "", _number(self)
        async with told(self):
            live.watch(self, f"statement:{number}" if number else "statements")
            await self._show(number)
        return rx.call_script(SHOW_TAB)

    @rx.event
    @allow(Gate.OPERATOR)
    async def choose(self, column: str, held: str) -> None:
        """Show what the file reads to with this column holding that."""
        async with told(self):
            columns = with_chosen(self.statement.columns, column, held)
            async with reading() as session:
                file = await statements.preview(
                    session,
                    actor(),
                    statement_id=self.statement.id,
                    mapping=[one.chosen for one in columns],
                )
            self.statement = replace(self.statement, columns=columns, preview=preview_of(file))

    @rx.event
    @allow(Gate.OPERATOR)
    async def say_columns(self, form: dict[str, Any]) -> None:
        """Read the file with what each column was said to hold."""
        self.said, number = "", self.statement.id
        async with told(self):
            mapping = mapping_in(forms.fields(form), self.statement.columns)
            async with unit_of_work() as session:
                await statements.say_columns(session, actor(), statement_id=number, mapping=mapping)
            await self._show(number)

    @rx.event
    @allow(Gate.OPERATOR)
    async def discard(self) -> EventSpec | None:
        self.said, number = "", self.statement.id
        async with told(self):
            async with unit_of_work() as session:
                await statements.discard(session, actor(), statement_id=number)
            return rx.redirect(PATH)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def start(self) -> None:
        """Apply all that is sure."""
        self.said, number = "", self.statement.id
        async with told(self):
            async with unit_of_work() as session:
                await statement_runs.start(session, actor(), statement_id=number)
            await self._show(number)

    @rx.event
    @allow(Gate.OPERATOR)
    async def rematch(self) -> None:
        self.said, number = "", self.statement.id
        async with told(self):
            async with unit_of_work() as session:
                sure = await statements.rematch(session, actor(), statement_id=number)
            await self._show(number)
            self.said = f"{sure} por aplicar." if sure else "Nada nuevo coincide."

    @rx.event
    @allow(Gate.OPERATOR)
    async def undo(self) -> None:
        self.said, number = "", self.statement.id
        async with told(self):
            async with unit_of_work() as session:
                done = await statement_undoing.undo(session, actor(), statement_id=number)
            await self._show(number)
            stays = f" {done.kept} se quedan: sus pedidos ya se entregaron." if done.kept else ""
            self.said = f"Deshecho: {done.taken_back} movimientos.{stays}"

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask(self, line: int) -> None:
        """Look for the order of a line."""
        async with told(self):
            line = forms.row_id(line, "line")
            self.found, self.searched = [], False
            self.asking = next((one for one in self.lines if one.id == line), LineRow())

    @rx.event
    @allow(Gate.OPERATOR)
    async def find(self, form: dict[str, Any]) -> None:
        async with told(self):
            q = forms.text(forms.fields(form).get("q"), "q", longest=80, required=True)
            async with reading() as session:
                orders = await order_lists.order_list(
                    session, actor(), Wanted(q=q), limit=MOST_FOUND
                )
            self.found, self.searched = [found_row(order) for order in orders], True

    @rx.event
    @allow(Gate.OPERATOR)
    async def settle(self, line: int, order: int) -> None:
        """This line pays this order."""
        self.said, number = "", self.statement.id
        async with told(self):
            line, order = forms.row_id(line, "line"), forms.row_id(order, "order")
            async with unit_of_work() as session:
                result = await statement_review.settle(
                    session, actor(), line_id=line, order_id=order
                )
            await self._show(number)
            self.said = f"Pedido #{order}: {RESULTS[result].lower()}."

    @rx.event
    @allow(Gate.OPERATOR)
    async def ignore(self, line: int) -> None:
        self.said, number = "", self.statement.id
        async with told(self):
            line = forms.row_id(line, "line")
            async with unit_of_work() as session:
                await statement_review.ignore(session, actor(), line_id=line)
            await self._show(number)
            self.said = "Movimiento ignorado."

    @rx.event
    @allow(Gate.OPERATOR)
    async def restore(self, line: int) -> None:
        self.said, number = "", self.statement.id
        async with told(self):
            line = forms.row_id(line, "line")
            async with unit_of_work() as session:
                await statement_review.restore(session, actor(), line_id=line)
            await self._show(number)
            self.said = "Movimiento recuperado."

    async def _look_again(self) -> None:
        if actor().staff and self.router.url.path.startswith(PATH):
            await self._show(_number(self))

    async def _show(self, number: int) -> None:
        if not number and self.router.url.path.rstrip("/") == PATH:
            await self._show_list()
            return
        place, result = Place.of(self), asked.query(self).get("resultado", "")
        result = result if result in RESULTS else ""
        try:
            async with reading() as session:
                found = await statement_pages.statement(session, actor(), statement_id=number)
                file = (
                    await statements.columns(session, actor(), statement_id=number)
                    if found.status == "columns"
                    else None
                )
                lines = await statement_pages.lines(
                    session,
                    actor(),
                    statement_id=number,
                    result=result,
                    after=place.before,
                    limit=LINES_PAGE + 1,
                )
                orders = await statement_pages.candidates(session, actor(), _orders(lines))
        except DomainError:
            self.statement, self.phase = StatementView(), "missing"
            return
        kept = {"resultado": result}
        self._turn(place.around(f"{PATH}/{number}", kept, [one.id for one in lines], LINES_PAGE))
        self.lines = [
            line_row(one, orders, live=found.status == "open") for one in lines[:LINES_PAGE]
        ]
        self.statement, self.phase = statement_view(found, result, file), "statement"

    async def _show_list(self) -> None:
        place = Place.of(self)
        async with reading() as session:
            found: list[StatementRead] = await statement_pages.statements(
                session, actor(), before=place.before, limit=PAGE + 1
            )
        self._turn(place.around(PATH, {}, [one.id for one in found], PAGE))
        self.rows = [statement_row(one) for one in found[:PAGE]]
        self.statement, self.phase = StatementView(), "list"

    def _turn(self, around: tuple[str, str]) -> None:
        self.newer, self.older = around
        self.paged = bool(self.newer or self.older)


def _number(state: rx.State) -> int:
    """The statement the address names; 0 where it names none."""
    return asked.order_number(state)


def _orders(lines: list[LineRead]) -> list[int]:
    return [given["order"] for one in lines for given in one.candidates]
