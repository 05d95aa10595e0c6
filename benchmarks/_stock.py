"""Two shops that differ only in the size of their stock, side by side on one server."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator, Generator
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from infra.embedded import EmbeddedServer
from infra.schema import upgrade

SERVICES, PER_ACCOUNT = 5, 5
CATALOG = (
    f"""INSERT INTO services (slug, name, category, max_profiles)
        SELECT 's' || n, 'Servicio ' || n, 'x', {PER_ACCOUNT}
        FROM generate_series(1, {SERVICES}) n""",  # noqa: S608  # constants
    """INSERT INTO plans (service_id, name, duration_months, capacity, cost, margin)
       SELECT s.id, m || ' meses', m, k, 100 * m, 20 FROM services s,
              (VALUES (1, 'profile'), (3, 'profile'), (6, 'profile'), (12, 'profile'),
                      (1, 'full_account')) AS of(m, k)""",
    """INSERT INTO payment_instructions (bank, holder, clabe, account, is_default)
       VALUES ('b', 'h', '012180001234567891', '1', true)""",
    "INSERT INTO customers (phone, verified_at) VALUES ('+525500000001', now())",
)
# One account in ten belongs to one plan. Of ten, four are sold out, two sold in part with a place
# held and one to rotate, two sold in part but for the first places, one is down and one untouched.
STOCK = (
    """INSERT INTO accounts (service_id, plan_id, login_sealed, login_hash, password_sealed,
                             status, paid_until, cost)
       SELECT 1 + n %% 5, CASE WHEN n %% 50 < 5 THEN 5 * (n %% 5) + 1 + n / 50 %% 5 END,
              decode(repeat('5a', 120), 'hex'), md5(n::text), decode(repeat('5a', 120), 'hex'),
              CASE WHEN abs(hashint4(n)) %% 10 = 8 THEN 'down' ELSE 'active' END,
              current_date + (n * 7 %% 90)::int, 150
       FROM generate_series(1, %(accounts)s::int) n""",
    """INSERT INTO profiles (account_id, position, label, pin_sealed, status, reserved_order_id,
                             reserved_until)
       SELECT a.id, p, 'Perfil ' || p, decode(repeat('5a', 90), 'hex'),
              CASE WHEN state < 4 THEN 'assigned' WHEN state > 7 THEN 'free'
                   WHEN state < 6 THEN (ARRAY['assigned', 'assigned', 'rotate', 'free', 'free'])[p]
                   WHEN p < 3 THEN 'free' ELSE 'assigned' END,
              CASE WHEN state IN (4, 5) AND p = 4 THEN a.id END,
              CASE WHEN state IN (4, 5) AND p = 4 THEN now() + interval '1 day' END
       FROM (SELECT id, abs(hashint4(id::int)) %% 10 AS state FROM accounts) AS a,
            generate_series(1, 5) AS p ORDER BY a.id, p""",
)


class Shop:
    """A shop of `profiles` profiles; each session is a transaction that leaves nothing behind."""

    def __init__(self, url: str, profiles: int) -> None:
        self.url, self.profiles = url, profiles
        address = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_async_engine(address, pool_size=1, max_overflow=0)

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        async with AsyncSession(self._engine) as session:
            raw = await (await session.connection()).get_raw_connection()
            session.info["driver"] = raw.driver_connection
            yield session
            await session.rollback()

    async def close(self) -> None:
        await self._engine.dispose()

    def explain(self, statement: str, values: dict[str, Any]) -> str:
        """How PostgreSQL ran the statement, and how it would run it for values yet unknown.

        Raises `AssertionError` when it reads all of profiles or accounts.
        """
        unknown: list[str] = []

        def number(found: re.Match[str]) -> str:
            unknown.append(found[1])
            return f"${len(unknown)}"

        generic = re.sub(r"%\((\w+)\)s", number, statement)
        with psycopg.connect(make_url(self.url).render_as_string(hide_password=False)) as link:
            how = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "
            ran = link.execute((how + statement).encode(), values).fetchall()
            planned = link.execute(
                f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {generic}".encode()
            ).fetchall()
            link.rollback()
        lines = [row[0] for row in ran]
        for line in (*lines, *(row[0] for row in planned)):
            assert not re.search(r"Seq Scan on (profiles|accounts|assignments)", line), line
        return "\n".join(lines)


@contextlib.contextmanager
def shops(server: EmbeddedServer, sizes: tuple[int, int]) -> Generator[tuple[Shop, Shop]]:
    with server as url:
        yield _open(url, sizes[0]), _open(url, sizes[1])


def _open(server: str, profiles: int) -> Shop:
    name = f"stock_{profiles}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    with psycopg.connect(url, autocommit=True) as link:
        for statement in CATALOG:
            link.execute(statement.encode())
        for statement in STOCK:
            link.execute(statement.encode(), {"accounts": profiles // PER_ACCOUNT})
        link.execute("VACUUM ANALYZE")
    return Shop(url, profiles)
