"""The code beside the password: from an authenticator (TOTP), or a recovery code in its place.

Codes change every thirty seconds. One of the step before or after is taken, for clocks that
differ, but none twice: whoever reads a code over a shoulder comes too late.
"""

from __future__ import annotations

import re
import secrets

from pyotp.totp import TOTP
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Unauthenticated
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from domain.staff_attempts import check_guessing, record_guess, record_try
from infra import clock
from infra.vault import Place, Secret, keyed_hash, ring, same

STEP = 30  # seconds
TOTP_CODE = re.compile(r"[0-9]{6}")
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like a digit
HALF = 5


async def require(
    session: AsyncSession, actor: Actor, *, staff_id: int, username: str, code: str
) -> None:
    """Let pass whoever has no second factor, or gives a right code.

    Raises `Unauthenticated` (`totp_needed`, `totp_wrong`), remembered, or `TooManyRequests`.
    """
    if not await is_on(session, staff_id):
        return
    if not code:
        await record_try(session, actor, username, right=True)
        raise Unauthenticated("totp_needed", remembered=True)
    if not await is_right(session, actor, staff_id, code):
        await record_try(session, actor, username, right=False)
        raise Unauthenticated("totp_wrong", remembered=True)


async def is_on(session: AsyncSession, staff_id: int) -> bool:
    return bool(
        await scalar(
            session,
            """SELECT 1 FROM staff_second_factors
               WHERE staff_id = %(id)s AND enabled_at IS NOT NULL""",
            id=staff_id,
        )
    )


async def is_right(session: AsyncSession, actor: Actor, staff_id: int, code: str) -> bool:
    """Use the code up, whichever of the two kinds it is; a wrong TOTP code is counted."""
    typed = re.sub(r"[\s-]", "", code).casefold()
    if not TOTP_CODE.fullmatch(typed):
        return await _spend_recovery_code(session, actor, staff_id, typed)
    await check_guessing(session, staff_id)
    if await spend_step(session, staff_id, typed):
        return True
    await record_guess(session, actor, staff_id)
    return False


async def spend_step(session: AsyncSession, staff_id: int, code: str) -> bool:
    """Whether this is a code of about now, newer than the last one that was used."""
    row = await fetch_one(
        session,
        "SELECT secret_sealed FROM staff_second_factors WHERE staff_id = %(id)s",
        id=staff_id,
    )
    if row is None:
        return False
    totp = TOTP(ring().unseal(bytes(row.secret_sealed), place(staff_id)).disclose())
    now = int(clock.now().timestamp()) // STEP
    step = next((s for s in (now, now - 1, now + 1) if same(totp.generate_otp(s), code)), 0)
    return bool(
        await run(
            session,
            """UPDATE staff_second_factors SET last_step = %(step)s
               WHERE staff_id = %(id)s AND last_step < %(step)s""",
            id=staff_id,
            step=step,
        )
    )


async def _spend_recovery_code(
    session: AsyncSession, actor: Actor, staff_id: int, typed: str
) -> bool:
    spent = await run(
        session,
        """UPDATE staff_recovery_codes SET used_at = %(now)s
           WHERE code_hash = %(hash)s AND staff_id = %(id)s AND used_at IS NULL""",
        now=clock.now(),
        hash=_hash(staff_id, typed),
        id=staff_id,
    )
    if spent:
        person = Actor(kind="staff", id=staff_id, address_hash=actor.address_hash)
        await audit(session, person, "staff.recovery_code", "staff", staff_id)
    return bool(spent)


async def make_recovery_codes(session: AsyncSession, staff_id: int) -> list[Secret]:
    """Ten new ones in place of all before them; this is the only time anybody sees them."""
    await run(session, "DELETE FROM staff_recovery_codes WHERE staff_id = %(id)s", id=staff_id)
    made = [_new_code() for _ in range(RECOVERY_CODES)]
    await run(
        session,
        """INSERT INTO staff_recovery_codes (code_hash, staff_id)
           SELECT hash, %(id)s FROM unnest(%(hashes)s::text[]) AS hash""",
        id=staff_id,
        hashes=[_hash(staff_id, code) for code in made],
    )
    return [Secret(f"{code[:HALF]}-{code[HALF:]}") for code in made]


async def erase(session: AsyncSession, staff_id: int) -> bool:
    """Take the second factor away without asking who asks: for rules that have checked already."""
    await run(session, "DELETE FROM staff_recovery_codes WHERE staff_id = %(id)s", id=staff_id)
    return bool(
        await run(session, "DELETE FROM staff_second_factors WHERE staff_id = %(id)s", id=staff_id)
    )


def place(staff_id: int) -> Place:
    return Place("staff_second_factors", "secret_sealed", staff_id)


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))


def _hash(staff_id: int, code: str) -> str:
    return keyed_hash(f"recovery:{staff_id}", code)
