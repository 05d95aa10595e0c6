"""When each session of staff was last used: remembered here, written down once a minute.

Every event of the admin uses a session; none of them waits for this to be written.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import run
from infra import clock

_used: dict[UUID, datetime] = {}


def note_use(session_id: UUID) -> None:
    _used[session_id] = clock.now()


def last_use(session_id: UUID) -> datetime | None:
    """Of this process, if it is not written down yet."""
    return _used.get(session_id)


async def write_down(session: AsyncSession) -> None:
    if not _used:
        return
    noted = dict(_used)
    _used.clear()
    await run(
        session,
        """UPDATE login_sessions l SET last_used_at = greatest(l.last_used_at, u.at)
           FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[]) AS u (id, at)
           WHERE l.id = u.id""",
        ids=list(noted),
        at=list(noted.values()),
    )
