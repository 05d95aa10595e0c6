"""What the shop's rows say at the end, against what the ledger saw happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from cuenty_app.simulation import expected
from cuenty_app.simulation.ledger import Ledger, Order
from cuenty_app.simulation.year import Lived
from domain.sql import fetch, scalar
from infra import clock
from infra.settings import settings


@dataclass(slots=True)
class Check:
    """`looked_at` says how many of `of` were compared."""

    title: str
    of: str
    looked_at: int = 0
    found: list[str] = field(default_factory=list)


async def check(session: AsyncSession, lived: Lived) -> list[Check]:
    ledger = lived.world.ledger
    return [
        Check("Nothing disagrees at the end of a day", "days", lived.examined, lived.doctor),
        await _reminders(session, ledger),
        await _reminders_sent(session),
        _releases(ledger),
        await _time(session, ledger),
        await _orders(session, ledger),
        await _holders(session),
        await _resales(session),
        await _rotations(session, ledger),
        await _restocks(session),
        await _money(session, ledger),
    ]


async def _reminders(session: AsyncSession, ledger: Ledger) -> Check:
    """Each on the panel, and on the way its customer chose."""
    due: Counter[tuple[int, str, str]] = Counter()
    customers = {unit.first: unit.customer for unit in ledger.units}
    for first, occasion in expected.reminders(ledger, ledger.runs):
        for channel in {"web", ledger.channel_of[customers[first]]}:
            due[first, occasion, channel] += 1
    rows = await fetch(
        session,
        """SELECT assignment_id, occasion, channel, count(*) AS many FROM messages
           WHERE kind = 'reminder' GROUP BY 1, 2, 3""",
    )
    written = Counter({(r.assignment_id, r.occasion, r.channel): r.many for r in rows})
    done = Check("Each reminder exactly once", "reminders", due.total())
    for key in sorted(due.keys() | written.keys()):
        if written[key] != due[key]:
            done.found.append(
                f"subscription {key[0]}, {key[1]} by {key[2]}: "
                f"{written[key]} written, {due[key]} expected"
            )
    return done


async def _reminders_sent(session: AsyncSession) -> Check:
    rows = await fetch(
        session,
        """SELECT assignment_id, occasion, status, attempts, created_at, updated_at FROM messages
           WHERE kind = 'reminder' AND channel <> 'web' ORDER BY created_at, assignment_id""",
    )
    done = Check("None at night, each sent at the first attempt", "sent reminders", len(rows))
    for row in rows:
        name = f"subscription {row.assignment_id}, {row.occasion}"
        if expected.asleep(row.created_at) or expected.asleep(row.updated_at):
            done.found.append(f"{name}: at night, {clock.local(row.updated_at):%F %H:%M}")
        if row.status != "sent" or row.attempts != 1:
            done.found.append(f"{name}: {row.status} after {row.attempts} attempts")
    return done


def _releases(ledger: Ledger) -> Check:
    released = [unit for unit in ledger.units if unit.released_at]
    done = Check("No release before the grace ends", "releases", len(released))
    for unit in released:
        assert unit.released_at  # noqa: S101  # filtered above
        day = clock.local(unit.released_at).date()
        if day <= unit.end + timedelta(days=settings().grace_days):
            done.found.append(f"subscription {unit.first}: ends {unit.end}, released {day}")
    return done


async def _time(session: AsyncSession, ledger: Ledger) -> Check:
    """Months paid are the months given, from the first day to the last."""
    rows = await fetch(
        session,
        """SELECT a.id, a.starts_on, a.ends_on, a.released_at, i.duration_months + coalesce((
               SELECT sum(n.duration_months) FROM renewals r
               JOIN order_items n ON n.id = r.order_item_id
               WHERE r.assignment_id = a.id AND r.undone_at IS NULL), 0) AS months
           FROM assignments a JOIN order_items i ON i.id = a.order_item_id ORDER BY a.id""",
    )
    done = Check("Time given is the time sold", "subscriptions", len(rows))
    units = {assignment: unit for unit in ledger.units for assignment in unit.profiles}
    done.found += ledger.strange
    for row in rows:
        unit = units.get(row.id)
        if unit is None:
            continue  # among the strange ones
        said = (row.starts_on, row.ends_on, row.months, row.released_at)
        kept = (unit.starts, unit.end, unit.bought, unit.released_at)
        if said != kept:
            done.found.append(
                f"subscription {row.id}: {row.months} months until {row.ends_on}, "
                f"sold {unit.bought} until {unit.end}"
            )
    return done


async def _orders(session: AsyncSession, ledger: Ledger) -> Check:
    """A paid order is served once: new units, more time, or a place in the line."""
    rows = await fetch(
        session,
        """SELECT o.id, o.status, bool_or(i.fulfilment = 'waiting_stock') AS waits,
                  count(r.id) > 0 AS lengthened
           FROM orders o JOIN order_items i ON i.order_id = o.id
           LEFT JOIN renewals r ON r.order_item_id = i.id AND r.undone_at IS NULL
           GROUP BY o.id ORDER BY o.id""",
    )
    done = Check("Each paid order served once, no other", "orders", len(rows))
    for row in rows:
        order = ledger.orders[row.id]
        if (row.status in {"processing", "delivered"}) != (order.served is not None):
            done.found.append(f"order {row.id}: {row.status}, received {order.received}")
        elif order.served and not row.waits and not _served_once(order, row):
            done.found.append(
                f"order {row.id}: {order.given} given, lengthened {row.lengthened}, "
                f"{order.quantity} bought"
            )
    return done


def _served_once(order: Order, row: Any) -> bool:
    wanted = 0 if order.lengthened else order.quantity
    return order.given == wanted and row.lengthened == order.lengthened


STAYS = """
SELECT a.profile_id, a.assigned_at AS since, a.released_at AS until, a.id FROM assignments a
WHERE NOT EXISTS (SELECT 1 FROM replacements r WHERE r.assignment_id = a.id)
UNION ALL
SELECT r.from_profile_id, coalesce(lag(r.at) OVER moves, a.assigned_at), r.at, a.id
FROM replacements r JOIN assignments a ON a.id = r.assignment_id
WINDOW moves AS (PARTITION BY r.assignment_id ORDER BY r.id)
UNION ALL
SELECT a.profile_id, (SELECT max(at) FROM replacements WHERE assignment_id = a.id),
       a.released_at, a.id
