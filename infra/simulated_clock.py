"""A clock somebody moves by hand, for this process and a database made for it.

The database gets a schema whose `now()` stands before PostgreSQL's own on the search path, so
statements, defaults and triggers of the shop run unchanged and see the simulated time. It must be
prepared before the shop's tables are made: a default remembers the function it was made with.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from psycopg import sql

from infra import clock

SCHEMA = """
CREATE SCHEMA simulated;
CREATE TABLE simulated.clock (instant timestamptz NOT NULL);
INSERT INTO simulated.clock VALUES (pg_catalog.now());
CREATE FUNCTION simulated.now() RETURNS timestamptz STABLE LANGUAGE sql
    AS 'SELECT instant FROM simulated.clock';
CREATE FUNCTION simulated.clock_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
    AS 'SELECT instant FROM simulated.clock';
"""


def prepare(url: str) -> None:
    """Make the schema in an empty database."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(SCHEMA)
    put_first(url)


def put_first(url: str) -> None:
    """Let new sessions of a database with that schema, such as a copy, read the simulated time."""
    with psycopg.connect(url, autocommit=True) as link:
        name = sql.Identifier(link.info.dbname)
        link.execute(
            sql.SQL("ALTER DATABASE {} SET search_path = public, simulated, pg_catalog").format(
                name
            )
        )


class SimulatedClock:
    """Stands still until it is moved."""

    def __init__(self, url: str, start: datetime) -> None:
        self._link = psycopg.connect(url, autocommit=True)
        self._now = start
        self.move_to(start)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        self._link.execute("UPDATE simulated.clock SET instant = %s", (instant,))
        self._now = instant

    @contextmanager
    def running(self) -> Generator[None]:
        """This process reads the time from here; afterwards the clock is closed."""
        try:
            with clock.told_by(self.now):
                yield
        finally:
            self._link.close()
