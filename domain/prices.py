"""What a plan costs and is sold for, what it was before, and which of that may be struck through.

The law (PROFECO) asks that a price struck through was really asked before. So the owner types none:
it is chosen among the prices this plan had for `REAL_AFTER` at least, within the last `SHOWN`, and
leaves the shelf by itself when it is older than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.catalog_changes import require_owner
from domain.errors import InvalidInput
from domain.sql import fetch, fetch_as, run

REAL_AFTER, SHOWN = timedelta(days=7), timedelta(days=90)
CENT, MOST = Decimal("0.01"), Decimal(1_000_000)
HISTORY = 50


@dataclass(frozen=True, slots=True)
class Money:
    """In MXN, two decimals. A margin below zero sells at a loss, which the owner may want."""

    cost: Decimal
    margin: Decimal
    list_price: Decimal | None = None

    @property
    def sale(self) -> Decimal:
        return self.cost + self.margin

    def check(self) -> None:
        wrong: dict[str, str] = {}
        if not _whole_cents(self.cost) or self.cost < 0:
            wrong["cost"] = "cost_invalid"
        if not _whole_cents(self.margin):
            wrong["margin"] = "margin_invalid"
        if not wrong and self.sale <= 0:
            wrong["margin"] = "price_zero"
        if not wrong and (self.sale > MOST or self.cost > MOST):
            wrong["margin"] = "price_high"
        if not wrong and self.list_price is not None and self.list_price <= self.sale:
            wrong["list_price"] = "list_price_low"
        if wrong:
            raise InvalidInput(wrong)


def _whole_cents(amount: Decimal) -> bool:
    return amount.is_finite() and amount == amount.quantize(CENT)


@dataclass(frozen=True, slots=True)
class FormerPrice:
    """A price the plan really had; it may be shown struck through until `shown_until`."""

    plan_id: int
    price: Decimal
    shown_until: datetime


FORMER = """
WITH steps AS (
    SELECT plan_id, id, at, cost_before + margin_before AS price FROM price_changes
    WHERE plan_id = ANY(%(plans)s) AND cost_before + margin_before <> cost_after + margin_after
), times AS (
    SELECT plan_id, price, at AS until, lag(at) OVER (PARTITION BY plan_id ORDER BY id) AS since
    FROM steps
    UNION ALL
    SELECT p.id, p.sale_price, now(), (SELECT max(at) FROM steps WHERE plan_id = p.id)
    FROM plans p WHERE p.id = ANY(%(plans)s)
)
SELECT t.plan_id, t.price, max(t.until) + %(shown)s AS shown_until
FROM times t JOIN plans p ON p.id = t.plan_id
WHERE t.until - coalesce(t.since, p.created_at) >= %(real)s AND t.until > now() - %(shown)s
GROUP BY 1, 2 ORDER BY 1, 2 DESC"""


async def former(session: AsyncSession, plan_ids: list[int]) -> list[FormerPrice]:
    """The prices these plans may show struck through, today's among them, dearest first."""
    return await fetch_as(
        session, FormerPrice, FORMER, plans=plan_ids, real=REAL_AFTER, shown=SHOWN
    )


async def shown_until(
    session: AsyncSession, plan_id: int, list_price: Decimal | None
) -> datetime | None:
    """Raises `InvalidInput` for a price this plan never really had."""
    if list_price is None:
        return None
    for one in await former(session, [plan_id]):
        if one.price == list_price:
            return one.shown_until
    raise InvalidInput({"list_price": "list_price_unreal"})


async def record(
    session: AsyncSession, actor: Actor, plan_id: int, before: Money | None, after: Money
) -> None:
    """Add a line to the plan's history of prices."""
    await run(
        session,
        """INSERT INTO price_changes (plan_id, actor_kind, actor_id, cost_before, margin_before,
                                      list_before, cost_after, margin_after, list_after)
           VALUES (%(plan)s, %(kind)s, %(actor)s, %(cost_before)s, %(margin_before)s,
                   %(list_before)s, %(cost)s, %(margin)s, %(list)s)""",
        plan=plan_id,
        kind=actor.recorded_kind,
        actor=actor.id,
        cost_before=before.cost if before else None,
        margin_before=before.margin if before else None,
        list_before=before.list_price if before else None,
        cost=after.cost,
        margin=after.margin,
        list=after.list_price,
    )


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One change as all staff may see it; `before` is None where the plan was made."""

    id: int
    plan: str
    at: datetime
    who: str
    before: Decimal | None
    after: Decimal
    list_price: Decimal | None


@dataclass(frozen=True, slots=True)
class CostStep:
    """What lay behind one change. The owner's."""

    id: int
    cost_before: Decimal | None
    margin_before: Decimal | None
    cost: Decimal
    margin: Decimal


async def history(session: AsyncSession, actor: Actor, *, service_id: int) -> list[PriceStep]:
    """The newest changes of a service's plans. For staff."""
    actor.require_staff()
    return await fetch_as(
        session,
        PriceStep,
        f"""SELECT c.id, p.name AS plan, c.at, coalesce(u.username, 'Sistema') AS who,
                   c.cost_before + c.margin_before AS before,
                   c.cost_after + c.margin_after AS after,
                   c.list_after AS list_price
            FROM price_changes c JOIN plans p ON p.id = c.plan_id
            LEFT JOIN staff_users u ON c.actor_kind = 'staff' AND u.id = c.actor_id
            WHERE p.service_id = %(service)s ORDER BY c.id DESC LIMIT {HISTORY}""",  # noqa: S608
        service=service_id,
    )


async def cost_history(session: AsyncSession, actor: Actor, *, service_id: int) -> list[CostStep]:
    """What lay behind those changes. For owners."""
    require_owner(actor)
    return await fetch_as(
        session,
        CostStep,
        f"""SELECT c.id, c.cost_before, c.margin_before, c.cost_after AS cost,
                   c.margin_after AS margin
            FROM price_changes c JOIN plans p ON p.id = c.plan_id
            WHERE p.service_id = %(service)s ORDER BY c.id DESC LIMIT {HISTORY}""",  # noqa: S608
        service=service_id,
    )


def money_of(plan: Any) -> Money:
    """The prices of a plan's row."""
    return Money(plan.cost, plan.margin, plan.list_price)


async def costs(session: AsyncSession, actor: Actor, *, service_id: int) -> dict[int, Money]:
    """Cost and margin of each plan of a service. For owners."""
    require_owner(actor)
    rows = await fetch(
        session,
        "SELECT id, cost, margin, list_price FROM plans WHERE service_id = %(id)s",
        id=service_id,
    )
    return {row.id: money_of(row) for row in rows}
