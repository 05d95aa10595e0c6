"""The log as a file, for owners."""

from __future__ import annotations

from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Forbidden
from domain.log_pages import Wanted, entries
from domain.log_texts import Line, lines, sentence
from domain.sheets import PAGE, Page, Row, Said, Sheet
from infra.clock import local

HEADER = ("Anotación", "Cuándo", "Quién", "Desde dónde", "Qué", "De qué", "Cambio")


def sheet(actor: Actor, said: Said) -> Sheet:
    if not actor.owner:
        raise Forbidden
    wanted = Wanted.of(said)
    return Sheet("bitacora", "Bitácora", HEADER, partial(_page, wanted), wanted.address())


async def _page(wanted: Wanted, session: AsyncSession, actor: Actor, before: int | None) -> Page:
    found = await entries(session, actor, wanted, before=before, limit=PAGE)
    rows: list[Row] = [
        (
            one.id,
            local(one.at),
            one.who,
            one.where,
            sentence(one.action),
            one.about,
            "; ".join(_written(line) for line in lines(one.action, one.change)),
        )
        for one in found
    ]
    return rows, found[-1].id if len(found) == PAGE else None


def _written(line: Line) -> str:
    turned = f"{line.before} → {line.after}" if line.before else line.after
    return f"{line.label}: {turned}"
