"""What staff read about imports: the list of files, one of them, and what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch, fetch_as

PAGE = 20
ISSUES_PAGE = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """One file; `error` is a code of the catalogue.

    `sample` shows some of its accounts, masked, with their cost for who knows costs.
    """

    id: int
    status: str
    mode: str
    service_id: int | None
    file_name: str
    header: list[str]
    mapping: dict[str, int]
    columns: int
    sample: list[dict[str, Any]]
    rows: int
    good: int
    bad: int
    accounts: int
    done: int
    error: str
    open: bool
    staff_name: str
    created_at: datetime
    finished_at: datetime | None


COLUMNS = """
SELECT b.id, b.status, b.mode, b.service_id, b.file_name, b.header, b.mapping, b.columns, b.sample,
       b.rows, b.good, b.bad, b.accounts, b.done, b.error, b.created_at, b.finished_at,
       EXISTS (SELECT 1 FROM import_chunks c WHERE c.batch_id = b.id) AS open,
       coalesce(u.username, '') AS staff_name
FROM import_batches b LEFT JOIN staff_users u ON u.id = b.staff_id """


async def batches(
    session: AsyncSession, actor: Actor, *, before: int | None = None, limit: int = PAGE
) -> list[Batch]:
    """Newest first; the next page starts `before` the last id."""
    actor.require_staff()
    found = await fetch_as(
        session,
        Batch,
        COLUMNS + "WHERE b.id < %(before)s ORDER BY b.id DESC LIMIT %(limit)s",
        before=before or 2**63 - 1,
        limit=limit,
    )
    return [_known_to(actor, one) for one in found]


async def batch(session: AsyncSession, actor: Actor, *, batch_id: int) -> Batch:
    """Raises `NotFound`."""
    actor.require_staff()
    found = await fetch_as(session, Batch, COLUMNS + "WHERE b.id = %(id)s", id=batch_id)
    if not found:
        raise NotFound
    return _known_to(actor, found[0])


def _known_to(actor: Actor, found: Batch) -> Batch:
    if actor.knows_costs:
        return found
    return replace(found, sample=[{**account, "cost": ""} for account in found.sample])


@dataclass(frozen=True, slots=True)
class IssueLine:
    id: int
    line: int
    field: str
    code: str
    data: dict[str, Any]


async def issues(
    session: AsyncSession,
    actor: Actor,
    *,
    batch_id: int,
    after: int | None = None,
    limit: int = ISSUES_PAGE,
) -> list[IssueLine]:
    """In the order of the file; the next page starts `after` the last id."""
    actor.require_staff()
    return await fetch_as(
        session,
        IssueLine,
        """SELECT id, line, field, code, data FROM import_errors
           WHERE batch_id = %(batch)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
        batch=batch_id,
        after=after or 0,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Services and plans by id, to name what a sample holds; services also to choose from."""

    services: dict[int, str]
    plans: dict[int, str]


async def names(session: AsyncSession, actor: Actor) -> Names:
    actor.require_staff()
    services = await fetch(
        session, "SELECT id, name FROM services WHERE archived_at IS NULL ORDER BY name, id"
    )
    plans = await fetch(session, "SELECT id, name FROM plans WHERE archived_at IS NULL")
    return Names({row.id: row.name for row in services}, {row.id: row.name for row in plans})
