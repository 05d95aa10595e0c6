"""How often codes are sent and guessed. Counted in the database, so every process counts alike.

Each check holds a lock until the transaction ends: what was counted stays true until the row that
uses it up is written. Whoever cannot take the lock or reach the database sends nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import TooManyRequests
from domain.records import raise_alert
from domain.sql import fetch_one, run
from infra import clock
from infra.settings import settings

MINUTES_10, HOUR, DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
# Always taken in this order, so two requests never wait for each other.
PHONE_LOCK, ADDRESS_LOCK, SHOP_LOCK = 7001, 7002, 7003


async def hold(session: AsyncSession, lock: int, key: str) -> None:
    await run(
        session, "SELECT pg_advisory_xact_lock(%(lock)s, hashtext(%(key)s))", lock=lock, key=key
    )


async def check_sending(session: AsyncSession, actor: Actor, phone: str) -> None:
    """Raises `TooManyRequests` when this phone, this address or the shop had its share."""
    rule, now = settings(), clock.now()
    await hold(session, PHONE_LOCK, phone)
    mine = await _row(
        session,
        """SELECT max(created_at) AS last,
                  count(*) FILTER (WHERE created_at > %(minutes_10)s) AS recent,
                  min(created_at) FILTER (WHERE created_at > %(minutes_10)s) AS recent_first,
                  count(*) AS today, min(created_at) AS today_first
           FROM login_codes WHERE phone = %(phone)s AND created_at > %(day)s""",
        phone=phone,
        minutes_10=now - MINUTES_10,
        day=now - DAY,
    )
    pause = timedelta(seconds=rule.code_resend_seconds)
    if mine.last is not None and mine.last > now - pause:
        wait = _seconds(mine.last + pause, now)
        raise TooManyRequests("code_resend", retry_in=wait, seconds=wait)
    if mine.recent >= rule.codes_per_10_minutes:
        raise TooManyRequests("code_limit", retry_in=_seconds(mine.recent_first + MINUTES_10, now))
    if mine.today >= rule.codes_per_day:
        raise TooManyRequests("code_limit", retry_in=_seconds(mine.today_first + DAY, now))
    await hold(session, ADDRESS_LOCK, actor.address_hash)
    theirs = await _row(
        session,
        """SELECT count(*) AS n, min(created_at) AS first FROM login_codes
           WHERE address_hash = %(address)s AND created_at > %(hour)s""",
        address=actor.address_hash,
        hour=now - HOUR,
    )
    if theirs.n >= rule.codes_per_address_hour:
        raise TooManyRequests("code_limit", retry_in=_seconds(theirs.first + HOUR, now))
    await _check_budget(session, now)


async def _check_budget(session: AsyncSession, now: datetime) -> None:
    """The whole shop's: what an attack may cost in messages, whoever and wherever it is from."""
    rule = settings()
    await hold(session, SHOP_LOCK, "codes")
    all_of_them = await _row(
        session,
        """SELECT count(*) FILTER (WHERE created_at > %(hour)s) AS hourly, count(*) AS daily
           FROM login_codes WHERE created_at > %(day)s""",
        hour=now - HOUR,
        day=now - DAY,
    )
    if all_of_them.hourly >= rule.codes_per_hour or all_of_them.daily >= rule.codes_per_day_total:
        await raise_alert(session, "code_budget")
        raise TooManyRequests("code_budget", retry_in=600, remembered=True)


async def check_guessing(session: AsyncSession, phone: str) -> None:
    """Failures outlive the code they were made on; only time or an operator forgives them.

    Raises `TooManyRequests`: `phone_locked`, or `signin_paused` for everybody.
    """
    rule, now = settings(), clock.now()
    await hold(session, PHONE_LOCK, phone)
    counted = await _row(
        session,
        """WITH forgiven AS (
               SELECT coalesce(max(id) FILTER (WHERE outcome = 'unlocked'), 0) AS unlocked,
                      coalesce(max(id) FILTER (WHERE outcome <> 'failed'), 0) AS broken
               FROM signin_attempts WHERE subject = %(phone)s)
           SELECT count(*) FILTER (WHERE a.at > %(day)s) AS today,
                  min(a.at) FILTER (WHERE a.at > %(day)s) AS today_first,
                  count(*) FILTER (WHERE a.id > f.broken) AS in_a_row
           FROM signin_attempts a, forgiven f
           WHERE a.subject = %(phone)s AND a.outcome = 'failed' AND a.id > f.unlocked""",
        phone=phone,
        day=now - DAY,
    )
    if counted.in_a_row >= rule.failures_in_a_row:
        raise TooManyRequests("phone_locked", retry_in=int(DAY.total_seconds()))
    if counted.today >= rule.failures_per_day:
        raise TooManyRequests("phone_locked", retry_in=_seconds(counted.today_first + DAY, now))
    whole = await _row(
        session,
        """SELECT count(*) AS failed FROM signin_attempts
           WHERE at > %(hour)s AND outcome = 'failed' AND subject LIKE '+%%'""",
        hour=now - HOUR,
    )
    if whole.failed >= rule.failures_per_hour_total:
        await raise_alert(session, "signin_paused")
        raise TooManyRequests("signin_paused", retry_in=600, remembered=True)


async def record(session: AsyncSession, actor: Actor, subject: str, outcome: str) -> None:
    await run(
        session,
        """INSERT INTO signin_attempts (subject, address_hash, outcome, at)
           VALUES (%(subject)s, %(address)s, %(outcome)s, %(now)s)""",
        subject=subject,
        address=actor.address_hash,
        outcome=outcome,
        now=clock.now(),
    )


async def _row(session: AsyncSession, statement: str, /, **values: Any) -> Any:
    return await fetch_one(session, statement, **values)


def _seconds(until: datetime, now: datetime) -> int:
    return max(1, int((until - now).total_seconds()) + 1)
