"""The stock as a file: for staff without its secrets, for the owner with a ticket with them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import StreamingResponse

from api.access import OwnerActor, StaffActor
from api.sheets import csv_of, xlsx_of
from domain import exports
from domain.exports import Wanted
from infra.clock import today
from infra.database import reading, unit_of_work

router = APIRouter(prefix="/admin/inventario/exportar", include_in_schema=False)

Format = Literal["csv", "xlsx"]
TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# As the screen's address says them.
STATUSES = {
    "activas": "active",
    "mantenimiento": "maintenance",
    "caidas": "down",
    "retiradas": "retired",
}


def wanted(
    status: Annotated[str, Query(alias="estado", max_length=20)] = "",
    service: Annotated[str, Query(alias="servicio", max_length=18)] = "",
) -> Wanted:
    """The screen's own address; what it shows for a mangled filter, the file holds too."""
    return Wanted(
        status=STATUSES.get(status),
        service_id=int(service) if service.isascii() and service.isdigit() else None,
    )


Filters = Annotated[Wanted, Depends(wanted)]
Formatted = Annotated[Format, Query(alias="formato")]


@router.get("")
async def plain(actor: StaffActor, filters: Filters, form: Formatted = "csv") -> StreamingResponse:
    async with unit_of_work() as session:
        await exports.begin(session, actor, filters, form=form)
    return _file(filters, form, secrets=False)


@router.post("")
async def with_secrets(
    actor: OwnerActor,
    filters: Filters,
    ticket: Annotated[str, Form(alias="permiso", max_length=100)],
    form: Formatted = "csv",
) -> StreamingResponse:
    async with unit_of_work() as session:
        await exports.begin_with_secrets(session, actor, filters, form=form, ticket=ticket)
    return _file(filters, form, secrets=True)


def _file(filters: Wanted, form: Format, *, secrets: bool) -> StreamingResponse:
    header = (*exports.HEADER, *exports.SECRET_HEADER) if secrets else exports.HEADER
    write = xlsx_of if form == "xlsx" else csv_of
    name = f"inventario-{today():%Y-%m-%d}{'-con-accesos' if secrets else ''}.{form}"
    return StreamingResponse(
        write(header, _pages(filters, secrets=secrets)),
        media_type=TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


async def _pages(filters: Wanted, *, secrets: bool) -> AsyncGenerator[list[tuple[str, ...]]]:
    """No connection is held while a slow line takes its page."""
    after: int | None = 0
    while after is not None:
        async with reading() as session:
            rows, last = await exports.page(session, filters, after=after, secrets=secrets)
        yield rows
        after = last or None
