"""P15: what the shop asks of its stock, with 1,000 and with 500,000 profiles.

The same questions in turns on two databases of one server, each in a transaction that is rolled
back. How PostgreSQL answers on the large one is kept in `p15_plans.txt`; it may read no table of
stock from end to end.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from _apps import folder, point_at
from _harness import Row, median, record, turns
from _stock import Shop, shops
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import availability, carts, inventory_pages, orders, stock, waiting_orders
from domain.actors import Actor
from domain.catalog import MANY
from domain.sql import fetch
from domain.stock import Need
from infra.embedded import EmbeddedServer
from models.plans import Capacity

SIZES = (1_000, 500_000)
ROUNDS = 60
PLANS = Path(__file__).with_name("p15_plans.txt")
BUYER, BOSS = Actor(kind="customer", id=1), Actor(kind="staff", id=1, role="owner")
MONTH, WHOLE = (Need(1, 1, Capacity.PROFILE, 1, 1), Need(5, 1, Capacity.FULL_ACCOUNT, 5, 1))

Question = Callable[[AsyncSession], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the statement behind it where there is one to explain."""

    what: str
    question: Question
    statement: str = ""
    values: dict[str, Any] | None = None


async def count_all(session: AsyncSession) -> None:
    assert len(await availability.available(session, most=MANY)) == 25


async def count_one(session: AsyncSession) -> None:
    assert (await availability.available(session, [1], most=carts.MOST))[1] > 0


async def place(session: AsyncSession) -> None:
    await carts.add(session, BUYER, plan_id=1)
    await orders.place(session, BUYER)


async def claim_one(session: AsyncSession) -> None:
    assert not await stock.claim(session, [MONTH], 1, 24)


async def claim_whole(session: AsyncSession) -> None:
    assert not await stock.claim(session, [WHOLE], 1, 24)


async def nobody_waits(session: AsyncSession) -> None:
    assert await waiting_orders.fill_waiting(session) == 0


async def list_first(session: AsyncSession) -> None:
    assert len(await inventory_pages.account_list(session, BOSS)) == inventory_pages.PAGE


async def list_deep(session: AsyncSession) -> None:
    """Where the small shop's list ends, and as far from the large one's beginning."""
    deep = await inventory_pages.account_list(session, BOSS, before=100)
    assert len(deep) == inventory_pages.PAGE


async def list_service(session: AsyncSession) -> None:
    assert await inventory_pages.account_list(session, BOSS, status="active", service_id=1)


async def find_login(session: AsyncSession) -> None:
    assert not await inventory_pages.find(session, BOSS, "nadie@correo.mx")


async def count_accounts(session: AsyncSession) -> None:
    assert sum((await inventory_pages.counts(session, BOSS)).values())


LISTED = {"statuses": list(inventory_pages.STATUSES), "limit": inventory_pages.PAGE, "service": 1}
CLAIMING: dict[str, Any] = {
    "plans": [1],
    "services": [1],
    "wanted": [1],
    "order": 1,
    "hold_hours": 24,
    "leaving": 0,
}
FIRST_LOOK = f"""WITH needs AS (SELECT 1::bigint AS plan_id, 1::bigint AS service_id, 1 AS wanted),
    {stock.CLAIM} SELECT id FROM claimed"""  # noqa: S608  # constants
QUESTIONS = (
    Asked(
        "Units left of all 25 plans",
        count_all,
        availability.AVAILABLE,
        {"plans": None, "most": MANY},
    ),
    Asked("Units left of one plan", count_one, availability.AVAILABLE, {"plans": [1], "most": 10}),
    Asked("An order placed, its profile claimed", place, FIRST_LOOK),
    Asked("The second look: one profile", claim_one, stock.CLAIM_FOR_ORDER, CLAIMING),
    Asked(
        "The second look: one whole account",
        claim_whole,
        stock.WHOLE_ACCOUNTS,
        {"service": 1, "plan": 5, "size": 5, "wanted": 1, "tried": []},
    ),
    Asked(
        "Who of those that wait can be served", nobody_waits, waiting_orders.WAITING, {"service": 1}
    ),
    Asked(
        "The list of accounts, first page",
        list_first,
        inventory_pages.PAGE_OF_ALL,
        {**LISTED, "before": 2**63 - 1},
    ),
    Asked(
        "The list of accounts, a deep page",
        list_deep,
        inventory_pages.PAGE_OF_ALL,
        {**LISTED, "before": 100},
    ),
    Asked(
        "The active accounts of one service",
        list_service,
        inventory_pages.PAGE_OF_SERVICE,
        {**LISTED, "statuses": ["active"], "before": 2**63 - 1},
    ),
    Asked(
        "An account by its exact login",
        find_login,
        inventory_pages.FOUND,
        {"number": 0, "hash": "x" * 64, "limit": inventory_pages.PAGE},
    ),
    Asked(
        "Accounts counted by status",
        count_accounts,
        inventory_pages.COUNT_ALL,
        {**LISTED, "most": inventory_pages.MOST_COUNTED},
    ),
)


async def timed(shop: Shop, question: Question) -> float:
    async with shop.session() as session:
        await fetch(session, "SELECT 1")
        begin = time.perf_counter()
        await question(session)
        return time.perf_counter() - begin


async def measure(pair: tuple[Shop, Shop]) -> list[Row]:
    rows = []
    for number, asked in enumerate(QUESTIONS, 1):
        took: tuple[list[float], list[float]] = ([], [])
        for order in turns(ROUNDS):
            for which in order:
                took[which].append(await timed(pair[which], asked.question))
        small, large = (median(each[10:]) * 1000 for each in took)  # the first ones warm up
        rows.append(
            Row(
                id=f"P15.{number}",
                what=f"{asked.what}: {SIZES[1]:,} profiles against {SIZES[0]:,}, p50",
                must="≤ 3 ×, no table read through",
                measured=f"{large:.2f} ms against {small:.2f} ms",
                ratio=large / small,
                reached=large <= 3 * small,
            )
        )
    for shop in pair:
        await shop.close()
    return rows


def explain(shop: Shop) -> str:
    return "\n\n".join(
        f"{asked.what}\n\n{shop.explain(asked.statement, asked.values or {})}"
        for asked in QUESTIONS
        if asked.statement
    )


if __name__ == "__main__":
    with folder() as base, shops(EmbeddedServer(base / "shop"), SIZES) as (small, large):
        point_at(base / "shop", large.url)
        plans = explain(large)
        print(plans)
        PLANS.write_text(plans + "\n", encoding="utf-8")
        record(*uvloop.run(measure((small, large))))
