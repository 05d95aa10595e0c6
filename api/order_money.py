"""The account of an order: what came in, where it is, and what the staff does with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor, owner_for, staff_for
from api.money_schemas import OrderRefundIn, notice_of, refund_fields
from api.once import Once
from api.order_schemas import Order
from api.schemas import Amount, Answer, Body, Id, Money
from domain import ledger, money_back, order_records, payments, settlements
from domain.actors import Actor
from infra.database import reading

router = routing.router("/ordenes-new/{order_id:int}", "payments")

Reader = Annotated[Actor, Depends(staff_for("payments:read"))]
Writer = Annotated[Actor, Depends(staff_for("payments:write"))]
Owner = Annotated[Actor, Depends(owner_for("payments:write"))]


class MoneyLine(Answer):
    """`amount` is negative for what left. `kind` is `payment`, `refund` or `credit`."""

    kind: str
    cause: str
    amount: Money
    day: date
    reference: str
    bank: str
    reason: str
    who: str
    at: datetime


class OrderAccount(Answer):
    """`received` = `kept` + `refunded` + `credited` + `loose`, which has no destination yet.

    `due` is what the order may keep, `missing` what it lacks of that.
    """

    received: Money
    kept: Money
    refunded: Money
    credited: Money
    loose: Money
    due: Money
    missing: Money
    currency: str = "MXN"
    lines: list[MoneyLine]


class CreditUse(Body):
    """Without an amount, as much as there is and the order lacks."""

    amount: Amount | None = None


@router.get("/cuenta", summary="Where the money of an order came from, and where it is")
async def account(order_id: Id, actor: Reader) -> OrderAccount:
    async with reading() as session:
        return await _account(session, actor, order_id)


@router.post("/saldo", summary="Pay one's own order with credit")
async def pay_with_credit(order_id: Id, body: CreditUse, actor: CustomerActor, once: Once) -> Order:
    """What is paid in full by it is delivered at once."""

    async def work(session: AsyncSession) -> Order:
        await payments.pay_with_credit(session, actor, order_id=order_id, most=body.amount)
        record = await order_records.record(session, actor, order_id=order_id)
        return Order.model_validate(record)

    return await once(actor, body, Order, work)


@router.post("/a-saldo", summary="Turn money without a destination into the customer's credit")
async def to_credit(order_id: Id, actor: Writer, once: Once) -> OrderAccount:
    """All of it. 409 `money_moved` where there is none."""

    async def work(session: AsyncSession) -> OrderAccount:
        await money_back.move_to_credit(session, actor, order_id=order_id)
        return await _account(session, actor, order_id)

    return await once(actor, "", OrderAccount, work)


@router.post("/devoluciones", status_code=201, summary="Write down that money went back")
async def refund(order_id: Id, body: OrderRefundIn, actor: Owner, once: Once) -> OrderAccount:
    """Money without a destination goes first. The same reference again changes nothing."""

    async def work(session: AsyncSession) -> OrderAccount:
        with refund_fields():
            await money_back.refund(session, actor, order_id=order_id, notice=notice_of(body))
        return await _account(session, actor, order_id)

    return await once(actor, body, OrderAccount, work)


@router.post("/reactivar", summary="Take an expired order up again whose money is there")
async def revive(order_id: Id, actor: Writer, once: Once) -> Order:
    """What is out of stock waits. 409 `money_missing`, `coupon_gone`."""

    async def work(session: AsyncSession) -> Order:
        await settlements.revive(session, actor, order_id=order_id)
        record = await order_records.record(session, actor, order_id=order_id)
        return Order.model_validate(record)

    return await once(actor, "", Order, work)


async def _account(session: AsyncSession, actor: Actor, order_id: int) -> OrderAccount:
    found = await ledger.of_order(session, actor, order_id=order_id)
    money = found.money
    return OrderAccount(
        received=money.received,
        kept=money.kept,
        refunded=money.refunded,
        credited=money.credited,
        loose=money.loose,
        due=money.due,
        missing=money.missing,
        lines=[MoneyLine.model_validate(line) for line in found.lines],
    )
