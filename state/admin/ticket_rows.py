"""Tickets and messages of the contact page as the queue shows them, in finished words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.contact import ContactLine
from domain.texts import TICKET_PRIORITIES
from domain.ticket_pages import TicketLine
from infra.clock import now
from infra.settings import settings
from state import ticket_parts, views

PRIORITY_TONES = {"low": "neutral", "normal": "neutral", "high": "warning", "urgent": "error"}
AGES = {"open": "Espera", "waiting_customer": "Respondido", "solved": "Resuelto"}


@dataclass(frozen=True)
class TicketRow:
    """`late`: it waits for longer than the shop promises. `priority` is empty for the usual one."""

    id: int
    subject: str
    about: str
    last_words: str
    unread: bool
    customer: str
    phone: str
    age: str
    since: str
    late: bool
    state: str
    tone: str
    priority: str
    priority_tone: str
    assignee: str


@dataclass(frozen=True)
class ContactRow:
    """`reach` is how they want to be answered, `link` leads there; `ticket` is 0 for none."""

    id: int
    name: str
    reach: str
    link: str
    subject: str
    body: str
    age: str
    when: str
    answered: str
    ticket: int
    is_customer: bool


def ticket_row(line: TicketLine) -> TicketRow:
    state, tone = ticket_parts.STATES[line.state]
    usual = line.priority == "normal"
    return TicketRow(
        id=line.id,
        subject=line.subject,
        about=ticket_parts.about(line),
        last_words=line.last_words,
        unread=line.unread,
        customer=line.customer_name or "Sin nombre",
        phone=views.phone(line.customer_phone),
        age=age(line),
        since=views.moment(line.since),
        late=late(line),
        state=state,
        tone=tone,
        priority="" if usual else TICKET_PRIORITIES[line.priority],
        priority_tone=PRIORITY_TONES[line.priority],
        assignee=line.assignee,
    )


def age(line: TicketLine) -> str:
    """`Espera hace 3 h`."""
    return f"{AGES.get(line.state, 'Cerrado')} {views.ago(line.since)}"


def late(line: TicketLine) -> bool:
    promised = timedelta(hours=settings().support_reply_hours)
    return line.state == "open" and line.since < now() - promised


def contact_row(line: ContactLine) -> ContactRow:
    answered = ""
    if line.answered_at is not None:
        answered = f"Atendido {views.instant(line.answered_at)} por {line.answered_by}"
    digits = line.phone.lstrip("+")
    return ContactRow(
        id=line.id,
        name=line.name,
        reach=line.email or views.phone(line.phone),
        link=f"mailto:{line.email}" if line.email else f"https://wa.me/{digits}",
        subject=line.subject,
        body=line.body,
        age=views.ago(line.created_at),
        when=views.moment(line.created_at),
        answered=answered,
        ticket=line.ticket_id or 0,
        is_customer=line.customer_id is not None,
    )
