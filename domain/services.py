"""The services a shop sells: made, described, put in order. Prices belong to their plans."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.catalog_changes import lock, lock_as_seen, require_owner, write
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit
from domain.sql import fetch, run, scalar
from domain.texts import REFUSALS

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COLOR = re.compile(r"#[0-9a-f]{6}")
LONGEST_NAME, LONGEST_CATEGORY, LONGEST_TEXT = 80, 40, 4000
MOST_PROFILES = 20


@dataclass(frozen=True, slots=True)
class ServiceSheet:
    """What a form holds; `slug` is its address in the shop, `max_profiles` 1 for one person."""

    name: str
    slug: str
    category: str
    max_profiles: int
    color: str = "#334155"
    description: str = ""
    terms: str = ""
    instructions: str = ""


async def create(session: AsyncSession, actor: Actor, sheet: ServiceSheet) -> int:
    """Add it at the end of the shop. For owners. Raises `InvalidInput`."""
    require_owner(actor)
    _check(sheet)
    try:
        created = await scalar(
            session,
            """INSERT INTO services (name, slug, category, max_profiles, color, description, terms,
                                     instructions, position)
               SELECT %(name)s, %(slug)s, %(category)s, %(max_profiles)s, %(color)s,
                      %(description)s, %(terms)s, %(instructions)s, coalesce(max(position), 0) + 1
               FROM services RETURNING id""",
            **asdict(sheet),
        )
    except psycopg.errors.UniqueViolation as error:
        raise InvalidInput({"slug": "slug_taken"}) from error
    await audit(session, actor, "service.created", "service", created, after=asdict(sheet))
    return int(created)


async def edit(
    session: AsyncSession, actor: Actor, *, service_id: int, version: int, sheet: ServiceSheet
) -> None:
    """Operators write the texts; address and profiles per account are the owner's.

    Raises `NotFound`, `InvalidInput`, `Forbidden`, `Conflict` for a form filled before somebody
    else's change.
    """
    actor.require_staff()
    _check(sheet)
    row = await lock_as_seen(session, "service", service_id, version)
    if (row.slug, row.max_profiles) != (sheet.slug, sheet.max_profiles):
        if not actor.owner:
            raise Forbidden
        await _keep_stock_whole(session, service_id, sheet.max_profiles)
    try:
        await write(session, actor, "service", row, asdict(sheet))
    except psycopg.errors.UniqueViolation as error:
        raise InvalidInput({"slug": "slug_taken"}) from error


async def _keep_stock_whole(session: AsyncSession, service_id: int, max_profiles: int) -> None:
    """No account may have more profiles than its service allows."""
    most = await scalar(
        session,
        """SELECT coalesce(max(n), 0) FROM (
               SELECT count(*) AS n FROM profiles WHERE service_id = %(id)s GROUP BY account_id
           ) AS counted""",
        id=service_id,
    )
    if most > max_profiles:
        raise InvalidInput({"max_profiles": REFUSALS["profiles_exist"].format(most=most)})


def _check(sheet: ServiceSheet) -> None:
    """Everything that is wrong, at once."""
    wrong: dict[str, str] = {}
    for field, longest in (("name", LONGEST_NAME), ("category", LONGEST_CATEGORY)):
        said = str(getattr(sheet, field))
        if not said.strip():
            wrong[field] = "value_required"
        elif len(said) > longest:
            wrong[field] = "text_long"
    for field in ("description", "terms", "instructions"):
        if len(getattr(sheet, field)) > LONGEST_TEXT:
            wrong[field] = "text_long"
    if not SLUG.fullmatch(sheet.slug) or len(sheet.slug) > 60:  # noqa: PLR2004  # the column's
        wrong["slug"] = "slug_invalid"
    if not COLOR.fullmatch(sheet.color):
        wrong["color"] = "color_invalid"
    if not 1 <= sheet.max_profiles <= MOST_PROFILES:
        wrong["max_profiles"] = "max_profiles_invalid"
    if wrong:
        raise InvalidInput(wrong)


async def move(session: AsyncSession, actor: Actor, *, service_id: int, up: bool) -> None:
    """Swap it with its neighbour in the shop; at either end nothing happens. Raises `NotFound`."""
    actor.require_staff()
    order = await _order(session)
    if service_id not in order:
        await lock(session, "service", service_id)
        return
    await _put(session, actor, order, service_id, order.index(service_id) + (-1 if up else 1))


async def put_at(session: AsyncSession, actor: Actor, *, service_id: int, place_of: int) -> None:
    """Put it where another one stands, which makes room. Raises `NotFound` for either."""
    actor.require_staff()
    order = await _order(session)
    for one in (service_id, place_of):
        if one not in order:
            raise NotFound
    await _put(session, actor, order, service_id, order.index(place_of))


async def _order(session: AsyncSession) -> list[int]:
    rows = await fetch(
        session,
        "SELECT id FROM services WHERE archived_at IS NULL ORDER BY position, id FOR UPDATE",
    )
    return [row.id for row in rows]


async def _put(
    session: AsyncSession, actor: Actor, order: list[int], service_id: int, there: int
) -> None:
    here = order.index(service_id)
    if here == there or not 0 <= there < len(order):
        return
    order.insert(there, order.pop(here))
    await run(
        session,
        """UPDATE services s SET position = wanted.n
           FROM unnest(%(order)s::bigint[]) WITH ORDINALITY AS wanted (id, n)
           WHERE s.id = wanted.id AND s.position <> wanted.n""",
        order=order,
    )
    await audit(
        session, actor, "service.moved", "service", service_id, before=here + 1, after=there + 1
    )
