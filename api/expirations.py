"""What ends, by when: subscriptions to remind of, renew and release, and accounts to pay for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.order_schemas import Order
from api.paging import Items, Paged
from api.schemas import Amount, Answer, Body, Id, IsoDay
from domain import expirations as rules
from domain import order_records, reminders, subscriptions
from domain.actors import Actor
from infra.database import reading, unit_of_work

router = routing.router("/vencimientos", "subscriptions")
supplier = routing.router("/pagos-a-proveedor", "inventory")

Reader = Annotated[Actor, Depends(staff_for("subscriptions:read"))]
Writer = Annotated[Actor, Depends(staff_for("subscriptions:write"))]
StockReader = Annotated[Actor, Depends(staff_for("inventory:read"))]
StockWriter = Annotated[Actor, Depends(staff_for("inventory:write"))]
# The screen's tabs, by what a program calls them.
TABS = {
    "today": "hoy",
    "tomorrow": "manana",
    "7_days": "7",
    "15_days": "15",
    "30_days": "30",
    "lapsed": "vencidas",
}
When = Literal["today", "tomorrow", "7_days", "15_days", "30_days", "lapsed"]
Service = Annotated[str, Query(max_length=60, description="The slug of one service.")]


class Ending(Answer):
    """`ends_on` is the last day the customer paid, `paid_until` the last the supplier was.

    `renewal_order` waits for the payment that renews it. `account` is its number in the inventory.
    """

    subscription_id: int
    order_id: int
    customer_name: str
    customer_phone: str
    service_name: str
    plan_name: str
    whole: bool
    profile: str
    account: int
    account_status: str
    ends_on: date
    paid_until: date | None
    renewal_order: int | None
    reminded_at: datetime | None


class CounterRenewal(Body):
    """`ends_on` as it was read: 409 `end_changed` where it moved, so that twice is once.

    With a `reference` it is paid in full already, today; else the customer is told how to pay.
    """

    ends_on: IsoDay
    reference: str | None = Field(default=None, min_length=1, max_length=40)


class SupplierDue(Answer):
    """An account whose paid time is over or ends within a week; `holders` depend on it."""

    id: int
    service_name: str
    status: str
    paid_until: date
    holders: int
    last_end: date | None


class SupplierPayment(Body):
    """`paid_until` as it was read: 409 `end_changed` where it moved. Without a cost, the last."""

    paid_until: IsoDay
    months: int = Field(default=1, ge=1, le=36, strict=True)
    cost: Amount | None = None


class SupplierPaid(Answer):
    paid_until: date


@router.get("", summary="Subscriptions that end, the first to end first")
async def ending(
    actor: Reader, page: Paged, when: When = "today", service: Service = ""
) -> Items[Ending]:
    async with reading() as session:
        rows = await rules.ending(
            session,
            actor,
            tab=TABS[when],
            service=service,
            after=page.before,
            limit=page.asked,
        )
    return page.of(rows, _shown, by="mark")


@router.post("/{subscription_id:int}/recordar", status_code=204, summary="Remind of an end")
async def remind(subscription_id: Id, actor: Writer) -> None:
    """Once a day, and not at night: 409 `reminded_today`, `quiet_hours`, `reminders_off`."""
    async with unit_of_work() as session:
        await reminders.remind(session, actor, assignment_id=subscription_id)


@router.post("/{subscription_id:int}/renovar", status_code=201, summary="Renew for a customer")
async def renew(subscription_id: Id, body: CounterRenewal, actor: Writer, once: Once) -> Order:
    """With the plan it has."""

    async def work(session: AsyncSession) -> Order:
        done = await rules.renew(
            session,
            actor,
            assignment_id=subscription_id,
            seen_end=body.ends_on,
            reference=body.reference,
        )
        found = await order_records.record(session, actor, order_id=done.order_id)
        return Order.model_validate(found)

    return await once(actor, body, Order, work)


@router.post("/{subscription_id:int}/liberar", status_code=204, summary="Take a lapsed access back")
async def release(subscription_id: Id, actor: Writer) -> None:
    """Before its grace is over. 409 `still_paid`, `access_ended`."""
    async with unit_of_work() as session:
        await subscriptions.release(session, actor, assignment_id=subscription_id)


@supplier.get("", summary="Accounts to pay the supplier for, the first to end first")
async def due(actor: StockReader, page: Paged, service: Service = "") -> Items[SupplierDue]:
    async with reading() as session:
        rows = await rules.supplier_due(
            session, actor, service=service, after=page.before, limit=page.asked
        )
    return page.of(rows, SupplierDue.model_validate, by="mark")


@supplier.post("/{account_id:int}", status_code=201, summary="Record that the supplier was paid")
async def pay(
    account_id: Id, body: SupplierPayment, actor: StockWriter, once: Once
) -> SupplierPaid:
    async def work(session: AsyncSession) -> SupplierPaid:
        until = await rules.pay_supplier(
            session,
            actor,
            account_id=account_id,
            seen_until=body.paid_until,
            months=body.months,
            cost=body.cost,
        )
        return SupplierPaid(paid_until=until)

    return await once(actor, body, SupplierPaid, work)


def _shown(one: rules.Ending) -> Ending:
    named = {"subscription_id": one.id, "account": one.account_id, "profile": one.profile_label}
    return Ending.model_validate({**asdict(one), **named})
