"""Addresses of the owner's programs that the shop tells what happens: made, changed and ended.

A secret is shown when it is made and never again. While a new one takes its place, requests carry
a signature of each, so that a receiver can change over without losing any.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.records import audit, close_alert, raise_alert, tell
from domain.sql import fetch_as, fetch_one, run, scalar
from domain.webhook_events import EVENTS
from infra import clock
from infra.settings import settings
from infra.vault import Place, Secret, ring

MOST = 20
ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks', 0))"
LONGEST_URL, LONGEST_DESCRIPTION = 500, 80
BOTH_SIGN = timedelta(hours=24)
PREFIX = "whsec_"  # as the standard marks a secret


@dataclass(frozen=True, slots=True)
class HookLine:
    """`former_until` is until when the secret before the last one signs, too."""

    id: int
    url: str
    description: str
    events: list[str]
    active: bool
    disabled_reason: str
    failing_since: datetime | None
    former_until: datetime | None
    created_at: datetime
    waiting: int
    last_delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewHook:
    id: int
    secret: Secret


LINES = """SELECT w.id, w.url, w.description, w.events, w.active, w.disabled_reason,
           w.failing_since,
           CASE WHEN w.former_until > %(now)s THEN w.former_until END AS former_until, w.created_at,
           (SELECT count(*) FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,
           (SELECT max(d.last_attempt_at) FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.state = 'delivered') AS last_delivered_at
    FROM webhooks w WHERE %(id)s::bigint IS NULL OR w.id = %(id)s ORDER BY w.id DESC"""


async def hooks(session: AsyncSession, actor: Actor) -> list[HookLine]:
    """All of them, the newest first."""
    _require_owner(actor)
    return await fetch_as(session, HookLine, LINES, id=None, now=clock.now())


async def hook(session: AsyncSession, actor: Actor, *, hook_id: int) -> HookLine:
    _require_owner(actor)
    found = await fetch_as(session, HookLine, LINES, id=hook_id, now=clock.now())
    if not found:
        raise NotFound
    return found[0]


async def create(
    session: AsyncSession,
    actor: Actor,
    *,
    url: str,
    events: Collection[str],
    description: str = "",
) -> NewHook:
    """The only moment at which its secret can be read.

    Raises `Forbidden`, `InvalidInput`, `Conflict` (`webhooks_limit`).
    """
    _require_owner(actor)
    url, description = _checked(url, events, description)
    await run(session, ONE_BY_ONE)  # of two for the last place the second counts the first
    if await scalar(session, "SELECT count(*) FROM webhooks") >= MOST:
        raise Conflict("webhooks_limit", limit=MOST)
    hook_id = int(await scalar(session, "SELECT nextval(pg_get_serial_sequence('webhooks', 'id'))"))
    secret = _new_secret()
    await run(
        session,
        """INSERT INTO webhooks (id, url, description, events, secret_sealed)
           OVERRIDING SYSTEM VALUE
           VALUES (%(id)s, %(url)s, %(description)s, %(events)s, %(sealed)s)""",
        id=hook_id,
        url=url,
        description=description,
        events=_in_order(events),
        sealed=ring().seal(secret, place(hook_id)),
    )
    await audit(session, actor, "webhook.create", "webhook", hook_id, url=url)
    await tell(session, "webhooks")
    return NewHook(hook_id, secret)


async def change(
    session: AsyncSession,
    actor: Actor,
    *,
    hook_id: int,
    url: str,
    events: Collection[str],
    description: str = "",
) -> None:
    """Raises `Forbidden`, `NotFound`, `InvalidInput`."""
    row = await _lock(session, actor, hook_id)
    url, description = _checked(url, events, description)
    await run(
        session,
        """UPDATE webhooks SET url = %(url)s, description = %(description)s, events = %(events)s
           WHERE id = %(id)s""",
        id=hook_id,
        url=url,
        description=description,
        events=_in_order(events),
    )
    was = {"url": row.url, "events": row.events, "description": row.description}
    now = {"url": url, "events": _in_order(events), "description": description}
    if was != now:
        await audit(session, actor, "webhook.change", "webhook", hook_id, before=was, after=now)
    await tell(session, "webhooks")


async def rotate(session: AsyncSession, actor: Actor, *, hook_id: int) -> Secret:
    """A new secret; the one of today signs beside it for a day, an older one no more."""
    row = await _lock(session, actor, hook_id)
    secret, keys = _new_secret(), ring()
    former = keys.unseal(row.secret_sealed, place(hook_id))
    await run(
        session,
        """UPDATE webhooks SET secret_sealed = %(sealed)s, former_sealed = %(former)s,
               former_until = %(until)s WHERE id = %(id)s""",
        id=hook_id,
        sealed=keys.seal(secret, place(hook_id)),
        former=keys.seal(former, place(hook_id, "former_sealed")),
        until=clock.now() + BOTH_SIGN,
    )
    await audit(session, actor, "webhook.rotate", "webhook", hook_id)
    await tell(session, "webhooks")
    return secret


async def enable(session: AsyncSession, actor: Actor, *, hook_id: int) -> None:
    """What waited goes out now, with three days ahead of it again."""
    row = await _lock(session, actor, hook_id)
    if row.active:
        return
    await run(
        session,
        """WITH again AS (
               UPDATE webhook_deliveries
               SET first_attempt_at = NULL, next_attempt_at = now(), attempts = 0
               WHERE webhook_id = %(id)s AND state = 'waiting')
           UPDATE webhooks SET active = true, disabled_reason = '', failing_since = NULL
           WHERE id = %(id)s""",
        id=hook_id,
    )
    await close_alert(session, alert(hook_id))
    await audit(session, actor, "webhook.enable", "webhook", hook_id)
    await tell(session, "webhooks")


async def disable(session: AsyncSession, actor: Actor, *, hook_id: int) -> None:
    """Nothing is sent from now on, and what happens meanwhile is not kept for it."""
    row = await _lock(session, actor, hook_id)
    if row.active:
        await _put_out(session, actor, hook_id, "owner")


async def give_up(session: AsyncSession, hook_id: int, url: str, reason: str) -> None:
    """Nobody answers well for three days, or the address is gone for good: the owner must look."""
    await _put_out(session, SYSTEM, hook_id, reason)
    await raise_alert(session, alert(hook_id), address=urlsplit(url).hostname or url)


async def remove(session: AsyncSession, actor: Actor, *, hook_id: int) -> None:
    """With the record of its deliveries."""
    row = await _lock(session, actor, hook_id)
    await run(session, "DELETE FROM webhooks WHERE id = %(id)s", id=hook_id)
    await close_alert(session, alert(hook_id))
    await audit(session, actor, "webhook.remove", "webhook", hook_id, url=row.url)
    await tell(session, "webhooks")


async def _put_out(session: AsyncSession, actor: Actor, hook_id: int, reason: str) -> None:
    await run(
        session,
        "UPDATE webhooks SET active = false, disabled_reason = %(reason)s WHERE id = %(id)s",
        id=hook_id,
        reason=reason,
    )
    await audit(session, actor, "webhook.disable", "webhook", hook_id, reason=reason)
    await tell(session, "webhooks")


def alert(hook_id: int) -> str:
    return f"webhook_off:{hook_id}"


def place(hook_id: int, column: str = "secret_sealed") -> Place:
    return Place("webhooks", column, hook_id)


def _new_secret() -> Secret:
    return Secret(PREFIX + base64.b64encode(secrets.token_bytes(32)).decode())


def _in_order(events: Collection[str]) -> list[str]:
    return [kind for kind in EVENTS if kind in events]


def _checked(url: str, events: Collection[str], description: str) -> tuple[str, str]:
    """What the form of an address shows; whom it leads to is looked at when something is sent."""
    url, description = url.strip(), " ".join(description.split())
    wrong: dict[str, str] = {}
    if code := _url_fault(url):
        wrong["url"] = code
    if not events or not set(events) <= EVENTS.keys():
        wrong["events"] = "webhook_events_invalid"
    if len(description) > LONGEST_DESCRIPTION or not description.isprintable():
        wrong["description"] = "text_long"
    if wrong:
        raise InvalidInput(wrong)
    return url, description


def _url_fault(url: str) -> str:
    """Outside the demo only https; no user or password, which would be kept in clear."""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "webhook_url_invalid"
    if not known or len(url) > LONGEST_URL or not url.isascii() or " " in url:
        return "webhook_url_invalid"
    if not url.isprintable() or parts.username is not None or parts.fragment:
        return "webhook_url_invalid"
    if parts.scheme != "https" and not (settings().demo and parts.scheme == "http"):
        return "webhook_url_https"
    return ""


async def _lock(session: AsyncSession, actor: Actor, hook_id: int) -> Any:
    _require_owner(actor)
    row = await fetch_one(
        session, "SELECT * FROM webhooks WHERE id = %(id)s FOR UPDATE", id=hook_id
    )
    if row is None:
        raise NotFound
    return row


def _require_owner(actor: Actor) -> None:
    if not actor.owner:
        raise Forbidden
