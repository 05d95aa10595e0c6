"""What every change of the catalog shares: who may, the row as a form saw it, and its trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, Forbidden, NotFound
from domain.records import audit
from domain.sql import come_back_point, fetch, fetch_one, run
from domain.texts import CATALOG_FIELDS

Kind = Literal["service", "plan"]
TABLES: dict[Kind, str] = {"service": "services", "plan": "plans"}
Ending = Literal["deleted", "archived"]


def require_owner(actor: Actor) -> None:
    """Prices, and what is sold at all, are the owner's."""
    if not actor.owner and actor.kind != "system":
        raise Forbidden


async def lock(session: AsyncSession, kind: Kind, row_id: int) -> Any:
    """The row, held. Raises `NotFound`."""
    row = await fetch_one(
        session,
        f"SELECT * FROM {TABLES[kind]} WHERE id = %(id)s FOR UPDATE",  # noqa: S608  # our names
        id=row_id,
    )
    if row is None:
        raise NotFound
    return row


async def lock_as_seen(session: AsyncSession, kind: Kind, row_id: int, version: int) -> Any:
    """The row, held, when nobody changed it since the form was filled.

    Raises `NotFound`, `Conflict`: `catalog_changed` naming who changed what, `catalog_archived`.
    """
    row = await lock(session, kind, row_id)
    if row.version != version:
        who, what = await _since(session, kind, row_id, version)
        raise Conflict("catalog_changed", who=who, what=what)
    if row.archived_at is not None:
        raise Conflict("catalog_archived")
    return row


async def _since(session: AsyncSession, kind: Kind, row_id: int, version: int) -> tuple[str, str]:
    entries = await fetch(
        session,
        """SELECT coalesce(u.username, 'El sistema') AS who, e.change
           FROM audit_entries e
           LEFT JOIN staff_users u ON e.actor_kind = 'staff' AND u.id = e.actor_id
           WHERE e.object_type = %(kind)s AND e.object_id = %(id)s
             AND (e.change ->> 'version')::int > %(version)s ORDER BY e.id DESC""",
        kind=kind,
        id=str(row_id),
        version=version,
    )
    fields = {name for entry in entries for name in entry.change.get("after", ())}
    named = [said for name, said in CATALOG_FIELDS.items() if name in fields]
    return (entries[0].who if entries else "Alguien"), ", ".join(named) or "algo"


async def write(
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    row: Any,
    changed: Mapping[str, Any],
    *,
    said: Mapping[str, Any] | None = None,
) -> bool:
    """Store what differs, as the row's next version; false when nothing does.

    `said` replaces what the audit would say of the change: costs are not told by field.
    """
    new = {name: value for name, value in changed.items() if getattr(row, name) != value}
    if not new:
        return False
    columns = ", ".join(f"{name} = %({name})s" for name in new)
    await run(
        session,
        f"UPDATE {TABLES[kind]} SET {columns}, version = version + 1 WHERE id = %(id)s",  # noqa: S608
        id=row.id,
        **new,
    )
    shown = {name: value for name, value in new.items() if name in CATALOG_FIELDS}
    await audit(
        session,
        actor,
        f"{kind}.changed",
        kind,
        row.id,
        version=row.version + 1,
        before={name: getattr(row, name) for name in shown},
        after={**shown, **(said or {})},
    )
    return True


async def set_active(
    session: AsyncSession, actor: Actor, kind: Kind, row_id: int, *, active: bool
) -> None:
    """Put it on sale or pause it; orders already placed go on. Raises as `lock` does."""
    actor.require_staff()
    row = await lock(session, kind, row_id)
    if row.archived_at is not None:
        raise Conflict("catalog_archived")
    await write(session, actor, kind, row, {"active": active})


async def withdraw(session: AsyncSession, actor: Actor, kind: Kind, row_id: int) -> Ending:
    """Delete what nothing ever referred to; archive what an order, an account or a cart knows.

    Archived is off every shelf; its orders, accounts and figures stay as they are.
    """
    require_owner(actor)
    row = await lock(session, kind, row_id)
    come_back = await come_back_point(session)
    try:
        if kind == "service":
            await run(session, "DELETE FROM plans WHERE service_id = %(id)s", id=row_id)
        await run(
            session,
            f"DELETE FROM {TABLES[kind]} WHERE id = %(id)s",  # noqa: S608  # our names
            id=row_id,
        )
    except psycopg.errors.ForeignKeyViolation:
        await come_back()
        await _set_archived(session, actor, kind, row, archived=True)
        return "archived"
    await audit(session, actor, f"{kind}.deleted", kind, row_id, before={"name": row.name})
    return "deleted"


async def bring_back(session: AsyncSession, actor: Actor, kind: Kind, row_id: int) -> None:
    """Take it out of the archive; it is on sale again as it was."""
    require_owner(actor)
    row = await lock(session, kind, row_id)
    await _set_archived(session, actor, kind, row, archived=False)


async def _set_archived(
    session: AsyncSession, actor: Actor, kind: Kind, row: Any, *, archived: bool
) -> None:
    if (row.archived_at is not None) == archived:
        return
    await run(
        session,
        f"""UPDATE {TABLES[kind]} SET version = version + 1,
                archived_at = CASE WHEN %(archived)s THEN now() END
            WHERE id = %(id)s""",  # noqa: S608  # our names
        archived=archived,
        id=row.id,
    )
    await audit(
        session,
        actor,
        f"{kind}.archived" if archived else f"{kind}.brought_back",
        kind,
        row.id,
        version=row.version + 1,
        after={"archived": archived},
    )
