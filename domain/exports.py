"""The stock leaves the shop as a list: what it is to staff, with its secrets only to the owner.

For the secrets the owner types the password again and gets a ticket: one use, within a minute, in
that session only.
"""

from __future__ import annotations

import asyncio
import secrets as tokens
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import staff
from domain.actors import Actor
from domain.errors import Forbidden
from domain.records import audit
from domain.sheets import PAGE, Page, Row, Said, Sheet
from domain.sql import fetch, run
from infra.vault import Place, Secret, keyed_hash, ring

LIVES = 60
LONGEST_NUMBER = 18
HEADER = (
    "Número",
    "Servicio",
    "Plan",
    "Estado",
    "Perfil",
    "Estado del perfil",
    "Pagado hasta",
)
OWNERS = ("Costo",)
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


# As the screen's address says them.
ASKED = {
    "activas": "active",
    "mantenimiento": "maintenance",
    "caidas": "down",
    "retiradas": "retired",
}


def sheet(actor: Actor, said: Said) -> Sheet:
    """What it cost is only for an owner. A mangled filter is none, as on the screen."""
    header = HEADER + OWNERS if actor.owner else HEADER
    return Sheet(
        "inventario", "Inventario", header, partial(_page, said, secrets=False), _asked(said)
    )


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
    session: AsyncSession, actor: Actor, said: Said, *, form: str, ticket: str
) -> Sheet:
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
    kept = {key: value for key, value in _asked(said).items() if value}
    await audit(
        session, actor, "stock.export_secrets", "stock", "inventario", format=form, filters=kept
    )
    return Sheet(
        "inventario-con-accesos",
        "Inventario",
        HEADER + OWNERS + SECRET_HEADER,
        partial(_page, said, secrets=True),
        kept,
    )


def _asked(said: Said) -> dict[str, str]:
    service = said.get("servicio", "")
    whole = service.isascii() and service.isdigit() and len(service) <= LONGEST_NUMBER
    return {
        "estado": said.get("estado", "") if said.get("estado", "") in ASKED else "",
        "servicio": service if whole else "",
    }


async def _page(
    said: Said, session: AsyncSession, actor: Actor, after: int | None, *, secrets: bool
) -> Page:
    """Accounts in order, a row for each profile."""
    asked = _asked(said)
    found = await fetch(
        session,
        PAGE_OF,
        after=after or 0,
        limit=PAGE,
        status=ASKED.get(asked["estado"]),
        service=int(asked["servicio"]) if asked["servicio"] else None,
    )
    rows = await asyncio.to_thread(_rows, found, cost=actor.owner, secrets=secrets)
    return rows, found[-1].id if len({row.id for row in found}) == PAGE else None


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


def _rows(found: Sequence[Any], *, cost: bool, secrets: bool) -> list[Row]:
    keys = ring()
    rows: list[Row] = []
    for row in found:
        shown: Row = (
            row.id,
            row.service_name,
            row.plan_name,
            STATUSES[row.status],
            row.label or "",
            PROFILES.get(row.profile_status or "", ""),
            row.paid_until,
        )
        if cost:
            shown += (row.cost,)
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
