"""Who is signed in: sessions are rows, so that one UPDATE signs somebody out everywhere."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import tokens
from domain.actors import Actor
from domain.errors import NotFound, Unauthenticated
from domain.principals import (
    Principal,
    find,
    forget_after_commit,
    forget_all,
    look_up,
    on_signal,
    resolve,
)
from domain.records import audit
from domain.sql import fetch, fetch_one, run
from infra import clock
from infra.vault import keyed_hash

__all__ = [
    "Principal",
    "describe",
    "end",
    "find",
    "forget_after_commit",
    "forget_all",
    "issue_ticket",
    "issue_token",
    "on_signal",
    "open_for_customer",
    "open_for_staff",
    "redeem_ticket",
    "resolve",
    "revoke",
    "revoke_all_of",
]

CUSTOMER_LIFE = timedelta(days=7)
STAFF_LIFE = timedelta(hours=12)
TICKET_LIFE = timedelta(seconds=60)


async def open_for_customer(session: AsyncSession, customer_id: int) -> UUID:
    return await _open(session, CUSTOMER_LIFE, customer_id=customer_id)


async def open_for_staff(session: AsyncSession, staff_id: int) -> UUID:
    return await _open(session, STAFF_LIFE, staff_id=staff_id)


async def _open(
    session: AsyncSession,
    life: timedelta,
    customer_id: int | None = None,
    staff_id: int | None = None,
) -> UUID:
    opened = uuid4()
    await run(
        session,
        """INSERT INTO login_sessions (id, customer_id, staff_id, created_at, expires_at)
           VALUES (%(id)s, %(customer_id)s, %(staff_id)s, %(now)s, %(expires_at)s)""",
        id=opened,
        customer_id=customer_id,
        staff_id=staff_id,
        now=clock.now(),
        expires_at=clock.now() + life,
    )
    return opened


async def issue_token(session: AsyncSession, session_id: UUID) -> str:
    """The token of a running session: a program's bearer token, a browser's cookie.

    Raises `Unauthenticated` when the session has ended meanwhile.
    """
    principal = await look_up(session, session_id)
    if principal is None:
        raise Unauthenticated("ticket_spent")
    return tokens.issue(principal.kind, principal.id, session_id, principal.expires_at)


async def issue_ticket(session: AsyncSession, session_id: UUID) -> str:
    """What the page posts to become signed in: it lives 60 s and works once."""
    ticket = secrets.token_urlsafe(32)
    await run(
        session,
        """INSERT INTO login_tickets (token_hash, session_id, expires_at)
           VALUES (%(token_hash)s, %(session_id)s, %(expires_at)s)""",
        token_hash=keyed_hash("ticket", ticket),
        session_id=session_id,
        expires_at=clock.now() + TICKET_LIFE,
    )
    return ticket


async def redeem_ticket(
    session: AsyncSession, ticket: str, *, device: str = "", near: str = ""
) -> str:
    """Raises `Unauthenticated` for a ticket that is unknown, spent or late."""
    spent = await fetch_one(
        session,
        """UPDATE login_tickets SET used_at = %(now)s
           WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > %(now)s
           RETURNING session_id""",
        token_hash=keyed_hash("ticket", ticket),
        now=clock.now(),
    )
    if spent is None:
        raise Unauthenticated("ticket_spent")
    await describe(session, spent.session_id, device=device, near=near)
    return await issue_token(session, spent.session_id)


async def describe(session: AsyncSession, session_id: UUID, *, device: str, near: str) -> None:
    """Write down, of staff, where the session is used, in the words of `domain.devices`."""
    await run(
        session,
        """UPDATE login_sessions SET device = %(device)s, address_hint = %(near)s
           WHERE id = %(id)s AND staff_id IS NOT NULL""",
        id=session_id,
        device=device,
        near=near,
    )


async def revoke(session: AsyncSession, actor: Actor) -> None:
    """Sign out: the session ends in every tab and every program that holds its token."""
    if actor.session_id is None:
        raise Unauthenticated
    await end(session, session_id=actor.session_id)
    await audit(session, actor, "session.end", "session", actor.session_id)


async def revoke_all_of(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int | None = None,
    staff_id: int | None = None,
) -> int:
    """End every session of one person; the number that were running."""
    actor.require_staff()
    if (customer_id is None) == (staff_id is None):
        raise NotFound
    ended = await end(session, customer_id=customer_id, staff_id=staff_id)
    holder = "customer" if staff_id is None else "staff"
    await audit(session, actor, "sessions.end", holder, customer_id or staff_id, ended=ended)
    return ended


async def end(
    session: AsyncSession,
    *,
    session_id: UUID | None = None,
    customer_id: int | None = None,
    staff_id: int | None = None,
    keep: UUID | None = None,
) -> int:
    """Revoke without asking who asks: for rules that have checked already."""
    ended = await fetch(
        session,
        """UPDATE login_sessions SET revoked_at = %(now)s
           WHERE (id = %(session_id)s OR customer_id = %(customer_id)s OR staff_id = %(staff_id)s)
             AND revoked_at IS NULL AND id IS DISTINCT FROM %(keep)s RETURNING id""",
        session_id=session_id,
        customer_id=customer_id,
        staff_id=staff_id,
        keep=keep,
        now=clock.now(),
    )
    for row in ended:
        forget_after_commit(session, f"session:{row.id}")
    return len(ended)
