"""One statement to the test's database, in a transaction of its own."""

from __future__ import annotations

from typing import Any

from domain.sql import run, scalar
from infra.database import reading, unit_of_work


async def value(statement: str, **values: object) -> Any:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def change(statement: str, **values: object) -> None:
    async with unit_of_work() as session:
        await run(session, statement, **values)
