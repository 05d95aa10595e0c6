"""P18: one bank statement that pays 500 orders, against a bare loop that assigns the same orders.

Both begin with the same 500 orders, their stock held, and end with every credential assigned and
every message queued, each order in a transaction of its own. The bare loop finds them paid. The
statement is read from the bank's file, matched, kept, and applied by its job, which also records
the payments and writes how far it got. In turns, medians.
"""

from __future__ import annotations

import asyncio
import importlib
import time

import psycopg
import uvloop
from _apps import folder, point_at
from _harness import Row, median, record, turns

from domain import carts, orders, statement_runs, statements
from domain.actors import SYSTEM, Actor
from domain.assignments import assign
from domain.payments import reference_of
from domain.sql import fetch, run, scalar
from infra.clock import today
from infra.database import close, reading, unit_of_work
from infra.embedded import EmbeddedServer
from infra.queue import psycopg_dsn
from infra.schema import upgrade

ROUNDS = 5
ORDERS = 500
SHOP = (
    """INSERT INTO services (slug, name, category, max_profiles) VALUES ('uno', 'Uno', 'x', 5)""",
    """INSERT INTO plans (service_id, name, duration_months, capacity, cost, margin)
       VALUES (1, '1 mes', 1, 'profile', 120, 30)""",
    """INSERT INTO payment_instructions (bank, holder, clabe, account, is_default)
       VALUES ('BBVA', 'h', '012180001234567891', '1', true)""",
    f"""INSERT INTO customers (phone, name, verified_at)
        SELECT '+5255' || 10000000 + n, 'Cliente ' || n, now()
        FROM generate_series(1, {ORDERS}) n""",  # noqa: S608  # constants
)
STOCK = (
    f"""INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed)
        SELECT 1, decode(repeat('5a', 120), 'hex'), md5(n::text), decode(repeat('5a', 120), 'hex')
        FROM generate_series(1, {ORDERS // 5}) n""",  # noqa: S608
    """INSERT INTO profiles (account_id, position, label, pin_sealed)
       SELECT a.id, p, 'Perfil ' || p, decode(repeat('5a', 90), 'hex')
       FROM accounts a, generate_series(1, 5) p""",
)
PAID = (
    """INSERT INTO payments (order_id, amount, kind, reference, paid_on, actor_kind)
       SELECT id, total, 'full', 'bench', CURRENT_DATE, 'system' FROM orders""",
    "UPDATE orders SET status = 'paid', paid_at = now()",
)
EMPTY = """TRUNCATE orders, accounts, profiles, statements, statement_layouts, carts, messages,
    procrastinate_jobs, alerts CASCADE"""


async def fill() -> None:
    async with unit_of_work() as session:
        for statement in SHOP:
            await run(session, statement)


async def begin() -> list[int]:
    """The same start for both: unpaid orders that hold their stock."""
    async with await psycopg.AsyncConnection.connect(psycopg_dsn(), autocommit=True) as link:
        await link.execute(EMPTY)
    async with unit_of_work() as session:
        for statement in STOCK:
            await run(session, statement)
    placed: list[int] = []
    for customer in range(1, ORDERS + 1):
        actor = Actor(kind="customer", id=customer)
        async with unit_of_work() as session:
            await carts.add(session, actor, plan_id=1, quantity=1)
            placed.append((await orders.place(session, actor)).id)
    async with await psycopg.AsyncConnection.connect(psycopg_dsn(), autocommit=True) as link:
        await link.execute("VACUUM ANALYZE")
    return placed


def file_of(placed: list[int]) -> bytes:
    """As BBVA exports movements: half with the order's number, half with its reference."""
    day = today()
    rows = ["Fecha,Concepto,Referencia,Cargo,Abono,Saldo"]
    for number, order in enumerate(placed):
        concept, reference = ("SPEI RECIBIDO", reference_of(order))
        if number % 2:
            concept, reference = (f"SPEI RECIBIDO Orden {order}", "")
        balance = 150 * (number + 1)
        rows.append(f"{day:%d/%m/%Y},{concept},{reference},,150.00,{balance}.00")
    return "\n".join(rows).encode()


async def by_statement(content: bytes) -> None:
    async with unit_of_work() as session:
        number = await statements.stage(session, SYSTEM, content=content, file_name="bbva.csv")
    async with reading() as session:
        waits = await scalar(session, "SELECT content IS NOT NULL FROM statements")
    if waits:
        mapping = ["date", "concept", "reference", "charge", "credit", "balance"]
        async with unit_of_work() as session:
            await statements.say_columns(session, SYSTEM, statement_id=number, mapping=mapping)
    async with unit_of_work() as session:
        assert await statement_runs.start(session, SYSTEM, statement_id=number) == ORDERS
    await importlib.import_module("jobs.statements").apply(number)


async def by_loop(placed: list[int]) -> None:
    for order in placed:
        async with unit_of_work() as session:
            await orders.lock(session, SYSTEM, order)
            await assign(session, SYSTEM, order_id=order)


async def took(way: int) -> float:
    placed = await begin()
    content = file_of(placed)
    if not way:
        async with unit_of_work() as session:
            for statement in PAID:
                await run(session, statement)
    since = time.perf_counter()
    await (by_statement(content) if way else by_loop(placed))
    seconds = time.perf_counter() - since
    async with reading() as session:
        [found] = await fetch(session, DONE)
    assert tuple(found) == (ORDERS,) * 4, found
    return seconds


DONE = """SELECT (SELECT count(*) FROM orders WHERE status = 'delivered') AS delivered,
    (SELECT count(DISTINCT profile_id) FROM assignments) AS assigned,
    (SELECT count(DISTINCT order_id) FROM messages WHERE kind = 'delivered'
     AND channel <> 'web' AND status = 'queued') AS queued,
    (SELECT count(*) FROM payments) AS paid"""


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
        id="P18",
        what=f"a statement that pays {ORDERS} orders, from its file to the last queued message / "
        "a bare loop that assigns them",
        must="≤ 6 ×",
        measured=f"{ours:.2f} / {bare:.2f} s",
        ratio=ours / bare,
        reached=ours <= 6 * bare,
    )


if __name__ == "__main__":
    with folder() as base, EmbeddedServer(base / "shop") as url:
        point_at(base / "shop", url)
        upgrade(url)
        record(uvloop.run(measure()))
