"""Passwords and PINs change: the old one is kept, and exactly who holds the account is told.

A profile that somebody held waits in `rotate` until this is done, here or elsewhere; then it is
sold again at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.inventory import login_hash
from domain.inventory_rows import (
    check,
    lock_account,
    lock_profile,
    pin_fault,
    secret_fault,
    tell_live,
)
from domain.records import audit
from domain.sql import run, scalar
from domain.waiting_orders import fill_waiting
from infra.vault import Place, Secret, ring, same
from models.inventory import ProfileStatus

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Rotated:
    """`version` is the one now in force, `told` the subscriptions told, `freed` the profiles.

    `served` is how many paid orders that waited for stock became whole with what was freed.
    """

    version: int
    told: tuple[int, ...]
    freed: int
    served: int = 0


async def rotate_password(
    session: AsyncSession, actor: Actor, *, account_id: int, password: Secret, reason: str = ""
) -> Rotated:
    """Put a new password in force: its live holders are told, what waited for it is free again.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`account_retired`).
    """
    actor.require_staff()
    check(password=secret_fault(password))
    account = await lock_account(session, account_id)
    keys, place = ring(), Place("accounts", "password_sealed", account_id)
    before = keys.unseal(account.password_sealed, place)
    if same(before.disclose(), password.disclose()):
        raise InvalidInput({"password": "password_same"})
    await _keep(session, actor, account_id, None, account.credential_version, before, reason)
    version = account.credential_version + 1
    await run(
        session,
        """UPDATE accounts SET password_sealed = %(password)s, credential_version = %(version)s
           WHERE id = %(id)s""",
        id=account_id,
        password=keys.seal(password, place),
        version=version,
    )
    freed = await run(
        session,
        "UPDATE profiles SET status = 'free' WHERE account_id = %(id)s AND status = 'rotate'",
        id=account_id,
    )
    # Named by its account: a subscription moved here may have heard of this number elsewhere.
    told = await tell_live(
        session, actor, account_id, event="rotated", occasion=f"account:{account_id}"
    )
    await audit(
        session,
        actor,
        "account.rotate",
        "account",
        account_id,
        version=version,
        told=len(told),
        freed=freed,
        reason=reason.strip()[:LONGEST_REASON],
    )
    served = await fill_waiting(session, account.service_id) if freed else 0
    return Rotated(version, tuple(told), freed, served)


async def rotate_pin(
    session: AsyncSession, actor: Actor, *, profile_id: int, pin: Secret | None, reason: str = ""
) -> Rotated:
    """Put a profile's new PIN in force, or none; whoever holds that profile is told.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`account_retired`).
    """
    actor.require_staff()
    check(pin=pin_fault(pin) if pin else None)
    profile = await lock_profile(session, profile_id)
    keys, place = ring(), Place("profiles", "pin_sealed", profile_id)
    before = keys.unseal(profile.pin_sealed, place) if profile.pin_sealed else None
    if (before.disclose() if before else "") == (pin.disclose() if pin else ""):
        raise InvalidInput({"pin": "pin_same"})
    account_id, version = profile.account_id, profile.pin_version + 1
    await _keep(session, actor, account_id, profile_id, profile.pin_version, before, reason)
    await run(
        session,
        """UPDATE profiles SET pin_sealed = %(pin)s, pin_version = %(version)s,
               status = CASE status WHEN 'rotate' THEN 'free' ELSE status END
           WHERE id = %(id)s""",
        id=profile_id,
        pin=keys.seal(pin, place) if pin else None,
        version=version,
    )
    freed = int(profile.status == ProfileStatus.ROTATE)
    told = await tell_live(
        session,
        actor,
        account_id,
        event="pin_rotated",
        occasion=f"pin:{profile_id}:{version}",
        profile_id=profile_id,
    )
    await audit(
        session,
        actor,
        "profile.rotate_pin",
        "profile",
        profile_id,
        account=account_id,
        version=version,
        told=len(told),
        reason=reason.strip()[:LONGEST_REASON],
    )
    served = await fill_waiting(session, profile.service_id) if freed else 0
    return Rotated(version, tuple(told), freed, served)


async def mark_rotated(session: AsyncSession, actor: Actor, *, profile_id: int) -> int:
    """Say that a profile was made safe elsewhere: it is sold again. Twice is once.

    How many paid orders that waited for stock became whole with it. Raises `NotFound`, `Conflict`
    (`account_retired`, `profile_in_use`).
    """
    actor.require_staff()
    profile = await lock_profile(session, profile_id)
    if profile.status == ProfileStatus.ASSIGNED:
        raise Conflict("profile_in_use")
    if profile.status != ProfileStatus.ROTATE:
        return 0
    await run(session, "UPDATE profiles SET status = 'free' WHERE id = %(id)s", id=profile_id)
    await audit(
        session, actor, "profile.mark_rotated", "profile", profile_id, account=profile.account_id
    )
    return await fill_waiting(session, profile.service_id)


async def correct_login(
    session: AsyncSession, actor: Actor, *, account_id: int, login: Secret
) -> list[int]:
    """Write the login right, and tell who uses the account; the subscriptions told.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`login_taken`, `account_retired`).
    """
    actor.require_staff()
    check(login=secret_fault(login))
    account = await lock_account(session, account_id)
    fresh = login_hash(login)
    try:
        await run(
            session,
            """UPDATE accounts SET login_sealed = %(login)s, login_hash = %(hash)s
               WHERE id = %(id)s""",
            id=account_id,
            login=ring().seal(login, Place("accounts", "login_sealed", account_id)),
            hash=fresh,
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("login_taken") from error
    await audit(session, actor, "account.correct_login", "account", account_id)
    if fresh == account.login_hash:
        return []
    await run(  # who said that it works said so of the other login
        session,
        """UPDATE credential_views SET confirmed_at = NULL
           WHERE profile_id IN (SELECT id FROM profiles WHERE account_id = %(id)s)""",
        id=account_id,
    )
    times = await scalar(  # the same login may be right again: each time is told
        session,
        """SELECT count(*) FROM audit_entries
           WHERE object_type = 'account' AND object_id = %(id)s
             AND action = 'account.correct_login'""",
        id=str(account_id),
    )
    return await tell_live(
        session, actor, account_id, event="login_corrected", occasion=f"login:{account_id}:{times}"
    )


async def _keep(
    session: AsyncSession,
    actor: Actor,
    account_id: int,
    profile_id: int | None,
    version: int,
    secret: Secret | None,
    reason: str,
) -> None:
    """Keep a secret that goes out of force, sealed for the place it goes to."""
    row_id = int(
        await scalar(session, "SELECT nextval(pg_get_serial_sequence('credential_versions', 'id'))")
    )
    place = Place("credential_versions", "secret_sealed", row_id)
    await run(
        session,
        """INSERT INTO credential_versions (id, account_id, profile_id, version, secret_sealed,
                                            reason, actor_id)
           VALUES (%(id)s, %(account)s, %(profile)s, %(version)s, %(sealed)s, %(reason)s,
                   %(actor)s)""",
        id=row_id,
        account=account_id,
        profile=profile_id,
        version=version,
        sealed=ring().seal(secret, place) if secret else None,
        reason=reason.strip()[:LONGEST_REASON],
        actor=actor.id if actor.staff else None,
    )
