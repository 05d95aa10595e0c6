"""What support starts with: answers to start from and, in the demo, a few tickets in progress."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import contact, ticket_desk, tickets
from domain.actors import GUEST, Actor
from domain.sql import run, scalar
from infra.database import unit_of_work

REPLIES = {
    "Revisamos tu acceso": "Hola, {nombre}. Ya estamos revisando tu acceso y te escribimos aquí "
    "mismo en cuanto quede.",
    "Vuelve a ver tus datos": "Hola, {nombre}. Tus datos de acceso cambiaron: abre «Mis cuentas», "
    "toca «Ver mis datos de acceso» y entra con los nuevos. Si sigue igual, cuéntanos qué dice la "
    "pantalla.",
    "Falta tu comprobante": "Hola, {nombre}. Todavía no vemos tu transferencia. Mándanos aquí la "
    "clave de rastreo, o el banco y la hora en que la hiciste.",
    "Un dispositivo a la vez": "Hola, {nombre}. Tu perfil es para un dispositivo a la vez: cierra "
    "la aplicación en los demás, espera cinco minutos y prueba otra vez.",
}


async def furnish_replies(session: AsyncSession) -> None:
    """Only into a shop that has none: what the owner took away stays away."""
    if await scalar(session, "SELECT 1 FROM canned_replies LIMIT 1"):
        return
    for title, body in REPLIES.items():
        await run(
            session,
            "INSERT INTO canned_replies (title, body) VALUES (%(title)s, %(body)s)",
            title=title,
            body=body,
        )


async def seed_tickets() -> None:
    """One ticket waits for too long, one was answered; a visitor wrote. A second run adds none."""
    async with unit_of_work() as session:
        if await scalar(session, "SELECT 1 FROM tickets LIMIT 1"):
            return
        late = await _ask(
            session,
            "+525511110008",
            "No puedo entrar desde ayer",
            "Hola, desde ayer me dice que la cuenta está suspendida.\n¿Me ayudan, por favor?",
        )
        await run(
            session,
            "UPDATE tickets SET since = since - %(ago)s, priority = 'high' WHERE id = %(id)s",
            ago=timedelta(hours=7),
            id=late,
        )
        await _ask(session, "+525511110002", "¿Sirve en mi tele?", "Tengo una tele de 2015.")
        answered = await _ask(
            session, "+525511110010", "¿Cómo cambio mi correo?", "Cambié de correo hace poco."
        )
        seen = await scalar(session, "SELECT version FROM tickets WHERE id = %(n)s", n=answered)
        await ticket_desk.answer(
            session,
            await _operator(session),
            ticket_id=answered,
            seen=seen,
            body="Hola, Carmen. En «Perfil» escribes el nuevo y listo.",
        )
        await contact.send(
            session,
            GUEST,
            name="Rosa Díaz",
            email="rosa.diaz@correo.mx",
            subject="¿Venden tarjetas de regalo?",
            body="Quiero regalarle un año a mi hermana. ¿Se puede?",
        )


async def _ask(session: AsyncSession, phone: str, subject: str, body: str) -> int:
    customer = await scalar(
        session, "SELECT id FROM customers WHERE phone = %(phone)s", phone=phone
    )
    asking = Actor(kind="customer", id=customer)
    return await tickets.open_ticket(session, asking, subject=subject, body=body)


async def _operator(session: AsyncSession) -> Actor:
    number = await scalar(session, "SELECT min(id) FROM staff_users")
    return Actor(kind="staff", id=number, role="owner")
