"""P5: the order transaction of `domain` against one CTE statement through psycopg.

Both take a cart, insert order, item, timeline and audit rows and hold a profile, durably, on the
same tables; 1 and 8 clients on one event loop, interleaved rounds. Domain must reach half the rate.
The customers read their instructions on the order's page, so neither side writes a message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import psycopg
import uvloop
from _apps import folder, point_at
from _harness import Row, median, record

from domain import orders
from domain.actors import Actor
from domain.sql import run
from infra.database import close, unit_of_work
from infra.embedded import EmbeddedServer
from infra.queue import psycopg_dsn
from infra.schema import upgrade

ROUNDS = 5
ORDERS = 400

BARE = """
WITH taken AS (DELETE FROM cart_items USING carts WHERE carts.id = cart_items.cart_id
    AND carts.customer_id = %(c)s RETURNING plan_id, quantity),
placed AS (INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions,
        unpaid_slot, expires_at)
    SELECT %(c)s, 'pending_payment', 'web', p.sale_price, p.cost, '{}', 1,
           now() + interval '24 hours' FROM taken JOIN plans p ON p.id = taken.plan_id
    RETURNING id),
line AS (INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
        duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost, line_total)
    SELECT placed.id, p.id, s.id, s.name, p.name, 1, 'profile', 1, 1, p.sale_price, p.cost,
           p.sale_price FROM placed, taken JOIN plans p ON p.id = taken.plan_id
    JOIN services s ON s.id = p.service_id),
held AS (UPDATE profiles SET reserved_order_id = (SELECT id FROM placed),
        reserved_until = now() + interval '24 hours'
    WHERE id = (SELECT id FROM profiles WHERE service_id = 1 AND dedicated_to = 0
        AND status = 'free' AND sellable AND reserved_until IS NULL
        ORDER BY paid_until DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id),
noted AS (INSERT INTO timeline_entries (order_id, event, actor_kind) SELECT id, 'placed', 'customer'
    FROM placed),
audited AS (INSERT INTO audit_entries (actor_kind, action, object_type, object_id)
    SELECT 'customer', 'order.place', 'order', id::text FROM placed)
SELECT count(*) FROM held"""


async def fill() -> None:
    """One service, one plan, stock and a customer with a filled cart for each order."""
    async with unit_of_work() as session:
        for statement in (
            """INSERT INTO services (slug, name, category, max_profiles)
               VALUES ('uno', 'Uno', 'x', 5)""",
            """INSERT INTO plans (service_id, name, duration_months, cost, margin)
               VALUES (1, '1 mes', 1, 120, 30)""",
            """INSERT INTO payment_instructions (bank, holder, clabe, account, is_default)
               VALUES ('b', 'h', '012180001234567891', '1', true)""",
            """INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed)
               SELECT 1, 'x', n::text, 'x' FROM generate_series(1, 20000) n""",
            """INSERT INTO profiles (account_id, position, label)
               SELECT id, 1, 'P' FROM accounts""",
            """INSERT INTO customers (phone, delivery_preference, verified_at)
               SELECT '+52' || (5500000000 + n), 'web', now() FROM generate_series(1, 20000) n""",
            "INSERT INTO carts (customer_id) SELECT id FROM customers",
            "INSERT INTO cart_items (cart_id, plan_id, quantity) SELECT id, 1, 1 FROM carts",
        ):
            await run(session, statement)
    async with await psycopg.AsyncConnection.connect(psycopg_dsn(), autocommit=True) as link:
        await link.execute("VACUUM ANALYZE")


async def by_domain(customer: int) -> None:
    async with unit_of_work() as session:
        await orders.place(session, Actor(kind="customer", id=customer))


def by_statement(links: list[psycopg.AsyncConnection]) -> Callable[[int], Awaitable[None]]:
    free = asyncio.Queue[psycopg.AsyncConnection]()
    for link in links:
        free.put_nowait(link)

    async def order(customer: int) -> None:
        link = await free.get()
        cursor = await link.execute(BARE, {"c": customer})
        assert (await cursor.fetchone()) == (1,)
        free.put_nowait(link)

    return order


async def rate(
    order: Callable[[int], Awaitable[None]], customers: asyncio.Queue[int], clients: int
) -> float:
    """Orders a second of `clients` that each order one after another."""
    begin = time.perf_counter()

    async def client() -> None:
        for _ in range(ORDERS // clients):
            await order(customers.get_nowait())

    await asyncio.gather(*(client() for _ in range(clients)))
    return ORDERS / (time.perf_counter() - begin)


async def measure() -> list[Row]:
    await fill()
    links = [
        await psycopg.AsyncConnection.connect(psycopg_dsn(), autocommit=True) for _ in range(8)
    ]
    customers = asyncio.Queue[int]()
    for customer in range(1, 20001):
        customers.put_nowait(customer)
    rows = []
    for clients in (1, 8):
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(await rate(by_statement(links), customers, clients))
            ours.append(await rate(by_domain, customers, clients))
        ratio = median(ours) / median(bare)
        rows.append(
            Row(
                id=f"P5, {clients} client{'s' * (clients > 1)}",
                what="order transaction of domain / one CTE statement",
                must="≥ 0.5 ×",
                measured=f"{median(ours):.0f} / {median(bare):.0f} tx/s",
                ratio=ratio,
                reached=ratio >= 0.5,
            )
        )
    for link in links:
        await link.close()
    await close()
    return rows


if __name__ == "__main__":
    with folder() as base, EmbeddedServer(base / "shop") as url:
        point_at(base / "shop", url)
        upgrade(url)
        record(*uvloop.run(measure()))
