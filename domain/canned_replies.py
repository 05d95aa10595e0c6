"""Answers written in advance. `{nombre}` in one stands for the first name of whoever asked."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.records import audit
from domain.sql import fetch_as, fetch_one, run, scalar
from domain.ticket_entries import LONGEST_WORDS

LONGEST_TITLE = 80
NAME = "{nombre}"


@dataclass(frozen=True, slots=True)
class Reply:
    id: int
    title: str
    body: str
    version: int


async def all_replies(session: AsyncSession, actor: Actor) -> list[Reply]:
    actor.require_staff()
    return await fetch_as(
        session, Reply, "SELECT id, title, body, version FROM canned_replies ORDER BY title"
    )


def fill(body: str, customer_name: str) -> str:
    """Greet by the first name; who has left none is greeted without."""
    first = customer_name.partition(" ")[0]
    if not first:
        body = body.replace(f", {NAME}", "").replace(f" {NAME}", "")
    return body.replace(NAME, first)


async def add(session: AsyncSession, actor: Actor, *, title: str, body: str) -> int:
    """Its number; saying the same again changes nothing. Raises `InvalidInput`."""
    actor.require_staff()
    title, body = _checked(title, body)
    reply_id = await scalar(
        session,
        """INSERT INTO canned_replies (title, body) VALUES (%(title)s, %(body)s)
           ON CONFLICT DO NOTHING RETURNING id""",
        title=title,
        body=body,
    )
    if reply_id is not None:
        await audit(session, actor, "reply.add", "reply", reply_id, title=title)
        return int(reply_id)
    same = await scalar(
        session,
        "SELECT id FROM canned_replies WHERE title = %(title)s AND body = %(body)s",
        title=title,
        body=body,
    )
    if same is None:
        raise InvalidInput({"title": "title_taken"})
    return int(same)


async def change(
    session: AsyncSession, actor: Actor, *, reply_id: int, version: int, title: str, body: str
) -> None:
    """Raises `NotFound`, `InvalidInput`, `Conflict` when it is not the version that was read."""
    actor.require_staff()
    title, body = _checked(title, body)
    before = await _lock(session, reply_id)
    if (before.title, before.body) == (title, body):
        return  # said already
    _check_version(before, version)
    try:
        await run(
            session,
            """UPDATE canned_replies SET title = %(title)s, body = %(body)s, version = version + 1
               WHERE id = %(id)s""",
            id=reply_id,
            title=title,
            body=body,
        )
    except psycopg.errors.UniqueViolation as error:
        raise InvalidInput({"title": "title_taken"}) from error
    await audit(session, actor, "reply.change", "reply", reply_id, before=before.title, after=title)


async def remove(session: AsyncSession, actor: Actor, *, reply_id: int, version: int) -> None:
    """What was answered with it stays. Raises `NotFound`, `Conflict`."""
    actor.require_staff()
    before = await _lock(session, reply_id)
    _check_version(before, version)
    await run(session, "DELETE FROM canned_replies WHERE id = %(id)s", id=reply_id)
    await audit(session, actor, "reply.remove", "reply", reply_id, title=before.title)


async def _lock(session: AsyncSession, reply_id: int) -> Reply:
    row = await fetch_one(
        session,
        "SELECT id, title, body, version FROM canned_replies WHERE id = %(id)s FOR UPDATE",
        id=reply_id,
    )
    if row is None:
        raise NotFound
    return Reply(*row)


def _check_version(reply: Reply, version: int) -> None:
    if reply.version != version:
        raise Conflict("reply_changed")


def _checked(title: str, body: str) -> tuple[str, str]:
    wrong: dict[str, str] = {}
    title, body = " ".join(title.split()), body.replace("\r\n", "\n").strip()
    if not title:
        wrong["title"] = "title_required"
    elif len(title) > LONGEST_TITLE:
        wrong["title"] = "title_long"
    if not body:
        wrong["body"] = "words_required"
    elif len(body) > LONGEST_WORDS:
        wrong["body"] = "words_long"
    if wrong:
        raise InvalidInput(wrong)
    return title, body
