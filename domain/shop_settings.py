"""What the owner decides on a screen. A setting nobody has touched has its default."""

from __future__ import annotations

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Forbidden
from domain.records import audit
from domain.sql import run, scalar

CREDENTIALS_IN_MESSAGES = "credentials_in_messages"


async def credentials_in_messages(session: AsyncSession) -> bool:
    """Whether messages carry the password itself. Off unless the owner took the risk."""
    return bool(
        await scalar(
            session,
            "SELECT value FROM shop_settings WHERE name = %(name)s",
            name=CREDENTIALS_IN_MESSAGES,
        )
    )


async def set_credentials_in_messages(session: AsyncSession, actor: Actor, *, wanted: bool) -> None:
    if not actor.owner:
        raise Forbidden
    before = await credentials_in_messages(session)
    if before == wanted:
        return
    await run(
        session,
        """INSERT INTO shop_settings (name, value, actor_id) VALUES (%(name)s, %(value)s, %(by)s)
           ON CONFLICT (name) DO UPDATE
              SET value = excluded.value, actor_id = excluded.actor_id, at = now()""",
        name=CREDENTIALS_IN_MESSAGES,
        value=Jsonb(wanted),
        by=actor.id,
    )
    await audit(
        session,
        actor,
        "setting.change",
        "setting",
        CREDENTIALS_IN_MESSAGES,
        before=before,
        after=wanted,
    )
