"""Orders: placed and read by their customers, moved on by staff."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor, customer_or_staff_for, staff_for
from api.once import Once
from api.order_schemas import (
    Access,
    Assigning,
    Day,
    Deliveries,
    Delivering,
    Item,
    OfService,
    Order,
    Payment,
    Placing,
    Statistics,
    Status,
    StatusChange,
)
from api.paging import Items, Paged
from api.schemas import HIGHEST, BusinessDay, Id, IsoDay
from domain import checkout, order_commands, order_records, statistics
from domain.actors import Actor
from domain.errors import NotFound
from domain.order_records import Filters, Record
from domain.payments import PaymentNotice
from infra import clock
from infra.database import reading, unit_of_work
from infra.messaging.reach import usable

router = routing.router("/ordenes-new", "orders")

Reader = Annotated[Actor, Depends(staff_for("orders:read"))]
Writer = Annotated[Actor, Depends(staff_for("orders:write"))]
Owning = Annotated[Actor, Depends(customer_or_staff_for("orders:read"))]


async def filters(  # the screen's filters
    status: Status | None = None,
    phone: Annotated[str | None, Query(max_length=40)] = None,
    service_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
    since: Annotated[IsoDay | None, Query(alias="from")] = None,
    until: Annotated[IsoDay | None, Query(alias="to")] = None,
    q: Annotated[str, Query(max_length=40, description="A number, or the end of a phone.")] = "",
) -> Filters:
    return Filters(status, phone, service_id, since, until, q)


def shown(record: Record) -> Order:
    return Order.model_validate(record)


@router.post("", status_code=201, summary="Order what is in the cart")
async def place(body: Placing, actor: CustomerActor, once: Once) -> Order:
    """409 `out_of_stock` names the plans that are short, in `plan_ids` too.

    What coupon and credit pay in full is delivered at once.
    """

    async def work(session: AsyncSession) -> Order:
        placed = await checkout.check_out(
            session,
            actor,
            delivery_preference=body.delivery_preference,
            coupon=body.coupon,
            use_credit=body.use_credit,
        )
        return shown(await order_records.record(session, actor, order_id=placed.id))

    return await once(actor, body, Order, work)


@router.get("/mis-ordenes", summary="The customer's own orders")
async def mine(actor: CustomerActor, page: Paged) -> Items[Order]:
    async with reading() as session:
        rows = await order_records.mine(session, actor, before=page.before, limit=page.asked)
    return page.of(rows, shown)


@router.get("/admin/estadisticas", summary="Figures of a period")
async def figures(
    actor: Annotated[Actor, Depends(staff_for("statistics:read"))],
    since: Annotated[BusinessDay | None, Query(alias="from")] = None,
    until: Annotated[BusinessDay | None, Query(alias="to")] = None,
) -> Statistics:
    """Without dates, this month until today. Costs and profits are there for the owner only."""
    now = statistics.this_month()
    period = statistics.Period(since or min(now.since, until or now.since), until or now.until)
    async with reading() as session:
        found = await statistics.statistics(session, actor, period)
    told = found.figures
    return Statistics(
        total_orders=told.total_orders,
        pending_payments=told.pending_payments,
        orders_paid=told.orders_paid,
        orders_delivered=told.orders_delivered,
        orders_cancelled=told.orders_cancelled,
        total_revenue=told.revenue,
        total_refunds=told.returned,
        net_revenue=told.net,
        total_cost=told.cost,
        profit=told.profit,
        average_ticket=told.average_ticket,
        by_day=[
            Day(
                day=date.fromisoformat(part.name),
                orders=part.units,
                revenue=part.revenue,
                refunds=part.returned,
                profit=part.profit,
            )
            for part in found.by_day
        ],
        by_service=[
            OfService(
                service_name=part.name,
                units=part.units,
                revenue=part.revenue,
                refunds=part.returned,
                profit=part.profit,
            )
            for part in found.by_service
        ],
    )


@router.get("", summary="Everybody's orders")
async def search(
    actor: Reader, page: Paged, wanted: Annotated[Filters, Depends(filters)]
) -> Items[Order]:
    async with reading() as session:
        rows = await order_records.search(
            session, actor, wanted, before=page.before, limit=page.asked
        )
    return page.of(rows, shown)


@router.get("/{order_id:int}", summary="One order")
async def read(order_id: Id, actor: Owning) -> Order:
    async with reading() as session:
        return shown(await order_records.record(session, actor, order_id=order_id))


@router.put("/{order_id:int}/estado", summary="Move an order on")
async def move(order_id: Id, body: StatusChange, actor: Writer, once: Once) -> Order:
    """Runs the command behind the status: `paid` records the payment, `cancelled` cancels."""

    async def work(session: AsyncSession) -> Order:
        await order_commands.reach(
            session,
            actor,
            order_id=order_id,
            status=body.status,
            reason=body.reason,
            payment=_notice(body.payment) if body.payment else None,
        )
        return shown(await order_records.record(session, actor, order_id=order_id))

    return await once(actor, body, Order, work)


def _notice(payment: Payment) -> PaymentNotice:
    return PaymentNotice(
        amount=payment.amount,
        paid_on=payment.paid_on or clock.today(),
        reference=payment.reference,
        tracking_key=payment.tracking_key,
        bank=payment.bank,
    )


@router.post("/items/{item_id:int}/asignar", summary="Give a paid item what it waits for")
async def assign(item_id: Id, body: Assigning, actor: Writer, once: Once) -> Item:
    """Without `profile_ids`, from the inventory, first to those who waited longest."""

    async def work(session: AsyncSession) -> Item:
        order_id = await order_records.order_of_item(session, item_id)
        await order_commands.serve(session, actor, order_id=order_id, profile_ids=body.profile_ids)
        return await _item(session, actor, order_id, item_id)

    return await once(actor, body, Item, work)


@router.post("/items/{item_id:int}/entregar", summary="Tell the customer that the access is ready")
async def deliver(item_id: Id, body: Delivering, actor: Writer, once: Once) -> Deliveries:
    async def work(session: AsyncSession) -> Deliveries:
        order_id = await order_records.order_of_item(session, item_id)
        await order_commands.deliver(
            session, actor, order_id=order_id, channel=body.channel, usable=usable()
        )
        item = await _item(session, actor, order_id, item_id)
        return Deliveries(deliveries=item.deliveries)

    return await once(actor, body, Deliveries, work)


async def _item(session: AsyncSession, actor: Actor, order_id: int, item_id: int) -> Item:
    order = await order_records.record(session, actor, order_id=order_id)
    for item in order.items:
        if item.id == item_id:
            return Item.model_validate(item)
    raise NotFound


@router.get("/{order_id:int}/credenciales", summary="Open the accesses of one's own order")
async def open_accesses(order_id: Id, actor: CustomerActor, response: Response) -> list[Access]:
    """Each is put on record as opened. Never to be kept: `Cache-Control: no-store`."""
    response.headers["Cache-Control"] = "no-store"
    async with unit_of_work() as session:
        opened = await order_commands.open_accesses(session, actor, order_id=order_id)
    return [
        Access(
            item_id=item_id,
            unit_index=unit_index,
            service_name=access.service_name,
            login=access.login.disclose(),
            password=access.password.disclose(),
            profile=access.profile_label,
            pin=access.pin.disclose() if access.pin else None,
            ends_on=access.ends_on,
        )
        for item_id, unit_index, access in opened
    ]
