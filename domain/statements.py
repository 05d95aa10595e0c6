"""Bank statements that come as files: read, held against the orders, and kept line by line.

A file whose columns nobody has named yet waits, sealed, until a person says what they hold; the
next file of the same shape is read the same way.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.records import audit, tell
from domain.sql import fetch_one, run, scalar
from domain.statement_files import Statement, read_statement
from domain.statement_fingerprints import fingerprints
from domain.statement_lines import add, look_again
from domain.statement_reading import Problem
from infra.clock import today
from infra.vault import Place, Secret, ring
from models.statements import StatementKind

LONGEST_NAME = 120
MOST_UNREAD = 50
FEWEST_COLUMNS = 2  # a day and an amount


async def stage(session: AsyncSession, actor: Actor, *, content: bytes, file_name: str = "") -> int:
    """Keep a file's movements, matched but not applied, or the file until its columns are known.

    The statement's id. Raises `InvalidInput` (`file`) for what nobody can read, and for a file that
    brings nothing new: nothing is kept then.
    """
    actor.require_staff()
    read = await _read(content)
    if len(read.mapping) < FEWEST_COLUMNS:
        raise InvalidInput({"file": "statement_empty"})
    mapping = await _remembered(session, read.layout)
    if mapping is not None:
        read = await _read(content, mapping)
    statement_id = int(
        await scalar(
            session,
            """INSERT INTO statements (file_name, bank, staff_id)
               VALUES (%(name)s, %(bank)s, %(staff)s) RETURNING id""",
            name="".join(c for c in file_name if c.isprintable())[:LONGEST_NAME],
            bank=read.bank[:60],
            staff=actor.id,
        )
    )
    unknown = any(problem.code == "statement_mapping" for problem in read.problems)
    if mapping is None and (unknown or not read.bank or not read.movements):
        await _wait_for_columns(session, statement_id, content)
    else:
        await _keep(session, actor, statement_id, read)
    await tell(session, "statements")
    return statement_id


async def columns(session: AsyncSession, actor: Actor, *, statement_id: int) -> Statement:
    """The waiting file: its columns, its first rows and what they seem to hold.

    Raises `NotFound`, `Conflict` (`statement_state`).
    """
    actor.require_staff()
    return await _read(await _content(session, statement_id))


async def preview(
    session: AsyncSession, actor: Actor, *, statement_id: int, mapping: Sequence[str]
) -> Statement:
    """What the waiting file would be read to; nothing is kept.

    Where the columns misfit there are no movements and a problem `statement_mapping`. Raises
    `NotFound`, `Conflict` (`statement_state`).
    """
    actor.require_staff()
    content = await _content(session, statement_id)
    try:
        return await _read(content, list(mapping))
    except InvalidInput:
        unread = await _read(content)
        problems = [Problem(0, "statement_mapping")]
        return replace(unread, mapping=list(mapping), movements=[], problems=problems)


async def say_columns(
    session: AsyncSession, actor: Actor, *, statement_id: int, mapping: Sequence[str]
) -> None:
    """Read the waiting file so, and every file of its shape from now on.

    Raises `NotFound`, `Conflict` (`statement_state`), `InvalidInput`: `mapping`, `file`.
    """
    actor.require_staff()
    read = await _read(await _content(session, statement_id, lock=True), list(mapping))
    await run(
        session,
        "UPDATE statements SET status = 'open', content = NULL WHERE id = %(id)s",
        id=statement_id,
    )
    await _keep(session, actor, statement_id, read)
    await run(
        session,
        """INSERT INTO statement_layouts (layout, bank, mapping, staff_id)
           VALUES (%(layout)s, %(bank)s, %(mapping)s, %(staff)s)
           ON CONFLICT (layout) DO UPDATE SET mapping = excluded.mapping,
               staff_id = excluded.staff_id, updated_at = now()""",
        layout=read.layout,
        bank=read.bank[:60],
        mapping=Jsonb(list(mapping)),
        staff=actor.id,
    )
    await tell(session, f"statement:{statement_id}", "statements")


async def rematch(session: AsyncSession, actor: Actor, *, statement_id: int) -> int:
    """Hold what is left against the orders of now; how many are sure.

    Raises `NotFound`, `Conflict` (`statement_state`).
    """
    actor.require_staff()
    statement = await _locked(session, statement_id, "open")
    sure = await look_again(session, statement_id, StatementKind(statement.kind))
    await tell(session, f"statement:{statement_id}")
    return sure


async def discard(session: AsyncSession, actor: Actor, *, statement_id: int) -> None:
    """Forget a file that waits for its columns. Raises `NotFound`, `Conflict`."""
    actor.require_staff()
    await _locked(session, statement_id, "columns")
    await run(session, "DELETE FROM statements WHERE id = %(id)s", id=statement_id)
    await audit(session, actor, "statement.discard", "statement", statement_id)
    await tell(session, "statements")


async def _read(content: bytes, mapping: list[str] | None = None) -> Statement:
    """A spreadsheet takes a while: away from the event loop."""
    return await asyncio.to_thread(read_statement, content, today=today(), mapping=mapping)


async def _remembered(session: AsyncSession, layout: str) -> list[str] | None:
    return await scalar(
        session, "SELECT mapping FROM statement_layouts WHERE layout = %(layout)s", layout=layout
    )


async def _keep(session: AsyncSession, actor: Actor, statement_id: int, read: Statement) -> None:
    lines = await add(
        session, statement_id, read.movements, fingerprints(read.bank, read.movements)
    )
    if not lines:
        raise InvalidInput({"file": "statement_known" if read.movements else "statement_empty"})
    await run(
        session,
        "UPDATE statements SET known = %(known)s, unread = %(unread)s WHERE id = %(id)s",
        known=len(read.movements) - len(lines),
        unread=Jsonb([[problem.line, problem.code] for problem in read.problems[:MOST_UNREAD]]),
        id=statement_id,
    )
    await audit(
        session,
        actor,
        "statement.import",
        "statement",
        statement_id,
        rows=len(lines),
        bank=read.bank,
    )


async def _wait_for_columns(session: AsyncSession, statement_id: int, content: bytes) -> None:
    """It holds names and accounts of people: sealed, and only for as long as it must."""
    sealed = ring().seal(
        Secret(base64.b64encode(content).decode()), Place("statements", "content", statement_id)
    )
    await run(
        session,
        "UPDATE statements SET status = 'columns', content = %(sealed)s WHERE id = %(id)s",
        sealed=sealed,
        id=statement_id,
    )


async def _content(session: AsyncSession, statement_id: int, *, lock: bool = False) -> bytes:
    row = await _locked(session, statement_id, "columns", lock=lock)
    sealed = ring().unseal(row.content, Place("statements", "content", statement_id))
    return base64.b64decode(sealed.disclose())


async def _locked(
    session: AsyncSession, statement_id: int, status: str, *, lock: bool = True
) -> Any:
    row = await fetch_one(
        session,
        f"SELECT * FROM statements WHERE id = %(id)s {'FOR UPDATE' if lock else ''}",  # noqa: S608  # constants
        id=statement_id,
    )
    if row is None:
        raise NotFound
    if row.status != status:
        raise Conflict("statement_state")
    return row
