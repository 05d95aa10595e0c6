"""Every list as a file, as its screen is filtered; the stock's secrets with an owner's ticket."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import StreamingResponse

from api.access import OwnerActor, StaffActor
from api.sheets import csv_of, xlsx_of
from domain import export_lists, exports
from domain.actors import Actor
from domain.sheets import Row, Sheet
from infra.clock import today
from infra.database import reading, unit_of_work

router = APIRouter(prefix="/admin/exportar", include_in_schema=False)

Format = Literal["csv", "xlsx"]
TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Formatted = Annotated[Format, Query(alias="formato")]


@router.get("/{name}")
async def plain(
    name: str, request: Request, actor: StaffActor, form: Formatted = "csv"
) -> StreamingResponse:
    async with unit_of_work() as session:
        sheet = await export_lists.begin(session, actor, name, request.query_params, form=form)
    return file_of(sheet, actor, form)


@router.post("/inventario/con-accesos")
async def with_secrets(
    request: Request,
    actor: OwnerActor,
    ticket: Annotated[str, Form(alias="permiso", max_length=100)],
    form: Formatted = "csv",
) -> StreamingResponse:
    async with unit_of_work() as session:
        sheet = await exports.begin_with_secrets(
            session, actor, request.query_params, form=form, ticket=ticket
        )
    return file_of(sheet, actor, form)


def file_of(sheet: Sheet, actor: Actor, form: Format) -> StreamingResponse:
    rows = _rows(sheet, actor)
    return StreamingResponse(
        csv_of(sheet.header, rows) if form == "csv" else xlsx_of(sheet.title, sheet.header, rows),
        media_type=TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{sheet.name}-{today():%Y-%m-%d}.{form}"',
            "Cache-Control": "no-store",
        },
    )


async def _rows(sheet: Sheet, actor: Actor) -> AsyncGenerator[list[Row]]:
    """No connection is held while a slow line takes its page."""
    last: int | None = None
    while True:
        async with reading() as session:
            rows, last = await sheet.page(session, actor, last)
        yield rows
        if last is None:
            return
