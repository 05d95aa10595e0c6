"""The one statement that places an order, said for each way in which one is placed.

It empties the cart, or takes the lines it is given; snapshots the prices of the moment; finds the
account to pay into and a slot among the customer's unpaid orders; and writes the order with its
lines, timeline and log. From the cart it holds the stock as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.sql import on_one_line
from domain.stock import CLAIM, HOLD
from domain.webhook_events import HEARD


def picked(lines: Mapping[int, int]) -> dict[str, Any]:
    """Units by plan, as `PICKED` takes them."""
    return {"plans": list(lines), "quantities": list(lines.values())}


# Emptying the cart locks its rows: of two simultaneous orders one finds nothing. The slot's unique
# index keeps the limit of unpaid orders. Conditions are checked on what comes back; a refusal rolls
# everything back.
_FROM_CART = """
    DELETE FROM cart_items i USING carts c
    WHERE c.id = i.cart_id AND c.customer_id = %(customer)s
    RETURNING i.id, i.plan_id, i.quantity, NULL::bigint AS renews_id"""

PICKED = """SELECT row_number() OVER () AS id, l.plan_id, l.quantity, NULL::bigint AS renews_id
    FROM unnest(%(plans)s::bigint[], %(quantities)s::int[]) AS l(plan_id, quantity)"""

LINES = """
lines AS (
    SELECT t.id, t.plan_id, t.quantity, t.renews_id, p.service_id, s.name AS service_name,
           p.name AS plan_name,
           p.duration_months, p.capacity, p.sale_price, p.cost,
           CASE p.capacity WHEN 'full_account' THEN s.max_profiles ELSE 1 END AS size,
           p.active AND p.archived_at IS NULL AND s.active AND s.archived_at IS NULL AS on_sale
    FROM taken t JOIN plans p ON p.id = t.plan_id JOIN services s ON s.id = p.service_id),
sums AS (
    SELECT count(*) AS lines, sum(sale_price * quantity) AS total, sum(cost * quantity) AS cost,
           bool_and(on_sale) AS on_sale, sum(quantity * size) AS wanted FROM lines)"""

_TERMS = """
bank AS (
    SELECT to_jsonb(b) AS told FROM (
        SELECT bank, holder, clabe, account, steps FROM payment_instructions {bank}) b),
slot AS (
    SELECT n FROM generate_series(1, %(limit)s) AS n
    WHERE NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = %(customer)s
                      AND status = 'pending_payment' AND unpaid_slot = n)
    ORDER BY n LIMIT 1)"""

_NEW = """
placed AS (
    INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions,
                        unpaid_slot, expires_at)
    SELECT c.id, 'pending_payment', coalesce(%(preference)s, c.delivery_preference), sums.total,
           sums.cost, bank.told, slot.n, now() + make_interval(hours => %(hold_hours)s::int)
    FROM customers c, sums, bank, slot WHERE c.id = %(customer)s AND sums.lines > 0
      AND c.blocked_at IS NULL FOR KEY SHARE OF c
    RETURNING id, expires_at, delivery_preference)"""

_FROM_DRAFT = """
dropped AS (DELETE FROM order_items WHERE order_id = %(draft)s),
placed AS (
    UPDATE orders o SET status = 'pending_payment', delivery_preference = %(preference)s,
        total = sums.total, cost = sums.cost, instructions = bank.told, unpaid_slot = slot.n,
        expires_at = now() + make_interval(hours => %(hold_hours)s::int),
        created_at = now(), updated_at = now()
    FROM sums, bank, slot, (
        SELECT id FROM customers WHERE id = %(customer)s AND blocked_at IS NULL FOR KEY SHARE) c
    WHERE o.id = %(draft)s AND sums.lines > 0
    RETURNING o.id, o.expires_at, o.delivery_preference)"""

ITEMS = """
items AS (
    INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
        duration_months, capacity, profiles_per_unit, quantity, unit_price, unit_cost, line_total,
        renews_id)
    SELECT placed.id, l.plan_id, l.service_id, l.service_name, l.plan_name, l.duration_months,
           l.capacity, l.size, l.quantity, l.sale_price, l.cost, l.sale_price * l.quantity,
           l.renews_id
    FROM placed, lines l ORDER BY l.id)"""

_NOTED = """
noted AS (
    INSERT INTO timeline_entries (order_id, event, actor_kind, actor_id)
    SELECT id, 'placed', %(kind)s, %(actor)s::bigint FROM placed),
audited AS (
    INSERT INTO audit_entries (actor_kind, actor_id, session_id, address_hash, action,
                               object_type, object_id, change)
    SELECT %(kind)s, %(actor)s::bigint, %(session_id)s, %(address_hash)s, 'order.place',
           'order',
           placed.id::text, jsonb_build_object('total', sums.total::text, 'items', sums.lines)
    FROM placed, sums)"""

_PLACED = f"""
SELECT placed.id, placed.expires_at, placed.delivery_preference AS way, sums.lines,
       sums.total, sums.on_sale, sums.wanted,
       EXISTS (SELECT 1 FROM bank) AS has_bank, {HEARD} AS heard, {{held}} AS held
FROM sums LEFT JOIN placed ON true"""  # noqa: S608  # a constant

# Whole accounts are left to the second look, which counts them as missing.
_NEEDS = """,
needs AS (
    SELECT plan_id, service_id, quantity AS wanted FROM lines
    WHERE capacity = 'profile' AND EXISTS (SELECT 1 FROM placed)),"""

# Which account an order is told, by the shop's rule: one that takes its amount, the next after the
# last order's, or always the default one. A sample is never told beside real ones.
_BANKS = {
    "default": "WHERE is_default",
    "amount": """, sums WHERE is_default OR (NOT is_sample AND sums.total BETWEEN least AND most)
        ORDER BY is_default, id LIMIT 1""",
    "turns": """WHERE NOT is_sample OR is_default ORDER BY clabe > (
        SELECT instructions ->> 'clabe' FROM orders ORDER BY id DESC LIMIT 1) IS TRUE DESC, clabe
        LIMIT 1""",
}


def _placing(taken: str, *, order: str = _NEW, then: str = "", held: str = "0") -> dict[str, str]:
    """The statement for each rule of the bank accounts."""
    return {
        rule: on_one_line(
            ",".join(
                (f"WITH taken AS ({taken})", LINES, _TERMS.replace("{bank}", bank), order, ITEMS)
            )
            + f",{_NOTED}{then}{_PLACED.format(held=held)}"
        )
        for rule, bank in _BANKS.items()
    }


PLACE = _placing(_FROM_CART)

PLACE_RENEWAL = _placing(
    "SELECT 0 AS id, %(plan)s::bigint AS plan_id, 1 AS quantity, %(renews)s AS renews_id"
)

PLACE_LINES = _placing(PICKED)

PLACE_DRAFT = _placing(PICKED, order=_FROM_DRAFT)

PLACE_AND_CLAIM = _placing(
    _FROM_CART,
    then=f"{_NEEDS}{CLAIM},{HOLD.format(order='(SELECT id FROM placed)')}",  # noqa: S608  # constants
    held="(SELECT count(*) FROM held)",
)
