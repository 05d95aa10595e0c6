"""What staff change about a customer: their data, whether they may come in, their phone."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones, sessions
from domain.actors import Actor
from domain.customers import checked
from domain.errors import Conflict, InvalidInput, NotFound
from domain.principals import forget_after_commit
from domain.records import audit, tell
from domain.sql import fetch, fetch_one, run
from infra.clock import now

LONGEST_NOTES = 2000
EDITED = ("name", "email", "delivery_preference", "notes")


async def locked(session: AsyncSession, actor: Actor, customer_id: int) -> Any:
    """The customer's row. It waits for orders on their way, and lets no other begin.

    Raises `NotFound`, `Conflict` (`customer_erased`).
    """
    actor.require_staff()
    row = await fetch_one(
        session, "SELECT * FROM customers WHERE id = %(id)s FOR UPDATE", id=customer_id
    )
    if row is None:
        raise NotFound
    if row.erased_at is not None:
        raise Conflict("customer_erased")
    return row


async def edit(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    **sent: str,
) -> None:
    """Name, e-mail, delivery preference and notes; what is not sent stays.

    Raises `InvalidInput` with every field that is wrong.
    """
    before = await locked(session, actor, customer_id)
    after: dict[str, str] = {name: getattr(before, name) for name in EDITED} | sent
    after["name"], after["email"] = checked(
        after["name"], after["email"], after["delivery_preference"]
    )
    if len(after["notes"]) > LONGEST_NOTES:
        raise InvalidInput({"notes": "text_long"})
    changed = [field for field, value in after.items() if getattr(before, field) != value]
    if not changed:
        return
    await run(
        session,
        """UPDATE customers SET name = %(name)s, email = %(email)s, notes = %(notes)s,
               delivery_preference = %(delivery_preference)s WHERE id = %(id)s""",
        id=customer_id,
        **after,
    )
    forget_after_commit(session, f"customer:{customer_id}")
    await audit(session, actor, "customer.update", "customer", customer_id, changed=changed)


async def block(session: AsyncSession, actor: Actor, *, customer_id: int) -> None:
    """They are signed out everywhere at once, and neither come in again nor buy."""
    row = await locked(session, actor, customer_id)
    if row.blocked_at is not None:
        return
    await run(
        session,
        "UPDATE customers SET blocked_at = %(now)s WHERE id = %(id)s",
        id=customer_id,
        now=now(),
    )
    ended = await sign_out(session, customer_id)
    await audit(session, actor, "customer.block", "customer", customer_id, ended=ended)


async def unblock(session: AsyncSession, actor: Actor, *, customer_id: int) -> None:
    row = await locked(session, actor, customer_id)
    if row.blocked_at is None:
        return
    await run(session, "UPDATE customers SET blocked_at = NULL WHERE id = %(id)s", id=customer_id)
    forget_after_commit(session, f"customer:{customer_id}")
    await audit(session, actor, "customer.unblock", "customer", customer_id)


async def change_phone(
    session: AsyncSession, actor: Actor, *, customer_id: int, phone: str
) -> None:
    """The customer comes in with another number from now on; the code sent to it is the proof.

    What still waits to be sent goes to the new one. The audit names neither number: the old one
    is in the history, which can be erased. Raises `InvalidInput` on `phone`.
    """
    row = await locked(session, actor, customer_id)
    phone = phones.canonical(phone)
    if phone == row.phone:
        raise InvalidInput({"phone": "phone_same"})
    try:
        await run(
            session,
            """UPDATE customers SET phone = %(phone)s, whatsapp = '', verified_at = NULL
               WHERE id = %(id)s""",
            id=customer_id,
            phone=phone,
        )
    except psycopg.errors.UniqueViolation:
        raise InvalidInput({"phone": "phone_taken"}) from None
    await run(
        session,
        """INSERT INTO former_phones (customer_id, phone, actor_id)
           VALUES (%(id)s, %(phone)s, %(actor)s)""",
        id=customer_id,
        phone=row.phone,
        actor=actor.id,
    )
    await run(
        session,
        """UPDATE messages SET to_address = %(phone)s
           WHERE customer_id = %(id)s AND status = 'queued' AND channel IN ('sms', 'whatsapp')
             AND in_doubt_since IS NULL""",
        id=customer_id,
        phone=phone,
    )
    await spend_codes(session, row.phone)
    ended = await sign_out(session, customer_id)
    await audit(session, actor, "customer.phone", "customer", customer_id, ended=ended)


async def spend_codes(session: AsyncSession, *numbers: str) -> None:
    """A code that was on its way to a number given up opens nothing."""
    await run(
        session,
        """UPDATE login_codes SET used_at = %(now)s
           WHERE phone = ANY(%(phones)s) AND used_at IS NULL""",
        phones=list(numbers),
        now=now(),
    )


async def sign_out(session: AsyncSession, customer_id: int) -> int:
    """End every session; open pages hear of it and ask who is there."""
    ended = await sessions.end(session, customer_id=customer_id)
    forget_after_commit(session, f"customer:{customer_id}")
    latest = await fetch(
        session,
        "SELECT id FROM orders WHERE customer_id = %(id)s ORDER BY id DESC LIMIT 20",
        id=customer_id,
    )
    await tell(session, f"accounts:{customer_id}", *(f"order:{row.id}" for row in latest))
    return ended
