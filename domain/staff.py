"""People who run the shop sign in with a name and a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import passwords, sessions
from domain.actors import SYSTEM, Actor
from domain.code_limits import ADDRESS_LOCK, PHONE_LOCK, hold, record
from domain.errors import Conflict, Forbidden, InvalidInput, TooManyRequests, Unauthenticated
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from infra import clock
from infra.settings import settings

WINDOW = timedelta(minutes=5)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class SignedIn:
    staff_id: int
    session_id: UUID
    role: str
    must_change_password: bool


async def sign_in(session: AsyncSession, actor: Actor, *, username: str, password: str) -> SignedIn:
    """Raises `Unauthenticated` (`login_wrong`), whatever was wrong, or `TooManyRequests`."""
    name = username.strip().casefold()[:60]
    await _check_limit(session, actor, name)
    user = await fetch_one(
        session,
        """SELECT id, role, password_hash, must_change_password FROM staff_users
           WHERE username = %(name)s AND disabled_at IS NULL""",
        name=name,
    )
    right = await passwords.is_right(
        password[: passwords.LONGEST], user.password_hash if user else None
    )
    if user is None or not right:
        await record(session, actor, f"staff:{name}", "failed")
        raise Unauthenticated("login_wrong", remembered=True)
    await record(session, actor, f"staff:{name}", "succeeded")
    opened = await sessions.open_for_staff(session, user.id)
    person = Actor(
        kind="staff",
        id=user.id,
        role=user.role,
        session_id=opened,
        address_hash=actor.address_hash,
    )
    await audit(session, person, "staff.sign_in", "staff", user.id)
    return SignedIn(user.id, opened, user.role, user.must_change_password)


async def _check_limit(session: AsyncSession, actor: Actor, name: str) -> None:
    """So many tries in five minutes on one user, and as many from one address."""
    await hold(session, PHONE_LOCK, f"staff:{name}")
    await hold(session, ADDRESS_LOCK, f"staff:{actor.address_hash}")
    tried = await fetch_one(
        session,
        """SELECT count(*) FILTER (WHERE subject = %(subject)s) AS on_user,
                  count(*) FILTER (WHERE address_hash = %(address)s) AS from_address
           FROM signin_attempts
           WHERE at > %(since)s AND subject LIKE 'staff:%%'
             AND (subject = %(subject)s OR address_hash = %(address)s)""",
        subject=f"staff:{name}",
        address=actor.address_hash,
        since=clock.now() - WINDOW,
    )
    assert tried is not None  # noqa: S101  # an aggregate always has one row
    if max(tried.on_user, tried.from_address) >= settings().staff_logins_per_5_minutes:
        raise TooManyRequests("login_limit", retry_in=int(WINDOW.total_seconds()))


async def create_owner(
    session: AsyncSession,
    actor: Actor = SYSTEM,
    *,
    username: str,
    password: str,
    accept_well_known_password: bool = False,
) -> int:
    """Make an owner; the first one comes from the command line.

    `accept_well_known_password` is for the demo's sample administrator, whom every admin page
    then asks to change it; a production shop refuses it.
    Raises `InvalidInput`, `Conflict` (`username_taken`), `Forbidden`.
    """
    if actor.kind != "system" and not actor.owner:
        raise Forbidden
    name = username.strip().casefold()
    if not USERNAME.fullmatch(name):
        raise InvalidInput({"username": "username_invalid"})
    if accept_well_known_password and not settings().demo:
        raise Forbidden
    if not accept_well_known_password:
        passwords.check(password, username=name)
    kept = await passwords.hash_password(password)
    try:
        made = await scalar(
            session,
            """INSERT INTO staff_users (username, password_hash, role, must_change_password)
               VALUES (%(name)s, %(kept)s, 'owner', %(must_change)s) RETURNING id""",
            name=name,
            kept=kept,
            must_change=accept_well_known_password,
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("username_taken") from error
    await audit(session, actor, "staff.create", "staff", made, role="owner")
    return int(made)


async def change_password(session: AsyncSession, actor: Actor, *, current: str, new: str) -> None:
    """Every other session of this person ends with the old password.

    Raises `InvalidInput`, remembered when the current password was wrong; `TooManyRequests`.
    """
    if actor.kind != "staff":
        raise Forbidden
    user = await fetch_one(
        session,
        "SELECT id, username, password_hash FROM staff_users WHERE id = %(id)s FOR UPDATE",
        id=actor.id,
    )
    if user is None:
        raise Unauthenticated
    await _check_limit(session, actor, user.username)
    if not await passwords.is_right(current[: passwords.LONGEST], user.password_hash):
        await record(session, actor, f"staff:{user.username}", "failed")
        raise InvalidInput({"current": "login_wrong"}, remembered=True)
    passwords.check(new, username=user.username, field="new")
    await run(
        session,
        """UPDATE staff_users SET password_hash = %(kept)s, must_change_password = false
           WHERE id = %(id)s""",
        kept=await passwords.hash_password(new),
        id=user.id,
    )
    sessions.forget_after_commit(session, f"staff:{user.id}")
    await sessions.end(session, staff_id=user.id, keep=actor.session_id)
    await audit(session, actor, "staff.change_password", "staff", user.id)


async def confirm(session: AsyncSession, actor: Actor, *, password: str) -> None:
    """That it is really this person who asks, before something that matters.

    Raises `InvalidInput` (`password`), remembered, when it was wrong; `TooManyRequests`.
    """
    user = await fetch_one(
        session,
        "SELECT username, password_hash FROM staff_users WHERE id = %(id)s",
        id=actor.id,
    )
    if actor.kind != "staff" or user is None:
        raise Forbidden
    await _check_limit(session, actor, user.username)
    if not await passwords.is_right(password[: passwords.LONGEST], user.password_hash):
        await record(session, actor, f"staff:{user.username}", "failed")
        raise InvalidInput({"password": "password_wrong"}, remembered=True)
