"""What visitors write on the contact page, without an account, and how the staff settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones, tickets
from domain.actors import SYSTEM, Actor
from domain.code_limits import hold
from domain.customers import LONGEST_NAME, is_email
from domain.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from domain.messages import tell_staff
from domain.records import audit, tell
from domain.sql import fetch_as, fetch_one, run, scalar
from domain.ticket_entries import check_words
from infra.settings import settings

PAGE = 25
MOST_COUNTED = 100
ADDRESS_LOCK, SHOP_LOCK = 7005, 7006


@dataclass(frozen=True, slots=True)
class ContactLine:
    """`customer_id` is the customer whose phone it is, if it is one's."""

    id: int
    name: str
    email: str
    phone: str
    subject: str
    body: str
    created_at: datetime
    answered_at: datetime | None
    answered_by: str
    ticket_id: int | None
    customer_id: int | None


async def send(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    subject: str,
    body: str,
) -> int:
    """Anybody writes to the shop, leaving a way to be answered.

    The staff hears of it when its inbox was empty. Raises `InvalidInput` with every field that is
    wrong, `TooManyRequests` when this address or the shop had its share.
    """
    name, email = " ".join(name.split()), email.strip()
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = "contact_name"
    elif len(name) > LONGEST_NAME:
        wrong["name"] = "name_long"
    if email and not is_email(email):
        wrong["email"] = "email_invalid"
    if not email and not phone.strip():
        wrong["email"] = "contact_reach"
    try:
        phone = phones.canonical(phone) if phone.strip() else ""
    except InvalidInput as refusal:
        wrong.update(refusal.fields)
    try:
        subject, body = check_words(subject, body)
    except InvalidInput as refusal:
        wrong.update(refusal.fields)
    if wrong:
        raise InvalidInput(wrong)
    await _check_limits(session, actor)
    empty = not await waiting(session)
    contact_id = int(
        await scalar(
            session,
            """INSERT INTO contact_messages (name, email, phone, subject, body, address_hash)
               VALUES (%(name)s, %(email)s, %(phone)s, %(subject)s, %(body)s, %(address)s)
               RETURNING id""",
            name=name,
            email=email,
            phone=phone,
            subject=subject,
            body=body,
            address=actor.address_hash,
        )
    )
    await tell(session, "contact")
    if empty:
        await tell_staff(session, "staff_contact", occasion=f"contact:{contact_id}")
    return contact_id


async def _check_limits(session: AsyncSession, actor: Actor) -> None:
    """Counted in the database behind a lock, so that every process counts alike."""
    await hold(session, ADDRESS_LOCK, actor.address_hash)
    await hold(session, SHOP_LOCK, "contact")
    sent: Any = await fetch_one(
        session,
        """SELECT count(*) FILTER (WHERE address_hash = %(address)s) AS theirs, count(*) AS of_all
           FROM contact_messages WHERE created_at > now() - interval '1 hour'""",
        address=actor.address_hash,
    )
    if sent.theirs >= settings().contacts_per_address_hour:
        raise TooManyRequests("contact_limit", retry_in=3600)
    if sent.of_all >= settings().contacts_per_hour:
        raise TooManyRequests("contact_busy", retry_in=600)


async def inbox(
    session: AsyncSession,
    actor: Actor,
    *,
    answered: bool = False,
    after: int | None = None,
    limit: int = PAGE,
) -> list[ContactLine]:
    """What nobody has answered, the oldest first; or what was, the newest first.

    The next page starts `after` the last id.
    """
    actor.require_staff()
    return await fetch_as(
        session,
        ContactLine,
        f"""SELECT m.id, m.name, m.email, m.phone, m.subject, m.body, m.created_at, m.answered_at,
                  coalesce(s.username, '') AS answered_by, m.ticket_id, c.id AS customer_id
           FROM contact_messages m LEFT JOIN staff_users s ON s.id = m.answered_by
           LEFT JOIN customers c ON m.phone <> '' AND c.phone = m.phone
           WHERE (m.answered_at IS NOT NULL) = %(answered)s
             AND (%(after)s::bigint IS NULL OR m.id {"<" if answered else ">"} %(after)s)
           ORDER BY m.id {"DESC" if answered else ""} LIMIT %(limit)s""",  # noqa: S608  # constants
        answered=answered,
        after=after,
        limit=limit,
    )


async def waiting(session: AsyncSession) -> int:
    """How many nobody has answered; `MOST_COUNTED` means that many or more."""
    return int(
        await scalar(
            session,
            f"""SELECT count(*) FROM (SELECT FROM contact_messages WHERE answered_at IS NULL
                LIMIT {MOST_COUNTED}) AS counted""",  # noqa: S608  # a constant
        )
    )


async def mark_answered(session: AsyncSession, actor: Actor, *, contact_id: int) -> None:
    """It was answered by mail or telephone. Raises `NotFound`, `Conflict` when it was already."""
    actor.require_staff()
    await _take(session, contact_id)
    await _settle(session, actor, contact_id, None)
    await audit(session, actor, "contact.answer", "contact", contact_id)


async def to_ticket(session: AsyncSession, actor: Actor, *, contact_id: int) -> int:
    """Go on as a ticket of the customer whose phone it is; the ticket's number.

    Nobody has proved that it was they who wrote, so the ticket says where its words are from.
    Raises `NotFound`, `Conflict`: `contact_answered`, `contact_no_customer`.
    """
    actor.require_staff()
    written = await _take(session, contact_id)
    customer_id = await scalar(
        session, "SELECT id FROM customers WHERE phone = %(phone)s", phone=written.phone
    )
    if customer_id is None:
        raise Conflict("contact_no_customer")
    ticket_id = await tickets.start(
        session, SYSTEM, customer_id=customer_id, subject=written.subject, body=written.body
    )
    await _settle(session, actor, contact_id, ticket_id)
    await audit(session, actor, "contact.ticket", "contact", contact_id, ticket=ticket_id)
    return ticket_id


async def _take(session: AsyncSession, contact_id: int) -> Any:
    written = await fetch_one(
        session, "SELECT * FROM contact_messages WHERE id = %(id)s FOR UPDATE", id=contact_id
    )
    if written is None:
        raise NotFound
    if written.answered_at is not None:
        raise Conflict("contact_answered")
    return written


async def _settle(
    session: AsyncSession, actor: Actor, contact_id: int, ticket_id: int | None
) -> None:
    await run(
        session,
        """UPDATE contact_messages SET answered_at = now(), answered_by = %(by)s,
               ticket_id = %(ticket)s WHERE id = %(id)s""",
        by=actor.id,
        ticket=ticket_id,
        id=contact_id,
    )
    await tell(session, "contact")
