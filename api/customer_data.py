"""A customer's own data as a file, written while it is read."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.access import CustomerActor
from domain import customer_data
from domain.actors import Actor
from infra.clock import today
from infra.database import unit_of_work

router = APIRouter(prefix="/perfil/datos", include_in_schema=False)


@router.get("")
async def download(actor: CustomerActor) -> StreamingResponse:
    async with unit_of_work() as session:
        await customer_data.begin(session, actor)
    return StreamingResponse(
        _written(actor),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="mis-datos-{today():%Y-%m-%d}.json"',
            "Cache-Control": "no-store",
        },
    )


async def _written(actor: Actor) -> AsyncGenerator[str]:
    """One JSON object: a list for each part."""
    current = before = ""
    async for part, rows in customer_data.rows(actor):
        if part != current:
            yield ("\n],\n" if current else "{\n") + f"{json.dumps(part)}: ["
            current, before = part, "\n"
        for row in rows:
            yield before + json.dumps(row, ensure_ascii=False, default=str)
            before = ",\n"
    yield "\n]\n}\n"
