"""P7: the lists of the back office with 1,000 and with 1,000,000 orders of 300,000 customers.

The same questions in turns on two databases of one server. How PostgreSQL answers on the large one
is kept in `p07_plans.txt`; it may read no table from end to end.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import uvloop
from _apps import folder, point_at
from _harness import Row, median, record, turns
from _orders import shops
from _stock import Shop
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import log_pages, order_lists, statistics
from domain.actors import Actor
from domain.log_pages import Wanted as LogWanted
from domain.order_filters import Wanted
from domain.order_lists import PAGE
from domain.order_sorts import SORTS
from domain.sql import fetch, fetch_one
from infra.embedded import EmbeddedServer

SIZES = (1_000, 1_000_000)
ROUNDS = 60
PLANS = Path(__file__).with_name("p07_plans.txt")
BOSS = Actor(kind="staff", id=1, role="owner")
TABLES = "orders|order_items|customers|payments|refunds|audit_entries"
DEEP = 0.05  # of the way from the beginning of time: nearly the last page

Question = Callable[[AsyncSession, int], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a shop of so many orders."""

    what: str
    question: Question


def orders(what: str, *, deep: bool = False, least: int, **said: str) -> Asked:
    wanted = Wanted.of(said)
    marks: dict[int, int | None] = {}  # an address carries it: nobody looks it up

    async def question(session: AsyncSession, size: int) -> None:
        if size not in marks:
            marks[size] = await mark(session, round(size * DEEP)) if deep else None
        after = marks[size]
        found = await order_lists.order_list(session, BOSS, wanted, after=after)
        assert least <= len(found) <= PAGE, (what, len(found))

    return Asked(what, question)


async def mark(session: AsyncSession, order_id: int) -> int:
    """Where a page ends that ends with this order."""
    placed = await fetch_one(
        session, "SELECT id, created_at FROM orders WHERE id = %(id)s", id=order_id
    )
    return SORTS["nuevos"].mark(placed)


def log(what: str, *, deep: bool = False, **said: str) -> Asked:
    wanted = LogWanted.of(said)

    async def question(session: AsyncSession, size: int) -> None:
        before = round(size * 0.4 * DEEP) if deep else None
        assert await log_pages.entries(session, BOSS, wanted, before=before), what

    return Asked(what, question)


def month(what: str) -> Asked:
    async def question(session: AsyncSession, size: int) -> None:
        del size
        await statistics.statistics(session, BOSS, statistics.last_days(30))

    return Asked(what, question)


FIRST = orders("Orders, first page", least=PAGE)
QUESTIONS = (
    FIRST,
    orders("Orders, a deep page", deep=True, least=PAGE),
    orders("Orders that wait for their payment", tab="por-confirmar", least=PAGE),
    orders("Orders that are paid and wait", tab="en-proceso", least=PAGE),
    orders("Orders delivered, a deep page", tab="entregados", deep=True, least=PAGE),
    orders("Orders cancelled", tab="cancelados", least=PAGE),
    orders("A search by number", q="777", least=1),
    orders("A search by the last four digits", q="0001", least=0),
    orders("A search by a whole phone", q="5500000001", least=1),
    orders("Orders of one service", servicio="s1", least=0),
    orders("Orders of one day", desde="2026-01-15", hasta="2026-01-15", least=0),
    orders("The longest waiting of those paid", tab="en-proceso", orden="espera", least=PAGE),
    orders("The highest totals", orden="total", least=PAGE),
    month("The statistics of a month"),
    log("The log, first page"),
    log("The log, a deep page", deep=True),
    log("The log of one subject", grupo="pedidos"),
    log("The log of one person, a deep page", persona="1", deep=True),
    log("The log of an order", objeto="order", numero="771"),
)


async def settle(shop: Shop) -> None:
    """Add up the days that are over, as the worker does."""
    async with shop.session() as session:
        await statistics.settle(session)
        await session.commit()
    await shop.close()


async def timed(shop: Shop, question: Question) -> float:
    async with shop.session() as session:
        await fetch(session, "SELECT 1")
        begin = time.perf_counter()
        await question(session, shop.profiles)
        return time.perf_counter() - begin


async def measure(pair: tuple[Shop, ...]) -> list[Row]:
    rows: list[Row] = []
    first = 0.0
    for number, asked in enumerate(QUESTIONS, 1):
        took: tuple[list[float], list[float]] = ([], [])
        for order in turns(ROUNDS):
            for which in order:
                took[which].append(await timed(pair[which], asked.question))
        small, large = (median(each[10:]) * 1000 for each in took)  # the first ones warm up
        first = large if asked is FIRST else first
        deep = number == 2
        rows.append(
            Row(
                id=f"P7.{number}",
                what=f"{asked.what}: {SIZES[1]:,} orders against {SIZES[0]:,}, p50",
                must="≤ 3 ×, no table read through" + ("; ≤ 1.2 × the first page" if deep else ""),
                measured=f"{large:.2f} ms against {small:.2f} ms"
                + (f"; {large / first:.2f} × the first page" if deep else ""),
                ratio=large / small,
                reached=large <= 3 * small and not (deep and large > 1.2 * first),
            )
        )
    for shop in pair:
        await shop.close()
    return rows


async def heard(shop: Shop, question: Question) -> list[tuple[str, Any]]:
    """The statements a question comes to."""
    said: list[tuple[str, Any]] = []
    execute = psycopg.AsyncCursor.execute

    async def listen(cursor: Any, query: Any, params: Any = None, **how: Any) -> Any:
        if isinstance(query, bytes) and params is not None:
            said.append((query.decode(), params))
        return await execute(cursor, query, params, **how)

    with patch.object(psycopg.AsyncCursor, "execute", listen):
        async with shop.session() as session:
            await question(session, shop.profiles)
    await shop.close()
    return said


def explain(shop: Shop) -> str:
    """Raises `AssertionError` for a plan, also for values yet unknown, that reads a table whole."""
    told: list[str] = []
    for asked in QUESTIONS:
        for statement, values in asyncio.run(heard(shop, asked.question)):
            unknown: list[str] = []

            def number(found: re.Match[str], unknown: list[str] = unknown) -> str:
                unknown.append(found[1])
                return f"${len(unknown)}"

            generic = re.sub(r"%\((\w+)\)s", number, statement).replace("%%", "%")
            with psycopg.connect(shop.url) as link:
                how = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "
                ran = link.execute((how + statement).encode(), values).fetchall()
                planned = link.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {generic}".encode())
                lines = [row[0] for row in ran]
                for line in (*lines, *(row[0] for row in planned.fetchall())):
                    assert not re.search(rf"Seq Scan on ({TABLES})\b", line), (asked.what, line)
            told.append(f"{asked.what}\n\n" + "\n".join(lines))
    return "\n\n".join(told)


if __name__ == "__main__":
    with folder() as base, shops(EmbeddedServer(base / "shop"), SIZES) as pair:
        point_at(base / "shop", pair[1].url)
        for shop in pair:
            asyncio.run(settle(shop))
        plans = explain(pair[1])
        PLANS.write_text(plans + "\n", encoding="utf-8")
        record(*uvloop.run(measure(pair)))
