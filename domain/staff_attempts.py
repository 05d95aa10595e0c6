"""How often a password or a second code of staff may be tried; counted in the database."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.code_limits import ADDRESS_LOCK, DAY, PHONE_LOCK, hold, record
from domain.errors import TooManyRequests
from domain.sql import fetch_one, scalar
from infra import clock
from infra.settings import settings

WINDOW = timedelta(minutes=5)


async def check_limit(session: AsyncSession, actor: Actor, name: str) -> None:
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


async def record_try(session: AsyncSession, actor: Actor, name: str, *, right: bool) -> None:
    await record(session, actor, f"staff:{name}", "succeeded" if right else "failed")


async def check_guessing(session: AsyncSession, staff_id: int) -> None:
    """Six digits can be guessed by somebody patient who has the password already.

    So wrong ones are counted for a day, too; a recovery code is too long to guess, and is still
    taken then.
    """
    wrong = await scalar(
        session,
        """SELECT count(*) FROM signin_attempts
           WHERE subject = %(subject)s AND outcome = 'failed' AND at > %(since)s""",
        subject=f"totp:{staff_id}",
        since=clock.now() - DAY,
    )
    if wrong >= settings().failures_per_day:
        raise TooManyRequests("totp_locked", retry_in=int(DAY.total_seconds()), remembered=True)


async def record_guess(session: AsyncSession, actor: Actor, staff_id: int) -> None:
    await record(session, actor, f"totp:{staff_id}", "failed")
