"""Stock that comes back: holds let go, assignments ended, and who waits for it looked up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run, scalar
from domain.webhook_events import announce_ended
from infra.queue import defer


async def lock_holds(session: AsyncSession, order_ids: Sequence[int]) -> None:
    """Lock what these orders hold, in the order in which everybody locks profiles."""
    await fetch(
        session,
        """SELECT id FROM profiles WHERE reserved_order_id = ANY(%(orders)s) AND status = 'free'
           ORDER BY id FOR UPDATE""",
        orders=list(order_ids),
    )


async def release_holds(session: AsyncSession, order_id: int) -> set[int]:
    """The services that got stock back."""
    await lock_holds(session, [order_id])
    rows = await fetch(
        session,
        """UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL
           WHERE reserved_order_id = %(order)s AND status = 'free' RETURNING service_id""",
        order=order_id,
    )
    return {row.service_id for row in rows}


async def look_who_waits(session: AsyncSession, service_ids: Collection[int]) -> None:
    """Stock of these services came back: paid orders that wait for it are served after the commit.

    A job does it, since whoever gave it back has locked it.
    """
    if service_ids and await scalar(
        session,
        """SELECT EXISTS (SELECT FROM order_items
                          WHERE fulfilment = 'waiting_stock' AND service_id = ANY(%(services)s))""",
        services=list(service_ids),
    ):
        await defer(session, "assignments.fill", lock="assignments.fill")


async def drop_unsellable_holds(session: AsyncSession, order_id: int) -> None:
    """What the order holds in accounts that went down is no longer worth holding."""
    await run(
        session,
        """UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL
           WHERE reserved_order_id = %(order)s AND status = 'free' AND NOT sellable""",
        order=order_id,
    )


async def give_back(session: AsyncSession, assignment_ids: Sequence[int], reason: str) -> list[Any]:
    """End live assignments; rows of (id, service_id, profile_id, status of the profile).

    A profile somebody held is sold again only after a rotation, unless its service says otherwise.
    Assignments that ended before are left alone.
    """
    ended = await fetch(
        session,
        """WITH ended AS (
               UPDATE assignments SET released_at = now(), release_reason = %(reason)s
               WHERE id = ANY(%(ids)s) AND released_at IS NULL RETURNING id, profile_id)
           UPDATE profiles p SET reserved_order_id = NULL, reserved_until = NULL,
               status = CASE WHEN s.rotate_before_resale THEN 'rotate' ELSE 'free' END
           FROM ended, services s WHERE p.id = ended.profile_id AND s.id = p.service_id
           RETURNING ended.id, p.service_id, p.id AS profile_id, p.status""",
        ids=list(assignment_ids),
        reason=reason,
    )
    if ended:
        await announce_ended(session, [row.id for row in ended], reason)
    return ended
