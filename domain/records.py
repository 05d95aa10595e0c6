"""What is written beside every change: the order's timeline, the audit and the signal."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.sql import run, scalar
from domain.webhook_events import HEARD, OF_TIMELINE, announce_order


async def note(session: AsyncSession, actor: Actor, order_id: int, event: str, **data: Any) -> None:
    """Add a line to the order's timeline; `event` has its Spanish sentence in the catalogue.

    Programs that listen hear of it, too.
    """
    heard = await scalar(
        session,
        f"""INSERT INTO timeline_entries (order_id, event, actor_kind, actor_id, data)
           VALUES (%(order_id)s, %(event)s, %(kind)s, %(actor_id)s, %(data)s)
           RETURNING {HEARD}""",  # noqa: S608  # a constant
        order_id=order_id,
        event=event,
        kind=actor.recorded_kind,
        actor_id=actor.id,
        data=Jsonb(data),
    )
    for kind in OF_TIMELINE.get(event, ()) if heard else ():
        await announce_order(session, kind, order_id)


async def audit(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: object,
    **change: Any,
) -> None:
    """Write who did what. `change` holds before and after, never a secret."""
    if actor.key_id is not None:
        change["api_key"] = actor.key_id
    await run(
        session,
        """INSERT INTO audit_entries
               (actor_kind, actor_id, session_id, address_hash,
                action, object_type, object_id, change)
           VALUES (%(kind)s, %(actor_id)s, %(session_id)s, %(address_hash)s,
                   %(action)s, %(object_type)s, %(object_id)s, %(change)s)""",
        kind=actor.recorded_kind,
        actor_id=actor.id,
        session_id=actor.session_id,
        address_hash=actor.address_hash,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        change=Jsonb(change),
    )


async def tell(session: AsyncSession, *topics: str) -> None:
    """Signal every process, at commit, that these topics changed."""
    await run(
        session,
        "SELECT pg_notify('cuenty', topic) FROM unnest(%(topics)s::text[]) AS topic",
        topics=list(topics),
    )


async def raise_alert(session: AsyncSession, kind: str, **data: Any) -> bool:
    """Open an alert for the owner; said again while it is open, only what `data` says changes.

    Whether it was opened just now.
    """
    opened = await scalar(
        session,
        """INSERT INTO alerts (kind, data) VALUES (%(kind)s, %(data)s)
           ON CONFLICT (kind) WHERE closed_at IS NULL
           DO UPDATE SET data = excluded.data WHERE alerts.data <> excluded.data
           RETURNING xmax = 0""",
        kind=kind,
        data=Jsonb(data),
    )
    return bool(opened)


async def close_alert(session: AsyncSession, kind: str) -> None:
    """What it warned of is over; an alert that is not open stays as it is."""
    await run(
        session,
        "UPDATE alerts SET closed_at = now() WHERE kind = %(kind)s AND closed_at IS NULL",
        kind=kind,
    )
