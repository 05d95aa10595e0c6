"""People who run the shop sign in with a name, a password and, where turned on, a second code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import passwords, second_factors, sessions
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, Forbidden, InvalidInput, Unauthenticated
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from domain.staff_attempts import check_limit, record_try
from infra.settings import settings

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class SignedIn:
    staff_id: int
    session_id: UUID
    role: str
    must_change_password: bool


async def sign_in(
    session: AsyncSession, actor: Actor, *, username: str, password: str, code: str = ""
) -> SignedIn:
    """`code` is the second factor's, asked for once the password was right.

    Raises `Unauthenticated`: `login_wrong`, whatever was wrong, `totp_needed`, `totp_wrong`;
    `TooManyRequests`.
    """
    name = username.strip().casefold()[:60]
    await check_limit(session, actor, name)
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
        await record_try(session, actor, name, right=False)
        raise Unauthenticated("login_wrong", remembered=True)
    await second_factors.require(session, actor, staff_id=user.id, username=name, code=code)
    await record_try(session, actor, name, right=True)
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
    await check_limit(session, actor, user.username)
    if not await passwords.is_right(current[: passwords.LONGEST], user.password_hash):
        await record_try(session, actor, user.username, right=False)
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
    await check_limit(session, actor, user.username)
    if not await passwords.is_right(password[: passwords.LONGEST], user.password_hash):
        await record_try(session, actor, user.username, right=False)
        raise InvalidInput({"password": "password_wrong"}, remembered=True)
