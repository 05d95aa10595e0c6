"""A customer's own data: all of it as a file, written while it is read, and its end."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api import routing
from api.access import CustomerActor
from api.schemas import Answer
from domain import customer_data, customer_erasures
from domain.actors import Actor
from infra.clock import today
from infra.database import reading, unit_of_work

router = APIRouter(prefix="/perfil/datos", include_in_schema=False)
erasure = routing.router("/perfil/borrado", "auth")


class Erasure(Answer):
    """`asked_at` is null while nothing was asked. The owner carries it out."""

    asked_at: datetime | None


@erasure.get("", summary="Whether the customer asked to be erased")
async def asked(actor: CustomerActor) -> Erasure:
    async with reading() as session:
        return Erasure(asked_at=await customer_erasures.asked_at(session, actor))


@erasure.post("", status_code=201, summary="Ask to be erased")
async def ask(actor: CustomerActor) -> Erasure:
    """Asking twice is asking once."""
    async with unit_of_work() as session:
        await customer_erasures.ask(session, actor)
        return Erasure(asked_at=await customer_erasures.asked_at(session, actor))


@erasure.delete("", status_code=204, summary="Not want to be erased any more")
async def withdraw(actor: CustomerActor) -> None:
    async with unit_of_work() as session:
        await customer_erasures.withdraw(session, actor)


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
