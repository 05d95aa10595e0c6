"""What the operator does with the stock: buys, rotates, pays suppliers, retires what died."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cuenty_app.simulation.ledger import Rotation, months_after
from cuenty_app.simulation.people import take_note
from cuenty_app.simulation.world import World
from domain import imports, inventory, replacements, rotations, stock_levels
from domain.errors import Conflict
from domain.sql import fetch
from infra import clock
from infra.database import reading, unit_of_work
from infra.vault import Secret
from models.imports import ImportMode

ACCOUNT_DIES = 0.0008  # chance a day
PASSWORD_CHANGES = 0.008
PAUSES = 0.001
RESTOCKS, RESTOCKS_LOW = 0.4, 0.06  # chance a round: a supplier takes a day or two
MOST_BOUGHT = 10  # in a row, for one account's holders


async def buy(
    world: World, service_id: int, *, plan_id: int | None = None, months: int | None = None
) -> int:
    """A new account of the service, with all the profiles it allows."""
    size = world.sizes[service_id]
    cost = Decimal(world.dice.randrange(120, 320, 10))
    async with unit_of_work() as session:
        account_id = await inventory.add_account(
            session,
            world.owner,
            service_id=service_id,
            login=Secret(_login(world)),
            password=_password(world),
            profiles=[inventory.NewProfile(f"Perfil {n}", _pin(world)) for n in range(1, size + 1)],
            plan_id=plan_id,
            paid_until=months_after(clock.today(), months or world.dice.choice([1, 3, 6, 12])),
            cost=cost,
        )
    world.costs[account_id] = cost
    world.tally("accounts bought")
    return account_id


def _login(world: World) -> str:
    world.logins += 1
    return f"cuenta{world.logins}@cuentas.mx"


def _password(world: World) -> Secret:
    return Secret(f"Clave-{world.dice.randrange(16**10):010x}")


def _pin(world: World) -> Secret:
    return Secret(f"{world.dice.randrange(10_000):04d}")


async def break_down(world: World) -> None:
    """Accounts die by themselves; nobody knows yet."""
    async with reading() as session:
        rows = await fetch(session, "SELECT id FROM accounts WHERE status = 'active' ORDER BY id")
    for row in rows:
        if row.id not in world.dead and world.chance(ACCOUNT_DIES):
            world.dead[row.id] = clock.today()


async def tend(world: World) -> None:
    """One round through the stock."""
    accounts = await _accounts(world)
    for account in accounts:
        await _look_after(world, account)
    await _rotate_what_waits(world)
    await _restock(world)


async def _accounts(world: World) -> list[Any]:
    del world
    async with reading() as session:
        return await fetch(
            session,
            """SELECT c.id, c.status, c.paid_until, c.service_id,
                      count(a.id) AS held, count(p.reserved_order_id) AS kept
               FROM accounts c JOIN profiles p ON p.account_id = c.id
               LEFT JOIN assignments a ON a.profile_id = p.id AND a.released_at IS NULL
               WHERE c.status <> 'retired' GROUP BY c.id ORDER BY c.id""",
        )


async def _look_after(world: World, account: Any) -> None:
    today, died = clock.today(), world.dead.get(account.id)
    if account.status == "active" and died is not None and died < today:
        await mark_down(world, account.id)  # found by the operator, if no customer said so before
    elif account.status == "down" and not account.held and world.chance(0.25):
        await _retire_or_mend(world, account.id)
    elif account.status == "maintenance":
        await set_status(world, account.id, "active")
    elif account.status == "active" and not account.held and account.paid_until < today:
        # Idle and unpaid: let go, or paid late; until then it may still be sold.
        if world.chance(0.25) and not account.kept:
            await set_status(world, account.id, "retired")
        elif world.chance(0.1):
            await pay_supplier(world, account.id)
    elif account.status == "active" and account.paid_until <= today:
        await pay_supplier(world, account.id)
    elif account.status == "active" and world.chance(PAUSES):
        await set_status(world, account.id, "maintenance")
    elif account.status == "active" and world.chance(PASSWORD_CHANGES):
        await rotate_password(world, account.id)


async def set_status(world: World, account_id: int, status: str) -> None:
    async with unit_of_work() as session:
        await inventory.set_status(
            session, world.owner, account_id=account_id, status=status, reason="Ronda del día"
        )
    if status == "retired":
        world.tally("accounts retired")


async def mark_down(world: World, account_id: int) -> None:
    await set_status(world, account_id, "down")
    world.tally("accounts died")
    await swap_all(world, account_id)


async def swap_all(world: World, account_id: int) -> None:
    """Move every holder to other stock, bought where there is none."""
    await take_note(world)
    async with reading() as session:
        holders = await replacements.holders_of(session, world.owner, account_id=account_id)
    for holder in holders:
        unit = world.ledger.holds[holder.assignment_id]
        for _ in range(MOST_BOUGHT):
            try:
                async with unit_of_work() as session:
                    await replacements.replace(
                        session,
                        world.owner,
                        assignment_id=holder.assignment_id,
                        from_account=account_id,
                    )
            except Conflict as refusal:
                if refusal.code != "no_replacement":
                    raise
                await buy(world, unit.plan.service_id)
            else:
                world.tally("replaced")
                break


async def _retire_or_mend(world: World, account_id: int) -> None:
    if world.chance(0.7):
        await set_status(world, account_id, "retired")
        return
    await rotate_password(world, account_id)
    world.dead.pop(account_id, None)
    await set_status(world, account_id, "active")


async def rotate_password(world: World, account_id: int) -> None:
    await take_note(world)
    holders = world.ledger.holders(account_id)
    async with unit_of_work() as session:
        done = await rotations.rotate_password(
            session, world.owner, account_id=account_id, password=_password(world)
        )
    world.ledger.rotations.append(Rotation(f"account:{account_id}", done.version, holders))
    world.tally("rotations")


async def _rotate_what_waits(world: World) -> None:
    """What was given back is made safe: one new PIN, or a new password where several wait."""
    waiting: dict[int, list[int]] = defaultdict(list)
    async with reading() as session:
        for row in await fetch(
            session,
            """SELECT p.id, p.account_id FROM profiles p JOIN accounts c ON c.id = p.account_id
               WHERE p.status = 'rotate' AND c.status IN ('active', 'maintenance')
               ORDER BY p.id""",
        ):
            waiting[row.account_id].append(row.id)
    for account_id, profiles in waiting.items():
        if world.chance(0.3):
            continue  # tomorrow
        if len(profiles) > 1 or world.chance(0.3):
            await rotate_password(world, account_id)
        elif world.chance(0.3):
            async with unit_of_work() as session:
                await rotations.mark_rotated(session, world.owner, profile_id=profiles[0])
            world.tally("marked rotated")
        else:
            await _rotate_pin(world, account_id, profiles[0])


async def _rotate_pin(world: World, account_id: int, profile_id: int) -> None:
    await take_note(world)
    holders = world.ledger.holders(account_id, profile_id)
    pin = Secret(f"{world.dice.randrange(10_000, 100_000)}")
    async with unit_of_work() as session:
        done = await rotations.rotate_pin(session, world.owner, profile_id=profile_id, pin=pin)
    world.ledger.rotations.append(
        Rotation(f"pin:{profile_id}:{done.version}", done.version, holders)
    )
    world.tally("rotations")


async def pay_supplier(world: World, account_id: int, *, at_least: date | None = None) -> None:
    """Month by month from where it was paid to, until it reaches."""
    async with reading() as session:
        [account] = await fetch(
            session, "SELECT paid_until FROM accounts WHERE id = %(id)s", id=account_id
        )
    today, months, until = clock.today(), 0, account.paid_until
    while until <= max(today, (at_least or today) - timedelta(days=1)):
        months += 1
        until = months_after(account.paid_until, months)
    if not months:
        return
    cost = world.costs.setdefault(account_id, Decimal(200)) * months
    async with unit_of_work() as session:
        await inventory.renew_with_supplier(
            session, world.owner, account_id=account_id, paid_until=until, cost=cost
        )
    world.ledger.supplier += cost
    world.tally("supplier", cost)
    world.tally("supplier payments")
    if account.paid_until < today:
        world.tally("supplier paid late")


async def _restock(world: World) -> None:
    """Look at the levels; buy where somebody waits, later where little is left."""
    async with reading() as session:
        services = await stock_levels.levels(session, world.owner)
    for service in services:
        waiting = [plan for plan in service.plans if plan.waiting]
        low = [plan for plan in service.plans if plan.low]
        whole = next((p for p in waiting or low if p.capacity == "full_account"), None)
        if world.chance(RESTOCKS if waiting else RESTOCKS_LOW if low else 0):
            if whole is None and world.chance(0.4):
                await _import(world, service.id)
            else:
                await buy(world, service.id, plan_id=whole.id if whole else None)


async def _import(world: World, service_id: int) -> None:
    """A file of two accounts; the worker imports it."""
    size = world.sizes[service_id]
    until = months_after(clock.today(), 6)
    lines = ["correo,contraseña,perfil,pin,vence,costo"]
    for _ in range(2):
        login, password = _login(world), _password(world).disclose()
        lines += [
            f"{login},{password},Perfil {n},{_pin(world).disclose()},{until:%d/%m/%Y},200"
            for n in range(1, size + 1)
        ]
    async with unit_of_work() as session:
        batch = await imports.stage(
            session,
            world.owner,
            content="\n".join(lines).encode(),
            file_name="cuentas.csv",
            service_id=service_id,
        )
        await imports.start(session, world.owner, batch_id=batch, mode=ImportMode.ALL)
    world.tally("files imported")
    world.tally("accounts bought", 2)
