"""From the queue to a sender: each message is one sender's at a time.

Before a sender sets out, the row says that it did. Whoever finds that mark and no outcome asks the
provider whether the message went before sending it again: a crash or an answer that never came is
no reason to say a thing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import message_budgets, message_providers
from domain.message_bodies import Said, Writer
from domain.message_needs import why_not
from domain.message_sending import AT_ANY_HOUR, MOST_ATTEMPTS, fail
from domain.reminder_times import quiet
from domain.sql import fetch, run
from infra.queue import defer_many
from infra.vault import Place, Secret, VaultError, ring

LEASE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent; its body may hold a code or an access, so it is a `Secret`.

    `in_doubt_since` is when somebody set out with it before of whom nobody knows how it ended;
    `known` are then the provider's ids of other messages to the same address.
    """

    id: UUID
    channel: str
    provider: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: Secret
    content_sid: str
    content_variables: Mapping[str, str] = field(repr=False)
    in_doubt_since: datetime | None
    known: frozenset[str] = frozenset()


# Only the first may be in doubt: to ask takes the time in which the others are to be sent.
TAKE = """SELECT * FROM messages
    WHERE id = ANY(%(ids)s) AND status = 'queued'
      AND (in_doubt_since IS NULL OR id = %(first)s)
      AND (leased_until IS NULL OR leased_until < now())
      AND (not_before IS NULL OR not_before <= now())
      AND (kind = ANY(%(any_hour)s) OR NOT %(quiet)s)
    ORDER BY id = %(first)s DESC, kind = 'login_code' DESC, created_at
    FOR UPDATE SKIP LOCKED"""


async def lease(
    session: AsyncSession,
    message_ids: Sequence[UUID],
    providers: Mapping[str, str],
    usable: Collection[str],
) -> list[Outgoing]:
    """Take those of these messages for 60 s that are to be sent now; the first one comes first.

    `providers` names who carries each channel. What nobody needs any more is given up here: a code
    after ten minutes, a reminder that another one has overtaken, a text that does not open.
    """
    rows = await fetch(
        session,
        TAKE,
        ids=list(message_ids),
        first=message_ids[0],
        any_hour=list(AT_ANY_HOUR),
        quiet=quiet(),
    )
    rows = [row for row in rows if not await _give_up_if_late(session, row, usable)]
    rows = await _that_have_room(session, rows, providers)
    said = await _written(session, rows, usable)
    rows = await _that_can_be_paid(session, [row for row in rows if row.id in said])
    await _set_out(session, rows, said)
    return [
        Outgoing(
            id=row.id,
            channel=row.channel,
            provider=providers.get(row.channel, "none"),
            to=row.to_address,
            subject=said[row.id].subject,
            body=said[row.id].body,
            content_sid=said[row.id].content_sid if row.channel == "whatsapp" else "",
            content_variables=said[row.id].content_variables,
            in_doubt_since=row.in_doubt_since,
            known=await _known(session, row) if row.in_doubt_since else frozenset(),
        )
        for row in rows
    ]


async def _give_up_if_late(session: AsyncSession, row: Any, usable: Collection[str]) -> bool:
    why = await why_not(session, row)
    if not why and row.attempts >= MOST_ATTEMPTS:
        why = row.error_code or "interrupted"
    if why:
        await fail(session, row, why, usable)
    return bool(why)


async def _that_have_room(
    session: AsyncSession, rows: Sequence[Any], providers: Mapping[str, str]
) -> list[Any]:
    """Without those whose provider is to be left alone."""
    carried: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        carried[providers.get(row.channel, "none")].append(row)
    taken = [
        row
        for provider, theirs in carried.items()
        for row in theirs[: await message_providers.room(session, provider, len(theirs))]
    ]
    return [row for row in rows if row in taken]


async def _written(
    session: AsyncSession, rows: Sequence[Any], usable: Collection[str]
) -> dict[UUID, Said]:
    writer, said = Writer(session, rows), dict[UUID, Said]()
    for row in rows:
        try:
            said[row.id] = await writer.write(row)
        except VaultError:
            await fail(session, row, "sealed_text", usable)
    return said


async def _that_can_be_paid(session: AsyncSession, rows: Sequence[Any]) -> list[Any]:
    """Without those for which a budget is used up: they wait. A second attempt costs nothing."""
    costly = [row for row in rows if row.kind != "login_code" and not row.attempts]
    if not costly:
        return list(rows)
    waits = await message_budgets.spend(session, [row.to_address for row in costly])
    late = {row.id: until for row, until in zip(costly, waits, strict=True) if until is not None}
    for message_id, until in late.items():
        await run(
            session,
            "UPDATE messages SET not_before = %(until)s WHERE id = %(id)s",
            id=message_id,
            until=until,
        )
    return [row for row in rows if row.id not in late]


async def _set_out(session: AsyncSession, rows: Sequence[Any], said: Mapping[UUID, Said]) -> None:
    """Seal the texts, so that every attempt says the same, and write down that they go out."""
    await run(
        session,
        """UPDATE messages m SET attempts = attempts + 1, updated_at = now(),
               body_sealed = out.body, in_doubt_since = coalesce(in_doubt_since, now()),
               leased_until = now() + make_interval(secs => %(lease)s)
           FROM unnest(%(ids)s::uuid[], %(bodies)s::bytea[]) AS out (id, body)
           WHERE m.id = out.id""",
        ids=[row.id for row in rows],
        bodies=[row.body_sealed or _sealed(row.id, said[row.id].body) for row in rows],
        lease=LEASE_SECONDS,
    )


def _sealed(message_id: UUID, body: Secret) -> bytes:
    return ring().seal(body, Place("messages", "body_sealed", message_id))


async def _known(session: AsyncSession, row: Any) -> frozenset[str]:
    others = await fetch(
        session,
        """SELECT provider_id FROM messages WHERE to_address = %(to)s AND provider_id <> ''
             AND created_at > now() - interval '2 days'""",
        to=row.to_address,
    )
    return frozenset(other.provider_id for other in others)


async def give_back(session: AsyncSession, message_ids: Sequence[UUID]) -> None:
    """Nobody has set out with these after all; the next sender may."""
    await run(
        session,
        """UPDATE messages SET leased_until = NULL, in_doubt_since = NULL
           WHERE id = ANY(%(ids)s) AND status = 'queued'""",
        ids=list(message_ids),
    )
    await defer_many(session, "messages.send", [{"message_id": str(one)} for one in message_ids])
