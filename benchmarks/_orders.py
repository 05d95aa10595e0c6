"""Two shops that differ only in how many orders and customers they have, side by side.

Made by the database itself, a million orders in a minute or two: `INSERT … SELECT` with keys and
triggers off, since what is inserted is right by construction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

import psycopg
from _stock import CATALOG, Shop
from psycopg import sql
from sqlalchemy import make_url

from infra.embedded import EmbeddedServer
from infra.schema import upgrade

PER_CUSTOMER = 3.3  # a million orders of 300,000 people
LOG_OF = 4  # entries of the log for each ten orders

CUSTOMERS = """INSERT INTO customers (phone, name, verified_at, created_at)
    SELECT '+52' || (5500000000 + n::bigint * 7919 %% 99999999), 'Cliente ' || n, now(),
           now() - (%(customers)s - n) * interval '2 years' / %(customers)s
    FROM generate_series(2, %(customers)s::int) n"""

# Old orders are delivered, one in ten cancelled; of the last thousandth, whatever the size of the
# shop, the first of each ten wait for money and the next two for stock.
ORDERS = """INSERT INTO orders (customer_id, status, payment_status, delivery_preference, total,
        cost, instructions, unpaid_slot, expires_at, created_at, updated_at, paid_at, delivered_at,
        cancelled_at, cancel_reason)
    SELECT 1 + (n::bigint * 7919 %% %(customers)s),
           CASE WHEN waits THEN 'pending_payment' WHEN serves THEN 'processing'
                WHEN n %% 10 = 9 THEN 'cancelled' ELSE 'delivered' END,
           CASE WHEN waits OR n %% 10 = 9 THEN 'unpaid' ELSE 'paid' END,
           'web', 120 + n %% 5 * 100, 100 + n %% 5 * 80, '{}', n,
           CASE WHEN waits THEN now() ELSE at END + interval '1 day', at, at,
           CASE WHEN NOT waits AND n %% 10 <> 9 THEN at END,
           CASE WHEN NOT waits AND NOT serves AND n %% 10 <> 9 THEN at END,
           CASE WHEN NOT waits AND NOT serves AND n %% 10 = 9 THEN at END, ''
    FROM (SELECT n, n > %(orders)s - 1000 AND n %% 10 = 0 AS waits,
                 n > %(orders)s - 1000 AND n %% 10 IN (1, 2) AS serves,
                 now() - (%(orders)s - n) * interval '2 years' / %(orders)s AS at
          FROM generate_series(1, %(orders)s::int) n) AS made"""

ITEMS = """INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
        duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost, line_total,
        fulfilment)
    SELECT o.id, p.id, p.service_id, 'Servicio ' || p.service_id, p.name, p.duration_months,
           p.capacity, 1, 1, o.total, o.cost, o.total,
           CASE o.status WHEN 'delivered' THEN 'delivered' WHEN 'processing' THEN 'waiting_stock'
                ELSE 'waiting_payment' END
    FROM orders o JOIN plans p ON p.id = 1 + o.id %% 20"""

PAYMENTS = """INSERT INTO payments (order_id, amount, kind, reference, paid_on, actor_kind,
        created_at)
    SELECT id, total, 'full', id || '5', paid_at::date, 'staff', paid_at FROM orders
    WHERE paid_at IS NOT NULL"""

# Of one delivered order in fifty a part went back.
REFUNDS = """INSERT INTO refunds (customer_id, order_id, amount, from_kept, method, reason,
        reference, refunded_on, actor_kind, created_at)
    SELECT customer_id, id, 20, 20, 'transfer', 'no le sirvió', 'D', delivered_at::date, 'staff',
           delivered_at FROM orders WHERE status = 'delivered' AND id %% 50 = 0"""

LOG = f"""INSERT INTO audit_entries (at, actor_kind, actor_id, action, object_type, object_id,
        change)
    SELECT o.created_at, k.kind,
           CASE k.kind WHEN 'customer' THEN o.customer_id WHEN 'staff' THEN 1 END,
           k.action, 'order', o.id::text, '{{"before": "pending_payment", "after": "paid"}}'
    FROM orders o JOIN (VALUES (0, 'customer', 'order.place'), (1, 'staff', 'payment.confirm'),
                               (2, 'system', 'order.assign'), (3, 'staff', 'message.resend'))
        AS k(n, kind, action) ON k.n = o.id %% 10 WHERE o.id %% 10 < {LOG_OF} ORDER BY o.id"""  # noqa: S608


@contextlib.contextmanager
def shops(server: EmbeddedServer, sizes: tuple[int, ...]) -> Generator[tuple[Shop, ...]]:
    """A shop for each number of orders, on one server."""
    with server as url:
        yield tuple(_open(url, orders) for orders in sizes)


def _open(server: str, orders: int) -> Shop:
    name = f"orders_{orders}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    size = {"orders": orders, "customers": max(2, round(orders / PER_CUSTOMER))}
    with psycopg.connect(url, autocommit=True) as link:
        for statement in CATALOG:
            link.execute(statement.encode())
        link.execute("SET session_replication_role = replica")
        for statement in (CUSTOMERS, ORDERS, ITEMS, PAYMENTS, REFUNDS, LOG):
            link.execute(statement.encode(), size if "%(" in statement else {})
        link.execute("VACUUM ANALYZE")
    return Shop(url, orders)
