"""kill -9 in the middle of an import: nothing of it is in stock, or all of it."""

from __future__ import annotations

import asyncio
import importlib
import signal

import pytest

from domain import imports
from domain.actors import SYSTEM
from domain.sql import run
from infra.database import unit_of_work
from models.imports import ImportMode
from tests.builders import make_service
from tests.race.importer import import_batch, import_batch_in_pieces
from tests.race.processes import finish, start
from tests.race.test_last_stock import count

ROWS = 2500
SLICES = 5


async def staged() -> int:
    service = await make_service(max_profiles=5)
    lines = "".join(f"c{n}@x.mx:clave-{n}:Sala:1234\n" for n in range(ROWS))
    async with unit_of_work() as session:
        batch = await imports.stage(session, SYSTEM, content=lines.encode(), service_id=service.id)
        await imports.start(session, SYSTEM, batch_id=batch, mode=ImportMode.ALL)
    return batch


async def lapse() -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE import_batches SET lease_until = now() - interval '1 second'")


@pytest.mark.usefixtures("shop")
async def test_a_killed_import_leaves_nothing_and_is_finished_by_the_next_who_looks() -> None:
    batch = await staged()
    for slices in (1, 3, SLICES):
        process, _ = start(import_batch, batch, slices)
        assert await finish(process) == -signal.SIGKILL
        assert await count("SELECT count(*) FROM accounts") == 0
        assert await count("SELECT count(*) FROM profiles") == 0
        assert await count("SELECT done FROM import_batches") == slices * ROWS // SLICES
    await lapse()
    await importlib.import_module("jobs.imports").resume(0)
    assert await count("SELECT count(*) FROM accounts") == ROWS
    assert await count("SELECT count(*) FROM profiles") == ROWS
    assert await count("SELECT count(*) FROM audit_entries WHERE action = 'import.done'") == 1


@pytest.mark.usefixtures("shop")
async def test_two_processes_that_import_the_same_batch_import_it_once() -> None:
    batch = await staged()
    both = [start(import_batch, batch, -1) for _ in range(2)]
    assert await asyncio.gather(*(finish(process) for process, _ in both)) == [0, 0]
    assert await count("SELECT count(*) FROM accounts") == ROWS


@pytest.mark.usefixtures("shop")
async def test_control_without_one_transaction_a_kill_leaves_half() -> None:
    """What the test above would see if slices were committed one by one."""
    batch = await staged()
    process, _ = start(import_batch_in_pieces, batch, 3)
    assert await finish(process) == -signal.SIGKILL
    assert 0 < await count("SELECT count(*) FROM accounts") < ROWS
