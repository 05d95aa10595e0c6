"""The owner's log: who did what, when and from where. It is read, and never written by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query

from api import routing
from api.access import owner_for
from api.paging import Items, Paged
from api.schemas import HIGHEST, Answer, BusinessDay
from domain import log_pages
from domain.actors import Actor
from domain.errors import InvalidInput
from domain.log_pages import Entry, Wanted
from domain.log_texts import NUMBERED, lines, sentence
from infra.database import reading

router = routing.router("/bitacora", "log")

Reader = Annotated[Actor, Depends(owner_for("log:read"))]
# The screen's groups and persons, by what a program calls them.
GROUPS = {
    "orders": "pedidos",
    "accesses": "accesos",
    "inventory": "inventario",
    "catalog": "catalogo",
    "customers": "clientes",
    "messages": "mensajes",
    "team": "equipo",
    "settings": "ajustes",
    "webhooks": "integraciones",
    "exports": "exportaciones",
}
Group = Literal[
    "orders",
    "accesses",
    "inventory",
    "catalog",
    "customers",
    "messages",
    "team",
    "settings",
    "webhooks",
    "exports",
]
LAST_DAY = date(2200, 1, 1)
PERSONS = {"customers": log_pages.CUSTOMERS, "system": log_pages.SYSTEM, None: ""}


class LogChange(Answer):
    """As the owner reads it; `before` is empty where there was nothing."""

    label: str
    before: str
    after: str


class LogEntry(Answer):
    """`action` does not change; `did` is its Spanish sentence, and `who` did it from `where`."""

    id: int
    at: datetime
    by: str
    who: str
    action: str
    did: str
    object_type: str
    object_id: str
    about: str
    where: str
    changes: list[LogChange]


async def wanted(
    by: Literal["customers", "system"] | None = None,
    staff_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
    group: Group | None = None,
    object_type: Annotated[
        str, Query(max_length=30, description=", ".join(f"`{kind}`" for kind in NUMBERED))
    ] = "",
    object_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
    since: Annotated[BusinessDay | None, Query(alias="from")] = None,
    until: Annotated[BusinessDay | None, Query(alias="to")] = None,
) -> Wanted:
    """`by` or `staff_id`; an object by its type and its number together."""
    if by and staff_id:
        raise InvalidInput({"staff_id": "value_invalid"})
    if object_type and object_type not in NUMBERED:
        raise InvalidInput({"object_type": "value_invalid"})
    if until and until > LAST_DAY:
        raise InvalidInput({"to": "day_invalid"})
    if bool(object_type) != (object_id is not None):
        raise InvalidInput({"object_id" if object_type else "object_type": "value_required"})
    return Wanted(
        person=str(staff_id) if staff_id else PERSONS[by],
        group=GROUPS[group] if group else "",
        object_type=object_type,
        object_id=str(object_id or ""),
        since=since,
        until=until,
    )


@router.get("", summary="The log, newest first")
async def entries(
    actor: Reader, page: Paged, filters: Annotated[Wanted, Depends(wanted)]
) -> Items[LogEntry]:
    async with reading() as session:
        rows = await log_pages.entries(
            session, actor, filters, before=page.before, limit=page.asked
        )
    return page.of(rows, _shown)


def _shown(entry: Entry) -> LogEntry:
    return LogEntry(
        id=entry.id,
        at=entry.at,
        by=entry.actor_kind,
        who=entry.who,
        action=entry.action,
        did=sentence(entry.action),
        object_type=entry.object_type,
        object_id=entry.object_id,
        about=entry.about,
        where=entry.where,
        changes=[LogChange.model_validate(one) for one in lines(entry.action, entry.change)],
    )
