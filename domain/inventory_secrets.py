"""A secret of the stock shown to staff: one at a time, and each time on record."""

from __future__ import annotations

from typing import Literal, get_args

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit
from domain.sql import fetch_one
from infra.vault import Place, Secret, ring

What = Literal["login", "password"]


async def reveal_account(
    session: AsyncSession, actor: Actor, *, account_id: int, what: str
) -> Secret:
    """`what` is `login` or `password`. Raises `NotFound`, `InvalidInput`."""
    actor.require_staff()
    if what not in get_args(What):
        raise InvalidInput({"what": "value_invalid"})
    row = await fetch_one(
        session,
        """SELECT login_sealed AS login, password_sealed AS password, credential_version
           FROM accounts WHERE id = %(id)s""",
        id=account_id,
    )
    if row is None:
        raise NotFound
    await audit(
        session,
        actor,
        "account.reveal",
        "account",
        account_id,
        what=what,
        version=row.credential_version,
    )
    place = Place("accounts", f"{what}_sealed", account_id)
    return ring().unseal(getattr(row, what), place)


async def reveal_pin(session: AsyncSession, actor: Actor, *, profile_id: int) -> Secret:
    """Raises `NotFound`, also for a profile without a PIN."""
    actor.require_staff()
    row = await fetch_one(
        session,
        "SELECT account_id, pin_sealed, pin_version FROM profiles WHERE id = %(id)s",
        id=profile_id,
    )
    if row is None or row.pin_sealed is None:
        raise NotFound
    await audit(
        session,
        actor,
        "profile.reveal",
        "profile",
        profile_id,
        account=row.account_id,
        version=row.pin_version,
    )
    return ring().unseal(row.pin_sealed, Place("profiles", "pin_sealed", profile_id))


async def reveal_version(session: AsyncSession, actor: Actor, *, version_id: int) -> Secret:
    """A password or PIN that was; the owner's alone. Raises `Forbidden`, `NotFound`."""
    if not actor.owner:
        raise Forbidden
    row = await fetch_one(
        session, "SELECT * FROM credential_versions WHERE id = %(id)s", id=version_id
    )
    if row is None or row.secret_sealed is None:
        raise NotFound
    await audit(
        session,
        actor,
        "account.reveal_version",
        "account",
        row.account_id,
        version=row.version,
        profile=row.profile_id,
    )
    place = Place("credential_versions", "secret_sealed", version_id)
    return ring().unseal(row.secret_sealed, place)
