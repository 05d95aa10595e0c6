"""kill -9 in the middle of applying a statement: each movement is paid once, none is lost."""

from __future__ import annotations

import asyncio
import random
import signal
from decimal import Decimal

import pytest

from domain import statement_runs
from domain.actors import SYSTEM
from domain.sql import fetch, run
from domain.statement_movements import Movement
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.builders import make_statement
from tests.race.applier import apply_in_pieces, apply_statement
from tests.race.processes import finish, start
from tests.race.test_last_stock import count, open_shop, rush

KILLS = 15
ORDERS = 60
POINTS = ("before", "recorded", "assigned", "tied", "committed")


async def a_statement_of(orders: int) -> int:
    """One that pays every order of a shop with as many, and is being applied."""
    await open_shop(accounts=orders // 5, profiles=5, buyers=orders)
    assert (await rush(orders))["placed"] == orders
    async with reading() as session:
        rows = await fetch(session, "SELECT id, total FROM orders ORDER BY id")
    movements = [
        Movement(line, today(), Decimal(row.total), f"SPEI Orden {row.id}")
        for line, row in enumerate(rows)
    ]
    statement = await make_statement(*movements)
    await begin(statement)
    return statement


async def begin(statement: int) -> None:
    async with unit_of_work() as session:
        await statement_runs.start(session, SYSTEM, statement_id=statement)


async def once_each() -> None:
    assert await count("SELECT count(*) FROM orders WHERE status = 'delivered'") == ORDERS
    assert await count("SELECT count(*) FROM payments") == ORDERS
    assert await count("SELECT count(DISTINCT payment_id) FROM statement_lines") == ORDERS
    assert await count("SELECT count(*) FROM assignments") == ORDERS
    assert await count("SELECT count(DISTINCT profile_id) FROM assignments") == ORDERS
    assert await count("SELECT count(*) FROM orders WHERE payment_status <> 'paid'") == 0
    assert await count("SELECT count(*) FROM statements WHERE status = 'open'") == 1
    assert await count("SELECT min(done) FROM statements") == ORDERS


@pytest.mark.usefixtures("shop")
async def test_15_kills_in_a_statement_lose_nothing_and_pay_nothing_twice() -> None:
    statement = await a_statement_of(ORDERS)
    chance = random.Random(15)  # noqa: S311  # the same fifteen points in every run
    for kill in range(KILLS):
        process, _ = start(apply_statement, statement, POINTS[kill % 5], chance.randint(1, 3))
        assert await finish(process) == -signal.SIGKILL
        assert await count(UNEVEN) == 0
        async with unit_of_work() as session:  # whoever comes back gets its attempts anew
            await run(session, "UPDATE statements SET attempts = 0")
    process, _ = start(apply_statement, statement, "never", 1)
    assert await finish(process) == 0
    await once_each()


# Money without its line, or a line without its credentials.
UNEVEN = """SELECT count(*) FROM payments p WHERE NOT EXISTS (
        SELECT FROM statement_lines l JOIN orders o ON o.id = l.order_id
        WHERE l.payment_id = p.id AND o.status = 'delivered')"""


@pytest.mark.usefixtures("shop")
async def test_two_processes_that_apply_the_same_statement_pay_each_order_once() -> None:
    statement = await a_statement_of(ORDERS)
    both = [start(apply_statement, statement, "never", 1) for _ in range(2)]
    assert await asyncio.gather(*(finish(process) for process, _ in both)) == [0, 0]
    await once_each()


@pytest.mark.usefixtures("shop")
async def test_control_without_one_transaction_a_kill_pays_twice() -> None:
    """What the tests above would see if a payment and its line were kept apart."""
    statement = await a_statement_of(20)
    process, _ = start(apply_in_pieces, statement, "committed", 3)
    assert await finish(process) == -signal.SIGKILL
    process, _ = start(apply_in_pieces, statement, "never", 1)
    assert await finish(process) == 0
    assert await count("SELECT count(*) FROM payments") == 21
