"""What an owner reads of the log: a page of it, by person, kind, object and days.

Filters come as the address of the screen says them, for the screen and for the file alike. Each
combination reads one index backwards from where the page before it ended; names are looked up row
by row, because a join would read every customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Forbidden
from domain.log_texts import GROUPS, NUMBERED, named
from domain.phones import spaced
from domain.sql import fetch, fetch_as
from infra.clock import MEXICO

PAGE = 25
CUSTOMERS, SYSTEM = "clientes", "sistema"
LONGEST_NUMBER = 18
MARK = 6  # letters of an address's keyed hash


@dataclass(frozen=True, slots=True)
class Wanted:
    """`person` is a member of staff's id, `CUSTOMERS` or `SYSTEM`; empty filters nothing.

    `since` and `until` are days in Mexico City, both included.
    """

    person: str = ""
    group: str = ""
    object_type: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Wanted:
        """An address somebody mangled filters by what is left of it."""
        person, group = said.get("persona", ""), said.get("grupo", "")
        kind, number = said.get("objeto", ""), said.get("numero", "").strip().removeprefix("#")
        whole = kind in NUMBERED and _number(number)
        return cls(
            person=person if person in {CUSTOMERS, SYSTEM} or _number(person) else "",
            group=group if group in GROUPS else "",
            object_type=kind if whole else "",
            object_id=str(int(number)) if whole else "",
            since=_day(said.get("desde", "")),
            until=_day(said.get("hasta", "")),
        )

    def address(self) -> dict[str, str]:
        """As `of` reads it."""
        return {
            "persona": self.person,
            "grupo": self.group,
            "objeto": self.object_type,
            "numero": self.object_id,
            "desde": self.since.isoformat() if self.since else "",
            "hasta": self.until.isoformat() if self.until else "",
        }


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _day(text: str) -> date | None:
    """Years that a timestamp has, whatever the zone."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """`order_id` and `account_id` are where a linked object is looked at, 0 for nowhere."""

    id: int
    at: datetime
    actor_kind: str
    actor_name: str
    session_id: UUID | None
    device: str
    near: str
    address_hash: str
    action: str
    object_type: str
    object_id: str
    object_name: str
    order_id: int
    account_id: int
    change: dict[str, Any]

    @property
    def who(self) -> str:
        if self.actor_kind == "system":
            return "Cuenty"
        unnamed = "Un cliente" if self.actor_kind == "customer" else "Alguien del equipo"
        return spaced(self.actor_name) or unnamed

    @property
    def where(self) -> str:
        """`Chrome en Android · 187.190.x.x`; of others the mark that entries may share."""
        if self.device or self.near:
            return " · ".join(part for part in (self.device, self.near) if part)
        return f"Dirección {self.address_hash[:MARK]}" if self.address_hash else ""

    @property
    def about(self) -> str:
        return self.object_name or named(self.object_type, spaced(self.object_id))


ENTRIES = """
WITH page AS MATERIALIZED (
    SELECT found.* FROM {subjects} CROSS JOIN LATERAL (
        SELECT e.* FROM audit_entries e WHERE {clauses}
        ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s) AS found
    ORDER BY found.at DESC, found.id DESC LIMIT %(limit)s)
SELECT e.id, e.at, e.actor_kind, e.session_id, coalesce(l.device, '') AS device,
       coalesce(l.address_hint, '') AS near, e.address_hash, e.action, e.object_type, e.object_id,
       coalesce(CASE e.actor_kind
           WHEN 'staff' THEN (SELECT u.username FROM staff_users u WHERE u.id = e.actor_id)
           WHEN 'customer' THEN (SELECT coalesce(nullif(c.name, ''), c.phone) FROM customers c
                                 WHERE c.id = e.actor_id) END, '') AS actor_name,
       coalesce(CASE e.object_type WHEN 'staff' THEN
           (SELECT s.username FROM staff_users s WHERE s.id = e.object_id::bigint) END, '')
           AS object_name,
       coalesce(CASE e.object_type WHEN 'assignment' THEN
           (SELECT i.order_id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
            WHERE a.id = e.object_id::bigint) END, 0) AS order_id,
       coalesce(CASE e.object_type WHEN 'profile' THEN
           (SELECT p.account_id FROM profiles p WHERE p.id = e.object_id::bigint) END, 0)
           AS account_id, e.change
FROM page e LEFT JOIN LATERAL (
    SELECT device, address_hint FROM login_sessions WHERE id = e.session_id LIMIT 1) AS l ON true
ORDER BY e.at DESC, e.id DESC"""


async def entries(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Entry]:
    """The log, newest first; the next page starts `before` the last id."""
    if not actor.owner:
        raise Forbidden
    statement, values = asked(wanted, before)
    return await fetch_as(session, Entry, statement, **values, limit=limit)


def asked(wanted: Wanted, before: int | None) -> tuple[str, dict[str, Any]]:
    """The statement for these filters, and what to fill in. It waits for a `limit`.

    A group is several subjects: one index range for each, put together.
    """
    clauses: list[str] = []
    values: dict[str, Any] = {}
    if wanted.person == CUSTOMERS:
        clauses.append("e.actor_kind = 'customer'")
    elif wanted.person == SYSTEM:
        clauses.append("e.actor_kind = 'system' AND e.actor_id IS NULL")
    elif wanted.person:
        clauses.append("e.actor_kind = 'staff' AND e.actor_id = %(person)s")
        values["person"] = int(wanted.person)
    if wanted.group:
        clauses.append("split_part(e.action, '.', 1) = subject")
        values["subjects"] = list(GROUPS[wanted.group][1])
    if wanted.object_type:
        clauses.append("e.object_type = %(object_type)s AND e.object_id = %(object_id)s")
        values |= {"object_type": wanted.object_type, "object_id": wanted.object_id}
    if wanted.since:
        clauses.append("e.at >= %(since)s")
        values["since"] = _midnight(wanted.since)
    if wanted.until:
        clauses.append("e.at < %(until)s")
        values["until"] = _midnight(wanted.until + timedelta(days=1))
    if before:
        clauses.append(
            "(e.at, e.id) < (SELECT b.at, b.id FROM audit_entries b WHERE b.id = %(before)s)"
        )
        values["before"] = before
    subjects = "unnest(%(subjects)s::text[]) AS subject" if wanted.group else "(SELECT) AS one"
    statement = ENTRIES.format(subjects=subjects, clauses=" AND ".join(clauses) or "true")
    return statement, values


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=MEXICO)


async def people(session: AsyncSession, actor: Actor) -> list[tuple[int, str]]:
    """Everybody who runs or ran the shop."""
    if not actor.owner:
        raise Forbidden
    rows = await fetch(session, "SELECT id, username FROM staff_users ORDER BY username LIMIT 200")
    return [(row.id, row.username) for row in rows]
