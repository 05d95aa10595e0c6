"""kill -9 between "paid" and "assigned": nothing is lost, nothing is given twice."""

from __future__ import annotations

import random
import signal

import pytest

from tests.race.confirmer import confirm_all
from tests.race.processes import finish, start
from tests.race.test_last_stock import count, open_shop, rush

KILLS = 30
ORDERS = 80
POINTS = ("before", "recorded", "assigned", "committed")


@pytest.mark.usefixtures("shop")
async def test_30_kills_between_confirming_and_assigning_lose_nothing_and_double_nothing() -> None:
    await open_shop(accounts=16, profiles=5, buyers=ORDERS)
    assert (await rush(ORDERS))["placed"] == ORDERS
    chance = random.Random(30)  # noqa: S311  # the same thirty points in every run
    for kill in range(KILLS):
        code = await run_confirmer(POINTS[kill % 4], chance.randint(1, 3))
        assert code == -signal.SIGKILL
        assert await count(PAID_WITHOUT_CREDENTIALS) == 0
    assert await run_confirmer("never", 1) == 0
    assert await count("SELECT count(*) FROM orders WHERE status = 'delivered'") == ORDERS
    assert await count("SELECT count(*) FROM payments") == ORDERS
    assert await count("SELECT count(*) FROM assignments") == ORDERS
    assert await count("SELECT count(DISTINCT profile_id) FROM assignments") == ORDERS
    assert await count("SELECT count(*) FROM messages WHERE channel = 'web'") == ORDERS
    assert await count(JOBS.format(kind="order_placed")) == ORDERS
    assert await count(JOBS.format(kind="delivered")) == ORDERS
    assert await count("SELECT count(*) FROM procrastinate_jobs") == 2 * ORDERS


JOBS = """SELECT count(*) FROM procrastinate_jobs j JOIN messages m
    ON m.id::text = j.args->>'message_id' WHERE m.kind = '{kind}'"""

PAID_WITHOUT_CREDENTIALS = """SELECT count(*) FROM orders o WHERE o.paid_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM order_items i JOIN assignments a ON a.order_item_id = i.id
                    WHERE i.order_id = o.id)"""


async def run_confirmer(point: str, nth: int) -> int:
    process, _ = start(confirm_all, point, nth)
    return await finish(process)
