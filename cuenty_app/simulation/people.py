"""What customers do: arrive, buy, renew or leave, report, and ask to be left alone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from cuenty_app.simulation.ledger import Order, PlanSold, Unit
from cuenty_app.simulation.payers import pay
from cuenty_app.simulation.world import Person, World
from domain import carts, claims, credentials, customers, orders, payments, renewals, restocks
from domain import subscriptions as counter
from domain.actors import Actor
from domain.errors import Conflict
from domain.sql import scalar
from infra import clock
from infra.database import reading, unit_of_work
from infra.settings import settings
from models.claims import ClaimKind

PREFERENCES = {"whatsapp": 70, "web": 20, "email": 10}
MONTHS = {1: 60, 3: 20, 6: 12, 12: 8}
WHOLE = 0.05
PROBLEMS = {
    ClaimKind.WRONG_PASSWORD: 35,
    ClaimKind.SCREEN_LIMIT: 20,
    ClaimKind.PROFILE_TAKEN: 25,
    ClaimKind.OTHER: 20,
}


async def arrive(world: World, number: int) -> None:
    preference = world.drawn(PREFERENCES)
    async with unit_of_work() as session:
        actor = Actor(
            kind="customer",
            id=await scalar(
                session,
                """INSERT INTO customers (phone, verified_at, welcomed_at)
                   VALUES (%(phone)s, now(), now()) RETURNING id""",
                phone=f"+5255{20_000_000 + number}",
            ),
        )
        await customers.update_profile(
            session,
            actor,
            name=f"Cliente {number}",
            email=f"cliente{number}@correo.mx",
            delivery_preference=preference,
        )
    person = Person(actor, loyal=world.dice.betavariate(5, 2))
    world.people[person.id] = person
    world.ledger.channel_of[person.id] = preference
    world.tally("new customers")
    if world.chance(0.08):
        await _switch_reminders(world, person, wanted=False)
    for _ in range(world.drawn({1: 55, 2: 35, 3: 10})):
        world.later(world.dice.randrange(4), partial(shop, world, person))


async def shop(world: World, person: Person, plan: PlanSold | None = None) -> None:
    """Put a plan into the cart and order it; when it is sold out, ask to hear of it."""
    plan = plan or _choose(world)
    quantity = 2 if world.chance(0.04) and not plan.whole else 1
    try:
        async with unit_of_work() as session:
            await carts.add(session, person.actor, plan_id=plan.id, quantity=quantity)
            placed = await orders.place(session, person.actor)
    except Conflict as refusal:
        if refusal.code == "out_of_stock":
            world.tally("sold out")
            await _wait_for(world, person, plan)
        elif refusal.code != "unpaid_limit":
            raise
        return
    order = Order(placed.id, person.id, plan, quantity, placed.total)
    world.ledger.orders[order.id] = order
    world.tally("orders")
    await pay(world, person, order)


def _choose(world: World) -> PlanSold:
    wholes = [plan for plan in world.shelf if plan.whole]
    if world.chance(WHOLE):
        return world.dice.choice(wholes)
    months = world.drawn(MONTHS)
    return world.dice.choice([p for p in world.shelf if p.months == months and not p.whole])


async def _wait_for(world: World, person: Person, plan: PlanSold) -> None:
    if world.chance(0.3):
        return
    try:
        async with unit_of_work() as session:
            await restocks.ask(session, person.actor, plan_id=plan.id)
    except Conflict:  # one profile is left, and two were wanted
        return
    world.tally("asked to be told")
    world.later(world.dice.randint(3, 10), partial(shop, world, person, plan))


def foresee_end(world: World, unit: Unit) -> None:
    """Decide, as soon as an end is known, what will be done about it."""
    person, end, grace = world.people[unit.customer], unit.end, settings().grace_days
    what = world.dice.random()
    act = partial(renew, world, person, unit, end)
    if what < person.loyal * 0.8:
        world.on(end - timedelta(days=world.dice.randrange(7)), act)
    elif what < person.loyal and grace:
        world.on(end + timedelta(days=world.dice.randint(1, grace)), act)
    elif world.chance(0.5):
        back = end + timedelta(days=grace + world.dice.randint(2, 40))
        world.on(back, partial(shop, world, person, unit.plan))


async def renew(world: World, person: Person, unit: Unit, end: object) -> None:
    """Order more time, on the card or at the counter; who comes too late buys anew."""
    if unit.end != end:
        return
    plan = _renewed_with(world, unit)
    if not unit.live:
        await shop(world, person, plan)
        return
    try:
        if world.chance(0.1):
            await _renew_at_the_counter(world, unit, plan)
            return
        async with unit_of_work() as session:
            placed = await renewals.place(
                session, person.actor, assignment_id=unit.first, plan_id=plan.id
            )
    except Conflict as refusal:
        if refusal.code not in {"unpaid_limit", "renewal_pending"}:
            raise
        return
    order = Order(placed.id, person.id, plan, 1, placed.total, renews=unit)
    world.ledger.orders[order.id] = order
    world.tally("renewals")
    await pay(world, person, order)


def _renewed_with(world: World, unit: Unit) -> PlanSold:
    if world.chance(0.8):
        return unit.plan
    return world.dice.choice(
        [
            plan
            for plan in world.shelf
            if (plan.service_id, plan.whole) == (unit.plan.service_id, unit.plan.whole)
        ]
    )


async def _renew_at_the_counter(world: World, unit: Unit, plan: PlanSold) -> None:
    notice = payments.PaymentNotice(amount=plan.price, paid_on=clock.today())
    async with unit_of_work() as session:
        done = await counter.renew_for(
            session, world.owner, assignment_id=unit.first, plan_id=plan.id, payment=notice
        )
    order = Order(done.order_id, unit.customer, plan, 1, plan.price, renews=unit)
    world.ledger.orders[order.id] = order
    world.tally("renewals")
    world.tally("income", plan.price)
    if world.ledger.pay(order.id, plan.price) is not None:
        foresee_end(world, unit)


async def open_credentials(world: World, unit: Unit) -> None:
    if not unit.live or not world.chance(0.6):
        return
    async with unit_of_work() as session:
        await credentials.reveal(
            session, world.people[unit.customer].actor, assignment_id=unit.first
        )


async def live_a_day(world: World) -> None:
    """What happens to anybody on any day: a problem with an access, enough of reminders."""
    for unit in list(world.ledger.live()):
        account = world.ledger.account_of[unit.profiles[unit.first]]
        if account in world.dead:
            if world.chance(0.5):
                await _report(world, unit, ClaimKind.ACCOUNT_DOWN)
        elif world.chance(0.002):
            await _report(world, unit, world.drawn(PROBLEMS))
    for person in world.people.values():
        if world.chance(0.0005):
            wishes = world.ledger.wishes.get(person.id, [])
            await _switch_reminders(world, person, wanted=bool(wishes) and not wishes[-1][1])


async def _report(world: World, unit: Unit, kind: ClaimKind) -> None:
    try:
        async with unit_of_work() as session:
            await claims.report(
                session,
                world.people[unit.customer].actor,
                assignment_id=unit.first,
                kind=kind,
                details="No me deja entrar",
            )
    except Conflict as refusal:
        if refusal.code != "claim_open":
            raise
        return
    world.tally("reports")


async def _switch_reminders(world: World, person: Person, *, wanted: bool) -> None:
    async with unit_of_work() as session:
        await customers.want_reminders(session, person.actor, wanted=wanted)
    world.ledger.wishes.setdefault(person.id, []).append((clock.now(), wanted))
    world.tally("reminders on" if wanted else "reminders off")


async def take_note(world: World) -> None:
    """See what the shop gave and took back, and what its holders mean to do with it."""
    async with reading() as session:
        fresh, ended = await world.ledger.look(session)
    for unit in fresh:
        world.tally("given")
        paid = world.ledger.orders[unit.order].served
        if paid and clock.local(paid).date() < unit.starts:
            world.tally("waited")
        foresee_end(world, unit)
        world.later(0, partial(open_credentials, world, unit))
    if ended:
        world.tally("released", len(ended))
