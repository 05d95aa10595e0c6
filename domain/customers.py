"""What a customer tells about themselves: a name, an e-mail, how they want their accesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput, Unauthenticated
from domain.records import audit
from domain.sessions import forget_after_commit
from domain.sql import fetch_as, run
from infra import clock

LONGEST_NAME, LONGEST_EMAIL = 120, 254
PREFERENCES = frozenset({"whatsapp", "email", "web"})
EMAIL = re.compile(
    r"[a-zA-Z0-9](?:[a-zA-Z0-9_+'-]|\.(?!\.))*(?<!\.)@"
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,24}"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """`welcomed` says that name and preference were asked once, answered or not.

    `reminders`: they want to be told before a subscription ends. `credit` is what they have in
    favour, in MXN.
    """

    id: int
    phone: str
    name: str
    email: str
    delivery_preference: str
    reminders: bool
    verified: bool
    welcomed: bool
    credit: Decimal


async def profile(session: AsyncSession, actor: Actor) -> Profile:
    return await profile_of(session, actor.customer_id())


async def profile_of(session: AsyncSession, customer_id: int) -> Profile:
    """For rules that know whose it is: a sign-in that has just succeeded."""
    found = await fetch_as(
        session,
        Profile,
        """SELECT id, phone, name, email, delivery_preference, reminders, credit,
                  verified_at IS NOT NULL AS verified, welcomed_at IS NOT NULL AS welcomed
           FROM customers WHERE id = %(id)s""",
        id=customer_id,
    )
    if not found:
        raise Unauthenticated
    return found[0]


async def update_profile(
    session: AsyncSession, actor: Actor, *, name: str, email: str, delivery_preference: str
) -> Profile:
    """Raises `InvalidInput` with every field that is wrong."""
    before = await profile(session, actor)
    name, email = checked(name, email, delivery_preference)
    await run(
        session,
        """UPDATE customers SET name = %(name)s, email = %(email)s,
               delivery_preference = %(preference)s, welcomed_at = coalesce(welcomed_at, %(now)s)
           WHERE id = %(id)s""",
        id=before.id,
        name=name,
        email=email,
        preference=delivery_preference,
        now=clock.now(),
    )
    forget_after_commit(session, f"customer:{before.id}")
    after = await profile(session, actor)
    changed = [
        field
        for field in ("name", "email", "delivery_preference")
        if getattr(before, field) != getattr(after, field)
    ]
    await audit(session, actor, "customer.update", "customer", before.id, changed=changed)
    return after


def checked(name: str, email: str, delivery_preference: str) -> tuple[str, str]:
    """Name and e-mail as they are kept. Raises `InvalidInput` with every field that is wrong."""
    name, email = " ".join(name.split()), email.strip()
    wrong: dict[str, str] = {}
    if len(name) > LONGEST_NAME or not name.isprintable():
        wrong["name"] = "name_long"
    if email and not is_email(email):
        wrong["email"] = "email_invalid"
    if delivery_preference not in PREFERENCES:
        wrong["delivery_preference"] = "preference_invalid"
    elif delivery_preference == "email" and not email:
        wrong["email"] = "email_required"
    if wrong:
        raise InvalidInput(wrong)
    return name, email


async def want_reminders(session: AsyncSession, actor: Actor, *, wanted: bool) -> None:
    """Turn the messages around the end of a subscription on or off; those in the queue too."""
    changed = await run(
        session,
        """UPDATE customers SET reminders = %(wanted)s
           WHERE id = %(id)s AND reminders <> %(wanted)s""",
        id=actor.customer_id(),
        wanted=wanted,
    )
    if changed:
        await audit(session, actor, "customer.reminders", "customer", actor.id, wanted=wanted)


async def skip_welcome(session: AsyncSession, actor: Actor) -> None:
    """The questions after the first sign-in are asked once, and may go unanswered."""
    await run(
        session,
        """UPDATE customers SET welcomed_at = coalesce(welcomed_at, %(now)s)
           WHERE id = %(id)s""",
        id=actor.customer_id(),
        now=clock.now(),
    )


def is_email(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL and bool(EMAIL.fullmatch(text))
