"""Imports a batch and is killed (-9) after so many slices, or at the end of its transaction."""

from __future__ import annotations

import os
import signal
from typing import Any

from domain import import_runs
from domain.sql import driver
from infra.database import close, unit_of_work


async def import_batch(batch_id: int, slices: int) -> None:
    """`slices` -1 is never killed."""
    left = slices

    async def progress(done: int) -> None:
        nonlocal left
        async with unit_of_work() as session:
            await import_runs.report(session, batch_id, done)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    async with unit_of_work() as session:
        await import_runs.take(session, batch_id)
    async with unit_of_work() as session:
        await import_runs.carry_out(session, batch_id=batch_id, progress=progress)
    await close()


async def import_batch_in_pieces(batch_id: int, slices: int) -> None:
    """For a control: every slice is committed by itself."""
    really = import_runs._insert_slice

    async def committed(session: Any, *words: Any) -> Any:
        answer = await really(session, *words)
        await driver(session).commit()
        return answer

    import_runs._insert_slice = committed
    await import_batch(batch_id, slices)
