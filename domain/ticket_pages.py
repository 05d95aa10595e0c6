"""What people read about tickets: the staff's queue, a customer's list, the thread of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import NotFound
from domain.sql import fetch, fetch_as, scalar
from domain.ticket_entries import STATE
from infra.settings import settings

PAGE, ENTRIES = 25, 50
MOST_COUNTED = 100
NOBODY = -1  # as an assignee to look for
TABS = {
    "abiertos": ("open",),
    "esperan": ("waiting_customer",),
    "resueltos": ("solved", "closed"),
    "todos": ("open", "waiting_customer", "solved", "closed"),
}
NEWS = """EXISTS (SELECT FROM ticket_entries n WHERE n.ticket_id = t.id AND n.event = ''
    AND NOT n.internal AND n.id > {seen} AND {theirs})"""
FOR_STAFF = NEWS.format(seen="t.staff_seen", theirs="n.actor_kind <> 'staff'")
FOR_CUSTOMER = NEWS.format(seen="t.customer_seen", theirs="n.actor_kind <> 'customer'")


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket of a list. `since` is when it came into its `state`, `turn` its place there.

    `last_words` are the last ones both sides can read; `unread` is for whoever asks.
    """

    id: int
    subject: str
    state: str
    priority: str
    since: datetime
    turn: int
    version: int
    customer_id: int
    customer_name: str
    customer_phone: str
    assignee_id: int | None
    assignee: str
    order_id: int | None
    assignment_id: int | None
    service_name: str
    last_words: str
    unread: bool
    read_by_customer: bool
    created_at: datetime


def _lines(news: str) -> str:
    return f"""SELECT t.id, t.subject, {STATE} AS state, t.priority, t.since, t.turn, t.version,
       t.customer_id, c.name AS customer_name, c.phone AS customer_phone, t.assignee_id,
       coalesce(s.username, '') AS assignee, t.order_id, t.assignment_id,
       coalesce(i.service_name, '') AS service_name, coalesce(said.body, '') AS last_words,
       {news} AS unread, NOT {FOR_CUSTOMER} AS read_by_customer, t.created_at
FROM tickets t JOIN customers c ON c.id = t.customer_id
LEFT JOIN staff_users s ON s.id = t.assignee_id
LEFT JOIN assignments a ON a.id = t.assignment_id
LEFT JOIN order_items i ON i.id = a.order_item_id
LEFT JOIN LATERAL (SELECT left(e.body, 200) AS body FROM ticket_entries e
    WHERE e.ticket_id = t.id AND e.event = '' AND NOT e.internal
    ORDER BY e.id DESC LIMIT 1) AS said ON true """  # noqa: S608  # constants


@dataclass(frozen=True, slots=True)
class Filters:
    """`assignee` is a member of the staff, `NOBODY`, or None for all."""

    tab: str = "abiertos"
    assignee: int | None = None
    priority: str = ""


async def queue(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    *,
    after: int | None = None,
    limit: int = PAGE,
) -> list[TicketLine]:
    """Open ones, the longest waiting first; others, the last to come into their state first.

    The next page starts `after` the last one's `turn`.
    """
    actor.require_staff()
    waiting = filters.tab == "abiertos"
    return await fetch_as(
        session,
        TicketLine,
        _lines(FOR_STAFF)
        + f"""WHERE t.status = ANY(%(states)s)
          AND (%(after)s::bigint IS NULL OR t.turn {">" if waiting else "<"} %(after)s)
          AND (%(priority)s = '' OR t.priority = %(priority)s)
          AND (%(assignee)s::bigint IS NULL OR coalesce(t.assignee_id, {NOBODY}) = %(assignee)s)
        ORDER BY t.turn {"" if waiting else "DESC"} LIMIT %(limit)s""",
        states=list(TABS[filters.tab]),
        after=after,
        priority=filters.priority,
        assignee=filters.assignee,
        limit=limit,
        days=settings().support_reopen_days,
    )


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many wait for the staff and for customers; `MOST_COUNTED` means that many or more."""
    actor.require_staff()
    return {tab: await _count(session, TABS[tab][0]) for tab in ("abiertos", "esperan")}


async def _count(session: AsyncSession, status: str) -> int:
    return int(
        await scalar(
            session,
            f"""SELECT count(*) FROM (SELECT FROM tickets WHERE status = %(status)s
                LIMIT {MOST_COUNTED}) AS counted""",  # noqa: S608  # a constant
            status=status,
        )
    )


async def mine(
    session: AsyncSession, actor: Actor, *, before: int | None = None, limit: int = PAGE
) -> list[TicketLine]:
    """The customer's tickets, the last to change first; the next page starts `before` a `turn`."""
    return await fetch_as(
        session,
        TicketLine,
        _lines(FOR_CUSTOMER)
        + """WHERE t.customer_id = %(customer)s
               AND (%(before)s::bigint IS NULL OR t.turn < %(before)s)
             ORDER BY t.turn DESC LIMIT %(limit)s""",
        customer=actor.customer_id(),
        before=before,
        limit=limit,
        days=settings().support_reopen_days,
    )


