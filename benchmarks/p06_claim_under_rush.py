"""P6: 200 buyers for 100 profiles: exact, and a claim in the rush against a single one at rest.

A claim is the order statement and its commit, from the moment the buyer's transaction has its
connection; what a buyer waits for one of the pool's ten connections is the queue, not the claim.
"""

from __future__ import annotations

import asyncio
import time

import uvloop
from _apps import folder, point_at
from _harness import Row, median, percentile, record

from domain import carts, orders
from domain.actors import Actor
from domain.errors import Conflict
from domain.sql import run, scalar
from infra.database import close, reading, unit_of_work
from infra.embedded import EmbeddedServer
from infra.schema import upgrade

PROFILES, BUYERS, ROUNDS = 100, 200, 5


async def open_shop() -> None:
    async with unit_of_work() as session:
        for statement in (
            """INSERT INTO services (slug, name, category, max_profiles)
               VALUES ('uno', 'Uno', 'x', 5)""",
            """INSERT INTO plans (service_id, name, duration_months, cost, margin)
               VALUES (1, '1 mes', 1, 120, 30)""",
            """INSERT INTO payment_instructions (bank, holder, clabe, account, is_default)
               VALUES ('b', 'h', '012180001234567891', '1', true)""",
            """INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed)
               SELECT 1, 'x', n::text, 'x' FROM generate_series(1, 20) n""",
            """INSERT INTO profiles (account_id, position, label)
               SELECT id, n, 'P' FROM accounts, generate_series(1, 5) n""",
            """INSERT INTO customers (phone, verified_at)
               SELECT '+52' || (5500000000 + n), now() FROM generate_series(1, 200) n""",
        ):
            await run(session, statement)


async def start_over() -> None:
    """Empty shelves back to full, carts filled, no order left unpaid."""
    async with unit_of_work() as session:
        await run(session, "UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL")
        await run(
            session,
            """UPDATE orders SET status = 'cancelled', cancelled_at = now()
               WHERE status = 'pending_payment'""",
        )
    for customer in range(1, BUYERS + 1):
        async with unit_of_work() as session:
            buyer = Actor(kind="customer", id=customer)
            await carts.empty(session, buyer)
            await carts.add(session, buyer, plan_id=1)


async def buy(customer: int) -> tuple[str, float]:
    begin = time.perf_counter()
    try:
        async with unit_of_work() as session:
            begin = time.perf_counter()
            await orders.place(session, Actor(kind="customer", id=customer))
    except Conflict as refusal:
        return refusal.code, time.perf_counter() - begin
    return "placed", time.perf_counter() - begin


async def measure() -> Row:
    await open_shop()
    rest, rush = [], []
    for _ in range(ROUNDS):
        await start_over()
        rest += [(await buy(customer))[1] for customer in range(1, 51)]
        await start_over()
        outcome = await asyncio.gather(*(buy(customer) for customer in range(1, BUYERS + 1)))
        codes = [code for code, _ in outcome]
        assert codes.count("placed") == PROFILES
        assert codes.count("out_of_stock") == BUYERS - PROFILES
        async with reading() as session:
            held = "SELECT count(DISTINCT reserved_order_id) FROM profiles"
            assert await scalar(session, held) == PROFILES
        rush += [took for _, took in outcome]
    await close()
    ratio = percentile(rush, 0.99) / median(rest)
    return Row(
        id="P6",
        what="200 buyers, 100 profiles: exact; claim p99 in the rush / p50 at rest",
        must="exact, ≤ 4 ×",
        measured=f"100 sold, 100 true sold out × {ROUNDS}; "
        f"{percentile(rush, 0.99) * 1000:.1f} / {median(rest) * 1000:.1f} ms",
        ratio=ratio,
        reached=ratio <= 4,
    )


if __name__ == "__main__":
    with folder() as base, EmbeddedServer(base / "shop") as url:
        point_at(base / "shop", url)
        upgrade(url)
        record(uvloop.run(measure()))
