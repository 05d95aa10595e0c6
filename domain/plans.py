"""The plans of a service: made, named, priced, copied.

How long a plan lasts and what it gives never changes: orders, renewals and stock lean on it.
Another duration is another plan.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.catalog_changes import lock, lock_as_seen, require_owner, write
from domain.errors import Conflict, InvalidInput
from domain.prices import Money, money_of, record, shown_until
from domain.records import audit
from domain.sql import scalar
from models.plans import Capacity

LONGEST_NAME, MOST_MONTHS = 60, 36


async def create(
    session: AsyncSession,
    actor: Actor,
    *,
    service_id: int,
    name: str,
    duration_months: int,
    capacity: str,
    money: Money,
    active: bool = True,
) -> int:
    """Offer a plan of a service. For owners. Raises `NotFound`, `InvalidInput`, `Conflict`."""
    require_owner(actor)
    wrong = _wrong_name(name)
    if not 1 <= duration_months <= MOST_MONTHS:
        wrong["duration_months"] = "duration_invalid"
    if capacity not in set(Capacity):
        wrong["capacity"] = "capacity_invalid"
    _check(wrong, money)
    service = await lock(session, "service", service_id)
    if service.archived_at is not None:
        raise Conflict("catalog_archived")
    if money.list_price is not None:  # a new plan never cost anything else
        raise InvalidInput({"list_price": "list_price_unreal"})
    created = await scalar(
        session,
        """INSERT INTO plans (service_id, name, duration_months, capacity, cost, margin, active)
           VALUES (%(service)s, %(name)s, %(months)s, %(capacity)s, %(cost)s, %(margin)s,
                   %(active)s) RETURNING id""",
        service=service_id,
        name=name.strip(),
        months=duration_months,
        capacity=capacity,
        cost=money.cost,
        margin=money.margin,
        active=active,
    )
    await record(session, actor, created, None, money)
    await audit(
        session,
        actor,
        "plan.created",
        "plan",
        created,
        after={"name": name.strip(), "price": str(money.sale)},
    )
    return int(created)


async def rename(
    session: AsyncSession, actor: Actor, *, plan_id: int, version: int, name: str
) -> None:
    """Raises `NotFound`, `InvalidInput`, `Conflict` for a stale form."""
    actor.require_staff()
    _check(_wrong_name(name))
    plan = await lock_as_seen(session, "plan", plan_id, version)
    await write(session, actor, "plan", plan, {"name": name.strip()})


async def edit(
    session: AsyncSession, actor: Actor, *, plan_id: int, version: int, name: str, money: Money
) -> None:
    """Name and prices. For owners. Orders already placed keep the price they were placed at.

    Raises `NotFound`, `InvalidInput`, `Conflict` for a stale form.
    """
    require_owner(actor)
    _check(_wrong_name(name), money)
    plan = await lock_as_seen(session, "plan", plan_id, version)
    until = await shown_until(session, plan_id, money.list_price)
    before = money_of(plan)
    values = {
        "name": name.strip(),
        "cost": money.cost,
        "margin": money.margin,
        "list_price": money.list_price,
        "list_until": until if before.list_price != money.list_price else plan.list_until,
    }
    said: dict[str, str] = {"price": str(money.sale)} if before != money else {}
    if await write(session, actor, "plan", plan, values, said=said) and before != money:
        await record(session, actor, plan_id, before, money)


async def clone(session: AsyncSession, actor: Actor, *, plan_id: int) -> int:
    """A paused copy to change before it is sold. For owners. Raises `NotFound`."""
    require_owner(actor)
    plan = await lock(session, "plan", plan_id)
    return await create(
        session,
        actor,
        service_id=plan.service_id,
        name=f"{plan.name[: LONGEST_NAME - 8]} (copia)",
        duration_months=plan.duration_months,
        capacity=plan.capacity,
        money=Money(plan.cost, plan.margin),
        active=False,
    )


def _wrong_name(name: str) -> dict[str, str]:
    if not name.strip():
        return {"name": "value_required"}
    return {"name": "text_long"} if len(name.strip()) > LONGEST_NAME else {}


def _check(wrong: dict[str, str], money: Money | None = None) -> None:
    """Everything that is wrong with a form, at once."""
    if money is not None:
        try:
            money.check()
        except InvalidInput as refusal:
            wrong = wrong | refusal.fields
    if wrong:
        raise InvalidInput(wrong)
