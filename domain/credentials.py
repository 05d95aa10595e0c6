"""A customer's own credential, opened for them; each look is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit
from domain.sql import fetch_one, run
from infra.vault import Place, Secret, ring


@dataclass(frozen=True, slots=True)
class Credential:
    """Secrets stay masked until the front end discloses them to their owner.

    `version` changes with the profile, its PIN and the password, as `Subscription.version` does.
    """

    assignment_id: int
    version: str
    service_name: str
    login: Secret
    password: Secret
    profile_label: str
    pin: Secret | None
    ends_on: date


async def reveal(session: AsyncSession, actor: Actor, *, assignment_id: int) -> Credential:
    """Open the credential of the customer's own live subscription, and audit that it was seen.

    Raises `NotFound` for anybody else's, `Conflict` (`access_ended`) once released.
    """
    row = await fetch_one(
        session,
        """SELECT a.id, a.released_at, a.ends_on, i.service_name, p.id AS profile_id, p.label,
                  p.pin_sealed, p.pin_version, c.id AS account_id, c.login_sealed,
                  c.password_sealed, c.credential_version
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           JOIN profiles p ON p.id = a.profile_id JOIN accounts c ON c.id = p.account_id
           WHERE a.id = %(id)s AND a.customer_id = %(customer)s""",
        id=assignment_id,
        customer=actor.customer_id(),
    )
    if row is None:
        raise NotFound
    if row.released_at is not None:
        raise Conflict("access_ended")
    keys = ring()
    await audit(
        session,
        actor,
        "credential.reveal",
        "assignment",
        assignment_id,
        version=row.credential_version,
    )
    await run(
        session,
        """INSERT INTO credential_views (assignment_id, profile_id, version, pin_version)
           VALUES (%(id)s, %(profile)s, %(version)s, %(pin_version)s)
           ON CONFLICT (assignment_id, profile_id, version, pin_version)
           DO UPDATE SET last_at = now()""",
        id=row.id,
        profile=row.profile_id,
        version=row.credential_version,
        pin_version=row.pin_version,
    )
    return Credential(
        assignment_id=row.id,
        version=f"{row.profile_id}.{row.credential_version}.{row.pin_version}",
        service_name=row.service_name,
        login=keys.unseal(row.login_sealed, Place("accounts", "login_sealed", row.account_id)),
        password=keys.unseal(
            row.password_sealed, Place("accounts", "password_sealed", row.account_id)
        ),
        profile_label=row.label,
        pin=keys.unseal(row.pin_sealed, Place("profiles", "pin_sealed", row.profile_id))
        if row.pin_sealed
        else None,
        ends_on=row.ends_on,
    )
