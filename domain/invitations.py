"""A link with which a member of staff sets the own password: nobody else ever types it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import passwords, second_factors, sessions
from domain.actors import Actor
from domain.errors import NotFound
from domain.records import audit
from domain.sql import fetch_one, run
from infra import clock
from infra.settings import settings
from infra.vault import Secret, keyed_hash

LIFE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`link` is shown once; only a keyed hash of what is in it is kept."""

    staff_id: int
    username: str
    link: Secret
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    staff_id: int
    username: str
    role: str


async def issue(session: AsyncSession, staff_id: int, username: str) -> Invitation:
    """A new link, and none before it works any more: for rules that have checked who asks."""
    await run(
        session,
        "DELETE FROM staff_invitations WHERE staff_id = %(id)s AND used_at IS NULL",
        id=staff_id,
    )
    token = secrets.token_urlsafe(32)
    expires_at = clock.now() + LIFE
    await run(
        session,
        """INSERT INTO staff_invitations (token_hash, staff_id, expires_at)
           VALUES (%(hash)s, %(id)s, %(expires_at)s)""",
        hash=_hash(token),
        id=staff_id,
        expires_at=expires_at,
    )
    link = Secret(f"{settings().origin}/admin/invitacion?llave={token}")
    return Invitation(staff_id, username, link, expires_at)


async def look(session: AsyncSession, token: str) -> Invited:
    """Whom a link is for. Raises `NotFound` (`invitation_spent`)."""
    found = await fetch_one(
        session,
        """SELECT s.id, s.username, s.role FROM staff_invitations i
           JOIN staff_users s ON s.id = i.staff_id AND s.disabled_at IS NULL
           WHERE i.token_hash = %(hash)s AND i.used_at IS NULL AND i.expires_at > %(now)s""",
        hash=_hash(token),
        now=clock.now(),
    )
    if found is None:
        raise NotFound("invitation_spent")
    return Invited(found.id, found.username, found.role)


async def accept(session: AsyncSession, actor: Actor, *, token: str, password: str) -> UUID | None:
    """Set the password; the session that opens, or None where a second factor is still asked for.

    Raises `NotFound` (`invitation_spent`), `InvalidInput` (`password`).
    """
    invited = await look(session, token)
    passwords.check(password, username=invited.username)
    kept = await passwords.hash_password(password)
    spent = await run(
        session,
        """UPDATE staff_invitations SET used_at = %(now)s
           WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s""",
        hash=_hash(token),
        now=clock.now(),
    )
    if not spent:
        raise NotFound("invitation_spent")
    await run(
        session,
        """UPDATE staff_users SET password_hash = %(kept)s, must_change_password = false
           WHERE id = %(id)s""",
        kept=kept,
        id=invited.staff_id,
    )
    person = Actor(
        kind="staff", id=invited.staff_id, role=invited.role, address_hash=actor.address_hash
    )
    await audit(session, person, "staff.accept", "staff", invited.staff_id)
    await sessions.end(session, staff_id=invited.staff_id)
    if await second_factors.is_on(session, invited.staff_id):
        return None
    return await sessions.open_for_staff(session, invited.staff_id)


def _hash(token: str) -> str:
    return keyed_hash("invitation", token)
