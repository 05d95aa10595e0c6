"""Things a shop has, made in one line each, committed, with sensible values where none are given.

ana = await make_customer()
plan = await make_plan()                       # with a service of its own
account = await make_account(plan.service_id, profiles=3)
owner = await make_staff("owner")
await make_bank()                              # orders need somewhere to be paid
order = await place_order(ana, plan, quantity=2); await pay(order.id, order.total)
as_customer(ana), as_staff(owner)              # actors for the domain
token = await sign_in_customer(ana)            # a JWT as programs and cookies carry it
"""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any, TypeVar

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

import models
from domain import carts, inventory, orders, payments, sessions, statement_lines
from domain.actors import SYSTEM, Actor
from domain.sql import run
from domain.statement_movements import Movement
from infra import clock
from infra.database import unit_of_work
from infra.vault import Secret, keyed_hash
from models.inventory import Account
from models.plans import Capacity
from models.staff import StaffRole

Row = TypeVar("Row", bound=SQLModel)
_numbers = itertools.count(1)
# "una frase larga de prueba", hashed once: hashing takes longer than most tests.
PASSWORD = "una frase larga de prueba"


async def keep(row: Row) -> Row:
    """Insert and read back what the database adds (ids, prices, instants)."""
    async with unit_of_work() as session:
        session.add(row)
        await session.flush()
        await session.refresh(row)
    return row


async def make_customer(phone: str | None = None, **values: Any) -> models.Customer:
    phone = phone or f"+5255{10_000_000 + next(_numbers)}"
    values = {"name": "Ana", "verified_at": clock.now(), **values}
    return await keep(models.Customer(phone=phone, **values))


async def make_staff(role: str = "operator", **values: Any) -> models.StaffUser:
    """Signs in with `PASSWORD`."""
    values = {"username": f"persona{next(_numbers)}", "password_hash": _password_hash(), **values}
    return await keep(models.StaffUser(role=StaffRole(role), **values))


async def make_service(**values: Any) -> models.Service:
    number = next(_numbers)
    values = {
        "slug": f"servicio-{number}",
        "name": f"Servicio {number}",
        "category": "video",
        "max_profiles": 5,
        **values,
    }
    return await keep(models.Service(**values))


async def make_plan(service: models.Service | None = None, **values: Any) -> models.Plan:
    """150.00 MXN for a month of one profile; `full_account=True` sells whole accounts."""
    service = service or await make_service()
    if values.pop("full_account", False):
        values["capacity"] = Capacity.FULL_ACCOUNT
    values = {
        "name": "1 mes",
        "duration_months": 1,
        "cost": Decimal("120.00"),
        "margin": Decimal("30.00"),
        **values,
    }
    return await keep(models.Plan(service_id=service.id, **values))


async def make_account(
    service_id: int,
    *,
    profiles: int = 5,
    login: str | None = None,
    password: str = "clave-de-la-cuenta",  # noqa: S107  # of a made-up account
    pin: str | None = "1234",
    **values: Any,
) -> Account:
    """With more profiles than its service allows, the service allows them from now on."""
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE services SET max_profiles = %(n)s
               WHERE id = %(id)s AND max_profiles < %(n)s""",
            id=service_id,
            n=profiles,
        )
        account_id = await inventory.add_account(
            session,
            SYSTEM,
            service_id=service_id,
            login=Secret(login or f"cuenta{next(_numbers)}@correo.mx"),
            password=Secret(password),
            profiles=[
                inventory.NewProfile(f"Perfil {n + 1}", Secret(pin) if pin else None)
                for n in range(profiles)
            ],
            **values,
        )
        return await _read(session, Account, account_id)


async def make_bank(**values: Any) -> models.PaymentInstruction:
    """Where customers are told to pay; without it no order can be placed."""
    values = {
        "bank": "BBVA Bancomer",
        "holder": "Cuenty",
        "clabe": "012180001234567891",
        "account": "0123456789",
        "is_default": True,
        **values,
    }
    return await keep(models.PaymentInstruction(**values))


async def place_order(
    customer: models.Customer, *plans: models.Plan, quantity: int = 1, **values: Any
) -> orders.OrderPlaced:
    """An order for `quantity` of each plan, through the customer's cart."""
    actor = as_customer(customer)
    async with unit_of_work() as session:
        for plan in plans:
            assert plan.id is not None
            await carts.add(session, actor, plan_id=plan.id, quantity=quantity)
        return await orders.place(session, actor, **values)


async def pay(order_id: int, amount: Decimal, **values: Any) -> payments.PaymentConfirmed:
    notice = payments.PaymentNotice(amount=amount, paid_on=clock.today(), **values)
    async with unit_of_work() as session:
        return await payments.confirm_payment(session, SYSTEM, order_id=order_id, notice=notice)


async def make_statement(
    *movements: Movement, marks: str = "f", staff: models.StaffUser | None = None
) -> int:
    """A statement with these movements, matched and not applied; `marks` begin its fingerprints."""
    row = await keep(models.Statement(file_name="estado.csv", staff_id=staff and staff.id))
    assert row.id is not None
    async with unit_of_work() as session:
        prints = [f"{marks}{number}" for number in range(len(movements))]
        await statement_lines.add(session, row.id, movements, prints)
    return row.id


async def _read(session: AsyncSession, kind: type[Row], key: object) -> Row:
    found = await session.get(kind, key)
    assert found is not None
    return found


async def service_of(plan: models.Plan) -> models.Service:
    async with unit_of_work() as session:
        return await _read(session, models.Service, plan.service_id)


def as_customer(customer: models.Customer, **values: Any) -> Actor:
    return Actor(kind="customer", id=customer.id, role="customer", **values)


def as_staff(user: models.StaffUser, **values: Any) -> Actor:
    return Actor(kind="staff", id=user.id, role=user.role, **values)


def as_guest(visitor: str = "navegador-a", address: str = "203.0.113.7") -> Actor:
    return Actor(
        kind="guest",
        visitor_hash=keyed_hash("visitor", visitor),
        address_hash=keyed_hash("address", address),
    )


async def sign_in_customer(customer: models.Customer) -> str:
    assert customer.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, customer.id)
        return await sessions.issue_token(session, opened)


async def sign_in_staff(user: models.StaffUser) -> str:
    assert user.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_staff(session, user.id)
        return await sessions.issue_token(session, opened)


def _password_hash() -> str:
    from domain.passwords import hash_now  # noqa: PLC0415  # Argon2 only where somebody signs in

    if not _hashes:
        _hashes.append(hash_now(PASSWORD))
    return _hashes[0]


_hashes: list[str] = []
