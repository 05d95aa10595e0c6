"""What the owner decides on a screen. A setting nobody has touched is the environment's.

Decisions are kept in memory by every process (`infra.settings.decide`), so that reading one costs
no query; a change tells all of them at its commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import phones
from domain.actors import Actor
from domain.errors import Forbidden, InvalidInput
from domain.records import audit, tell
from domain.sql import fetch, run, scalar
from infra.database import DatabaseDownError, after_commit, reading
from infra.settings import configured, decide, settings

TOPIC = "settings"
CREDENTIALS_IN_MESSAGES = "credentials_in_messages"
WHOLE: dict[str, tuple[int, int]] = {
    "hold_hours": (1, 720),
    "promise_hours": (1, 720),
    "max_unpaid_orders": (1, 50),
    "receipt_hold_hours": (1, 720),
    "grace_days": (0, 60),
    "reminder_first": (2, 60),
    "reminder_second": (1, 59),
    "reminder_after": (1, 60),
    "quiet_from": (0, 23),
    "quiet_until": (0, 23),
}
NAMES: dict[str, int] = {"shop_name": 60, "seller_name": 120}
CHOICES: dict[str, tuple[str, ...]] = {"bank_rule": ("default", "amount", "turns")}
LEGAL = ("terms_text", "privacy_text")
LONGEST_LEGAL = 20_000
KNOWN = frozenset({*WHOLE, *NAMES, *CHOICES, *LEGAL, "support_whatsapp"})


async def change(session: AsyncSession, actor: Actor, values: Mapping[str, int | str]) -> list[str]:
    """Decide these; the names of those that changed. What equals the environment is forgotten.

    Raises `InvalidInput` with every one that is wrong, `Forbidden` for all but an owner.
    """
    if not actor.owner:
        raise Forbidden
    wanted = _checked(values)
    await run(session, "LOCK TABLE shop_settings IN SHARE ROW EXCLUSIVE MODE")
    decided = await _decided(session)
    before = configured().model_copy(update=decided)
    names = [name for name, value in wanted.items() if getattr(before, name) != value]
    for name in names:
        await _keep(session, actor, name, wanted[name])
        shown = {"before": getattr(before, name), "after": wanted[name]}
        await audit(
            session, actor, "setting.change", "setting", name, **({} if name in LEGAL else shown)
        )
    if names:
        now = await _decided(session)
        after_commit(session, lambda: decide(now))
        await tell(session, TOPIC)
    return names


def _checked(values: Mapping[str, int | str]) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    wanted: dict[str, Any] = {}
    for name, value in values.items():
        try:
            wanted[name] = _one(name, value)
        except InvalidInput as refusal:
            wrong |= refusal.fields
    rule = settings().model_copy(update=wanted)
    if not wrong and rule.reminder_first <= rule.reminder_second:
        wrong["reminder_first"] = "reminders_order"
    if wrong:
        raise InvalidInput(wrong)
    return wanted


def _one(name: str, value: int | str) -> int | str:
    if name not in KNOWN:
        raise InvalidInput({name: "field_unknown"})
    if name in WHOLE:
        least, most = WHOLE[name]
        if not isinstance(value, int) or not least <= value <= most:
            raise InvalidInput({name: f"Escribe un número de {least} a {most}."})
        return value
    text = str(value).strip()
    if name == "support_whatsapp":
        return phones.canonical(text, field=name) if text else ""
    if name in CHOICES and text not in CHOICES[name]:
        raise InvalidInput({name: "value_invalid"})
    if name in NAMES and (not text or len(text) > NAMES[name] or not text.isprintable()):
        raise InvalidInput({name: f"Escribe de 1 a {NAMES[name]} letras."})
    if len(text) > LONGEST_LEGAL:
        raise InvalidInput({name: "text_long"})
    return text


async def _keep(session: AsyncSession, actor: Actor, name: str, value: object) -> None:
    if name in KNOWN and value == getattr(configured(), name):
        await run(session, "DELETE FROM shop_settings WHERE name = %(name)s", name=name)
        return
    await run(
        session,
        """INSERT INTO shop_settings (name, value, actor_id) VALUES (%(name)s, %(value)s, %(by)s)
           ON CONFLICT (name) DO UPDATE
              SET value = excluded.value, actor_id = excluded.actor_id, at = now()""",
        name=name,
        value=Jsonb(value),
        by=actor.id,
    )


async def _decided(session: AsyncSession) -> dict[str, Any]:
    rows = await fetch(
        session,
        "SELECT name, value FROM shop_settings WHERE name = ANY(%(known)s)",
        known=sorted(KNOWN),
    )
    return {row.name: row.value for row in rows}


async def refresh() -> None:
    """Read what is decided; for a process that starts, or that missed signals."""
    async with reading() as session:
        decide(await _decided(session))


async def on_signal(topic: str) -> None:
    """To be given to `Signals.listen`."""
    if topic == TOPIC:
        await refresh()


_refreshing: set[asyncio.Task[None]] = set()


def refresh_soon() -> None:
    """To be given to `Signals.on_gap`, which waits for nobody."""
    task = asyncio.ensure_future(_refresh_if_possible())
    _refreshing.add(task)
    task.add_done_callback(_refreshing.discard)


async def _refresh_if_possible() -> None:
    """Without a database the last decisions stand; its return is another gap."""
    try:
        await refresh()
    except DatabaseDownError:
        return


async def credentials_in_messages(session: AsyncSession) -> bool:
    """Whether messages carry the password itself. Off unless the owner took the risk."""
    return bool(
        await scalar(
            session,
            "SELECT value FROM shop_settings WHERE name = %(name)s",
            name=CREDENTIALS_IN_MESSAGES,
        )
    )


async def set_credentials_in_messages(session: AsyncSession, actor: Actor, *, wanted: bool) -> None:
    if not actor.owner:
        raise Forbidden
    before = await credentials_in_messages(session)
    if before == wanted:
        return
    await _keep(session, actor, CREDENTIALS_IN_MESSAGES, wanted)
    await audit(
        session,
        actor,
        "setting.change",
        "setting",
        CREDENTIALS_IN_MESSAGES,
        before=before,
        after=wanted,
    )
