"""What happened, kept apart from the shop: who bought what, paid when, and holds what until when.

Ends are counted here from the payments alone. The shop is only looked at to learn which profile it
gave and at which simulated moment that was seen.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch
from infra import clock


def months_after(day: date, months: int) -> date:
    """Calendar months, written once more so that a mistake of the shop's own is not repeated."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class PlanSold:
    id: int
    service_id: int
    slug: str
    months: int
    whole: bool
    size: int
    price: Decimal


@dataclass(slots=True)
class Unit:
    """One profile or one whole account that a customer holds: what a subscription is to them.

    `first` is the assignment that messages name; `profiles` are those held now, by assignment.
    `ends` are the last days it has had, each with the moment from which it was so.
    """

    order: int
    customer: int
    plan: PlanSold
    first: int
    profiles: dict[int, int]
    starts: date
    anchor: date
    run: int
    bought: int
    ends: list[tuple[datetime, date]]
    released_at: datetime | None = None

    @property
    def end(self) -> date:
        return self.ends[-1][1]

    @property
    def live(self) -> bool:
        return self.released_at is None

    def lengthen(self, months: int) -> None:
        """From its end; from today once that is over."""
        if self.end < clock.today():
            self.anchor, self.run = clock.today(), 0
        self.run += months
        self.bought += months
        self.ends.append((clock.now(), months_after(self.anchor, self.run)))


@dataclass(slots=True)
class Order:
    """`dropped` by a person: money that comes later buys nothing. `served` since it is paid."""

    id: int
    customer: int
    plan: PlanSold
    quantity: int
    total: Decimal
    renews: Unit | None = None
    received: Decimal = Decimal(0)
    dropped: bool = False
    served: datetime | None = None
    lengthened: bool = False
    given: int = 0


@dataclass(frozen=True, slots=True)
class Rotation:
    """`occasion` and `version` name its messages; `holders` are who had it at that moment."""

    occasion: str
    version: int
    holders: frozenset[int]


@dataclass(slots=True)
class Ledger:
    units: list[Unit] = field(default_factory=list)
    holds: dict[int, Unit] = field(default_factory=dict)  # by live assignment
    orders: dict[int, Order] = field(default_factory=dict)
    account_of: dict[int, int] = field(default_factory=dict)  # by profile
    channel_of: dict[int, str] = field(default_factory=dict)  # by customer
    wishes: dict[int, list[tuple[datetime, bool]]] = field(default_factory=dict)
    rotations: list[Rotation] = field(default_factory=list)
    runs: list[datetime] = field(default_factory=list)  # in which reminders were sent
    missed: list[datetime] = field(default_factory=list)  # in which nobody sent them
    supplier: Decimal = Decimal(0)
    strange: list[str] = field(default_factory=list)  # given, and nobody bought it
    seen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LOOKS, 0))

    def live(self) -> Iterator[Unit]:
        return (unit for unit in self.units if unit.live)

    def pay(self, order_id: int, amount: Decimal) -> Unit | None:
        """Money arrived; the unit that got longer by it, if one did."""
        order = self.orders[order_id]
        order.received += amount
        if order.served or order.dropped or order.received < order.total:
            return None
        order.served = clock.now()
        if order.renews is None or not order.renews.live:
            return None
        order.lengthened = True
        order.renews.lengthen(order.plan.months)
        return order.renews

    def holders(self, account_id: int, profile_id: int | None = None) -> frozenset[int]:
        return frozenset(
            unit.first
            for unit in self.live()
            if any(
                self.account_of[profile] == account_id and profile_id in (None, profile)
                for profile in unit.profiles.values()
            )
        )

    async def look(self, session: AsyncSession) -> tuple[list[Unit], list[Unit]]:
        """Learn what was given, moved and taken back since the last look: new and ended units."""
        for row in await self._fresh(session, "profiles"):
            self.account_of[row.id] = row.account_id
        fresh: dict[tuple[int, int], Unit] = {}
        for row in await self._fresh(session, "assignments"):
            self._give(row, fresh)
        for row in await self._fresh(session, "replacements"):
            self.holds[row.assignment_id].profiles[row.assignment_id] = row.to_profile_id
        gone = await fetch(
            session,
            """SELECT id FROM assignments WHERE id = ANY(%(live)s) AND released_at IS NOT NULL
               ORDER BY id""",
            live=list(self.holds),
        )
        ended = [self.holds.pop(row.id) for row in gone]
        for unit in ended:
            unit.released_at = clock.now()
        return list(fresh.values()), list({unit.first: unit for unit in ended}.values())

    async def _fresh(self, session: AsyncSession, table: str) -> list[Any]:
        rows = await fetch(session, LOOKS[table], last=self.seen[table])
        if rows:
            self.seen[table] = rows[-1].id
        return rows

    def _give(self, row: Any, fresh: dict[tuple[int, int], Unit]) -> None:
        order = self.orders.get(row.order_id)
        if order is None or order.served is None or order.plan.id != row.plan_id:
            self.strange.append(f"order {row.order_id} was given profile {row.profile_id}, unpaid")
            return
        key = (row.order_item_id, row.unit_index // order.plan.size)
        unit = fresh.get(key)
        if unit is None:
            today, months = clock.today(), order.plan.months
            unit = fresh[key] = Unit(
                order=order.id,
                customer=order.customer,
                plan=order.plan,
                first=row.id,
                profiles={},
                starts=today,
                anchor=today,
                run=months,
                bought=months,
                ends=[(clock.now(), months_after(today, months))],
            )
            order.given += 1
            self.units.append(unit)
        unit.profiles[row.id] = row.profile_id
        self.holds[row.id] = unit


LOOKS = {
    "profiles": "SELECT id, account_id FROM profiles WHERE id > %(last)s ORDER BY id",
    "assignments": """SELECT a.id, a.order_item_id, a.unit_index, a.profile_id, i.order_id,
            i.plan_id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
        WHERE a.id > %(last)s ORDER BY a.id""",
    "replacements": """SELECT id, assignment_id, to_profile_id FROM replacements
        WHERE id > %(last)s ORDER BY id""",
}
