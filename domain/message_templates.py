"""The texts of the shop's messages: as delivered with the shop, or as the owner has written them.

A text names its variables in braces. Each name is one of a fixed list, checked when it is saved, so
that no message goes out with a hole in it. Saving makes a new version; what was said before stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.message_texts import DEFAULTS, VARIABLES, Default
from domain.records import audit
from domain.sql import fetch, fetch_one, run

LONGEST_SUBJECT = 120
LONGEST_BODY = 1000
LONGEST_SID = 64
SID_PREFIX = "HX"  # how WhatsApp's approved templates begin at Twilio
NEVER_APPROVED = frozenset({"access"})  # WhatsApp takes no value of several lines, and none empty


@dataclass(frozen=True, slots=True)
class Template:
    """A text by version; 0 is the one the shop came with.

    `content_variables` fill the {{1}}, {{2}}, … of the approved template `content_sid`.
    """

    name: str
    version: int
    category: str
    subject: str
    body: str
    content_sid: str
    content_variables: tuple[str, ...]
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def default(self) -> Default:
        return DEFAULTS[self.name]


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    body: str
    content_variables: Mapping[str, str]


WITH_AUTHOR = """SELECT t.*, coalesce(u.username, '') AS changed_by FROM message_templates t
    LEFT JOIN staff_users u ON u.id = t.actor_id"""
NEWEST_FIRST = f"{WITH_AUTHOR} WHERE t.name = %(name)s ORDER BY t.version DESC"


async def current(session: AsyncSession, name: str) -> Template:
    """The text in force. Raises `NotFound` for a name no message has."""
    if name not in DEFAULTS:
        raise NotFound
    row = await fetch_one(session, f"{NEWEST_FIRST} LIMIT 1", name=name)
    return _template(name, row)


async def all_current(session: AsyncSession, actor: Actor) -> list[Template]:
    """Every text in force, in the order in which a customer meets them."""
    actor.require_staff()
    rows = await fetch(
        session,
        f"""SELECT DISTINCT ON (name) * FROM ({WITH_AUTHOR}) AS t
           ORDER BY name, version DESC""",  # noqa: S608  # a constant
    )
    written = {row.name: row for row in rows}
    return [_template(name, written.get(name)) for name in DEFAULTS]


async def versions(session: AsyncSession, actor: Actor, *, name: str) -> list[Template]:
    """What was said before, the newest first; the text the shop came with is not among them."""
    actor.require_staff()
    if name not in DEFAULTS:
        raise NotFound
    rows = await fetch(session, f"{NEWEST_FIRST} LIMIT 50", name=name)
    return [_template(name, row) for row in rows]


def _template(name: str, row: Any | None) -> Template:
    default = DEFAULTS[name]
    if row is None:
        return Template(name, 0, default.category, default.subject, default.body, "", ())
    return Template(
        name,
        row.version,
        default.category,
        row.subject,
        row.body,
        row.content_sid,
        tuple(row.content_variables),
        row.changed_by,
        row.at,
    )


async def save(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    seen: int,
    subject: str,
    body: str,
    content_sid: str = "",
    content_variables: Sequence[str] = (),
) -> int:
    """Put another text in force; its version. The same text again changes nothing.

    `seen` is the version the writer had before them. Raises `Forbidden`, `NotFound`,
    `InvalidInput` for each field that cannot go out, `Conflict` (`template_changed`) when somebody
    else has saved since.
    """
    if not actor.owner:
        raise Forbidden
    await run(session, "SELECT pg_advisory_xact_lock(hashtextextended('template', 0))")
    before = await current(session, name)
    subject, body, content_sid = subject.strip(), body.strip(), content_sid.strip()
    if faults := check(name, subject, body, content_sid, content_variables):
        raise InvalidInput(faults)
    said = (subject, body, content_sid, tuple(content_variables))
    if said == (before.subject, before.body, before.content_sid, before.content_variables):
        return before.version
    if before.version != seen:
        raise Conflict("template_changed")
    version = before.version + 1
    await run(
        session,
        """INSERT INTO message_templates (name, version, category, subject, body, content_sid,
                                          content_variables, actor_id)
           VALUES (%(name)s, %(version)s, %(category)s, %(subject)s, %(body)s, %(sid)s,
                   %(variables)s, %(actor)s)""",
        name=name,
        version=version,
        category=DEFAULTS[name].category,
        subject=subject,
        body=body,
        sid=content_sid,
        variables=Jsonb(list(content_variables)),
        actor=actor.id,
    )
    await audit(session, actor, "template.save", "template", name, version=version)
    return version


async def restore(
    session: AsyncSession, actor: Actor, *, name: str, version: int, seen: int
) -> int:
    """Say again what was said in this version, as a new one; 0 is the text the shop came with.

    Raises as `save` does, and `NotFound` for a version there never was.
    """
    row = await fetch_one(
        session,
        f"SELECT * FROM ({WITH_AUTHOR}) AS t WHERE name = %(name)s AND version = %(version)s",  # noqa: S608  # a constant
        name=name,
        version=version,
    )
    if name not in DEFAULTS or (row is None and version != 0):
        raise NotFound
    was = _template(name, row)
    return await save(
        session,
        actor,
        name=name,
        seen=seen,
        subject=was.subject,
        body=was.body,
        content_sid=was.content_sid,
        content_variables=was.content_variables,
    )


def check(
    name: str, subject: str, body: str, content_sid: str, content_variables: Sequence[str]
) -> dict[str, str]:
    """What is wrong with a text, by field; empty when it can go out."""
    text = DEFAULTS[name]
    faults = {
        "body": _fault_of_body(name, body),
        "subject": _fault_of_subject(text, subject),
        "content_sid": "" if not content_sid or _is_sid(content_sid) else "content_sid_invalid",
        "content_variables": _fault_of_variables(text, content_sid, content_variables),
    }
    return {field: fault for field, fault in faults.items() if fault}


def _fault_of_body(name: str, body: str) -> str:
    text = DEFAULTS[name]
    if not body:
        return "value_required"
    if len(body) > LONGEST_BODY:
        return "text_long"
    if fault := _fault_of(body, text.variables):
        return fault
    if lacking := [one for one in text.needed if one not in _names_in(body)]:
        return f"template_lacks_{lacking[0]}"
    with_link = name == "login_code" and ("://" in body or "www." in body.lower())
    return "template_code_link" if with_link else ""


def _fault_of_subject(text: Default, subject: str) -> str:
    if text.subject and not subject:
        return "value_required"
    if "\n" in subject or "\r" in subject:
        return "value_invalid"
    return "text_long" if len(subject) > LONGEST_SUBJECT else _fault_of(subject, text.variables)


def _fault_of_variables(text: Default, content_sid: str, names: Sequence[str]) -> str:
    """WhatsApp's approved template has to say as much as the text in its place."""
    if set(names) - (set(text.variables) - NEVER_APPROVED):
        return "template_variable"
    lacking = [one for one in text.needed if one not in names] if content_sid else []
    return f"template_lacks_{lacking[0]}" if lacking else ""


