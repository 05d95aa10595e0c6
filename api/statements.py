"""Bank statements come in through here, as the body itself: no copy of one touches the disk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.access import StaffActor
from api.schemas import Answer
from domain import statements
from infra.database import unit_of_work

router = APIRouter(prefix="/admin/estados-de-cuenta", include_in_schema=False)


class Staged(Answer):
    id: int


@router.post("", status_code=201)
async def stage(
    request: Request,
    actor: StaffActor,
    name: Annotated[str, Query(alias="nombre", max_length=300)] = "",
) -> Staged:
    """A CSV, an XLSX or text becomes a statement to look through; nothing is paid by it yet."""
    content = await request.body()
    async with unit_of_work() as session:
        statement_id = await statements.stage(session, actor, content=content, file_name=name)
    return Staged(id=statement_id)
