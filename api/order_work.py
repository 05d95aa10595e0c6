"""The staff's work on an order that is not in its state: notes, more time to pay, a reminder."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.order_schemas import Order
from api.schemas import Answer, Body, Id, IsoDay
from domain import (
    order_holds,
    order_notes,
    order_pages,
    order_records,
    order_units,
    payment_reminders,
)
from domain.actors import Actor
from domain.order_notes import LONGEST
from infra.database import reading, unit_of_work

router = routing.router("/ordenes-new/{order_id:int}", "orders")

Reader = Annotated[Actor, Depends(staff_for("orders:read"))]
Writer = Annotated[Actor, Depends(staff_for("orders:write"))]


class OrderNotes(Answer):
    """`version` names these words on this day, for the change that is made over them."""

    notes: str
    follow_up_on: date | None
    version: str


class NotesChange(Body):
    """`version` is that of the notes that were read: over others nothing is written."""

    notes: str = Field(max_length=LONGEST)
    follow_up_on: IsoDay | None = None
    version: str = Field(max_length=64)


class MoreTime(Body):
    """Until the end of that day."""

    until: IsoDay


class OrderUnit(Answer):
    """A profile, or the `profiles` of a whole account, which move and end together.

    `account` is its number in the inventory, `claim_id` the report that is open.
    """

    subscription_id: int
    service_name: str
    plan_name: str
    profile: str
    profiles: int
    account: int
    account_status: str
    ends_on: date
    ended_at: datetime | None
    reason: str
    claim_id: int | None


@router.get("/notas", summary="What the staff noted about an order")
async def notes(order_id: Id, actor: Reader) -> OrderNotes:
    async with reading() as session:
        return await _notes(session, actor, order_id)


@router.put("/notas", summary="Note something about an order, or when to look at it again")
async def keep_notes(order_id: Id, body: NotesChange, actor: Writer) -> OrderNotes:
    """409 `notes_changed` where somebody wrote others meanwhile."""
    async with unit_of_work() as session:
        await order_notes.keep_notes(
            session,
            actor,
            order_id=order_id,
            notes=body.notes,
            follow_up_on=body.follow_up_on,
            seen=body.version,
        )
        return await _notes(session, actor, order_id)


@router.post("/apartado", summary="Give a customer more time to pay")
async def extend_hold(order_id: Id, body: MoreTime, actor: Writer, once: Once) -> Order:
    """From today to 30 days. 409 `hold_ended`, `hold_already`."""

    async def work(session: AsyncSession) -> Order:
        await order_holds.extend_hold(session, actor, order_id=order_id, until=body.until)
        return await _order(session, actor, order_id)

    return await once(actor, body, Order, work)


@router.post("/recordar", summary="Remind a customer of what is to be paid")
async def remind(order_id: Id, actor: Writer, once: Once) -> Order:
    """Once a day, and not at night: 409 `payment_reminded`, `quiet_hours`."""

    async def work(session: AsyncSession) -> Order:
        await payment_reminders.remind_to_pay(session, actor, order_id=order_id)
        return await _order(session, actor, order_id)

    return await once(actor, "", Order, work)


@router.get("/accesos", summary="What the customer of an order was given, without its secrets")
async def units(order_id: Id, actor: Reader) -> list[OrderUnit]:
    async with reading() as session:
        await order_records.record(session, actor, order_id=order_id)
        found = await order_units.of_order(session, actor, order_id=order_id)
    return [
        OrderUnit(
            subscription_id=unit.assignment_id,
            service_name=unit.service_name,
            plan_name=unit.plan_name,
            profile=unit.profile_label,
            profiles=unit.profiles,
            account=unit.account_id,
            account_status=unit.account_status,
            ends_on=unit.ends_on,
            ended_at=unit.released_at,
            reason=unit.reason,
            claim_id=unit.claim_id,
        )
        for unit in found
    ]


async def _order(session: AsyncSession, actor: Actor, order_id: int) -> Order:
    return Order.model_validate(await order_records.record(session, actor, order_id=order_id))


async def _notes(session: AsyncSession, actor: Actor, order_id: int) -> OrderNotes:
    page = await order_pages.order_page(session, actor, order_id=order_id)
    version = order_notes.version(page.notes, page.follow_up_on)
    return OrderNotes(notes=page.notes, follow_up_on=page.follow_up_on, version=version)
