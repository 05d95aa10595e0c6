"""What both sides of a ticket show alike: the names of its states and who said what, when."""

from __future__ import annotations

from dataclasses import dataclass

from domain.texts import TICKET_EVENTS
from domain.ticket_pages import Entry, TicketLine
from state import views

STATES = {
    "open": ("Abierto", "warning"),
    "waiting_customer": ("Espera al cliente", "info"),
    "solved": ("Resuelto", "success"),
    "closed": ("Cerrado", "neutral"),
}
FOR_CUSTOMERS = {
    **STATES,
    "open": ("Lo estamos viendo", "info"),
    "waiting_customer": ("Te respondimos", "warning"),
}
DONE_BY_US = {
    "solved": "Lo dimos por resuelto",
    "closed": "Lo cerramos",
    "reopened": "Lo reabrimos",
}
DONE_BY_YOU = {"solved": "Dijiste que ya quedó", "reopened": "Lo reabriste"}
FROM_CONTACT = "Desde la página de contacto"


@dataclass(frozen=True)
class Bubble:
    """Something said, or with `event` something done. `mine`: by the side that is looking."""

    id: int
    mine: bool
    internal: bool
    author: str
    body: str
    event: str
    when: str


def for_customer(entry: Entry) -> Bubble:
    mine = entry.by == "customer"
    done = DONE_BY_YOU if mine else DONE_BY_US
    return Bubble(
        id=entry.id,
        mine=mine,
        internal=False,
        author={"customer": "Tú", "staff": "Soporte"}.get(entry.by, FROM_CONTACT),
        body=entry.body,
        event=done.get(entry.event, entry.event),
        when=views.moment(entry.at).capitalize(),
    )


def for_staff(entry: Entry, line: TicketLine) -> Bubble:
    customer = line.customer_name or views.phone(line.customer_phone)
    author = {"staff": entry.author, "customer": customer}.get(entry.by, FROM_CONTACT)
    done = TICKET_EVENTS[entry.event].format(body=entry.body) if entry.event else ""
    return Bubble(
        id=entry.id,
        mine=entry.by == "staff",
        internal=entry.internal,
        author=author,
        body="" if entry.event else entry.body,
        event=f"{author} {done}" if done else "",
        when=views.moment(entry.at).capitalize(),
    )


def about(line: TicketLine) -> str:
    """What it is about, in a few words; empty for nothing in particular."""
    if line.service_name:
        return line.service_name
    return f"Pedido #{line.order_id}" if line.order_id else ""
