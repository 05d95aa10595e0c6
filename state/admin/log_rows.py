"""Entries of the log as the owner reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.log_pages import Entry
from domain.log_texts import NUMBERED, lines, sentence
from state import asked, views

LOG = "/admin/bitacora"


@dataclass(frozen=True)
class LogLine:
    """`turned` says that there was something else before."""

    label: str
    before: str
    after: str
    turned: bool


@dataclass(frozen=True)
class LogRow:
    """`address` leads to the object and `only` to its entries alone; empty where there is none."""

    id: int
    when: str
    who: str
    did: str
    where: str
    object: str
    address: str
    only: str
    lines: tuple[LogLine, ...]


def log_row(entry: Entry, kept: Mapping[str, str]) -> LogRow:
    kind, number = entry.object_type, entry.object_id
    alone = kind in NUMBERED and (kept["objeto"], kept["numero"]) != (kind, number)
    return LogRow(
        id=entry.id,
        when=views.moment(entry.at),
        who=entry.who,
        did=sentence(entry.action),
        where=entry.where,
        object=entry.about,
        address=_address(entry),
        only=asked.address(LOG, {"objeto": kind, "numero": number}) if alone else "",
        lines=tuple(
            LogLine(line.label, line.before, line.after, bool(line.before))
            for line in lines(entry.action, entry.change)
        ),
    )


def _address(entry: Entry) -> str:
    if entry.object_type == "order":
        return f"/admin/pedidos/{entry.object_id}"
    if entry.object_type == "claim":
        return f"/admin/garantias/{entry.object_id}"
    if entry.object_type == "account":
        return f"/admin/inventario/{entry.object_id}"
    if entry.account_id:
        return f"/admin/inventario/{entry.account_id}"
    return f"/admin/pedidos/{entry.order_id}" if entry.order_id else ""
