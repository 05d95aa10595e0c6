"""Everything that happens to a ticket is an entry, and makes the ticket's `version` one more."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput, NotFound
from domain.records import tell
from domain.sql import fetch_one, run, scalar
from infra.settings import settings

LONGEST_SUBJECT, LONGEST_WORDS = 120, 4000
# Time closes what was solved: nobody has to, and no job must run for it.
STATE = """CASE WHEN t.status = 'solved' AND t.since < now() - make_interval(days => %(days)s)
    THEN 'closed' ELSE t.status END"""


def check_words(subject: str, body: str) -> tuple[str, str]:
    """Raises `InvalidInput` with both fields when both are wrong."""
    wrong: dict[str, str] = {}
    subject = " ".join(subject.split())
    if not subject:
        wrong["subject"] = "subject_required"
    elif len(subject) > LONGEST_SUBJECT:
        wrong["subject"] = "subject_long"
    try:
        body = words(body, "body")
    except InvalidInput as refusal:
        wrong.update(refusal.fields)
    if wrong:
        raise InvalidInput(wrong)
    return subject, body


def words(body: str, field: str) -> str:
    said = body.replace("\r\n", "\n").strip()
    if not said:
        raise InvalidInput({field: "words_required"})
    if len(said) > LONGEST_WORDS:
        raise InvalidInput({field: "words_long"})
    return said


async def lock(session: AsyncSession, actor: Actor, ticket_id: int) -> Any:
    """Somebody else's ticket is none."""
    ticket = await fetch_one(
        session,
        f"""SELECT t.*, {STATE} AS state FROM tickets t WHERE t.id = %(id)s
             AND (%(staff)s OR t.customer_id = %(actor)s) FOR UPDATE""",  # noqa: S608  # a constant
        id=ticket_id,
        actor=actor.id,
        staff=actor.kind in {"staff", "system"},
        days=settings().support_reopen_days,
    )
    if ticket is None:
        raise NotFound
    return ticket


async def enter(
    session: AsyncSession,
    actor: Actor,
    ticket: Any,
    *,
    body: str = "",
    event: str = "",
    internal: bool = False,
) -> int:
    """Write an entry and tell every open page; its number."""
    entry = int(
        await scalar(
            session,
            """WITH told AS (UPDATE tickets SET version = version + 1 WHERE id = %(id)s)
               INSERT INTO ticket_entries (ticket_id, actor_kind, actor_id, internal, event, body)
               VALUES (%(id)s, %(kind)s, %(actor)s, %(internal)s, %(event)s, %(body)s)
               RETURNING id""",
            id=ticket.id,
            kind=actor.recorded_kind,
            actor=actor.id,
            internal=internal,
            event=event,
            body=body,
        )
    )
    await tell(session, "tickets", f"ticket:{ticket.id}", f"tickets:{ticket.customer_id}")
    return entry


async def turn(session: AsyncSession, ticket: Any, status: str, entry: int) -> None:
    """The entry that brings it into a state gives it its place in that state's queue."""
    await run(
        session,
        """UPDATE tickets SET status = %(status)s, turn = %(entry)s, since = now()
           WHERE id = %(id)s""",
        id=ticket.id,
        status=status,
        entry=entry,
    )


async def enter_state(session: AsyncSession, actor: Actor, ticket: Any, status: str) -> None:
    event = "reopened" if status == "open" else status
    await turn(session, ticket, status, await enter(session, actor, ticket, event=event))
