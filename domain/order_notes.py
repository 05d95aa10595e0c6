"""What the staff notes about an order for themselves, and when they want to look at it again."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.orders import lock
from domain.records import audit, tell
from domain.sql import run

LONGEST = 2000


def version(notes: str, follow_up_on: date | None) -> str:
    """Which notes somebody has before them; the same words on the same day are the same."""
    return sha256(f"{follow_up_on}\n{notes}".encode()).hexdigest()[:16]


async def keep_notes(
    session: AsyncSession,
    actor: Actor,
    *,
    order_id: int,
    notes: str,
    follow_up_on: date | None,
    seen: str,
) -> None:
    """Write the notes over those that were `seen`, and over no others.

    Keeping what is kept already changes nothing. Raises `InvalidInput`, `NotFound`, `Conflict`
    (`notes_changed`).
    """
    actor.require_staff()
    notes = notes.replace("\r\n", "\n").strip()
    if len(notes) > LONGEST:
        raise InvalidInput({"notes": "text_long"})
    order = await lock(session, actor, order_id)
    kept, wanted = version(order.notes, order.follow_up_on), version(notes, follow_up_on)
    if kept == wanted:
        return
    if kept != seen:
        raise Conflict("notes_changed")
    await run(
        session,
        "UPDATE orders SET notes = %(notes)s, follow_up_on = %(day)s WHERE id = %(id)s",
        id=order_id,
        notes=notes,
        day=follow_up_on,
    )
    await audit(
        session,
        actor,
        "order.notes",
        "order",
        order_id,
        before=str(order.follow_up_on or ""),
        after=str(follow_up_on or ""),
    )
    await tell(session, f"order:{order_id}", "orders")
