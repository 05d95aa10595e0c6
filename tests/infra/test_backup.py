"""A backup holds the shop, is only its owner's to read, and comes back whole or not at all."""

import asyncio
import os
import sys
from pathlib import Path

import psycopg

from infra.settings import PROJECT
from tests.builders import make_account, make_plan
from tests.fixtures import Shop


async def cuenty(*arguments: str, database: str) -> int:
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cuenty_app.cli", "db", *arguments),
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database},
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await done.wait()


def counts(url: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM profiles),
                      (SELECT min(password_sealed) FROM accounts),
                      (SELECT version_num FROM alembic_version)"""
        ).fetchone()
    assert found
    return tuple(found)


async def test_a_backup_is_restored_into_an_empty_database(
    shop: Shop, empty_database: str, tmp_path: Path
) -> None:
    account = await make_account((await make_plan()).service_id)
    file = tmp_path / "tienda.dump"
    assert await cuenty("dump", str(file), database=shop.url) == 0
    written = await asyncio.to_thread(file.read_bytes)
    assert (await asyncio.to_thread(file.stat)).st_mode & 0o077 == 0
    assert b"clave-de-la-cuenta" not in written
    assert await cuenty("restore", str(file), database=empty_database) == 0
    assert counts(empty_database) == counts(shop.url)
    assert counts(empty_database)[:2] == (1, 5), account
    assert await cuenty("restore", str(file), database=empty_database) != 0
    assert counts(empty_database) == counts(shop.url)