async def of_customer(
    session: AsyncSession, actor: Actor, *, customer_id: int, limit: int = PAGE
) -> list[TicketLine]:
    """A customer's tickets as the staff read them, the last to change first."""
    actor.require_staff()
    return await fetch_as(
        session,
        TicketLine,
        _lines(FOR_STAFF)
        + "WHERE t.customer_id = %(customer)s ORDER BY t.turn DESC LIMIT %(limit)s",
        customer=customer_id,
        limit=limit,
        days=settings().support_reopen_days,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """`author` is empty where whoever asks need not know which of the staff it was."""

    id: int
    by: str
    author: str
    internal: bool
    event: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """The newest entry first."""

    line: TicketLine
    entries: tuple[Entry, ...]


async def thread(
    session: AsyncSession,
    actor: Actor,
    *,
    ticket_id: int,
    before: int | None = None,
    limit: int = ENTRIES,
) -> Thread:
    """Raises `NotFound`, for another customer's too; only the staff gets what is internal."""
    found = await fetch_as(
        session,
        TicketLine,
        _lines(FOR_STAFF if actor.staff else FOR_CUSTOMER)
        + "WHERE t.id = %(id)s AND (%(staff)s OR t.customer_id = %(actor)s)",
        id=ticket_id,
        staff=actor.staff,
        actor=actor.id if actor.staff else actor.customer_id(),
        days=settings().support_reopen_days,
    )
    if not found:
        raise NotFound
    entries = await fetch_as(
        session,
        Entry,
        """SELECT e.id, e.actor_kind AS by, CASE WHEN %(staff)s AND e.actor_kind = 'staff'
                  THEN s.username ELSE '' END AS author, e.internal, e.event, e.body, e.at
           FROM ticket_entries e
           LEFT JOIN staff_users s ON e.actor_kind = 'staff' AND s.id = e.actor_id
           WHERE e.ticket_id = %(id)s AND (%(staff)s OR NOT e.internal)
             AND (%(before)s::bigint IS NULL OR e.id < %(before)s)
           ORDER BY e.id DESC LIMIT %(limit)s""",
        id=ticket_id,
        staff=actor.staff,
        before=before,
        limit=limit,
    )
    return Thread(found[0], tuple(entries))


@dataclass(frozen=True, slots=True)
class HeldAccess:
    """A live subscription; `claim_id` is its open report under the warranty."""

    id: int
    service_name: str
    plan_name: str
    profile_label: str
    ends_on: date
    account_id: int
    claim_id: int | None


@dataclass(frozen=True, slots=True)
class RecentOrder:
    id: int
    status: str
    products: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """What an operator wants to know while answering."""

    accesses: tuple[HeldAccess, ...]
    orders: tuple[RecentOrder, ...]


async def beside(session: AsyncSession, actor: Actor, *, customer_id: int) -> Beside:
    actor.require_staff()
    accesses = await fetch_as(
        session,
        HeldAccess,
        """SELECT a.id, i.service_name, i.plan_name, p.label AS profile_label, a.ends_on,
                  p.account_id, k.id AS claim_id
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id
           JOIN profiles p ON p.id = a.profile_id
           LEFT JOIN claims k ON k.assignment_id = a.id AND k.status = 'open'
           WHERE a.customer_id = %(customer)s AND a.released_at IS NULL
           ORDER BY a.ends_on, a.id LIMIT 10""",
        customer=customer_id,
    )
    orders = await fetch_as(
        session,
        RecentOrder,
        """SELECT o.id, o.status, o.created_at,
                  (SELECT string_agg(i.service_name || ' ' || i.plan_name, ', ' ORDER BY i.id)
                   FROM order_items i WHERE i.order_id = o.id) AS products
           FROM orders o WHERE o.customer_id = %(customer)s ORDER BY o.id DESC LIMIT 5""",
        customer=customer_id,
    )
    return Beside(tuple(accesses), tuple(orders))


async def team(session: AsyncSession, actor: Actor) -> list[tuple[int, str]]:
    """Who may be given a ticket: number and name."""
    actor.require_staff()
    rows = await fetch(
        session, "SELECT id, username FROM staff_users WHERE disabled_at IS NULL ORDER BY username"
    )
    return [(row.id, row.username) for row in rows]
