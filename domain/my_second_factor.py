"""A member of staff turns the own second factor on and off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import second_factors, sessions, staff
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.records import audit
from domain.sql import fetch_one, run
from domain.staff_attempts import check_guessing, record_guess
from infra import clock
from infra.settings import settings
from infra.vault import Secret, ring


@dataclass(frozen=True, slots=True)
class Standing:
    since: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator needs: the secret, and the address its QR code spells."""

    secret: Secret
    address: Secret


async def standing(session: AsyncSession, actor: Actor) -> Standing:
    row = await fetch_one(
        session,
        """SELECT (SELECT enabled_at FROM staff_second_factors WHERE staff_id = %(id)s) AS since,
                  (SELECT count(*) FROM staff_recovery_codes
                    WHERE staff_id = %(id)s AND used_at IS NULL) AS codes_left""",
        id=_me(actor),
    )
    assert row is not None  # noqa: S101  # a SELECT of expressions always has one row
    return Standing(row.since, row.codes_left)


async def begin(session: AsyncSession, actor: Actor) -> Setup:
    """A new secret, which asks for nothing until `enable`. Raises `Conflict` (`totp_on`)."""
    me = _me(actor)
    secret = Secret(random_base32())
    kept = await run(
        session,
        """INSERT INTO staff_second_factors (staff_id, secret_sealed) VALUES (%(id)s, %(sealed)s)
           ON CONFLICT (staff_id) DO UPDATE SET secret_sealed = excluded.secret_sealed
            WHERE staff_second_factors.enabled_at IS NULL""",
        id=me,
        sealed=ring().seal(secret, second_factors.place(me)),
    )
    if not kept:
        raise Conflict("totp_on")
    user = await fetch_one(session, "SELECT username FROM staff_users WHERE id = %(id)s", id=me)
    assert user is not None  # noqa: S101  # the row above refers to it
    totp = TOTP(secret.disclose(), name=user.username, issuer=settings().shop_name)
    return Setup(secret, Secret(totp.provisioning_uri()))


async def enable(session: AsyncSession, actor: Actor, *, code: str) -> list[Secret]:
    """Once the device shows a right code; the recovery codes. Other sessions end.

    Raises `InvalidInput` (`code`), remembered; `Conflict`; `TooManyRequests`.
    """
    me = _me(actor)
    row = await fetch_one(
        session,
        "SELECT enabled_at FROM staff_second_factors WHERE staff_id = %(id)s FOR UPDATE",
        id=me,
    )
    if row is None or row.enabled_at is not None:
        raise Conflict("totp_on" if row else "totp_not_begun")
    await check_guessing(session, me)
    if not await second_factors.spend_step(session, me, "".join(code.split())):
        await record_guess(session, actor, me)
        raise InvalidInput({"code": "totp_wrong"}, remembered=True)
    await run(
        session,
        "UPDATE staff_second_factors SET enabled_at = %(now)s WHERE staff_id = %(id)s",
        id=me,
        now=clock.now(),
    )
    await sessions.end(session, staff_id=me, keep=actor.session_id)
    await audit(session, actor, "staff.second_factor_on", "staff", me)
    return await second_factors.make_recovery_codes(session, me)


async def turn_off(session: AsyncSession, actor: Actor, *, password: str) -> None:
    """Raises as `staff.confirm`."""
    await staff.confirm(session, actor, password=password)
    if await second_factors.erase(session, _me(actor)):
        await audit(session, actor, "staff.second_factor_off", "staff", actor.id)


async def renew_codes(session: AsyncSession, actor: Actor, *, password: str) -> list[Secret]:
    """Raises as `staff.confirm`; `Conflict` (`totp_not_begun`)."""
    await staff.confirm(session, actor, password=password)
    if not await second_factors.is_on(session, _me(actor)):
        raise Conflict("totp_not_begun")
    await audit(session, actor, "staff.recovery_codes", "staff", actor.id)
    return await second_factors.make_recovery_codes(session, _me(actor))


def _me(actor: Actor) -> int:
    if actor.kind != "staff" or actor.id is None:
        raise Forbidden
    return actor.id
