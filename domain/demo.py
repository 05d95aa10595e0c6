"""What only the demo shows: the messages it keeps instead of sending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones
from domain.errors import InvalidInput, NotFound
from domain.message_bodies import said_by
from domain.sql import fetch
from infra.settings import settings

MOST = 50


@dataclass(frozen=True, slots=True)
class KeptMessage:
    id: UUID
    channel: str
    to: str
    body: str
    created_at: datetime


async def messages(session: AsyncSession, *, to: str = "") -> list[KeptMessage]:
    """Newest first, to one phone or e-mail or to everybody. Raises `NotFound` outside the demo."""
    if not settings().demo:
        raise NotFound
    try:
        to = phones.canonical(to)
    except InvalidInput:
        to = to.strip().replace("\x00", "?").encode(errors="replace").decode()
    rows = await fetch(
        session,
        """SELECT * FROM messages
           WHERE channel <> 'web' AND (%(to)s = '' OR to_address = %(to)s)
           ORDER BY created_at DESC, id LIMIT %(most)s""",
        to=to,
        most=MOST,
    )
    return [
        KeptMessage(
            id=row.id,
            channel=row.channel,
            to=row.to_address,
            body=(await said_by(session, row)).body.disclose(),
            created_at=row.created_at,
        )
        for row in rows
    ]
