"""How events reach a webhook: in order for each object, tried for three days, on record.

Nothing here touches the network: `take` hands out what is due, `settle` writes down how it went.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import webhooks
from domain.actors import Actor
from domain.errors import Conflict, NotFound
from domain.records import audit, tell
from domain.sql import fetch, fetch_as, fetch_one, run, scalar
from domain.webhook_events import TEST
from infra import clock
from infra.queue import defer
from infra.vault import Secret, ring

PAGE = 20
TRIES_FOR = timedelta(days=3)
# After the first failure, the second, and so on; the last for all that follow.
WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
]
TOGETHER = 8  # requests to one webhook at the same time; one while it fails
LOST_AFTER = timedelta(minutes=2)  # an attempt of which nobody says how it ended
GONE = 410
LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to be made; `secrets` are those that sign it, the newest first."""

    delivery_id: int
    url: str
    secrets: tuple[Secret, ...]
    event_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is None where nobody answered; `error` names why an attempt failed."""

    status: int | None = None
    answer: str = ""
    error: str = ""

    @property
    def well(self) -> bool:
        return not self.error


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    id: int
    webhook_id: int
    event_id: UUID
    type: str
    happened_at: datetime
    data: dict[str, Any]
    state: str
    attempts: int
    last_attempt_at: datetime | None
    next_attempt_at: datetime
    last_status: int | None
    error: str
    answer: str

    @property
    def body(self) -> str:
        return written(self.type, self.happened_at, self.data)


def written(kind: str, happened_at: datetime, data: dict[str, Any]) -> str:
    """The body of every attempt, letter by letter the same."""
    at = happened_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": at, "data": data}, separators=(",", ":"))


# A delivery `d` whose turn it is: of its object nothing older waits.
TURN = """d.state = 'waiting' AND d.next_attempt_at <= now() AND NOT EXISTS (
    SELECT FROM webhook_deliveries e
    WHERE e.webhook_id = d.webhook_id AND e.object = d.object
      AND e.state = 'waiting' AND e.event_sequence < d.event_sequence)"""


async def due(session: AsyncSession) -> list[int]:
    """The webhooks for which something is to be sent now."""
    rows = await fetch(
        session,
        f"""SELECT w.id FROM webhooks w WHERE w.active AND EXISTS (
               SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id AND {TURN})
           ORDER BY w.id""",  # noqa: S608  # a constant
    )
    return [row.id for row in rows]


async def take(session: AsyncSession, hook_id: int) -> list[Outgoing]:
    """What is due for one webhook, each counted as an attempt and nobody else's meanwhile.

    Of one object only the oldest. While the webhook fails one tries whether it is back.
    """
    hook = await fetch_one(
        session, "SELECT * FROM webhooks WHERE id = %(id)s AND active FOR SHARE", id=hook_id
    )
    if hook is None:
        return []
    taken = await fetch(
        session,
        f"""WITH due AS (
               SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = %(hook)s AND {TURN}
               ORDER BY d.next_attempt_at, d.event_sequence LIMIT %(most)s
               FOR UPDATE SKIP LOCKED)
           UPDATE webhook_deliveries d SET attempts = attempts + 1, last_attempt_at = now(),
               first_attempt_at = coalesce(first_attempt_at, now()),
               next_attempt_at = now() + %(lost)s
           FROM due, webhook_events e WHERE d.id = due.id AND e.sequence = d.event_sequence
           RETURNING d.id, e.id AS event_id, e.type, e.happened_at, e.data, e.sequence""",  # noqa: S608  # a constant
        hook=hook_id,
        most=TOGETHER if hook.failing_since is None else 1,
        lost=LOST_AFTER,
    )
    signing = _secrets(hook)
    return [
        Outgoing(
            row.id,
            hook.url,
            signing,
            str(row.event_id),
            written(row.type, row.happened_at, row.data),
        )
        for row in sorted(taken, key=lambda row: row.sequence)
    ]


def _secrets(hook: Any) -> tuple[Secret, ...]:
    keys = ring()
    current = keys.unseal(hook.secret_sealed, webhooks.place(hook.id))
    if hook.former_until is None or hook.former_until <= clock.now():
        return (current,)
    return current, keys.unseal(hook.former_sealed, webhooks.place(hook.id, "former_sealed"))


async def settle(
    session: AsyncSession, hook_id: int, ended: Sequence[tuple[Outgoing, Outcome]]
) -> None:
    """Write down how attempts went, and what that says of their webhook."""
    hook = await fetch_one(
        session, "SELECT * FROM webhooks WHERE id = %(id)s FOR UPDATE", id=hook_id
    )
    if hook is None:
        return
    if any(outcome.well for _, outcome in ended) and hook.failing_since is not None:
        await _is_back(session, hook_id)
    hopeless = ""
    for outgoing, outcome in ended:
        if outcome.well:
            await _record(session, outgoing.delivery_id, outcome, "delivered", clock.now())
        else:
            hopeless = await _failed(session, hook_id, outgoing, outcome) or hopeless
    if hopeless and hook.active:
        await webhooks.give_up(session, hook_id, hook.url, hopeless)
    await tell(session, "webhooks")


async def _is_back(session: AsyncSession, hook_id: int) -> None:
    """What waited because nobody was there goes now; what was refused waits for its own turn."""
    await run(
        session,
        """WITH waiting AS (
               UPDATE webhook_deliveries SET next_attempt_at = now()
               WHERE webhook_id = %(id)s AND state = 'waiting' AND next_attempt_at > now()
                 AND (last_status IS NULL OR last_status NOT BETWEEN 400 AND 499))
           UPDATE webhooks SET failing_since = NULL WHERE id = %(id)s""",
        id=hook_id,
    )


async def _failed(session: AsyncSession, hook_id: int, outgoing: Outgoing, outcome: Outcome) -> str:
    """Why the webhook is to be given up, if it is: gone, or three days without an answer."""
    row: Any = await fetch_one(
        session,
        """SELECT attempts, first_attempt_at, last_attempt_at
           FROM webhook_deliveries WHERE id = %(id)s""",
        id=outgoing.delivery_id,
    )
    now, last = clock.now(), row.first_attempt_at + TRIES_FOR
    over = now >= last or outcome.status == GONE
    following = min(now + wait(row.attempts), last)
    await _record(
        session, outgoing.delivery_id, outcome, "failed" if over else "waiting", following
    )
    failing_since = await scalar(
        session,
        """UPDATE webhooks SET failing_since = coalesce(failing_since, %(since)s)
           WHERE id = %(id)s RETURNING failing_since""",
        id=hook_id,
        since=row.last_attempt_at,
    )
    if outcome.status == GONE:
        return "gone"
    return "failing" if over and failing_since <= row.first_attempt_at else ""


def wait(attempts: int) -> timedelta:
    """Longer each time, and never the same for two: receivers come back to no stampede."""
    return WAITS[min(attempts, len(WAITS)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311


async def _record(
    session: AsyncSession, delivery_id: int, outcome: Outcome, state: str, following: datetime
) -> None:
    await run(
        session,
        """UPDATE webhook_deliveries SET state = %(state)s, last_status = %(status)s,
               answer = %(answer)s, error = %(error)s, next_attempt_at = %(next)s
           WHERE id = %(id)s""",
        id=delivery_id,
        state=state,
        status=outcome.status,
        answer=outcome.answer[:LONGEST_ANSWER].replace("\x00", ""),
        error=outcome.error,
        next=following,
    )


async def deliveries(
    session: AsyncSession, actor: Actor, *, hook_id: int, before: int | None = None, limit: int
) -> list[DeliveryLine]:
    """The newest first. Raises `Forbidden`, `NotFound`."""
    await webhooks.hook(session, actor, hook_id=hook_id)
    return await fetch_as(
        session,
        DeliveryLine,
        """SELECT d.id, d.webhook_id, e.id AS event_id, e.type, e.happened_at, e.data, d.state,
                  d.attempts, d.last_attempt_at, d.next_attempt_at, d.last_status, d.error,
                  d.answer
           FROM webhook_deliveries d JOIN webhook_events e ON e.sequence = d.event_sequence
           WHERE d.webhook_id = %(hook)s AND (%(before)s::bigint IS NULL OR d.id < %(before)s)
           ORDER BY d.id DESC LIMIT %(limit)s""",
        hook=hook_id,
        before=before,
        limit=limit,
    )


async def send_again(
    session: AsyncSession, actor: Actor, *, hook_id: int, delivery_id: int
) -> DeliveryLine:
    """Send one once more, with the id it had, before all that waits of its object.

    Raises `Forbidden`, `NotFound`, `Conflict` (`webhook_inactive`).
    """
    await _require_active(session, actor, hook_id)
    touched = await run(
        session,
        """UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, first_attempt_at = NULL,
               next_attempt_at = now() WHERE id = %(id)s AND webhook_id = %(hook)s""",
        id=delivery_id,
        hook=hook_id,
    )
    if not touched:
        raise NotFound
    await audit(session, actor, "webhook.resend", "webhook", hook_id)
    await _send_soon(session)
    [line] = await deliveries(session, actor, hook_id=hook_id, before=delivery_id + 1, limit=1)
    return line


async def send_test(session: AsyncSession, actor: Actor, *, hook_id: int) -> None:
    """An event that means nothing, whatever the webhook wants to hear of.

    Raises `Forbidden`, `NotFound`, `Conflict` (`webhook_inactive`).
    """
    await _require_active(session, actor, hook_id)
    await run(
        session,
        """WITH event AS (
               INSERT INTO webhook_events (type, object, data, spread_at)
               VALUES (%(type)s::text, 'webhook:' || %(id)s::bigint, %(data)s, now())
               RETURNING sequence, object)
           INSERT INTO webhook_deliveries (webhook_id, event_sequence, object)
           SELECT %(id)s, sequence, object FROM event""",
        id=hook_id,
        type=TEST,
        data=Jsonb({"webhook_id": hook_id}),
    )
    await audit(session, actor, "webhook.test", "webhook", hook_id)
    await _send_soon(session)


async def _require_active(session: AsyncSession, actor: Actor, hook_id: int) -> None:
    if not (await webhooks.hook(session, actor, hook_id=hook_id)).active:
        raise Conflict("webhook_inactive")


async def _send_soon(session: AsyncSession) -> None:
    await defer(session, "webhooks.send", lock="webhooks.send")
    await tell(session, "webhooks")
