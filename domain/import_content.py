"""The rows of a batch while it waits: sealed, opened again, and held against the shop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import Conflict
from domain.import_columns import plain
from domain.import_files import Row
from domain.import_rows import Catalogue, Examination, Issue, ServiceRead
from domain.sql import fetch, run
from infra.vault import Place, Secret, ring

CHUNK = 500


async def keep(session: AsyncSession, batch_id: int, rows: Sequence[Row]) -> None:
    await run(
        session,
        """INSERT INTO import_chunks (batch_id, number, sealed)
           SELECT %(batch)s, u.number - 1, u.sealed
           FROM unnest(%(sealed)s::bytea[]) WITH ORDINALITY AS u(sealed, number)""",
        batch=batch_id,
        sealed=await asyncio.to_thread(_sealed, batch_id, rows),
    )


def _sealed(batch_id: int, rows: Sequence[Row]) -> list[bytes]:
    keys = ring()
    return [
        keys.seal(
            Secret(json.dumps([(row.line, row.cells) for row in rows[at : at + CHUNK]])),
            Place("import_chunks", "sealed", f"{batch_id}:{at // CHUNK}"),
        )
        for at in range(0, len(rows), CHUNK)
    ]


async def open_rows(session: AsyncSession, batch_id: int) -> list[Row]:
    """Raises `Conflict` (`import_expired`) once the content is gone."""
    chunks = await fetch(
        session,
        "SELECT number, sealed FROM import_chunks WHERE batch_id = %(id)s ORDER BY number",
        id=batch_id,
    )
    if not chunks:
        raise Conflict("import_expired")

    def open_all() -> list[Row]:
        keys = ring()
        return [
            Row(line, tuple(cells))
            for chunk in chunks
            for line, cells in json.loads(
                keys.unseal(
                    chunk.sealed, Place("import_chunks", "sealed", f"{batch_id}:{chunk.number}")
                ).disclose()
            )
        ]

    return await asyncio.to_thread(open_all)


async def _catalogue(session: AsyncSession) -> Catalogue:
    plans: dict[int, dict[str, int]] = {}
    for plan in await fetch(
        session, "SELECT id, service_id, name FROM plans WHERE archived_at IS NULL ORDER BY id DESC"
    ):
        plans.setdefault(plan.service_id, {})[plain(plan.name)] = plan.id
    services = await fetch(
        session, "SELECT id, slug, name, max_profiles FROM services WHERE archived_at IS NULL"
    )
    return Catalogue(
        (s.slug, ServiceRead(s.id, s.name, s.max_profiles, plans.get(s.id, {}))) for s in services
    )


async def examine(
    session: AsyncSession, mapping: Mapping[str, int], service_id: int | None, rows: Sequence[Row]
) -> Examination:
    found = Examination(await _catalogue(session), mapping, service_id)
    await asyncio.to_thread(found.read, rows)
    taken = await fetch(
        session,
        "SELECT service_id, login_hash FROM accounts WHERE login_hash = ANY(%(hashes)s)",
        hashes=found.hashes,
    )
    found.leave_out((row.service_id, row.login_hash) for row in taken)
    return found


async def keep_issues(session: AsyncSession, batch_id: int, issues: Sequence[Issue]) -> None:
    """In place of those of an earlier look."""
    await run(session, "DELETE FROM import_errors WHERE batch_id = %(id)s", id=batch_id)
    await run(
        session,
        """INSERT INTO import_errors (batch_id, line, field, code, data)
           SELECT %(batch)s, u.* FROM unnest(%(lines)s::int[], %(fields)s::text[],
               %(codes)s::text[], %(data)s::jsonb[]) AS u(line, field, code, data)""",
        batch=batch_id,
        lines=[issue.line for issue in issues],
        fields=[issue.field for issue in issues],
        codes=[issue.code for issue in issues],
        data=[Jsonb(issue.data) for issue in issues],
    )
