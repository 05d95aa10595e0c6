"""The stock leaves the shop as a list: what it is to staff, with its secrets only to the owner.

For the secrets the owner types the password again and gets a ticket: one use, within a minute, in
that session only. A page of the list is read at a time, so that any stock fits in memory.
"""

from __future__ import annotations

import asyncio
import secrets as tokens
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import staff
from domain.actors import Actor
from domain.errors import Forbidden
from domain.records import audit
from domain.sql import fetch, run
from infra.vault import Place, Secret, keyed_hash, ring

PAGE = 500
LIVES = 60
HEADER = (
    "Número",
    "Servicio",
    "Plan",
    "Estado",
    "Perfil",
    "Estado del perfil",
    "Pagado hasta",
    "Costo",
)
SECRET_HEADER = ("Usuario", "Contraseña", "PIN")
STATUSES = {
    "active": "Activa",
    "maintenance": "En mantenimiento",
    "down": "Caída",
    "retired": "Retirada",
}
PROFILES = {
    "free": "Libre",
    "assigned": "Vendido",
    "rotate": "Por rotar",
    "disabled": "Fuera de uso",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the inventory's screen; what is None filters nothing."""

    status: str | None = None
    service_id: int | None = None


async def begin(session: AsyncSession, actor: Actor, wanted: Wanted, *, form: str) -> None:
    """Write down that somebody takes the list, before the first row leaves."""
    actor.require_staff()
    await audit(session, actor, "stock.export", "stock", form, **_said(wanted))


async def permit(session: AsyncSession, actor: Actor, *, password: str) -> str:
    """A ticket for the secrets, for the owner who types the password again.

    Raises `Forbidden`, `InvalidInput` (`password`), `TooManyRequests`.
    """
    if not actor.owner or actor.session_id is None:
        raise Forbidden
    await staff.confirm(session, actor, password=password)
    ticket = tokens.token_urlsafe(32)
    await run(session, "DELETE FROM export_tickets WHERE expires_at < now()")
    await run(
        session,
        """INSERT INTO export_tickets (token_hash, session_id, expires_at)
           VALUES (%(hash)s, %(session)s, now() + make_interval(secs => %(lives)s))""",
        hash=keyed_hash("export", ticket),
        session=actor.session_id,
        lives=LIVES,
    )
    return ticket


async def begin_with_secrets(
    session: AsyncSession, actor: Actor, wanted: Wanted, *, form: str, ticket: str
) -> None:
    """Raises `Forbidden` for anybody but the owner, and for a ticket that is spent or late."""
    if not actor.owner:
        raise Forbidden
    spent = await run(
        session,
        """DELETE FROM export_tickets WHERE token_hash = %(hash)s AND session_id = %(session)s
             AND expires_at >= now()""",
        hash=keyed_hash("export", ticket),
        session=actor.session_id,
    )
    if not spent:
        raise Forbidden("export_ticket")
    await audit(session, actor, "stock.export_secrets", "stock", form, **_said(wanted))


async def page(
    session: AsyncSession, wanted: Wanted, *, after: int, secrets: bool = False
) -> tuple[list[tuple[str, ...]], int]:
    """Rows of the accounts that follow `after`, one for each profile, and the last account's id.

    For those who `begin` let in. The id is 0 after the last page.
    """
    found = await fetch(
        session,
        PAGE_OF,
        after=after,
        limit=PAGE,
        status=wanted.status,
        service=wanted.service_id,
    )
    last = found[-1].id if found else 0
    rows = await asyncio.to_thread(_rows, found, secrets=secrets)
    return rows, last if len({row.id for row in found}) == PAGE else 0


PAGE_OF = """
WITH page AS MATERIALIZED (
    SELECT a.* FROM accounts a
    WHERE a.id > %(after)s
      AND (%(status)s::text IS NULL OR a.status = %(status)s::text)
      AND (%(service)s::bigint IS NULL OR a.service_id = %(service)s)
    ORDER BY a.id LIMIT %(limit)s)
SELECT a.id, s.name AS service_name, coalesce(l.name, '') AS plan_name, a.status, a.paid_until,
       a.cost, a.login_sealed, a.password_sealed, p.id AS profile_id, p.label, p.pin_sealed,
       p.status AS profile_status
FROM page a JOIN services s ON s.id = a.service_id LEFT JOIN plans l ON l.id = a.plan_id
LEFT JOIN profiles p ON p.account_id = a.id ORDER BY a.id, p.position"""


def _rows(found: Sequence[Any], *, secrets: bool) -> list[tuple[str, ...]]:
    keys = ring()
    rows: list[tuple[str, ...]] = []
    for row in found:
        shown = (
            str(row.id),
            row.service_name,
            row.plan_name,
            STATUSES[row.status],
            row.label or "",
            PROFILES.get(row.profile_status or "", ""),
            row.paid_until.isoformat() if row.paid_until else "",
            str(row.cost),
        )
        if secrets:
            login = keys.unseal(row.login_sealed, Place("accounts", "login_sealed", row.id))
            word = keys.unseal(row.password_sealed, Place("accounts", "password_sealed", row.id))
            pin = (
                keys.unseal(row.pin_sealed, Place("profiles", "pin_sealed", row.profile_id))
                if row.pin_sealed
                else Secret("")
            )
            shown += (login.disclose(), word.disclose(), pin.disclose())
        rows.append(shown)
    return rows


def _said(wanted: Wanted) -> dict[str, Any]:
    """The filters as the audit keeps them."""
    return {"status": wanted.status, "service": wanted.service_id}