FROM assignments a WHERE EXISTS (SELECT 1 FROM replacements r WHERE r.assignment_id = a.id)
ORDER BY 1, 2, 3 NULLS LAST, 4"""


async def _stays(session: AsyncSession) -> list[tuple[int, list[Any]]]:
    """Who was in each profile, in turn, moves included."""
    rows = await fetch(session, STAYS)
    return [(profile, list(stays)) for profile, stays in groupby(rows, lambda r: r.profile_id)]


async def _holders(session: AsyncSession) -> Check:
    done = Check("No profile with two holders at a time", "stays in a profile")
    for profile, stays in await _stays(session):
        done.looked_at += len(stays)
        done.found += [
            f"profile {profile}: subscriptions {one.id} and {other.id} from {other.since:%F %H:%M}"
            for one, other in pairwise(stays)
            if one.until is None or other.since < one.until
        ]
    return done


async def _resales(session: AsyncSession) -> Check:
    """Between two holders of a profile lies a new password, a new PIN, or the operator's word."""
    rows = await fetch(
        session,
        """SELECT p.id, v.replaced_at AS at FROM credential_versions v JOIN profiles p
               ON p.id = v.profile_id OR (v.profile_id IS NULL AND p.account_id = v.account_id)
           UNION ALL SELECT object_id::bigint, at FROM audit_entries
           WHERE action = 'profile.mark_rotated'""",
    )
    safe: dict[int, list[Any]] = {}
    for row in rows:
        safe.setdefault(row.id, []).append(row.at)
    done = Check("No profile sold again before it was made safe", "profiles sold again")
    for profile, stays in await _stays(session):
        for one, other in pairwise(stays):
            done.looked_at += 1
            if one.until and not any(
                one.until <= at <= other.since for at in safe.get(profile, ())
            ):
                done.found.append(f"profile {profile}: sold again on {other.since:%F}")
    return done


async def _rotations(session: AsyncSession, ledger: Ledger) -> Check:
    rows = await fetch(
        session,
        """SELECT occasion, credential_version AS version, array_agg(assignment_id) AS told
           FROM messages WHERE kind = 'rotated' AND channel = 'web' GROUP BY 1, 2""",
    )
    told: dict[str, list[int]] = {_name(r.occasion, r.version): sorted(r.told) for r in rows}
    done = Check("Each rotation told to exactly who held it", "rotations", len(ledger.rotations))
    for one in ledger.rotations:
        heard = told.pop(_name(one.occasion, one.version), [])
        if heard != sorted(one.holders):
            done.found.append(
                f"{one.occasion}, version {one.version}: told {heard}, held by "
                f"{sorted(one.holders)}"
            )
    done.found += [f"{name}: told {heard}, and nothing was rotated" for name, heard in told.items()]
    return done


def _name(occasion: str, version: int) -> str:
    """A PIN's occasion carries its own version; the message's is the password's."""
    return occasion if occasion.startswith("pin:") else f"{occasion}:{version}"


async def _restocks(session: AsyncSession) -> Check:
    rows = await fetch(
        session,
        """SELECT r.customer_id, r.plan_id, count(*) AS asked, (
               SELECT count(*) FROM messages m WHERE m.customer_id = r.customer_id
                 AND m.kind = 'back_in_stock' AND m.channel = 'web'
                 AND m.occasion = 'plan:' || r.plan_id) AS told
           FROM restock_requests r WHERE r.told_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
    )
    done = Check("Who asked is told once that it is back", "wishes", sum(r.asked for r in rows))
    done.found += [
        f"customer {r.customer_id}, plan {r.plan_id}: asked {r.asked}, told {r.told}"
        for r in rows
        if r.asked != r.told
    ]
    return done


async def _money(session: AsyncSession, ledger: Ledger) -> Check:
    rows = await fetch(
        session, "SELECT order_id, sum(amount) AS amount FROM payments GROUP BY 1 ORDER BY 1"
    )
    kept = {order.id: order.received for order in ledger.orders.values() if order.received}
    said = {row.order_id: row.amount for row in rows}
    done = Check("Every peso on record, once", "paid orders", len(kept))
    done.found += [
        f"order {order}: {said.get(order, 0)} on record, {kept.get(order, 0)} sent"
        for order in sorted(said.keys() | kept.keys())
        if said.get(order) != kept.get(order)
    ]
    paid = await scalar(session, "SELECT coalesce(sum(cost), 0) FROM supplier_renewals")
    if Decimal(paid) != ledger.supplier:
        done.found.append(f"suppliers: {paid} on record, {ledger.supplier} paid")
    return done


def any_found(checks: Iterable[Check]) -> bool:
    return any(one.found for one in checks)
