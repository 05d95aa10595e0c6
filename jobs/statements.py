"""A statement's sure lines become payments; a run that was lost is gone on with."""

from __future__ import annotations

from domain import statement_applying, statement_runs
from domain.actors import Actor
from domain.errors import DomainError
from infra.database import reading, unit_of_work
from infra.queue import queue


@queue().task(name="statements.apply")
async def apply(statement_id: int) -> None:
    """Line by line, each kept at once. Twice, or two at a time, is harmless."""
    async with unit_of_work() as session:
        actor = await statement_runs.take(session, statement_id)
    if actor is None:
        return
    last = 0
    while lines := await _following(statement_id, last):
        for line_id in lines:
            await _apply(actor, line_id)
        last = lines[-1]
        async with unit_of_work() as session:
            await statement_runs.report(session, statement_id)


async def _following(statement_id: int, last: int) -> list[int]:
    async with reading() as session:
        return await statement_runs.following(session, statement_id, last)


async def _apply(actor: Actor, line_id: int) -> None:
    """What the shop refuses is left to a person, and holds up nothing else."""
    try:
        async with unit_of_work() as session:
            await statement_applying.apply(session, actor, line_id=line_id)
    except DomainError as refusal:
        async with unit_of_work() as session:
            await statement_applying.set_aside(session, line_id, refusal.code)


@queue().periodic(cron="* * * * *")
@queue().task(name="statements.resume")
async def resume(timestamp: int) -> None:
    del timestamp
    async with reading() as session:
        lost = await statement_runs.stranded(session)
    for statement_id in lost:
        await apply(statement_id)
