"""The open sessions of a member of staff, as the member and an owner see and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import presence, sessions
from domain.actors import Actor
from domain.errors import Forbidden, NotFound
from domain.records import audit
from domain.sql import fetch, scalar
from infra import clock


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    device: str
    address_hint: str
    opened_at: datetime
    used_at: datetime
    current: bool


async def of_staff(session: AsyncSession, actor: Actor, *, staff_id: int) -> list[OpenSession]:
    """The one that asks first, then the last used."""
    _require_mine(actor, staff_id)
    rows = await fetch(
        session,
        """SELECT id, device, address_hint, created_at, last_used_at FROM login_sessions
           WHERE staff_id = %(id)s AND revoked_at IS NULL AND expires_at > %(now)s""",
        id=staff_id,
        now=clock.now(),
    )
    found = [
        OpenSession(
            id=row.id,
            device=row.device,
            address_hint=row.address_hint,
            opened_at=row.created_at,
            used_at=presence.last_use(row.id) or row.last_used_at or row.created_at,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.current, one.used_at), reverse=True)


async def end_one(session: AsyncSession, actor: Actor, *, session_id: UUID) -> None:
    """It is out with its next event. Raises `NotFound` for one of a customer or of nobody."""
    holder = await scalar(
        session,
        "SELECT staff_id FROM login_sessions WHERE id = %(id)s AND revoked_at IS NULL",
        id=session_id,
    )
    if holder is None:
        raise NotFound
    _require_mine(actor, holder)
    await sessions.end(session, session_id=session_id)
    await audit(session, actor, "session.end", "session", session_id, staff=holder)


async def end_others(session: AsyncSession, actor: Actor) -> int:
    """Every session of the one who asks but the asking one; how many."""
    if actor.kind != "staff" or actor.session_id is None:
        raise Forbidden
    ended = await sessions.end(session, staff_id=actor.id, keep=actor.session_id)
    await audit(session, actor, "sessions.end", "staff", actor.id, ended=ended)
    return ended


def _require_mine(actor: Actor, staff_id: int) -> None:
    if not (actor.owner or (actor.staff and actor.id == staff_id)):
        raise Forbidden
