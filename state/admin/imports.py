"""Importing stock: the list of files, and one of them from its preview to its result."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import import_batches, imports
from domain.errors import DomainError, InvalidInput
from domain.import_batches import ISSUES_PAGE, PAGE
from domain.texts import IMPORT_COLUMNS
from infra.database import reading, unit_of_work
from models.imports import ImportMode
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.import_parts import (
    BatchRow,
    BatchView,
    IssueRow,
    Option,
    batch_row,
    batch_view,
    issue_row,
)
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/inventario/importar"
MOST_COLUMN = 99
MODES = frozenset(ImportMode)


class AdminImports(Outcomes, rx.State):
    """`phase` is `loading`, `files`, `batch` or `missing`; with a notice, `loading` has failed."""

    phase: str = "loading"
    services: list[Option] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    files: list[BatchRow] = []  # noqa: RUF012
    batch: BatchView = BatchView()
    issues: list[IssueRow] = []  # noqa: RUF012
    newer: str = ""
    older: str = ""
    paged: bool = False
    said: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        self.said, batch_id = "", _batch_id(self)
        async with told(self):
            live.watch(self, *([f"import:{batch_id}"] if batch_id else []))
            await self._show(batch_id)

    @rx.event
    @allow(Gate.OPERATOR)
    async def remap(self, form: dict[str, Any]) -> None:
        """Read the file with the columns and the service chosen."""
        self.said, batch_id = "", self.batch.id
        async with told(self):
            given = forms.fields(form)
            mapping = {
                name: forms.whole(given.get(name), "mapping", least=0, most=MOST_COLUMN)
                for name in IMPORT_COLUMNS
                if given.get(name)
            }
            service = given.get("service_id")
            async with unit_of_work() as session:
                await imports.remap(
                    session,
                    actor(),
                    batch_id=batch_id,
                    mapping=mapping,
                    service_id=forms.row_id(service, "service_id") if service else None,
                )
            await self._show(batch_id)

    @rx.event
    @allow(Gate.OPERATOR)
    async def start(self, form: dict[str, Any]) -> None:
        self.said, batch_id = "", self.batch.id
        async with told(self):
            mode = forms.choice(forms.fields(form).get("mode"), "mode", MODES)
            async with unit_of_work() as session:
                await imports.start(session, actor(), batch_id=batch_id, mode=ImportMode(mode))
            await self._show(batch_id)

    @rx.event
    @allow(Gate.OPERATOR)
    async def undo(self) -> None:
        self.said, batch_id = "", self.batch.id
        async with told(self):
            async with unit_of_work() as session:
                await imports.undo(session, actor(), batch_id=batch_id)
            await self._show(batch_id)
            self.said = "Se quitaron sus cuentas. Puedes importar el archivo otra vez."

    @rx.event
    @allow(Gate.OPERATOR)
    async def discard(self) -> EventSpec | None:
        self.said, batch_id = "", self.batch.id
        async with told(self):
            async with unit_of_work() as session:
                await imports.discard(session, actor(), batch_id=batch_id)
            return rx.redirect(PATH)
        return None

    async def _look_again(self) -> None:
        if self.batch.id and staff_at(self, PATH):
            await self._show(self.batch.id)

    async def _show(self, batch_id: int) -> None:
        if not batch_id:
            await self._show_files()
            return
        place = Place.of(self)
        try:
            async with reading() as session:
                found = await import_batches.batch(session, actor(), batch_id=batch_id)
                names = await import_batches.names(session, actor())
                issues = await import_batches.issues(
                    session,
                    actor(),
                    batch_id=batch_id,
                    after=place.before,
                    limit=ISSUES_PAGE + 1,
                )
        except DomainError:
            self.batch, self.phase = BatchView(), "missing"
            return
        kept = {"lote": str(batch_id)}
        ids = [issue.id for issue in issues]
        self.newer, self.older = place.around(PATH, kept, ids, ISSUES_PAGE)
        self.paged = bool(self.newer or self.older)
        self.services = [Option(str(key), name) for key, name in names.services.items()]
        self.issues = [
            issue_row(issue, found.header, found.mapping) for issue in issues[:ISSUES_PAGE]
        ]
        self.batch, self.phase = batch_view(found, names), "batch"

    async def _show_files(self) -> None:
        place = Place.of(self)
        async with reading() as session:
            found = await import_batches.batches(
                session, actor(), before=place.before, limit=PAGE + 1
            )
            names = await import_batches.names(session, actor())
        self.newer, self.older = place.around(PATH, {}, [batch.id for batch in found], PAGE)
        self.paged = bool(self.newer or self.older)
        self.services = [Option(str(key), name) for key, name in names.services.items()]
        self.files = [batch_row(batch, PATH) for batch in found[:PAGE]]
        self.batch, self.phase = BatchView(), "files"


def _batch_id(state: rx.State) -> int:
    """The file the address names; 0 where it names none."""
    try:
        return forms.row_id(asked.query(state).get("lote", ""))
    except InvalidInput:
        return 0
