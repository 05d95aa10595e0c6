"""Subscriptions of the demo, bought on days that are past: some end soon, one waits for a rotation.

They are bought as customers buy, and then everything that happened is moved back in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, orders, payments, subscriptions
from domain.actors import SYSTEM, Actor
from domain.sql import run, scalar
from infra.clock import add_months, today
from infra.database import unit_of_work


@dataclass(frozen=True)
class Holder:
    """Somebody whose month of a service ends in so many days; negative, so many days ago."""

    phone: str
    name: str
    service: str
    ends_in: int


HOLDERS = (
    Holder("+525522220001", "Carla Méndez", "netflix", -9),
    Holder("+525522220002", "Raúl Ortega", "disney-plus", -2),
    Holder("+525522220003", "Paola Núñez", "netflix", 0),
    Holder("+525522220004", "Iván Castro", "hbo-max", 0),
    Holder("+525522220005", "Lucía Vega", "disney-plus", 1),
    Holder("+525522220006", "Óscar Peña", "prime-video", 4),
    Holder("+525522220007", "Daniela Ríos", "netflix", 6),
    Holder("+525522220008", "Héctor Solís", "hbo-max", 12),
    Holder("+525522220009", "Fernanda Gil", "disney-plus", 24),
)
SUPPLIER_DUE_IN = 4


async def seed_subscriptions() -> None:
    """Each holder once; a second run finds them there."""
    for holder in HOLDERS:
        async with unit_of_work() as session:
            customer = await scalar(
                session,
                """INSERT INTO customers (phone, name, verified_at, welcomed_at)
                   VALUES (%(phone)s, %(name)s, now(), now())
                   ON CONFLICT (phone) DO NOTHING RETURNING id""",
                phone=holder.phone,
                name=holder.name,
            )
            if customer is None:
                return
            order = await _buy(session, Actor(kind="customer", id=customer), holder.service)
            await _move_back(session, order, today() + timedelta(days=holder.ends_in))
    async with unit_of_work() as session:
        await _owe_the_supplier(session)
        await subscriptions.release_lapsed(session)


async def _buy(session: AsyncSession, buyer: Actor, service: str) -> int:
    plan = await scalar(
        session,
        """SELECT p.id FROM plans p JOIN services s ON s.id = p.service_id
           WHERE s.slug = %(slug)s AND p.duration_months = 1 ORDER BY p.id LIMIT 1""",
        slug=service,
    )
    await carts.add(session, buyer, plan_id=plan)
    placed = await orders.place(session, buyer)
    paid = payments.PaymentNotice(amount=placed.total, paid_on=today())
    await payments.confirm_payment(session, SYSTEM, order_id=placed.id, notice=paid)
    return placed.id


async def _move_back(session: AsyncSession, order: int, ends_on: date) -> None:
    """Let the order have been placed a month before the end it is to have."""
    start = add_months(ends_on, -1)
    await run(
        session,
        """WITH held AS (
               UPDATE assignments a SET starts_on = %(start)s, anchor_on = %(start)s,
                   ends_on = (%(start)s::date + make_interval(months => a.months))::date,
                   assigned_at = a.assigned_at - %(ago)s
               FROM order_items i WHERE i.id = a.order_item_id AND i.order_id = %(order)s),
           told AS (
               UPDATE timeline_entries SET at = at - %(ago)s WHERE order_id = %(order)s),
           paid AS (
               UPDATE payments SET paid_on = %(start)s WHERE order_id = %(order)s)
           UPDATE orders SET created_at = created_at - %(ago)s, updated_at = updated_at - %(ago)s,
               paid_at = paid_at - %(ago)s, delivered_at = delivered_at - %(ago)s
           WHERE id = %(order)s""",
        order=order,
        start=start,
        ago=today() - start,
    )


async def _owe_the_supplier(session: AsyncSession) -> None:
    """One account nobody holds is paid for a few days only."""
    await run(
        session,
        """UPDATE accounts SET paid_until = %(until)s WHERE id = (
               SELECT min(a.id) FROM accounts a JOIN services s ON s.id = a.service_id
               WHERE s.slug = 'prime-video' AND NOT EXISTS (
                   SELECT 1 FROM profiles p WHERE p.account_id = a.id AND p.status <> 'free'))""",
        until=today() + timedelta(days=SUPPLIER_DUE_IN),
    )
