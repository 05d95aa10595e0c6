"""Signing in with a phone: six digits that live ten minutes, work once and allow five tries."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, phones, sessions
from domain.actors import Actor
from domain.code_limits import check_guessing, check_sending, record
from domain.errors import Forbidden, InvalidInput
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from domain.texts import REFUSALS
from infra import clock
from infra.queue import defer
from infra.settings import settings
from infra.vault import Place, Secret, keyed_hash, ring, same

LIFE = timedelta(minutes=10)
TRIES = 5
CHANNELS = frozenset({"sms", "whatsapp"})
CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class CodeSent:
    """Seconds: how long the code lives, and until the next may be asked for."""

    phone: str
    channel: str
    expires_in: int
    resend_in: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    customer_id: int
    session_id: UUID
    is_new: bool


async def request(
    session: AsyncSession, actor: Actor, *, phone: str, channel: str = "sms"
) -> CodeSent:
    """Send a code to a phone. Who is a customer is not looked up: all answers are alike.

    Raises `InvalidInput` for a phone or channel no code goes to, `TooManyRequests` for a limit.
    """
    phone = phones.canonical(phone)
    if channel not in CHANNELS:
        raise InvalidInput({"channel": "value_invalid"})
    await check_guessing(session, phone)
    await check_sending(session, actor, phone)
    code = new_code()
    await _replace(session, actor, phone, channel, code)
    await _post(session, phone, channel, code)
    resend = settings().code_resend_seconds
    return CodeSent(phone, channel, int(LIFE.total_seconds()), resend)


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


async def _replace(
    session: AsyncSession, actor: Actor, phone: str, channel: str, code: str
) -> None:
    """A new code ends the earlier ones of its phone."""
    now = clock.now()
    await run(
        session,
        """UPDATE login_codes SET used_at = %(now)s
           WHERE phone = %(phone)s AND used_at IS NULL AND expires_at > %(now)s""",
        phone=phone,
        now=now,
    )
    await run(
        session,
        """INSERT INTO login_codes (phone, channel, code_hash, visitor_hash, address_hash,
                                    created_at, expires_at)
           VALUES (%(phone)s, %(channel)s, %(code_hash)s, %(visitor)s, %(address)s,
                   %(now)s, %(expires_at)s)""",
        phone=phone,
        channel=channel,
        code_hash=hashed(phone, code),
        visitor=actor.visitor_hash,
        address=actor.address_hash,
        now=now,
        expires_at=now + LIFE,
    )


async def _post(session: AsyncSession, phone: str, channel: str, code: str) -> None:
    message = uuid4()
    await run(
        session,
        """INSERT INTO messages (id, channel, kind, to_address, code_sealed, created_at, updated_at)
           VALUES (%(id)s, %(channel)s, 'login_code', %(phone)s, %(code)s, %(now)s, %(now)s)""",
        id=message,
        channel=channel,
        phone=phone,
        code=ring().seal(Secret(code), Place("messages", "code_sealed", message)),
        now=clock.now(),
    )
    await defer(session, "messages.send", message_id=str(message), urgent=True)


def hashed(phone: str, code: str) -> str:
    return keyed_hash("login-code", f"{phone}:{code}")


async def verify(session: AsyncSession, actor: Actor, *, phone: str, code: str) -> SignedIn:
    """Sign in with a code; the first time, this is how somebody becomes a customer.

    Only the browser that asked for the code can spend it, or one of its tries.
    Raises `InvalidInput` (wrong or spent), `TooManyRequests` (locked, paused), `Forbidden`.
    """
    phone = phones.canonical(phone)
    code = code.replace(" ", "")
    if not CODE.fullmatch(code):
        raise InvalidInput({"code": "code_format"})
    if not await _is_live(session, actor, phone):
        raise InvalidInput({"code": "code_spent"})
    await check_guessing(session, phone)
    await _spend(session, actor, phone, code)
    await record(session, actor, phone, "succeeded")
    return await _welcome(session, actor, phone)


async def _is_live(session: AsyncSession, actor: Actor, phone: str) -> bool:
    """Whether there is anything to guess: a flood on a spent code ends here, without a lock."""
    return bool(
        await scalar(
            session,
            """SELECT used_at IS NULL AND expires_at > %(now)s AND tries < %(most)s
                      AND visitor_hash IS NOT DISTINCT FROM %(visitor)s
               FROM login_codes WHERE phone = %(phone)s ORDER BY id DESC LIMIT 1""",
            phone=phone,
            now=clock.now(),
            most=TRIES,
            visitor=actor.visitor_hash,
        )
    )


async def _spend(session: AsyncSession, actor: Actor, phone: str, code: str) -> None:
    """The UPDATE that takes a try decides whether the code is looked at at all."""
    now = clock.now()
    tried = await fetch_one(
        session,
        """UPDATE login_codes SET tries = tries + 1
           WHERE id = (SELECT max(id) FROM login_codes WHERE phone = %(phone)s)
             AND used_at IS NULL AND expires_at > %(now)s AND tries < %(most)s
             AND visitor_hash IS NOT DISTINCT FROM %(visitor)s
           RETURNING id, code_hash, tries""",
        phone=phone,
        now=now,
        most=TRIES,
        visitor=actor.visitor_hash,
    )
    if tried is None:
        raise InvalidInput({"code": "code_spent"})
    if not same(hashed(phone, code), tried.code_hash):
        await record(session, actor, phone, "failed")
        raise InvalidInput({"code": _wrong(TRIES - tried.tries)}, remembered=True)
    spent = await run(
        session,
        "UPDATE login_codes SET used_at = %(now)s WHERE id = %(id)s AND used_at IS NULL",
        id=tried.id,
        now=now,
    )
    if spent != 1:
        raise InvalidInput({"code": "code_spent"})


def _wrong(left: int) -> str:
    if left == 0:
        return "code_spent"
    return "code_wrong_once" if left == 1 else REFUSALS["code_wrong"].format(left=left)


async def _welcome(session: AsyncSession, actor: Actor, phone: str) -> SignedIn:
    customer = await fetch_one(
        session,
        """INSERT INTO customers (phone, verified_at, created_at)
           VALUES (%(phone)s, %(now)s, %(now)s)
           ON CONFLICT (phone) DO UPDATE
              SET verified_at = coalesce(customers.verified_at, excluded.verified_at)
           RETURNING id, blocked_at, xmax = 0 AS is_new""",
        phone=phone,
        now=clock.now(),
    )
    assert customer is not None  # noqa: S101  # an upsert always returns its row
    if customer.blocked_at is not None:
        raise Forbidden("customer_blocked", remembered=True)
    opened = await sessions.open_for_customer(session, customer.id)
    if actor.visitor_hash is not None:
        await carts.adopt(session, visitor_hash=actor.visitor_hash, customer_id=customer.id)
    person = Actor(
        kind="customer", id=customer.id, session_id=opened, address_hash=actor.address_hash
    )
    await audit(
        session, person, "customer.sign_in", "customer", customer.id, is_new=customer.is_new
    )
    return SignedIn(customer.id, opened, customer.is_new)


async def unlock(session: AsyncSession, actor: Actor, phone: str) -> None:
    """Forgive the failures of a phone: for a customer who wrote in and proved who they are."""
    actor.require_staff()
    phone = phones.canonical(phone)
    await record(session, actor, phone, "unlocked")
    await audit(session, actor, "phone.unlock", "phone", phone)
