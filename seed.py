"""The shop's first data: services, plans, bank instructions and, in the demo, stock and orders.

Running it twice changes nothing: what exists is left as the owner has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from cuenty_app.demo_subscriptions import seed_subscriptions
from cuenty_app.demo_support import furnish_replies, seed_tickets
from domain import (
    carts,
    claims,
    drafts,
    inventory,
    order_endings,
    orders,
    payments,
    replacements,
    staff,
    waiting_orders,
)
from domain.actors import SYSTEM, Actor
from domain.sql import fetch, run, scalar
from infra.clock import add_months, today
from infra.database import close, unit_of_work
from infra.settings import settings
from infra.vault import Secret

MONTHS = ("1 mes", 1), ("3 meses", 3), ("6 meses", 6), ("12 meses", 12)


@dataclass(frozen=True)
class SeedService:
    """`prices` are (cost, margin) in MXN for 1, 3, 6 and 12 months."""

    slug: str
    name: str
    category: str
    color: str
    max_profiles: int
    description: str
    prices: tuple[tuple[int, int], ...]


SERVICES = (
    SeedService(
        "netflix",
        "Netflix",
        "Series y películas",
        "#b3121d",
        5,
        "Series, películas y documentales en tu propio perfil, en HD.",
        ((120, 30), (340, 80), (650, 150), (1200, 300)),
    ),
    SeedService(
        "disney-plus",
        "Disney+",
        "Series y películas",
        "#0b3a8f",
        7,
        "Disney, Pixar, Marvel, Star Wars y National Geographic en tu perfil.",
        ((85, 25), (240, 60), (460, 110), (860, 220)),
    ),
    SeedService(
        "hbo-max",
        "HBO Max",
        "Series y películas",
        "#4b2a8c",
        5,
        "Estrenos, series de HBO y deportes en tu perfil.",
        ((90, 25), (255, 65), (490, 120), (910, 230)),
    ),
    SeedService(
        "prime-video",
        "Prime Video",
        "Series y películas",
        "#0a5c7d",
        6,
        "Series originales, películas y canales en tu perfil.",
        ((60, 20), (170, 50), (320, 90), (600, 160)),
    ),
    SeedService(
        "spotify",
        "Spotify",
        "Música",
        "#17653a",
        1,
        "Música y pódcasts sin anuncios, con descargas.",
        ((70, 25), (200, 55), (380, 100), (710, 190)),
    ),
)

TERMS = (
    "Un dispositivo a la vez por perfil.\n"
    "No cambies la contraseña, el correo ni el nombre del perfil.\n"
    "Funciona en México. La garantía cubre todo el periodo que pagaste."
)
INSTRUCTIONS = (
    "Abre la aplicación y elige «Iniciar sesión».\n"
    "Escribe el usuario y la contraseña tal como aparecen aquí.\n"
    "Entra solo al perfil que te asignamos y usa su PIN si lo pide."
)
STEPS = [
    "Realiza la transferencia por el monto exacto",
    "Incluye el número de orden en el concepto",
    "Envía tu comprobante por WhatsApp",
    "Recibirás tus credenciales en menos de 2 horas",
]


async def furnish() -> None:
    """Services, their plans, a bank to be paid at, and answers to start from."""
    async with unit_of_work() as session:
        await run(session, "SELECT pg_advisory_xact_lock(hashtextextended('seed', 0))")
        for position, service in enumerate(SERVICES, start=1):
            await _service(session, position, service)
        await _bank(session)
        await furnish_replies(session)


async def run_once(*, demo_orders: bool = False) -> None:
    """Everything a shop needs to open its doors."""
    await furnish()
    if not settings().demo:
        return
    async with unit_of_work() as session:
        await run(session, "SELECT pg_advisory_xact_lock(hashtextextended('seed', 0))")
        await _demo_owner(session)
        await _demo_stock(session)
    if demo_orders:
        await seed_demo_orders()
        await seed_subscriptions()
        await seed_tickets()


async def _service(session: AsyncSession, position: int, service: SeedService) -> None:
    service_id = await scalar(
        session,
        """INSERT INTO services (slug, name, category, description, color, max_profiles, terms,
                                 instructions, position)
           VALUES (%(slug)s, %(name)s, %(category)s, %(description)s, %(color)s, %(max)s, %(terms)s,
                   %(instructions)s, %(position)s)
           ON CONFLICT (slug) DO NOTHING RETURNING id""",
        slug=service.slug,
        name=service.name,
        category=service.category,
        description=service.description,
        color=service.color,
        max=service.max_profiles,
        terms=TERMS,
        instructions=INSTRUCTIONS,
        position=position,
    )
    if service_id is None:
        return
    for (name, months), (cost, margin) in zip(MONTHS, service.prices, strict=True):
        await run(
            session,
            """INSERT INTO plans (service_id, name, duration_months, capacity, cost, margin)
               VALUES (%(service)s, %(name)s, %(months)s, 'profile', %(cost)s, %(margin)s)""",
            service=service_id,
            name=name,
            months=months,
            cost=Decimal(cost),
            margin=Decimal(margin),
        )


async def _bank(session: AsyncSession) -> None:
    await run(
        session,
        """INSERT INTO payment_instructions
               (bank, holder, clabe, account, steps, is_sample, is_default)
           SELECT 'BBVA Bancomer', 'CUENTY DIGITAL S.A. DE C.V.', '012345678901234567',
                  '0123456789', %(steps)s, true, true
           WHERE NOT EXISTS (SELECT 1 FROM payment_instructions)""",
        steps=Jsonb(STEPS),
    )


async def _demo_owner(session: AsyncSession) -> None:
    if not await scalar(session, "SELECT 1 FROM staff_users WHERE username = 'admin'"):
        await staff.create_owner(
            session,
            SYSTEM,
            username="admin",
            password="admin123",  # noqa: S106  # the demo's, and every admin page asks to change it
            accept_well_known_password=True,
        )


async def _demo_stock(session: AsyncSession) -> None:
    """Three accounts per service, five for single-user services: enough to try everything."""
    if await scalar(session, "SELECT 1 FROM accounts LIMIT 1"):
        return
    for service in await fetch(session, "SELECT id, slug, max_profiles FROM services ORDER BY id"):
        for number in range(1, 4 if service.max_profiles > 1 else 6):
            await inventory.add_account(
                session,
                SYSTEM,
                service_id=service.id,
                login=Secret(f"{service.slug}.{number}@demo.cuenty.mx"),
                password=Secret(f"Demo-{service.slug}-{number}-Clave"),
                profiles=[
                    inventory.NewProfile(f"Perfil {n}", Secret(f"{number}{n}{n}{number}"))
                    for n in range(1, service.max_profiles + 1)
                ],
                paid_until=add_months(today(), 12 + number),
                cost=Decimal(250),
            )


DEMO_PEOPLE = (
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
DEMO_CLAIMS = {
    "down": ("disney-plus", "account_down", "Dice que la cuenta está suspendida."),
    "down again": ("disney-plus", "account_down", ""),
    "intruder": ("netflix", "profile_taken", "Hay series a medias que yo no empecé."),
    "replaced": ("hbo-max", "screen_limit", "Me saca de la película a cada rato."),
    "rejected": ("prime-video", "wrong_password", ""),
}


async def seed_demo_orders() -> None:
    """One order in each state an operator can meet, and reports that wait or were answered."""
    for phone, name, story in DEMO_PEOPLE:
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
    reported = DEMO_CLAIMS.get(story)
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
    _, kind, details = DEMO_CLAIMS[story]
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


async def seed(*, demo_orders: bool = False) -> None:
    """Seed and give the connections back, as a command does."""
    try:
        await run_once(demo_orders=demo_orders)
    finally:
        await close()
