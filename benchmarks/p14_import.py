"""P14: an import of 10,000 accounts against COPY of the same rows and the sealing of their values.

Both end with the same accounts and profiles in the same tables, durably; the import also reads the
file's rows again, holds them against the shop and writes its progress. In turns, medians.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg
import uvloop
from _apps import folder, point_at
from _harness import Row, median, record, turns

from domain import import_runs, imports
from domain.actors import SYSTEM
from domain.inventory import login_hash
from domain.sql import run, scalar
from infra.database import close, reading, unit_of_work
from infra.embedded import EmbeddedServer
from infra.queue import psycopg_dsn
from infra.schema import upgrade
from infra.vault import Place, Secret, ring
from models.imports import ImportMode

ROUNDS = 5
ROWS = 10_000
LINES = [(f"cuenta{n}@correo.mx", f"clave-{n:05}-larga", "Sala", f"{n:04}") for n in range(ROWS)]
COPY_ACCOUNTS = """COPY accounts (id, service_id, login_sealed, login_hash, password_sealed)
    FROM STDIN (FORMAT binary)"""
COPY_PROFILES = """COPY profiles (id, account_id, position, label, pin_sealed)
    FROM STDIN (FORMAT binary)"""


async def fill() -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO services (slug, name, category, max_profiles)
               VALUES ('uno', 'Uno', 'x', 5)""",
        )


async def empty() -> None:
    """The same start for both: no stock, and tables without dead rows."""
    async with await psycopg.AsyncConnection.connect(psycopg_dsn(), autocommit=True) as link:
        await link.execute("TRUNCATE accounts, profiles CASCADE")
        await link.execute("VACUUM ANALYZE accounts, profiles, import_batches, import_chunks")


async def staged() -> int:
    content = "\n".join("|".join(line) for line in LINES).encode()
    async with unit_of_work() as session:
        batch = await imports.stage(session, SYSTEM, content=content, service_id=1)
        await imports.start(session, SYSTEM, batch_id=batch, mode=ImportMode.ALL)
        await run(session, "DELETE FROM procrastinate_jobs")
    return batch


async def by_import(batch: int) -> None:
    async def progress(done: int) -> None:
        async with unit_of_work() as session:
            await import_runs.report(session, batch, done)

    async with unit_of_work() as session:
        assert await import_runs.take(session, batch)
    async with unit_of_work() as session:
        assert await import_runs.carry_out(session, batch_id=batch, progress=progress) == {1}


async def by_copy() -> None:
    keys = ring()
    async with await psycopg.AsyncConnection.connect(psycopg_dsn()) as link:
        cursor = link.cursor()
        first = await _ids(cursor, "accounts"), await _ids(cursor, "profiles")
        async with cursor.copy(COPY_ACCOUNTS) as copy:
            copy.set_types(["int8", "int8", "bytea", "varchar", "bytea"])
            for number, (login, password, _, _) in enumerate(LINES):
                row = first[0] + number
                await copy.write_row(
                    (
                        row,
                        1,
                        keys.seal(Secret(login), Place("accounts", "login_sealed", row)),
                        login_hash(Secret(login)),
                        keys.seal(Secret(password), Place("accounts", "password_sealed", row)),
                    )
                )
        async with cursor.copy(COPY_PROFILES) as copy:
            copy.set_types(["int8", "int8", "int4", "varchar", "bytea"])
            for number, (_, _, label, pin) in enumerate(LINES):
                row = first[1] + number
                sealed = keys.seal(Secret(pin), Place("profiles", "pin_sealed", row))
                await copy.write_row((row, first[0] + number, 1, label, sealed))


async def _ids(cursor: psycopg.AsyncCursor[Any], table: str) -> int:
    """The first of as many ids as there are rows."""
    await cursor.execute(
        """SELECT min(id) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id
           FROM generate_series(1, %s)) AS taken""",
        (table, ROWS),
    )
    found = await cursor.fetchone()
    assert found is not None
    return int(found[0])


async def took(way: int) -> float:
    await empty()
    batch = await staged() if way else 0
    begin = time.perf_counter()
    await (by_import(batch) if way else by_copy())
    seconds = time.perf_counter() - begin
    async with reading() as session:
        for table in ("accounts", "profiles"):
            assert await scalar(session, f"SELECT count(*) FROM {table}") == ROWS  # noqa: S608
    return seconds


async def measure() -> Row:
    await fill()
    times: tuple[list[float], list[float]] = ([], [])
    for order in turns(ROUNDS):
        for way in order:
            times[way].append(await took(way))
            await asyncio.sleep(0.2)
    await close()
    bare, ours = median(times[0]), median(times[1])
    return Row(
        id="P14",
        what=f"import of {ROWS:,} accounts / COPY of the same rows and sealing of the same values",
        must="≤ 5 ×",
        measured=f"{ours:.2f} / {bare:.2f} s",
        ratio=ours / bare,
        reached=ours <= 5 * bare,
    )


if __name__ == "__main__":
    with folder() as base, EmbeddedServer(base / "shop") as url:
        point_at(base / "shop", url)
        upgrade(url)
        record(uvloop.run(measure()))
