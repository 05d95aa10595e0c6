"""Orders of the demo: one in each state an operator can meet, and reports of their accesses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import (
    carts,
    claims,
    drafts,
    order_endings,
    orders,
    payments,
    replacements,
    waiting_orders,
)
from domain.actors import SYSTEM, Actor
from domain.sql import run, scalar
from infra.clock import today
from infra.database import unit_of_work

PEOPLE = (
    ("+525511110001", "Ana Torres", "pending_payment"),
    ("+525511110002", "Luis Herrera", "paid"),
    ("+525511110003", "Sofía Ramírez", "partial"),
    ("+525511110004", "Diego Cruz", "cancelled"),
    ("+525511110005", "Mariana López", "waiting"),
    ("+525511110006", "Jorge Salas", "expired"),
    ("+525511110007", "Elena Ruiz", "draft"),
    ("+525511110008", "Paola Méndez", "down"),
    ("+525511110009", "Ricardo Soto", "down again"),
    ("+525511110010", "Carmen Ortiz", "intruder"),
    ("+525511110011", "Iván Reyes", "replaced"),
    ("+525511110012", "Lucía Vega", "rejected"),
)
# What was reported of an access, by story: service, kind and the customer's words.
CLAIMS = {
    "down": ("disney-plus", "account_down", "Dice que la cuenta está suspendida."),
    "down again": ("disney-plus", "account_down", ""),
    "intruder": ("netflix", "profile_taken", "Hay series a medias que yo no empecé."),
    "replaced": ("hbo-max", "screen_limit", "Me saca de la película a cada rato."),
    "rejected": ("prime-video", "wrong_password", ""),
}


async def seed_orders() -> None:
    for phone, name, story in PEOPLE:
        async with unit_of_work() as session:
            customer = await scalar(
                session,
                """INSERT INTO customers (phone, name, verified_at, welcomed_at)
                   VALUES (%(phone)s, %(name)s, now(), now())
                   ON CONFLICT (phone) DO NOTHING RETURNING id""",
                phone=phone,
                name=name,
            )
            if customer is not None:
                await _tell_story(session, Actor(kind="customer", id=customer), story)


async def _tell_story(session: AsyncSession, buyer: Actor, story: str) -> None:
    reported = CLAIMS.get(story)
    slug = reported[0] if reported else "spotify" if story == "waiting" else "netflix"
    plan = await scalar(
        session,
        """SELECT p.id FROM plans p JOIN services s ON s.id = p.service_id
           WHERE s.slug = %(slug)s ORDER BY p.duration_months LIMIT 1""",
        slug=slug,
    )
    if story == "draft":
        await _prepare(session, buyer, plan)
        return
    await carts.add(session, buyer, plan_id=plan, quantity=3 if story == "waiting" else 1)
    placed = await orders.place(session, buyer)
    full = payments.PaymentNotice(amount=placed.total, paid_on=today())
    if story == "paid" or reported:
        await payments.confirm_payment(session, SYSTEM, order_id=placed.id, notice=full)
        if reported:
            await _report(session, buyer, placed.id, story)
    elif story == "partial":
        part = payments.PaymentNotice(amount=Decimal(50), paid_on=today(), reference="ABONO-1")
        await payments.confirm_payment(session, SYSTEM, order_id=placed.id, notice=part)
    elif story == "cancelled":
        await order_endings.cancel(
            session, buyer, order_id=placed.id, reason="Me equivoqué de plan"
        )
    elif story == "waiting":
        await _wait_for_stock(session, placed, full)
    elif story == "expired":
        await run(
            session,
            "UPDATE orders SET expires_at = now() - %(ago)s WHERE id = %(id)s",
            ago=timedelta(hours=1),
            id=placed.id,
        )
        await order_endings.expire_due(session)


async def _prepare(session: AsyncSession, buyer: Actor, plan: int) -> None:
    """What somebody of the shop began for who called, and has not sent."""
    phone = await scalar(session, "SELECT phone FROM customers WHERE id = %(id)s", id=buyer.id)
    await drafts.keep(
        session, SYSTEM, phone=phone, name="", lines={plan: 1}, delivery_preference="whatsapp"
    )


async def _report(session: AsyncSession, buyer: Actor, order_id: int, story: str) -> None:
    """Say what is wrong with what the order gave, and do what became of it."""
    _, kind, details = CLAIMS[story]
    held = await scalar(
        session,
        """SELECT a.id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           WHERE i.order_id = %(order)s""",
        order=order_id,
    )
    done = await claims.report(session, buyer, assignment_id=held, kind=kind, details=details)
    if story == "replaced" and not done.replaced:
        await replacements.replace(session, SYSTEM, assignment_id=held, claim_id=done.claim_id)
    elif story == "rejected":
        await claims.close(
            session,
            SYSTEM,
            claim_id=done.claim_id,
            status="rejected",
            answer="La contraseña funciona: cópiala con el botón, sin espacios al final.",
        )


async def _wait_for_stock(
    session: AsyncSession, placed: orders.OrderPlaced, full: payments.PaymentNotice
) -> None:
    """One of the three accounts held for the order breaks before the payment arrives."""
    await run(
        session,
        """UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL, status = 'disabled'
           WHERE service_id = (SELECT id FROM services WHERE slug = 'spotify')
             AND (reserved_order_id IS NULL OR id = (
                 SELECT min(id) FROM profiles WHERE reserved_order_id = %(order)s))
             AND status = 'free'""",
        order=placed.id,
    )
    await payments.confirm_payment(session, SYSTEM, order_id=placed.id, notice=full)
    assert await waiting_orders.waiting_count(session)  # noqa: S101  # the story of this order
