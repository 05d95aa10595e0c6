"""A new shop opens with something on its shelves, and a second run leaves it as it is."""

from __future__ import annotations

from cuenty_app.seeding.shop import run_once
from domain import doctor, expirations
from domain.catalog import shelves
from domain.sql import fetch, run, scalar
from domain.work_queues import work_queues
from infra.database import reading, unit_of_work
from tests.builders import as_staff, make_staff
from tests.fixtures import Shop

CHECKSUM = """SELECT coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS sum,
                     count(*) AS rows FROM {table} AS row"""


async def snapshot() -> dict[str, tuple[str, int]]:
    """Every table of the shop: a checksum of its rows and how many there are."""
    async with reading() as session:
        tables = await fetch(
            session,
            """SELECT tablename AS name FROM pg_tables
               WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate_w%%'""",
        )
        found = {}
        for table in tables:
            [row] = await fetch(session, CHECKSUM.format(table=table.name))
            found[table.name] = (row.sum, row.rows)
    return found


async def value(statement: str) -> object:
    async with reading() as session:
        return await scalar(session, statement)


async def test_five_services_with_four_plans_each_and_the_products_prices(shop: Shop) -> None:
    del shop
    await run_once()
    async with reading() as session:
        found = await shelves(session)
    assert [s.name for s in found] == [
        "Netflix",
        "Disney+",
        "HBO Max",
        "Prime Video",
        "Spotify",
    ]
    for service in found:
        assert [plan.duration_months for plan in service.plans] == [1, 3, 6, 12]
        monthly = [plan.monthly_price for plan in service.plans]
        assert monthly == sorted(monthly, reverse=True), "longer is cheaper by month"
        assert service.terms
        assert service.instructions
        assert service.available > 0
    assert [plan.sale_price for plan in found[0].plans] == [150, 420, 800, 1500]
    async with reading() as session:
        costs = await fetch(
            session,
            """SELECT p.cost, p.margin FROM plans p JOIN services s ON s.id = p.service_id
               WHERE s.slug = 'netflix' ORDER BY p.duration_months""",
        )
    assert [(c.cost, c.margin) for c in costs] == [(120, 30), (340, 80), (650, 150), (1200, 300)]


async def test_the_bank_data_is_marked_as_a_sample(shop: Shop) -> None:
    del shop
    await run_once()
    async with reading() as session:
        [bank] = await fetch(session, "SELECT * FROM payment_instructions")
    assert (bank.bank, bank.clabe, bank.account) == (
        "BBVA Bancomer",
        "012345678901234567",
        "0123456789",
    )
    assert bank.is_sample
    assert bank.is_default
    assert len(bank.steps) == 4


async def test_a_second_run_changes_nothing(shop: Shop) -> None:
    del shop
    await run_once(demo_orders=True)
    before = await snapshot()
    await run_once(demo_orders=True)
    assert await snapshot() == before
    assert before["plans"][1] == 20


async def test_what_the_owner_changed_stays_changed(shop: Shop) -> None:
    del shop
    await run_once()
    async with unit_of_work() as session:
        await run(session, "UPDATE plans SET margin = margin + 10")
        await run(session, "UPDATE services SET name = 'Otro' WHERE slug = 'spotify'")
        await run(session, "UPDATE payment_instructions SET bank = 'Banorte', is_sample = false")
        await run(session, "DELETE FROM profiles")
    before = await snapshot()
    await run_once()
    assert await snapshot() == before


async def test_the_demo_has_an_order_in_every_state_an_operator_can_meet(shop: Shop) -> None:
    del shop
    await run_once(demo_orders=True)
    async with reading() as session:
        states = await fetch(
            session,
            """SELECT status, payment_status, count(*) AS n FROM orders
               GROUP BY 1, 2 ORDER BY 1, 2""",
        )
    assert {(s.status, s.payment_status) for s in states} == {
        ("pending", "unpaid"),
        ("pending_payment", "unpaid"),
        ("pending_payment", "partial"),
        ("processing", "paid"),
        ("delivered", "paid"),
        ("cancelled", "unpaid"),
    }
    async with reading() as session:
        waiting = await work_queues(session, as_staff(await make_staff()))
    assert (waiting.to_confirm, waiting.waiting_stock, waiting.sample_bank) == (2, 1, True)


async def test_the_demo_has_something_to_do_on_each_list_of_the_expirations(shop: Shop) -> None:
    del shop
    await run_once(demo_orders=True)
    async with reading() as session:
        found = await expirations.counts(session, as_staff(await make_staff()))
    assert {"7", "30", "vencidas", "por-rotar", "proveedor"} <= {
        tab for tab, count in found.items() if count
    }


async def test_nothing_in_the_demo_disagrees_with_itself(shop: Shop) -> None:
    del shop
    await run_once(demo_orders=True)
    async with reading() as session:
        assert [one.sentence for one in await doctor.examine(session)] == []


async def test_the_demo_has_reports_that_wait_and_reports_that_were_answered(shop: Shop) -> None:
    del shop
    await run_once(demo_orders=True)
    async with reading() as session:
        found = await fetch(
            session, "SELECT status, count(*) AS n FROM claims GROUP BY 1 ORDER BY 1"
        )
    assert {row.status: row.n for row in found} == {"open": 3, "rejected": 1, "replaced": 1}
    waiting = "SELECT count(*) FROM alerts WHERE kind LIKE 'account_reports:%%'"
    assert await value(waiting) == 1, "two say that the same account is down"


async def test_the_demos_administrator_is_asked_for_another_password(shop: Shop) -> None:
    del shop
    await run_once()
    async with reading() as session:
        people = await fetch(
            session, "SELECT username, role, must_change_password FROM staff_users"
        )
    assert [tuple(p) for p in people] == [("admin", "owner", True)]


async def test_production_has_no_default_password_no_stock_and_no_orders(shop: Shop) -> None:
    shop.configure(
        env="production", public_url="https://cuenty.mx", jwt_secret="j" * 40, pepper="p" * 40
    )
    await run_once(demo_orders=True)
    for table in ("staff_users", "accounts", "profiles", "orders", "customers"):
        assert await value(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608  # constants
    assert await value("SELECT count(*) FROM plans") == 20
