"""Reminders around the end of a subscription, so that nobody loses a profile by forgetting.

Five days before the last day, one before, on it, and two after while the profile is still kept.
Each is sent once; after days without a worker only the one that fits today is. A renewal moves the
end and so the reminders, a release or the customer's own switch stops them.
May run twice, late or beside itself with the same result.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import messages
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit
from domain.reminder_times import occasion, quiet, window
from domain.renewals import UNIT
from domain.sql import fetch, fetch_one, run, scalar
from infra.clock import MEXICO, today


async def send_due(session: AsyncSession, most: int = 500) -> int:
    """Write the reminders that are due now; how many. A whole account is reminded of once."""
    if quiet():
        return 0
    await run(session, "SELECT pg_advisory_xact_lock(hashtextextended('reminders', 0))")
    sent = 0
    for day in window():
        said = occasion(day)
        due = await fetch(session, DUE, day=day, occasion=said, most=most - sent)
        if said and due:
            await messages.tell_holders(session, "reminder", [row.id for row in due], occasion=said)
            sent += len(due)
    return sent


# Of one day, so that the index of live ends is all it reads. One that is being renewed or released
# at this moment is left to the next run.
DUE = """SELECT a.id FROM assignments a
    JOIN order_items i ON i.id = a.order_item_id JOIN customers c ON c.id = a.customer_id
    WHERE a.ends_on = %(day)s AND a.released_at IS NULL
      AND a.unit_index %% i.profiles_per_unit = 0 AND c.reminders AND c.blocked_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.assignment_id = a.id
                      AND m.kind = 'reminder' AND m.occasion = %(occasion)s)
    ORDER BY a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED"""


async def remind(session: AsyncSession, actor: Actor, *, assignment_id: int) -> None:
    """Remind one customer now, because somebody at the counter wants it; once a day.

    Raises `NotFound`, `Conflict`: `access_ended`, `quiet_hours`, `reminders_off` when the customer
    wants none, `reminded_today` when one went out since midnight.
    """
    actor.require_staff()
    unit = await fetch(session, UNIT, id=assignment_id)
    if not unit:
        raise NotFound
    first = unit[0]
    if first.released_at is not None:
        raise Conflict("access_ended")
    if quiet():
        raise Conflict("quiet_hours")
    wanted = await fetch_one(
        session,
        "SELECT reminders AND blocked_at IS NULL AS yes FROM customers WHERE id = %(id)s",
        id=first.customer_id,
    )
    if wanted is None or not wanted.yes:
        raise Conflict("reminders_off")
    already = await scalar(
        session,
        """SELECT 1 FROM messages WHERE assignment_id = ANY(%(ids)s) AND kind = 'reminder'
             AND created_at >= %(day)s::timestamp AT TIME ZONE %(zone)s LIMIT 1""",
        ids=[held.id for held in unit],
        day=today(),
        zone=MEXICO.key,
    )
    if already:
        raise Conflict("reminded_today")
    await messages.tell_holders(session, "reminder", [first.id], occasion=f"asked:{today()}")
    await audit(session, actor, "assignment.remind", "assignment", first.id)
