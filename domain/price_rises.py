"""Changing the prices of many plans at once: looked at first, then applied whole or not at all.

The cost stays; what changes is the margin. What is applied is exactly what was looked at: if any
price changed in between, it is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.catalog_changes import require_owner, write
from domain.errors import Conflict, InvalidInput
from domain.prices import CENT, MOST, Money, money_of, record
from domain.sql import fetch

# What the new price is rounded to, in MXN.
ROUNDINGS = {"cent": CENT, "peso": Decimal(1), "five": Decimal(5), "ten": Decimal(10)}
MOST_PERCENT = 500


@dataclass(frozen=True, slots=True)
class PriceRise:
    """By `percent` or by an `amount` in MXN, down when negative.

    Of one service, of one category, or of everything that is not archived.
    """

    by: Decimal
    percent: bool
    rounding: str
    service_id: int | None = None
    category: str | None = None

    def check(self) -> None:
        wrong: dict[str, str] = {}
        most = MOST_PERCENT if self.percent else MOST
        if (
            not self.by.is_finite()
            or not self.by
            or abs(self.by) > most
            or self.by != self.by.quantize(CENT)
        ):
            wrong["by"] = "change_invalid"
        if self.rounding not in ROUNDINGS:
            wrong["rounding"] = "value_invalid"
        if wrong:
            raise InvalidInput(wrong)

    def applied_to(self, price: Decimal) -> Decimal:
        raw = price * (100 + self.by) / 100 if self.percent else price + self.by
        step = ROUNDINGS[self.rounding]
        return ((raw / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(CENT)


@dataclass(frozen=True, slots=True)
class NewPrice:
    """`loses_list`: the price struck through is no longer higher, so it goes."""

    plan_id: int
    service: str
    plan: str
    before: Decimal
    after: Decimal
    cost: Decimal
    loses_list: bool

    @property
    def at_a_loss(self) -> bool:
        return self.after < self.cost


@dataclass(frozen=True, slots=True)
class Preview:
    """`seal` names exactly this outcome for each plan; without it nothing is applied."""

    prices: tuple[NewPrice, ...]
    unchanged: int
    seal: str


PLANS = """
SELECT p.*, s.name AS service FROM plans p JOIN services s ON s.id = p.service_id
WHERE p.archived_at IS NULL AND s.archived_at IS NULL
  AND (%(service)s::bigint IS NULL OR s.id = %(service)s)
  AND (%(category)s::text IS NULL OR s.category = %(category)s)
ORDER BY p.id"""
LOCKED = f"{PLANS} FOR UPDATE OF p"


async def preview(session: AsyncSession, actor: Actor, rise: PriceRise) -> Preview:
    """What the change would do. For owners. Raises `InvalidInput`, `Conflict`."""
    require_owner(actor)
    rise.check()
    return _preview(rise, await _plans(session, PLANS, rise))


async def apply(session: AsyncSession, actor: Actor, rise: PriceRise, *, seal: str) -> int:
    """Change every price, in one transaction; how many. For owners.

    Raises as `preview` does, and `Conflict`: `prices_changed` when it would do something else by
    now than what was looked at.
    """
    require_owner(actor)
    rise.check()
    plans = await _plans(session, LOCKED, rise)
    found = _preview(rise, plans)
    if found.seal != seal:
        raise Conflict("prices_changed")
    rows = {plan.id: plan for plan in plans}
    for new in found.prices:
        plan = rows[new.plan_id]
        before = money_of(plan)
        after = Money(plan.cost, new.after - plan.cost, None if new.loses_list else plan.list_price)
        values = {"margin": after.margin, "list_price": after.list_price}
        if new.loses_list:
            values["list_until"] = None
        await write(session, actor, "plan", plan, values, said={"price": str(after.sale)})
        await record(session, actor, plan.id, before, after)
    return len(found.prices)


async def _plans(session: AsyncSession, statement: str, rise: PriceRise) -> list[Any]:
    return await fetch(session, statement, service=rise.service_id, category=rise.category)


def _preview(rise: PriceRise, plans: list[Any]) -> Preview:
    if not plans:
        raise InvalidInput({"scope": "scope_invalid"})
    prices = [_new_price(rise, plan) for plan in plans]
    changed = tuple(price for price in prices if price.before != price.after)
    if not changed:
        raise Conflict("price_change_none")
    if not all(0 < price.after <= MOST for price in changed):
        raise InvalidInput({"by": "price_zero"})
    seal = hashlib.sha256(repr(prices).encode()).hexdigest()
    return Preview(changed, len(prices) - len(changed), seal)


def _new_price(rise: PriceRise, plan: Any) -> NewPrice:
    after = rise.applied_to(plan.sale_price)
    return NewPrice(
        plan.id,
        plan.service,
        plan.name,
        plan.sale_price,
        after,
        plan.cost,
        loses_list=plan.list_price is not None and plan.list_price <= after,
    )
