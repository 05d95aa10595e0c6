"""Who runs the shop, as the owner arranges it. The last owner who can sign in always stays.

That last rule is the database's (`keep_an_owner`), so that two owners who put each other out at
the same moment do not both succeed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import invitations, phones, second_factors, sessions
from domain.actors import SYSTEM, Actor
from domain.customers import is_email
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.invitations import Invitation
from domain.records import audit
from domain.sql import fetch_as, fetch_one, run, scalar
from domain.staff import USERNAME
from infra import clock

ROLES = frozenset({"owner", "operator"})


@dataclass(frozen=True, slots=True)
class Member:
    """`joined`: the password is set. `invited_until`: a link still works until then."""

    id: int
    username: str
    role: str
    email: str
    whatsapp: str
    enabled: bool
    joined: bool
    second_factor: bool
    sessions: int
    invited_until: datetime | None


async def members(
    session: AsyncSession, actor: Actor, *, staff_id: int | None = None
) -> list[Member]:
    """Everybody, or only one; the disabled last."""
    _require_owner(actor)
    return await fetch_as(
        session,
        Member,
        """SELECT s.id, s.username, s.role, s.email, s.whatsapp,
                  s.disabled_at IS NULL AS enabled, s.password_hash <> '' AS joined,
                  f.enabled_at IS NOT NULL AS second_factor,
                  (SELECT count(*) FROM login_sessions l WHERE l.staff_id = s.id
                    AND l.revoked_at IS NULL AND l.expires_at > %(now)s) AS sessions,
                  (SELECT max(i.expires_at) FROM staff_invitations i WHERE i.staff_id = s.id
                    AND i.used_at IS NULL AND i.expires_at > %(now)s) AS invited_until
           FROM staff_users s LEFT JOIN staff_second_factors f ON f.staff_id = s.id
           WHERE %(id)s::bigint IS NULL OR s.id = %(id)s
           ORDER BY s.disabled_at IS NOT NULL, s.role DESC, s.username""",
        id=staff_id,
        now=clock.now(),
    )


async def member(session: AsyncSession, actor: Actor, *, staff_id: int) -> Member:
    found = await members(session, actor, staff_id=staff_id)
    if not found:
        raise NotFound
    return found[0]


async def invite(
    session: AsyncSession,
    actor: Actor,
    *,
    username: str,
    role: str,
    email: str = "",
    whatsapp: str = "",
) -> Invitation:
    """Raises `InvalidInput`, `Conflict` (`username_taken`)."""
    _require_owner(actor)
    name = username.strip().casefold()
    if not USERNAME.fullmatch(name):
        raise InvalidInput({"username": "username_invalid"})
    if role not in ROLES:
        raise InvalidInput({"role": "value_invalid"})
    email, whatsapp = alert_addresses(email, whatsapp)
    try:
        made = await scalar(
            session,
            """INSERT INTO staff_users (username, password_hash, role, email, whatsapp)
               VALUES (%(name)s, '', %(role)s, %(email)s, %(whatsapp)s) RETURNING id""",
            name=name,
            role=role,
            email=email,
            whatsapp=whatsapp,
        )
    except psycopg.errors.UniqueViolation as error:
        raise InvalidInput({"username": "username_taken"}) from error
    await audit(session, actor, "staff.invite", "staff", made, username=name, role=role)
    return await invitations.issue(session, made, name)


async def invite_again(session: AsyncSession, actor: Actor, *, staff_id: int) -> Invitation:
    """The old password and every session end now; the own ones change in `mi-cuenta`."""
    member = await _lock(session, actor, staff_id)
    if member.disabled_at is not None:
        raise Conflict("staff_disabled")
    async with _keeping_an_owner():
        await run(
            session,
            "UPDATE staff_users SET password_hash = '' WHERE id = %(id)s AND password_hash <> ''",
            id=staff_id,
        )
    await sessions.end(session, staff_id=staff_id)
    await audit(session, actor, "staff.invite_again", "staff", staff_id)
    return await invitations.issue(session, staff_id, member.username)


async def change_role(session: AsyncSession, actor: Actor, *, staff_id: int, role: str) -> None:
    """It counts from the member's next event on. Raises `Conflict` (`last_owner`)."""
    if role not in ROLES:
        raise InvalidInput({"role": "value_invalid"})
    member = await _lock(session, actor, staff_id)
    if member.role == role:
        return
    async with _keeping_an_owner():
        await run(
            session,
            "UPDATE staff_users SET role = %(role)s WHERE id = %(id)s",
            role=role,
            id=staff_id,
        )
    sessions.forget_after_commit(session, f"staff:{staff_id}")
    await audit(
        session, actor, "staff.change_role", "staff", staff_id, before=member.role, after=role
    )


