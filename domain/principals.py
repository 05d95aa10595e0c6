"""The people behind sessions, remembered for a few seconds in each process.

What changes a session, a customer or a member of staff makes every process forget: the one that
made the change at its commit, the others by a signal. The seconds only bound the case of a signal
that never arrives.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import tokens
from domain.actors import Actor
from domain.presence import note_use
from domain.sql import fetch_one
from domain.tokens import Audience
from infra import clock
from infra.database import after_commit

REMEMBERED = 5.0
MOST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Principal:
    """The person behind a session. `name` is fit for the screen: a name, phone or user name."""

    kind: Audience
    id: int
    role: str
    session_id: UUID
    expires_at: datetime
    name: str
    phone: str = ""
    must_change_password: bool = False

    @property
    def topics(self) -> tuple[str, str]:
        return (f"session:{self.session_id}", f"{self.kind}:{self.id}")

    def actor(self, visitor_hash: str | None = None, address_hash: str = "") -> Actor:
        return Actor(
            kind=self.kind,
            id=self.id,
            role=self.role,
            session_id=self.session_id,
            visitor_hash=visitor_hash,
            address_hash=address_hash,
        )


class _Remembered:
    """By token, whose signature was then checked: a second look costs no cryptography.

    A look-up that was under way while something changed is answered, but not kept.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Principal]] = OrderedDict()
        self._changes = 0

    def get(self, token: str) -> Principal | None:
        since, principal = self._kept.get(token, (0.0, None))
        if principal is None or time.monotonic() - since >= REMEMBERED:
            return None
        self._kept.move_to_end(token)
        return principal

    async def keep(
        self, token: str, look_up: Callable[[], Awaitable[Principal | None]]
    ) -> Principal | None:
        before = self._changes
        found = await look_up()
        if found is None:
            self._kept.pop(token, None)
        elif before == self._changes:
            self._kept[token] = (time.monotonic(), found)
            while len(self._kept) > MOST_REMEMBERED:
                self._kept.popitem(last=False)
        return found

    def forget(self, topic: str) -> None:
        self._changes += 1
        for token, (_, principal) in list(self._kept.items()):
            if topic in principal.topics:
                del self._kept[token]

    def forget_all(self) -> None:
        self._changes += 1
        self._kept.clear()


_remembered = _Remembered()
forget_all = _remembered.forget_all


async def on_signal(topic: str) -> None:
    """To be given to `Signals.listen`; `forget_all` goes to `Signals.on_gap`."""
    if topic.startswith(("session:", "customer:", "staff:")):
        _remembered.forget(topic)


def forget_after_commit(session: AsyncSession, topic: str) -> None:
    """The process that makes a change never waits for its own signal."""
    after_commit(session, lambda: _remembered.forget(topic))


def remembered(token: str) -> Principal | None:
    """Whom this process found behind this very token a moment ago; it asks nobody."""
    return _in_use(_remembered.get(token))


async def find(session: AsyncSession, token: str) -> Principal | None:
    """The person behind a token, or None: forged, expired, revoked, blocked or disabled."""
    if (known := remembered(token)) is not None:
        return known
    claims = tokens.read(token)
    if claims is None:
        return None

    async def behind_it() -> Principal | None:
        principal = await look_up(session, claims.session_id)
        named = (claims.audience, claims.holder_id)
        return principal if principal and (principal.kind, principal.id) == named else None

    return _in_use(await _remembered.keep(token, behind_it))


def _in_use(principal: Principal | None) -> Principal | None:
    if principal is None or principal.expires_at <= clock.now():
        return None
    if principal.kind == "staff":
        note_use(principal.session_id)
    return principal


async def resolve(
    session: AsyncSession, token: str, *, visitor_hash: str | None, address_hash: str
) -> Actor | None:
    principal = await find(session, token)
    return principal.actor(visitor_hash, address_hash) if principal else None


async def look_up(session: AsyncSession, session_id: UUID) -> Principal | None:
    row = await fetch_one(
        session,
        """SELECT l.expires_at, l.customer_id, l.staff_id, c.name, c.phone,
                  s.username, s.role, s.must_change_password
           FROM login_sessions l
           LEFT JOIN customers c ON c.id = l.customer_id AND c.blocked_at IS NULL
           LEFT JOIN staff_users s ON s.id = l.staff_id AND s.disabled_at IS NULL
           WHERE l.id = %(id)s AND l.revoked_at IS NULL AND l.expires_at > %(now)s
             AND num_nonnulls(c.id, s.id) = 1""",
        id=session_id,
        now=clock.now(),
    )
    if row is None:
        return None
    if row.customer_id is not None:
        return Principal(
            kind="customer",
            id=row.customer_id,
            role="customer",
            session_id=session_id,
            expires_at=row.expires_at,
            name=row.name or row.phone,
            phone=row.phone,
        )
    return Principal(
        kind="staff",
        id=row.staff_id,
        role=row.role,
        session_id=session_id,
        expires_at=row.expires_at,
        name=row.username,
        must_change_password=row.must_change_password,
    )
