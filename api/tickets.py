"""Questions of customers: opened and read by them, answered by staff."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor, customer_or_staff_for
from api.once import Once
from api.order_schemas import Buyer
from api.paging import Items, Page, Paged
from api.schemas import HIGHEST, Body, Flag, Id, RowId, Told
from domain import ticket_desk, ticket_pages, tickets
from domain.actors import Actor
from domain.errors import Forbidden, InvalidInput
from domain.ticket_entries import LONGEST_SUBJECT, LONGEST_WORDS
from infra.database import reading, unit_of_work

router = routing.router("/tickets", "support")

Reader = Annotated[Actor, Depends(customer_or_staff_for("support:read"))]
Writer = Annotated[Actor, Depends(customer_or_staff_for("support:write"))]
Status = Literal["open", "waiting_customer", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
Version = Annotated[int, Field(ge=0, le=HIGHEST, strict=True)]
Words = Annotated[str, Field(max_length=LONGEST_WORDS)]
QUEUES = {"open": "abiertos", "waiting_customer": "esperan", "settled": "resueltos", None: "todos"}
OF_BOTH = (
    "id",
    "subject",
    "since",
    "created_at",
    "order_id",
    "service_name",
    "last_words",
    "unread",
)
OF_STAFF = ("priority", "assignee_id", "assignee", "version")


class TicketLine(Told):
    """`customer`, `priority`, who has it and its `version` are there for staff."""

    for_some = frozenset({"customer", "priority", "assignee_id", "assignee", "version"})

    id: int
    subject: str
    status: Status
    since: datetime
    created_at: datetime
    order_id: int | None
    service_name: str
    last_words: str
    unread: bool
    customer: Buyer | None = None
    priority: Priority | None = None
    assignee_id: int | None = None
    assignee: str | None = None
    version: int | None = None


class TicketEntry(Told):
    """Something said, or done: then `event` names it. `author` and `internal` are for staff."""

    for_some = frozenset({"author", "internal"})

    id: int
    at: datetime
    by: Literal["customer", "staff", "system"]
    event: str
    body: str
    author: str | None = None
    internal: bool | None = None


class Ticket(TicketLine):
    """The newest entry first; `next_cursor` leads to those before."""

    entries: list[TicketEntry]
    next_cursor: str | None = None


class NewTicket(Body):
    subject: str = Field(max_length=LONGEST_SUBJECT)
    body: Words
    order_id: RowId | None = None


class TicketWords(Body):
    """`internal`, `solved` and `version` are the staff's.

    An answer of theirs names the `version` it is about; if the ticket has changed since: 409.
    """

    body: Words
    internal: Flag = False
    solved: Flag = False
    version: Version | None = None


class TicketMove(Body):
    """A customer only says `solved`; staff name the `version` they decided about."""

    status: Literal["open", "solved", "closed"]
    version: Version | None = None


@router.get("", summary="Tickets: a customer's own, or everybody's")
async def search(
    actor: Reader,
    page: Paged,
    status: Literal["open", "waiting_customer", "settled"] | None = None,
    priority: Priority | None = None,
    assignee_id: Annotated[int | None, Query(ge=0, le=HIGHEST, description="0 is nobody.")] = None,
) -> Items[TicketLine]:
    """Open ones the longest waiting first, others the last to change first.

    The filters are the staff's: a customer gets all of theirs.
    """
    async with reading() as session:
        if actor.staff:
            wanted = ticket_pages.Filters(
                QUEUES[status],
                ticket_pages.NOBODY if assignee_id == 0 else assignee_id,
                priority or "",
            )
            rows = await ticket_pages.queue(
                session, actor, wanted, after=page.before, limit=page.asked
            )
        else:
            rows = await ticket_pages.mine(session, actor, before=page.before, limit=page.asked)
    return page.of(rows, lambda row: TicketLine.model_validate(_line(row, actor)), by="turn")


@router.post("", status_code=201, summary="Ask the shop something", responses={404: {}})
async def open_ticket(body: NewTicket, actor: CustomerActor, once: Once) -> Ticket:
    async def work(session: AsyncSession) -> Ticket:
        made = await tickets.open_ticket(
            session, actor, subject=body.subject, body=body.body, order_id=body.order_id
        )
        return await _ticket(session, actor, made, Page())

    return await once(actor, body, Ticket, work)


@router.get("/{ticket_id:int}", summary="One ticket with what was said")
async def read(ticket_id: Id, actor: Reader, page: Paged) -> Ticket:
    async with reading() as session:
        return await _ticket(session, actor, ticket_id, page)


@router.post("/{ticket_id:int}/mensajes", status_code=201, summary="Write in a ticket")
async def write(ticket_id: Id, body: TicketWords, actor: Writer, once: Once) -> Ticket:
    """A customer's words open it again; the answer of staff waits for the customer."""

    async def work(session: AsyncSession) -> Ticket:
        if not actor.staff:
            await tickets.write(session, actor, ticket_id=ticket_id, body=body.body)
        elif body.internal:
            await ticket_desk.note(session, actor, ticket_id=ticket_id, body=body.body)
        else:
            await ticket_desk.answer(
                session,
                actor,
                ticket_id=ticket_id,
                seen=_seen(body.version),
                body=body.body,
                solved=body.solved,
            )
        return await _ticket(session, actor, ticket_id, Page())

    return await once(actor, body, Ticket, work)


@router.put("/{ticket_id:int}/estado", summary="Say that a ticket is settled, or open it again")
async def move(ticket_id: Id, body: TicketMove, actor: Writer) -> Ticket:
    async with unit_of_work() as session:
        if actor.staff:
            await ticket_desk.move(
                session,
                actor,
                ticket_id=ticket_id,
                seen=_seen(body.version),
                status=body.status,
            )
        elif body.status == "solved":
            await tickets.settle(session, actor, ticket_id=ticket_id)
        else:
            raise Forbidden
        return await _ticket(session, actor, ticket_id, Page())


def _seen(version: int | None) -> int:
    if version is None:
        raise InvalidInput({"version": "value_required"})
    return version


async def _ticket(session: AsyncSession, actor: Actor, ticket_id: int, page: Page) -> Ticket:
    thread = await ticket_pages.thread(
        session, actor, ticket_id=ticket_id, before=page.before, limit=page.asked
    )
    said = page.of(thread.entries, lambda entry: _entry(entry, actor))
    return Ticket(**_line(thread.line, actor), entries=said.items, next_cursor=said.next_cursor)


def _line(found: ticket_pages.TicketLine, actor: Actor) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in OF_BOTH} | {"status": found.state}
    if actor.staff:
        told |= {name: getattr(found, name) for name in OF_STAFF}
        told["customer"] = Buyer(
            id=found.customer_id, phone=found.customer_phone, name=found.customer_name
        )
    return told


def _entry(found: ticket_pages.Entry, actor: Actor) -> TicketEntry:
    entry = TicketEntry.model_validate(found)
    return entry if actor.staff else entry.model_copy(update={"author": None, "internal": None})
