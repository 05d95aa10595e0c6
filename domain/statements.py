"""Bank statements that come as files: read, held against the orders, and kept line by line."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput
from domain.records import audit, tell
from domain.sql import run, scalar
from domain.statement_lines import add
from domain.statement_movements import Movement

LONGEST_NAME = 120


async def bring_in(
    session: AsyncSession,
    actor: Actor,
    *,
    movements: Sequence[Movement],
    fingerprints: Sequence[str],
    file_name: str = "",
    bank: str = "",
) -> int:
    """Keep and match the movements that no earlier statement had; the statement's id.

    Raises `InvalidInput` (`file`) when there is none: nothing is kept then.
    """
    actor.require_staff()
    statement_id = int(
        await scalar(
            session,
            """INSERT INTO statements (file_name, bank, staff_id)
               VALUES (%(name)s, %(bank)s, %(staff)s) RETURNING id""",
            name="".join(c for c in file_name if c.isprintable())[:LONGEST_NAME],
            bank=bank[:60],
            staff=actor.id,
        )
    )
    lines = await add(session, statement_id, movements, fingerprints)
    if not lines:
        raise InvalidInput({"file": "statement_known" if movements else "statement_empty"})
    await run(
        session,
        "UPDATE statements SET known = %(known)s WHERE id = %(id)s",
        known=len(movements) - len(lines),
        id=statement_id,
    )
    await audit(
        session,
        actor,
        "statement.import",
        "statement",
        statement_id,
        rows=len(lines),
        bank=bank,
    )
    await tell(session, "statements")
    return statement_id
