"""The owner's log: who did what, when and from where; every filter is in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace

import reflex as rx

from domain import log_pages
from domain.log_pages import CUSTOMERS, PAGE, SYSTEM, Wanted
from domain.log_texts import GROUPS, NUMBERED, OBJECTS
from infra.database import reading
from state import asked
from state.access import Gate, actor, allow
from state.admin.account_view import Option
from state.admin.log_rows import LogRow, log_row
from state.asked import Place
from state.outcomes import Outcomes, told

PATH = "/admin/bitacora"


@dataclass(frozen=True)
class LogFilters:
    """What the form shows; `key` changes when its fields must be drawn anew."""

    person: str = ""
    group: str = ""
    object_type: str = ""
    object_id: str = ""
    since: str = ""
    until: str = ""
    any: bool = False
    key: str = ""


@dataclass(frozen=True)
class LogView:
    """The screen whole; `newer` and `older` are addresses."""

    rows: tuple[LogRow, ...] = ()
    people: tuple[Option, ...] = ()
    filters: LogFilters = LogFilters()
    newer: str = ""
    older: str = ""
    loaded: bool = False


GROUP_OPTIONS = [(name, label) for name, (label, _) in GROUPS.items()]
OBJECT_OPTIONS = [(kind, OBJECTS[kind].partition(" ")[0]) for kind in NUMBERED]


class AdminLog(Outcomes, rx.State):
    view: LogView = LogView()

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        async with told(self):
            wanted, place = Wanted.of(asked.query(self)), Place.of(self)
            async with reading() as session:
                found = await log_pages.entries(
                    session, actor(), wanted, before=place.before, limit=PAGE + 1
                )
                people = await log_pages.people(session, actor())
            kept = wanted.address()
            newer, older = place.around(PATH, kept, [one.id for one in found], PAGE)
            self.view = LogView(
                rows=tuple(log_row(one, kept) for one in found[:PAGE]),
                people=(*(Option(str(key), name) for key, name in people), *OTHERS),
                filters=_filters(kept, len(people)),
                newer=newer,
                older=older,
                loaded=True,
            )


OTHERS = (Option(CUSTOMERS, "Los clientes"), Option(SYSTEM, "Cuenty, por sí solo"))


def _filters(kept: dict[str, str], people: int) -> LogFilters:
    shown = LogFilters(
        person=kept["persona"],
        group=kept["grupo"],
        object_type=kept["objeto"],
        object_id=kept["numero"],
        since=kept["desde"],
        until=kept["hasta"],
        any=any(kept.values()),
    )
    return replace(shown, key=f"{people}:{':'.join(kept.values())}")