async def disable(session: AsyncSession, actor: Actor, *, staff_id: int) -> None:
    """Out at once, on every device. Raises `Conflict` (`last_owner`)."""
    member = await _lock(session, actor, staff_id)
    if member.disabled_at is not None:
        return
    async with _keeping_an_owner():
        await run(
            session,
            "UPDATE staff_users SET disabled_at = %(now)s WHERE id = %(id)s",
            now=clock.now(),
            id=staff_id,
        )
    await sessions.end(session, staff_id=staff_id)
    sessions.forget_after_commit(session, f"staff:{staff_id}")
    await audit(session, actor, "staff.disable", "staff", staff_id)


async def enable(session: AsyncSession, actor: Actor, *, staff_id: int) -> None:
    member = await _lock(session, actor, staff_id)
    if member.disabled_at is None:
        return
    await run(session, "UPDATE staff_users SET disabled_at = NULL WHERE id = %(id)s", id=staff_id)
    await audit(session, actor, "staff.enable", "staff", staff_id)


async def remove_second_factor(session: AsyncSession, actor: Actor, *, staff_id: int) -> None:
    """For a colleague who lost the device and the recovery codes."""
    await _lock(session, actor, staff_id)
    if await second_factors.erase(session, staff_id):
        await sessions.end(session, staff_id=staff_id)
        await audit(session, actor, "staff.second_factor_removed", "staff", staff_id)


async def set_alert_addresses(
    session: AsyncSession, actor: Actor, *, staff_id: int, email: str, whatsapp: str
) -> None:
    """Where alerts reach a member: everybody's own, and an owner's to set for all."""
    if not (actor.owner or (actor.staff and actor.id == staff_id)):
        raise Forbidden
    email, whatsapp = alert_addresses(email, whatsapp)
    before = await fetch_one(
        session,
        "SELECT email, whatsapp FROM staff_users WHERE id = %(id)s FOR UPDATE",
        id=staff_id,
    )
    if before is None:
        raise NotFound
    changed = [
        name
        for name, was, now in (
            ("email", before.email, email),
            ("whatsapp", before.whatsapp, whatsapp),
        )
        if was != now
    ]
    if not changed:
        return
    await run(
        session,
        """UPDATE staff_users SET email = %(email)s, whatsapp = %(whatsapp)s
           WHERE id = %(id)s""",
        email=email,
        whatsapp=whatsapp,
        id=staff_id,
    )
    await audit(session, actor, "staff.alert_addresses", "staff", staff_id, changed=changed)


async def my_alert_addresses(session: AsyncSession, actor: Actor) -> tuple[str, str]:
    """The own e-mail and WhatsApp."""
    found = await fetch_one(
        session, "SELECT email, whatsapp FROM staff_users WHERE id = %(id)s", id=actor.id
    )
    if actor.kind != "staff" or found is None:
        raise Forbidden
    return found.email, found.whatsapp


async def recover(session: AsyncSession, *, username: str) -> Invitation:
    """The way back for an owner who is locked out, from the machine's own command line.

    Enabled again, without second factor and sessions, and with a link to set a new password.
    """
    found = await fetch_one(
        session,
        """SELECT id FROM staff_users WHERE username = %(name)s AND role = 'owner'""",
        name=username.strip().casefold(),
    )
    if found is None:
        raise NotFound("owner_unknown")
    await enable(session, SYSTEM, staff_id=found.id)
    await remove_second_factor(session, SYSTEM, staff_id=found.id)
    await sessions.end(session, staff_id=found.id)
    await audit(session, SYSTEM, "staff.recover", "staff", found.id)
    return await invitations.issue(session, found.id, username.strip().casefold())


def alert_addresses(email: str, whatsapp: str) -> tuple[str, str]:
    """Both may be empty. Raises `InvalidInput` with each that is wrong."""
    email = email.strip()
    wrong: dict[str, str] = {}
    if email and not is_email(email):
        wrong["email"] = "email_invalid"
    try:
        whatsapp = phones.canonical(whatsapp, field="whatsapp") if whatsapp.strip() else ""
    except InvalidInput as refusal:
        wrong |= refusal.fields
    if wrong:
        raise InvalidInput(wrong)
    return email, whatsapp


async def _lock(session: AsyncSession, actor: Actor, staff_id: int) -> Any:
    _require_owner(actor)
    found = await fetch_one(
        session,
        """SELECT id, username, role, disabled_at FROM staff_users
           WHERE id = %(id)s FOR UPDATE""",
        id=staff_id,
    )
    if found is None:
        raise NotFound
    return found


@asynccontextmanager
async def _keeping_an_owner() -> AsyncGenerator[None]:
    try:
        yield
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name != "ck_staff_users_keep_an_owner":
            raise
        raise Conflict("last_owner") from error


def _require_owner(actor: Actor) -> None:
    if not actor.owner and actor.kind != "system":
        raise Forbidden
