"""The first day: the shop's own seeds, whole accounts on the shelf, stock, and an owner."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from random import Random

from cuenty_app.seeding import shop
from cuenty_app.simulation import stockroom
from cuenty_app.simulation.ledger import PlanSold
from cuenty_app.simulation.scenario import Scenario
from cuenty_app.simulation.world import World
from domain import staff, stock_levels
from domain.actors import Actor
from domain.sql import fetch, run
from infra.database import reading, unit_of_work

SHARES = {"netflix": 30, "disney-plus": 17, "hbo-max": 17, "prime-video": 16, "spotify": 20}
SOLD_WHOLE = {"netflix": (480, 120), "disney-plus": (420, 110)}  # cost and margin of a month
LOW = 1


async def open_shop(scenario: Scenario) -> World:
    await shop.furnish()
    async with unit_of_work() as session:
        owner = Actor(
            kind="staff",
            id=await staff.create_owner(
                session, username="simulada", password=secrets.token_urlsafe(16)
            ),
            role="owner",
        )
        for slug, (cost, margin) in SOLD_WHOLE.items():
            await run(
                session,
                """INSERT INTO plans (service_id, name, duration_months, capacity, cost, margin)
                   SELECT id, 'Cuenta completa', 1, 'full_account', %(cost)s, %(margin)s
                   FROM services WHERE slug = %(slug)s""",
                slug=slug,
                cost=cost,
                margin=margin,
            )
    shelf, sizes = await _shelf()
    dice = Random(scenario.seed)  # noqa: S311  # the same seed must give the same year
    world = World(scenario, dice, owner, shelf, sizes)
    for plan in shelf:
        if plan.months == 1:
            async with unit_of_work() as session:
                await stock_levels.set_threshold(session, owner, plan_id=plan.id, units=LOW)
    services = {plan.slug: plan.service_id for plan in shelf}
    wholes = {plan.service_id: plan.id for plan in shelf if plan.whole}
    for number, slug in enumerate(_dealt(scenario.accounts)):
        service_id = services[slug]
        # Every sixth account is kept whole, where whole accounts are sold.
        plan_id = wholes.get(service_id) if number % 6 == 0 else None
        await stockroom.buy(world, service_id, plan_id=plan_id)
    world.diary.clear()  # what was there before the opening is not a purchase of this year
    return world


async def _shelf() -> tuple[list[PlanSold], dict[int, int]]:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT p.id, p.service_id, s.slug, s.max_profiles, p.duration_months, p.capacity,
                      p.sale_price
               FROM plans p JOIN services s ON s.id = p.service_id ORDER BY p.id""",
        )
    plans = [
        PlanSold(
            row.id,
            row.service_id,
            row.slug,
            row.duration_months,
            row.capacity == "full_account",
            row.max_profiles if row.capacity == "full_account" else 1,
            row.sale_price,
        )
        for row in rows
    ]
    return plans, {row.service_id: row.max_profiles for row in rows}


def _dealt(accounts: int) -> Iterator[str]:
    """The services in turns, each as often as its share says."""
    had = dict.fromkeys(SHARES, 0)
    for _ in range(accounts):
        slug = max(SHARES, key=lambda s: SHARES[s] / (had[s] + 1))
        had[slug] += 1
        yield slug
