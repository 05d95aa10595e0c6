"""Stock comes in: an account with its profiles, secrets sealed before they touch the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.assignments import fill_waiting
from domain.errors import Conflict, InvalidInput
from domain.records import audit
from domain.sql import fetch, run, scalar
from infra.vault import Place, Secret, keyed_hash, ring


@dataclass(frozen=True, slots=True)
class NewProfile:
    label: str
    pin: Secret | None = None


def login_hash(login: Secret) -> str:
    """Searches and duplicate checks compare this, never the login itself."""
    return keyed_hash("account-login", login.disclose().strip().casefold())


async def add_account(
    session: AsyncSession,
    actor: Actor,
    *,
    service_id: int,
    login: Secret,
    password: Secret,
    profiles: Sequence[NewProfile],
    plan_id: int | None = None,
    paid_until: date | None = None,
    cost: Decimal = Decimal(0),
) -> int:
    """Add an account and serve the paid orders that wait for it; the account's id.

    Raises `InvalidInput` for empty secrets or no profile, `Conflict` (`login_taken`) when the
    service already has an account with this login.
    """
    actor.require_staff()
    if not login.disclose().strip() or not password.disclose() or not profiles:
        raise InvalidInput({"login": "account_incomplete"})
    account_id = int(
        await scalar(session, "SELECT nextval(pg_get_serial_sequence('accounts', 'id'))")
    )
    keys = ring()
    try:
        await run(
            session,
            """INSERT INTO accounts (id, service_id, plan_id, login_sealed, login_hash,
                                     password_sealed, paid_until, cost)
               VALUES (%(id)s, %(service)s, %(plan)s, %(login)s, %(hash)s, %(password)s,
                       %(paid_until)s, %(cost)s)""",
            id=account_id,
            service=service_id,
            plan=plan_id,
            login=keys.seal(login, Place("accounts", "login_sealed", account_id)),
            hash=login_hash(login),
            password=keys.seal(password, Place("accounts", "password_sealed", account_id)),
            paid_until=paid_until,
            cost=cost,
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("login_taken") from error
    await _add_profiles(session, account_id, profiles)
    await audit(session, actor, "account.add", "account", account_id, profiles=len(profiles))
    await fill_waiting(session, service_id)
    return account_id


async def _add_profiles(
    session: AsyncSession, account_id: int, profiles: Sequence[NewProfile]
) -> None:
    ids = await fetch(
        session,
        """SELECT nextval(pg_get_serial_sequence('profiles', 'id')) AS id
           FROM generate_series(1, %(n)s)""",
        n=len(profiles),
    )
    keys = ring()
    pins = [
        keys.seal(profile.pin, Place("profiles", "pin_sealed", row.id)) if profile.pin else None
        for row, profile in zip(ids, profiles, strict=True)
    ]
    await run(
        session,
        """INSERT INTO profiles (id, account_id, position, label, pin_sealed)
           SELECT u.id, %(account)s, u.position, u.label, u.pin
           FROM unnest(%(ids)s::bigint[], %(positions)s::int[], %(labels)s::text[],
                       %(pins)s::bytea[]) AS u(id, position, label, pin)""",
        account=account_id,
        ids=[row.id for row in ids],
        positions=list(range(1, len(profiles) + 1)),
        labels=[profile.label for profile in profiles],
        pins=pins,
    )
