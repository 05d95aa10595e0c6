"""Everything the shop has written down, read at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from psycopg.rows import namedtuple_row
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import driver
from infra.clock import local

TABLES = dict.fromkeys(
    (
        "services",
        "plans",
        "customers",
        "profiles",
        "orders",
        "order_items",
        "payments",
        "refunds",
        "credit_entries",
        "coupons",
        "coupon_uses",
        "assignments",
        "renewals",
        "replacements",
        "claims",
        "messages",
        "alerts",
        "restock_requests",
        "import_batches",
    ),
    "*",
) | {
    "accounts": "id, service_id, plan_id, login_hash, status, paid_until",
    "credential_versions": "id, account_id, profile_id, version",
    "timeline_entries": "id",
    "audit_entries": "id",
}


@dataclass(slots=True)
class Books:
    """Rows by their ids, in the order they were written. `late`: the worker slept since a jump."""

    now: datetime
    grace: int
    late: bool
    quiet: bool
    rows: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def __getattr__(self, table: str) -> dict[Any, Any]:
        try:
            return self.rows[table]
        except KeyError:
            raise AttributeError(table) from None

    @property
    def today(self) -> date:
        return local(self.now).date()

    @property
    def live(self) -> list[Any]:
        return [a for a in self.assignments.values() if a.released_at is None]

    @property
    def waiting(self) -> list[Any]:
        """Lines that wait for stock, of the order paid first first."""
        lines = [i for i in self.order_items.values() if i.fulfilment == "waiting_stock"]
        return sorted(lines, key=lambda i: (self.orders[i.order_id].paid_at, i.order_id, i.id))

    def open(self, table: str) -> list[Any]:
        """Alerts, claims or wishes that nobody has closed."""
        closed = "told_at" if table == "restock_requests" else "closed_at"
        return [row for row in self.rows[table].values() if getattr(row, closed) is None]

    def held(self, profile: Any) -> bool:
        """Whether an order holds it at this moment."""
        return profile.reserved_until is not None and profile.reserved_until > self.now

    def profiles_of(self, account_id: int) -> list[Any]:
        return [p for p in self.profiles.values() if p.account_id == account_id]

    def item_of(self, assignment: Any) -> Any:
        return self.order_items[assignment.order_item_id]

    def order_of(self, assignment: Any) -> Any:
        return self.orders[self.item_of(assignment).order_id]

    def account_of(self, assignment: Any) -> Any:
        return self.accounts[self.profiles[assignment.profile_id].account_id]

    def units(self) -> dict[tuple[int, int], list[Any]]:
        """Subscriptions by what was sold as one: a profile, or a whole account."""
        found: dict[tuple[int, int], list[Any]] = {}
        for a in self.assignments.values():
            size = self.item_of(a).profiles_per_unit
            found.setdefault((a.order_item_id, a.unit_index // size), []).append(a)
        return found


async def read(session: AsyncSession, books: Books) -> Books:
    """All tables in one journey."""
    link = driver(session)
    async with link.pipeline():
        cursors = [link.cursor(row_factory=namedtuple_row) for _ in TABLES]
        for table, cursor in zip(TABLES, cursors, strict=True):
            await cursor.execute(f"SELECT {TABLES[table]} FROM {table} ORDER BY id")  # noqa: S608
        for table, cursor in zip(TABLES, cursors, strict=True):
            books.rows[table] = {row.id: row for row in await cursor.fetchall()}
    return books