def _is_sid(written: str) -> bool:
    return (
        written.startswith(SID_PREFIX)
        and written.isascii()
        and written.isalnum()
        and len(written) <= LONGEST_SID
    )


def _fault_of(text: str, allowed: Sequence[str]) -> str:
    """A brace left open, or a name that is none of the allowed ones."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return "template_braces"
    names = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    plain = all(name in allowed and not spec and not conversion for name, spec, conversion in names)
    return "" if plain else "template_variable"


def _names_in(text: str) -> set[str | None]:
    """The variables that will be filled; a doubled brace is written as a brace."""
    return {name for _, name, _, _ in Formatter().parse(text)}


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """Fill a text. What a value says is never read as a variable again."""
    return Rendered(
        template.subject.format_map(values),
        template.body.format_map(values),
        {str(place): values[name] for place, name in enumerate(template.content_variables, 1)},
    )


def preview(name: str, subject: str, body: str) -> Rendered:
    """The text with made-up values. Raises `InvalidInput` as `save` does, `NotFound`."""
    if name not in DEFAULTS:
        raise NotFound
    subject, body = subject.strip(), body.strip()
    if faults := check(name, subject, body, "", ()):
        raise InvalidInput(faults)
    return sampled(Template(name, 0, DEFAULTS[name].category, subject, body, "", ()))


def sampled(template: Template) -> Rendered:
    return render(template, {name: known.sample for name, known in VARIABLES.items()})
