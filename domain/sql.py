"""SQL on the session's own driver connection.

The rules of the shop are sentences over few, exact statements. They run on psycopg's connection
below the session: the same transaction, without the cost of building and mapping each statement.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from psycopg.pq import TransactionStatus
from psycopg.rows import class_row, namedtuple_row, scalar_row
from sqlmodel.ext.asyncio.session import AsyncSession

from infra.database import driver

T = TypeVar("T")


async def fetch(session: AsyncSession, statement: str, /, **values: Any) -> list[Any]:
    """Rows with their columns as attributes."""
    cursor = (await driver(session)).cursor(row_factory=namedtuple_row)
    await cursor.execute(statement.encode(), values)
    return await cursor.fetchall()


async def fetch_one(session: AsyncSession, statement: str, /, **values: Any) -> Any | None:
    cursor = (await driver(session)).cursor(row_factory=namedtuple_row)
    await cursor.execute(statement.encode(), values)
    return await cursor.fetchone()


async def fetch_as(
    session: AsyncSession, kind: type[T], statement: str, /, **values: Any
) -> list[T]:
    """Rows as instances of a dataclass with the same field names."""
    cursor = (await driver(session)).cursor(row_factory=class_row(kind))
    await cursor.execute(statement.encode(), values)
    return await cursor.fetchall()


async def scalar(session: AsyncSession, statement: str, /, **values: Any) -> Any:
    """The first column of the first row, or None."""
    cursor = (await driver(session)).cursor(row_factory=scalar_row)
    await cursor.execute(statement.encode(), values)
    return await cursor.fetchone()


async def run(session: AsyncSession, statement: str, /, **values: Any) -> int:
    """Execute without reading rows; the number of rows touched."""
    cursor = await (await driver(session)).execute(statement.encode(), values)
    return cursor.rowcount


async def come_back_point(session: AsyncSession) -> Callable[[], Awaitable[None]]:
    """Return what undoes all that follows.

    It goes back to a savepoint or, where nothing has been done yet, to the start of the
    transaction, which costs no journey to set.
    """
    link = await driver(session)
    if link.info.transaction_status == TransactionStatus.IDLE:
        return link.rollback
    await link.execute("SAVEPOINT come_back")

    async def roll_back() -> None:
        await link.execute("ROLLBACK TO SAVEPOINT come_back")

    return roll_back


def on_one_line(statement: str) -> str:
    """Shorten a hot statement: psycopg keeps the parse of those below 4,096 characters."""
    return " ".join(statement.split())
