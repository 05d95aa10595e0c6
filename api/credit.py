"""A customer's credit: its balance, what it is made of, given by the owner and paid out again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor, owner_for, staff_for
from api.money_schemas import RefundIn, notice_of, refund_fields
from api.once import Once
from api.paging import Items, Page, Paged
from api.renaming import renamed
from api.schemas import Amount, Answer, Body, Id, Money
from domain import credit, money_back
from domain.actors import Actor
from infra.database import reading

mine = routing.router("/saldo", "credit")
router = routing.router("/usuarios/{customer_id:int}/saldo", "credit")

Reader = Annotated[Actor, Depends(staff_for("payments:read"))]
Owner = Annotated[Actor, Depends(owner_for("payments:write"))]


class Balance(Answer):
    balance: Money
    currency: str = "MXN"


class CreditEntry(Answer):
    """One change of a balance; `amount` is negative for what was used or paid out."""

    id: int
    amount: Money
    cause: str
    order_id: int | None
    note: str
    created_at: datetime


class Gift(Body):
    amount: Amount
    reason: str = Field(max_length=credit.LONGEST_NOTE)


@mine.get("", summary="The customer's own credit")
async def my_balance(actor: CustomerActor) -> Balance:
    async with reading() as session:
        return await _balance(session, actor, actor.customer_id())


@mine.get("/movimientos", summary="What the customer's own credit is made of, the latest first")
async def my_entries(actor: CustomerActor, page: Paged) -> Items[CreditEntry]:
    return await _entries(actor, actor.customer_id(), page)


@router.get("", summary="A customer's credit")
async def read(customer_id: Id, actor: Reader) -> Balance:
    async with reading() as session:
        return await _balance(session, actor, customer_id)


@router.get("/movimientos", summary="What a customer's credit is made of, the latest first")
async def entries(customer_id: Id, actor: Reader, page: Paged) -> Items[CreditEntry]:
    return await _entries(actor, customer_id, page)


@router.post("", status_code=201, summary="Give a customer credit as a present")
async def give(customer_id: Id, body: Gift, actor: Owner, once: Once) -> Balance:
    async def work(session: AsyncSession) -> Balance:
        with renamed(gift="amount"):
            await credit.give(
                session, actor, customer_id=customer_id, amount=body.amount, reason=body.reason
            )
        return await _balance(session, actor, customer_id)

    return await once(actor, body, Balance, work)


@router.post("/devoluciones", status_code=201, summary="Write down that credit was paid out")
async def pay_out(customer_id: Id, body: RefundIn, actor: Owner, once: Once) -> Balance:
    """The same reference again changes nothing."""

    async def work(session: AsyncSession) -> Balance:
        with refund_fields():
            await money_back.pay_out(
                session, actor, customer_id=customer_id, notice=notice_of(body)
            )
        return await _balance(session, actor, customer_id)

    return await once(actor, body, Balance, work)


async def _balance(session: AsyncSession, actor: Actor, customer_id: int) -> Balance:
    return Balance(balance=await credit.balance(session, actor, customer_id=customer_id))


async def _entries(actor: Actor, customer_id: int, page: Page) -> Items[CreditEntry]:
    async with reading() as session:
        rows = await credit.entries(
            session, actor, customer_id=customer_id, before=page.before, limit=page.asked
        )
    return page.of(rows, CreditEntry.model_validate)
