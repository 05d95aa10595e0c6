"""Files of stock come in through here, as the body itself: no copy of it touches the disk.

A form's parts would be written to a temporary file, passwords and all.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.access import StaffActor
from api.schemas import Answer
from domain import imports
from domain.errors import InvalidInput
from domain.import_files import MOST_BYTES
from infra.database import unit_of_work

router = APIRouter(prefix="/admin/importaciones", include_in_schema=False)


class Staged(Answer):
    id: int


@router.post("", status_code=201)
async def stage(
    request: Request,
    actor: StaffActor,
    name: Annotated[str, Query(alias="nombre", max_length=300)] = "",
    service_id: Annotated[int | None, Query(alias="servicio", ge=1, le=2**63 - 1)] = None,
) -> Staged:
    """A CSV, an XLSX or plain lines become a preview; what it is, its content tells."""
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "import_large"})
    async with unit_of_work() as session:
        batch_id = await imports.stage(
            session, actor, content=content, file_name=name, service_id=service_id
        )
    return Staged(id=batch_id)
