"""The shop's first data: services, plans, bank instructions and, in the demo, an owner and stock.

Running it twice changes nothing: what exists is left as the owner has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from cuenty_app.seeding.orders import seed_orders
from cuenty_app.seeding.subscriptions import seed_subscriptions
from cuenty_app.seeding.support import furnish_replies, seed_tickets
from domain import inventory, staff
from domain.actors import SYSTEM
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
        await seed_orders()
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


async def seed(*, demo_orders: bool = False) -> None:
    """Seed and give the connections back, as a command does."""
    try:
        await run_once(demo_orders=demo_orders)
    finally:
        await close()
