"""What visitors write to the shop without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import Anyone, staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body
from domain import contact
from domain.actors import Actor
from domain.customers import LONGEST_EMAIL, LONGEST_NAME
from domain.ticket_entries import LONGEST_SUBJECT, LONGEST_WORDS
from infra.database import reading

router = routing.router("/contact", "support")

Reader = Annotated[Actor, Depends(staff_for("support:read"))]


class NewContact(Body):
    """With an e-mail, a phone, or both: a way to be answered."""

    name: str = Field(max_length=LONGEST_NAME)
    email: str = Field(default="", max_length=LONGEST_EMAIL)
    phone: str = Field(default="", max_length=40)
    subject: str = Field(max_length=LONGEST_SUBJECT)
    body: str = Field(max_length=LONGEST_WORDS)


class ContactSent(Answer):
    id: int


class ContactMessage(Answer):
    """`ticket_id` is the ticket it went on as."""

    id: int
    name: str
    email: str
    phone: str
    subject: str
    body: str
    created_at: datetime
    answered_at: datetime | None
    answered_by: str
    ticket_id: int | None


@router.post("", status_code=201, summary="Write to the shop")
async def send(body: NewContact, actor: Anyone, once: Once) -> ContactSent:
    async def work(session: AsyncSession) -> ContactSent:
        return ContactSent(id=await contact.send(session, actor, **body.model_dump()))

    return await once(actor, body, ContactSent, work)


@router.get("", summary="What was written, or what was answered")
async def inbox(actor: Reader, page: Paged, answered: bool = False) -> Items[ContactMessage]:
    """What nobody has answered, the oldest first; what was answered, the newest first."""
    async with reading() as session:
        rows = await contact.inbox(
            session, actor, answered=answered, after=page.before, limit=page.asked
        )
    return page.of(rows, ContactMessage.model_validate)
