"""What became of every message: never its text, and an address only as far as one recognises it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body
from domain import message_actions, message_pages
from domain.actors import Actor
from domain.message_pages import LONGEST_SEARCH, Filters
from infra.database import reading
from infra.messaging.reach import usable

router = routing.router("/mensajes", "messages")

Reader = Annotated[Actor, Depends(staff_for("messages:read"))]
Writer = Annotated[Actor, Depends(staff_for("messages:write"))]
Channel = Literal["whatsapp", "sms", "email"]
TABS = {"failed": "fallidos", "queued": "en-cola", None: "todos"}


class MessageLine(Answer):
    """`to` is masked. `fell_back` is the channel it was tried on instead.

    `dead` failed for good and nothing took its place; `again` says that it may be tried once more.
    """

    id: UUID
    channel: str
    kind: str
    to: str
    customer_name: str
    staff_name: str
    order_id: int | None
    status: str
    error_code: str
    attempts: int
    created_at: datetime
    updated_at: datetime
    not_before: datetime | None
    fell_back: str
    dead: bool
    again: bool


class MessageStep(Answer):
    status: str
    error_code: str
    at: datetime


class Message(MessageLine):
    steps: list[MessageStep]


class MessageSent(Answer):
    id: UUID


class MessageTrial(Body):
    channel: Channel
    to: str = Field(max_length=LONGEST_SEARCH)


@router.get("", summary="Messages, newest first")
async def history(
    actor: Reader,
    page: Paged,
    only: Literal["failed", "queued"] | None = None,
    channel: Channel | None = None,
    kind: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_SEARCH,
            description="An order's number, a phone or an e-mail address, whole.",
        ),
    ] = "",
) -> Items[MessageLine]:
    filters = Filters(TABS[only], channel or "", kind, q.strip())
    async with reading() as session:
        rows = await message_pages.history(
            session, actor, filters, before=page.before, limit=page.asked
        )
    return page.of(rows, MessageLine.model_validate, by="number")


@router.get("/{message_id:uuid}", summary="How far a message got, and when")
async def way(message_id: UUID, actor: Reader) -> Message:
    async with reading() as session:
        found = await message_pages.message(session, actor, message_id=message_id)
        steps = await message_pages.steps(session, actor, message_id=message_id)
    return Message.model_validate({**asdict(found), "steps": [asdict(step) for step in steps]})


@router.post("/{message_id:uuid}/reintentar", summary="Send a message that failed once more")
async def retry(message_id: UUID, actor: Writer, once: Once) -> MessageSent:
    """409 `message_state` for one that did not fail, went another way, or is over."""

    async def work(session: AsyncSession) -> MessageSent:
        await message_actions.retry(session, actor, message_id=message_id)
        return MessageSent(id=message_id)

    return await once(actor, "", MessageSent, work)


@router.post("/prueba", status_code=201, summary="See that a channel works")
async def send_test(body: MessageTrial, actor: Writer, once: Once) -> MessageSent:
    """A text without any meaning; ten an hour."""

    async def work(session: AsyncSession) -> MessageSent:
        sent = await message_actions.send_test(
            session, actor, channel=body.channel, to=body.to, usable=usable()
        )
        return MessageSent(id=sent)

    return await once(actor, body, MessageSent, work)
