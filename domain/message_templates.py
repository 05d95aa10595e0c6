"""The texts of the shop's messages: as delivered with the shop, or as the owner has written them.

A text names its variables in braces, each of a fixed list. Another text is a new version; what was
said before stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFound
from domain.message_texts import DEFAULTS
from domain.sql import fetch_one


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


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    body: str
    content_variables: Mapping[str, str]


CURRENT = """SELECT * FROM message_templates
    WHERE name = %(name)s ORDER BY version DESC LIMIT 1"""


async def current(session: AsyncSession, name: str) -> Template:
    """The text in force. Raises `NotFound` for a name no message has."""
    if name not in DEFAULTS:
        raise NotFound
    row = await fetch_one(session, CURRENT, name=name)
    return _template(name, row)


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
    )


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """Fill a text. What a value says is never read as a variable again."""
    return Rendered(
        template.subject.format_map(values),
        template.body.format_map(values),
        {str(place): values[name] for place, name in enumerate(template.content_variables, 1)},
    )
