"""The history of messages as a file. What they say is not in it, nor a whole address."""

from __future__ import annotations

from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.failures import failure_sentence
from domain.message_pages import Filters, history
from domain.message_texts import KINDS
from domain.sheets import PAGE, Page, Row, Said, Sheet
from domain.texts import CHANNELS, MESSAGE_STATES
from infra.clock import local

HEADER = ("Mensaje", "Canal", "Para", "Persona", "Pedido", "Estado", "Motivo", "Escrito", "Último")


def sheet(_actor: Actor, said: Said) -> Sheet:
    filters = Filters.of(said)
    return Sheet("mensajes", "Mensajes", HEADER, partial(_page, filters), filters.said())


async def _page(filters: Filters, session: AsyncSession, actor: Actor, before: int | None) -> Page:
    found = await history(session, actor, filters, before=before, limit=PAGE)
    rows: list[Row] = [
        (
            KINDS[one.kind],
            CHANNELS[one.channel],
            one.to,
            one.customer_name or one.staff_name,
            one.order_id,
            MESSAGE_STATES[one.status],
            failure_sentence(one.error_code),
            local(one.created_at),
            local(one.updated_at),
        )
        for one in found
    ]
    return rows, found[-1].number if len(found) == PAGE else None
