"""What a database that went away leaves in the pools."""

import psycopg
import pytest

from domain.sql import run, scalar
from infra.database import DatabaseDownError, reading, unit_of_work, writer
from tests.fixtures import Shop


async def test_after_an_outage_one_failure_renews_every_connection(shop: Shop) -> None:
    async with unit_of_work() as session:
        await scalar(session, "SELECT 1")
    async with reading() as session:
        await scalar(session, "SELECT 1")
    _cut_every_connection(shop.url)
    with pytest.raises(DatabaseDownError):
        async with unit_of_work() as session:
            await scalar(session, "SELECT 1")
    async with reading() as session:
        assert await scalar(session, "SELECT 1") == 1


async def test_a_full_pool_is_waited_for_and_not_doubled(shop: Shop) -> None:
    """Otherwise every wait that is too long would add a pool's worth of connections."""
    shop.configure(pool_size=1, pool_overflow=0)
    pool = writer().sync_engine.pool
    pool._timeout = 0.01
    async with unit_of_work() as session:
        await scalar(session, "SELECT 1")
        with pytest.raises(DatabaseDownError):
            async with unit_of_work() as waiting:
                await scalar(waiting, "SELECT 1")
    assert writer().sync_engine.pool is pool


@pytest.mark.parametrize("state", ["40P01", "55P03"])
async def test_a_deadlock_or_a_lock_not_given_is_no_outage(shop: Shop, state: str) -> None:
    """The connections are as good as before; those of everybody else must not be closed for it."""
    del shop
    pool = writer().sync_engine.pool
    refuse = f"DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(psycopg.OperationalError):
        async with unit_of_work() as session:
            await run(session, refuse)
    with pytest.raises(psycopg.OperationalError):
        async with reading() as session:
            await run(session, refuse)
    assert writer().sync_engine.pool is pool


def _cut_every_connection(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )
