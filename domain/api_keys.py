"""Keys for programs: made by the owner for certain things, shown once, ended at any time.

A key lives as long as its time, and only while who made it is still an owner.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit
from domain.sql import fetch_as, fetch_one, run, scalar
from infra import clock
from infra.vault import Secret, keyed_hash

PREFIX = "cuenty_"
LONGEST, LONGEST_NAME, MOST_DAYS = 60, 80, 366
# What a key may be for, and what the owner reads beside each.
SCOPES = {
    "catalog:read": "Ver servicios y planes, también los ocultos",
    "catalog:write": "Cambiar servicios, planes y precios",
    "orders:read": "Ver pedidos",
    "orders:write": "Vender, confirmar pagos, asignar, entregar y cancelar",
    "payments:read": "Ver pagos, comprobantes, estados de cuenta, saldos y caja",
    "payments:write": "Revisar comprobantes, aplicar estados de cuenta, dar saldo y devolver",
    "coupons:read": "Ver cupones y quién los usó",
    "coupons:write": "Crear y cambiar cupones",
    "inventory:read": "Ver cuentas y perfiles, sin accesos",
    "inventory:write": "Agregar, cambiar, importar, rotar, pagar y retirar cuentas",
    "inventory:reveal": "Abrir usuarios, contraseñas y PIN",
    "subscriptions:read": "Ver reportes de garantía y lo que vence",
    "subscriptions:write": "Responder reportes, reemplazar, recordar, renovar y liberar accesos",
    "customers:read": "Ver clientes",
    "customers:write": "Cambiar los datos de clientes y bloquearlos",
    "customers:erase": "Unir clientes y borrar sus datos",
    "support:read": "Ver tickets y mensajes de contacto",
    "support:write": "Responder tickets y cambiar su estado",
    "messages:read": "Ver qué pasó con cada mensaje, sin su texto",
    "messages:write": "Mandar otra vez mensajes y probar canales",
    "log:read": "Ver la bitácora",
    "statistics:read": "Ver las cifras de la tienda",
    "webhooks:read": "Ver integraciones y sus entregas",
    "webhooks:write": "Agregar, cambiar y borrar integraciones",
}
ROLES = ("operator", "owner")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the owner's list shows it; the key itself is nowhere."""

    id: int
    name: str
    ending: str
    role: str
    scopes: list[str]
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class NewKey:
    id: int
    key: Secret


async def create(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    role: str = "operator",
) -> NewKey:
    """The only moment at which the key can be read.

    With the role of an operator it sees what operators see: no cost, whatever its scopes.
    Raises `Forbidden`, `InvalidInput`.
    """
    _require_owner(actor)
    name = " ".join(name.split())
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        wrong["name"] = "name_required"
    if not scopes or not set(scopes) <= SCOPES.keys():
        wrong["scopes"] = "scopes_invalid"
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = "key_days_invalid"
    if role not in ROLES:
        wrong["role"] = "value_invalid"
    if wrong:
        raise InvalidInput(wrong)
    key = PREFIX + secrets.token_urlsafe(32)
    kept = sorted(set(scopes))
    made = await scalar(
        session,
        """INSERT INTO api_keys (name, token_hash, ending, role, scopes, staff_id, expires_at)
           VALUES (%(name)s, %(hash)s, %(ending)s, %(role)s, %(scopes)s, %(staff)s, %(expires)s)
           RETURNING id""",
        name=name,
        hash=_hash(key),
        ending=key[-4:],
        role=role,
        scopes=kept,
        staff=actor.id,
        expires=clock.now() + timedelta(days=days),
    )
    await audit(
        session, actor, "api_key.create", "api_key", made, scopes=kept, role=role, days=days
    )
    return NewKey(int(made), Secret(key))


async def keys(session: AsyncSession, actor: Actor) -> list[KeyLine]:
    """Live ones first, then those that ended, the newest of each first."""
    _require_owner(actor)
    return await fetch_as(
        session,
        KeyLine,
        """SELECT k.id, k.name, k.ending, k.role, k.scopes, u.username AS made_by, k.created_at,
                  k.expires_at, k.last_used_at, k.revoked_at,
                  k.revoked_at IS NULL AND k.expires_at > %(now)s AND u.disabled_at IS NULL
                  AND u.role = 'owner' AS live
           FROM api_keys k JOIN staff_users u ON u.id = k.staff_id
           ORDER BY live DESC, k.id DESC LIMIT 100""",
        now=clock.now(),
    )


async def revoke(session: AsyncSession, actor: Actor, *, key_id: int) -> None:
    """It is refused from its next request on. Ending it twice changes nothing."""
    _require_owner(actor)
    row = await fetch_one(
        session, "SELECT revoked_at FROM api_keys WHERE id = %(id)s FOR UPDATE", id=key_id
    )
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        return
    await run(
        session,
        "UPDATE api_keys SET revoked_at = %(now)s WHERE id = %(id)s",
        id=key_id,
        now=clock.now(),
    )
    await audit(session, actor, "api_key.revoke", "api_key", key_id)


async def resolve(session: AsyncSession, key: str, *, address_hash: str) -> Actor | None:
    """Who a key stands for, or None for one that is unknown or over; its use is written down."""
    if not key.startswith(PREFIX) or len(key) > LONGEST:
        return None
    found = await fetch_one(
        session,
        """WITH found AS (
               SELECT k.id, k.role, k.scopes, k.staff_id, k.last_used_at
               FROM api_keys k JOIN staff_users u ON u.id = k.staff_id
               WHERE k.token_hash = %(hash)s AND k.revoked_at IS NULL AND k.expires_at > %(now)s
                 AND u.disabled_at IS NULL AND u.role = 'owner'),
           used AS (
               UPDATE api_keys SET last_used_at = %(now)s FROM found
               WHERE api_keys.id = found.id
                 AND (found.last_used_at IS NULL OR found.last_used_at < %(minute_ago)s))
           SELECT * FROM found""",
        hash=_hash(key),
        now=clock.now(),
        minute_ago=clock.now() - timedelta(minutes=1),
    )
    if found is None:
        return None
    return Actor(
        kind="staff",
        id=found.staff_id,
        role=found.role,
        address_hash=address_hash,
        key_id=found.id,
        scopes=frozenset(found.scopes),
    )


def _hash(key: str) -> str:
    return keyed_hash("api-key", key)


def _require_owner(actor: Actor) -> None:
    """A key makes no keys, whatever it stands for."""
    if not actor.owner or actor.key_id is not None:
        raise Forbidden
