"""Engines and the unit of work: one use case, one transaction.

Writers use READ COMMITTED; what every visitor reads goes through an AUTOCOMMIT engine, which
saves the BEGIN and the ROLLBACK of each look-up. Domain code never commits; the front ends open
`unit_of_work()` around a use case.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, cast

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from infra.settings import SettingsError, settings

SERVER_OPTIONS = "-c lock_timeout=3000 -c statement_timeout=15000 -c timezone=UTC"

# The server answered that others were in the way: its connections are as good as before.
BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
)


class DatabaseDownError(Exception):
    """PostgreSQL did not answer; nothing of the use case was kept."""


def _engine(*, autocommit: bool) -> AsyncEngine:
    configured = settings()
    if not configured.database_url:
        raise SettingsError("DATABASE_URL is empty: start through `cuenty` or set it")
    url = make_url(configured.database_url).set(drivername="postgresql+psycopg")
    return create_async_engine(
        url,
        pool_size=configured.pool_size,
        max_overflow=configured.pool_overflow,
        pool_timeout=10,
        pool_reset_on_return=None if autocommit else "rollback",
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
        connect_args={"options": SERVER_OPTIONS, "connect_timeout": 5},
    )


@lru_cache(maxsize=1)
def writer() -> AsyncEngine:
    return _engine(autocommit=False)


@lru_cache(maxsize=1)
def reader() -> AsyncEngine:
    return _engine(autocommit=True)


async def close() -> None:
    """Give every connection back; the next use opens new ones."""
    for make in (writer, reader):
        if make.cache_info().currsize:
            await make().dispose()
        make.cache_clear()


async def _renew() -> None:
    """What is left in the pools points at a dead server, whichever of them noticed."""
    for make in (writer, reader):
        if make.cache_info().currsize:
            await make().dispose()


@asynccontextmanager
async def _translated() -> AsyncGenerator[None]:
    try:
        yield
    except PoolTimeout as error:  # busy, not gone: more connections would make it worse
        raise DatabaseDownError from error
    except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
        if isinstance(error, BUSY):
            raise
        await _renew()
        raise DatabaseDownError from error
    except DBAPIError as error:
        gone = isinstance(error.orig, psycopg.OperationalError) and not isinstance(error.orig, BUSY)
        if not error.connection_invalidated and not gone:
            raise
        await _renew()
        raise DatabaseDownError from error


@asynccontextmanager
async def unit_of_work() -> AsyncGenerator[AsyncSession]:
    """Open one transaction around one use case.

    It commits when the block ends, and rolls back when it raises, unless the error says
    `remembered`: a refusal whose traces (a spent try, a counted failure) must stay.

    Raises `DatabaseDownError` when PostgreSQL does not answer.
    """
    engine = writer()
    async with _translated(), AsyncSession(engine, expire_on_commit=False) as session:
        try:
            yield session
        except Exception as error:
            if getattr(error, "remembered", False):
                await session.commit()
            raise
        await session.commit()


@asynccontextmanager
async def reading() -> AsyncGenerator[AsyncSession]:
    """Read without a transaction: each statement sees what is committed at that moment.

    The session is bound to nothing but the driver's connection: SQLAlchemy's own way to it takes
    longer than a short query.
    """
    async with _translated():
        link = await reader().raw_connection()
        try:
            yield AsyncSession(info={"driver": link.driver_connection})
        finally:
            await asyncio.shield(greenlet_spawn(link.close))


async def driver(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection of this session's transaction."""
    known = session.info.get("driver")
    if known is None:
        raw = await (await session.connection()).get_raw_connection()
        known = session.info["driver"] = raw.driver_connection
    return cast("psycopg.AsyncConnection[Any]", known)
