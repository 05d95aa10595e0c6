"""G5: the schema goes up, down and up again under a shop in use, and is what the models say."""

from __future__ import annotations

import psycopg
import pytest

from cuenty_app.seeding.shop import seed
from infra.queue import psycopg_dsn
from infra.schema import downgrade, drift, upgrade
from tests.fixtures import Shop


def look(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as link:
        return link.execute(statement.encode()).fetchall()


LEFT = """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND relkind IN ('r', 'v', 'S', 'm')
            AND relname NOT LIKE 'alembic%'
          UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
            AND typtype IN ('e', 'd')"""


def test_an_empty_database_gets_exactly_what_the_models_say(empty_database: str) -> None:
    upgrade(empty_database)
    assert drift(empty_database) == []


def test_control_a_changed_column_is_noticed(empty_database: str) -> None:
    upgrade(empty_database)
    with psycopg.connect(empty_database) as link:
        link.execute("ALTER TABLE services ALTER COLUMN name TYPE varchar(81)")
        link.execute("ALTER TABLE plans ADD COLUMN colour text")
    assert len(drift(empty_database)) == 2


def test_upgrading_twice_is_upgrading_once(empty_database: str) -> None:
    upgrade(empty_database)
    upgrade(empty_database)
    assert drift(empty_database) == []


async def test_a_shop_in_use_goes_down_and_up_again_and_opens(shop: Shop) -> None:
    await seed(demo_orders=True)
    upgrade(shop.url)
    assert look(shop.url, "SELECT count(*) FROM orders") != [(0,)], "it keeps what it has"
    downgrade(shop.url, "base")
    assert look(shop.url, LEFT) == []
    upgrade(shop.url)
    assert drift(shop.url) == []
    await seed(demo_orders=True)
    assert look(shop.url, "SELECT count(*) FROM plans") == [(20,)]


def test_what_happened_is_never_changed_or_deleted(shop: Shop) -> None:
    del shop
    with psycopg.connect(psycopg_dsn(), autocommit=True) as link:
        link.execute(
            """INSERT INTO audit_entries (actor_kind, action, object_type, object_id)
               VALUES ('system', 'x', 'order', '1')"""
        )
        for statement in (
            "UPDATE audit_entries SET action = ''",
            "DELETE FROM audit_entries",
            "TRUNCATE audit_entries",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                link.execute(statement.encode())
