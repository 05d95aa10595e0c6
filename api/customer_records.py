"""Records of people: another phone, two records of one person, and a person forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import owner_for, staff_for
from api.customers import Customer
from api.once import Once
from api.renaming import renamed
from api.schemas import HIGHEST, Answer, Body, Flag, Id, RowId
from domain import customer_changes, customer_erasures, customer_merges, customer_pages
from domain.actors import Actor
from domain.customer_merges import Moving
from infra.database import reading, unit_of_work

router = routing.router("/usuarios/{customer_id:int}", "customers")

Writer = Annotated[Actor, Depends(staff_for("customers:write"))]
Ender = Annotated[Actor, Depends(owner_for("customers:erase"))]
Count = Annotated[int, Field(ge=0, le=HIGHEST, strict=True)]


class NewPhone(Body):
    phone: str = Field(max_length=40)


class MergeMoving(Answer):
    """How much of each goes over to the record that stays."""

    orders: int
    payments: int
    subscriptions: int
    messages: int
    cart: int


class MergePreview(Answer):
    stays: Customer
    goes: Customer
    moving: MergeMoving


class MergeSeen(Body):
    orders: Count
    payments: Count
    subscriptions: Count
    messages: Count
    cart: Count


class Merge(Body):
    """`moving` as the preview said it: 409 `merge_changed` where it is something else by now."""

    goes: RowId
    moving: MergeSeen


class ErasureOrder(Body):
    """`phone_ending` are the last four digits of the phone, so that nobody else is forgotten."""

    phone_ending: str = Field(max_length=10)
    end_subscriptions: Flag = False


@router.post("/celular", summary="Let a customer come in with another phone")
async def change_phone(customer_id: Id, body: NewPhone, actor: Writer, once: Once) -> Customer:
    """The code sent to it is the proof; one of another customer is refused."""

    async def work(session: AsyncSession) -> Customer:
        await customer_changes.change_phone(
            session, actor, customer_id=customer_id, phone=body.phone
        )
        return await _customer(session, actor, customer_id)

    return await once(actor, body, Customer, work)


@router.get(
    "/unir/{goes_id:int}", summary="What merging another record would move", responses={409: {}}
)
async def preview(customer_id: Id, goes_id: Id, actor: Ender) -> MergePreview:
    """409 with the reason where the two cannot be one."""
    async with reading() as session:
        found = await customer_merges.preview(session, actor, stays_id=customer_id, goes_id=goes_id)
    return MergePreview.model_validate(found)


@router.post("/unir", summary="Make one customer of two records of one person")
async def merge(customer_id: Id, body: Merge, actor: Ender, once: Once) -> Customer:
    """For good: the record `goes` is no more, and everything of it is of the one that stays."""
    moving = Moving(**body.moving.model_dump())

    async def work(session: AsyncSession) -> Customer:
        await customer_merges.merge(
            session, actor, stays_id=customer_id, goes_id=body.goes, seen=moving
        )
        return await _customer(session, actor, customer_id)

    return await once(actor, body, Customer, work)


@router.post("/borrar", status_code=204, summary="Forget a person, for good")
async def erase(customer_id: Id, body: ErasureOrder, actor: Ender) -> None:
    """Orders, amounts and dates stay. 409 `erase_live`, `erase_waiting`, `erase_credit`."""
    async with unit_of_work() as session:
        with renamed(typed="phone_ending"):
            await customer_erasures.erase(
                session,
                actor,
                customer_id=customer_id,
                typed=body.phone_ending,
                end_subscriptions=body.end_subscriptions,
            )


async def _customer(session: AsyncSession, actor: Actor, customer_id: int) -> Customer:
    found = await customer_pages.customer(session, actor, customer_id=customer_id)
    return Customer.model_validate(found)
