"""The sales desk: an order for whoever calls, at once or by a draft that holds nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.order_schemas import Order, Preference
from api.schemas import Amount, Answer, Body, Id, RowId
from domain import counter, drafts, order_records
from domain.actors import Actor
from domain.counter import MOST_UNITS
from domain.customers import LONGEST_NAME
from domain.errors import InvalidInput
from infra.database import reading, unit_of_work

desk = routing.router("/ventas", "orders")
router = routing.router("/borradores", "orders")

Reader = Annotated[Actor, Depends(staff_for("orders:read"))]
Writer = Annotated[Actor, Depends(staff_for("orders:write"))]


class SaleLine(Body):
    plan_id: RowId
    quantity: int = Field(ge=1, le=MOST_UNITS, strict=True)


Lines = Annotated[list[SaleLine], Field(min_length=1, max_length=50)]


class NewDraft(Body):
    """`phone` is the buyer's, whom the shop may see for the first time; a name they have stays."""

    phone: str = Field(max_length=40)
    name: str = Field(default="", max_length=LONGEST_NAME)
    delivery_preference: Preference = "whatsapp"
    items: Lines


class NewSale(NewDraft):
    """`total` is what was agreed to: 409 `sale_changed` where it is something else by now.

    With a `reference` it is paid in full already, today; else the buyer is told how to pay.
    """

    total: Amount
    reference: str | None = Field(default=None, min_length=1, max_length=40)


class DraftChange(Body):
    """`version` is that of the draft that was read: over another nothing is written."""

    delivery_preference: Preference
    items: Lines
    version: str = Field(max_length=64)


class DraftSending(Body):
    total: Amount
    version: str = Field(max_length=64)


class DraftLine(Answer):
    plan_id: int
    name: str
    quantity: int


class Draft(Answer):
    """`version` names its lines and its way, for what is done to it next."""

    id: int
    phone: str
    delivery_preference: Preference
    items: list[DraftLine]
    kept_at: datetime
    version: str


@desk.post("", status_code=201, summary="Order for a customer")
async def sell(body: NewSale, actor: Writer, once: Once) -> Order:
    """409 `sale_short` names the plans in `plan_ids`; also `buyer_blocked`, `sale_unpaid_limit`."""

    async def work(session: AsyncSession) -> Order:
        sale = await counter.sell(
            session,
            actor,
            phone=body.phone,
            name=body.name,
            lines=_lines(body.items),
            delivery_preference=body.delivery_preference,
            seen_total=body.total,
            reference=body.reference,
        )
        return await _order(session, actor, sale.order_id)

    return await once(actor, body, Order, work)


@router.post("", status_code=201, summary="Prepare an order for a customer")
async def keep(body: NewDraft, actor: Writer, once: Once) -> Draft:
    """It holds no stock and promises no price. Drafts are the orders that are `pending`."""

    async def work(session: AsyncSession) -> Draft:
        kept = await drafts.keep(
            session,
            actor,
            phone=body.phone,
            name=body.name,
            lines=_lines(body.items),
            delivery_preference=body.delivery_preference,
        )
        return await _draft(session, actor, kept)

    return await once(actor, body, Draft, work)


@router.get("/{order_id:int}", summary="One draft", responses={409: {}})
async def read(order_id: Id, actor: Reader) -> Draft:
    """409 `order_state` when it is a draft no more."""
    async with reading() as session:
        return await _draft(session, actor, order_id)


@router.put("/{order_id:int}", summary="Change a draft")
async def change(order_id: Id, body: DraftChange, actor: Writer) -> Draft:
    """409 `draft_changed` where somebody else did meanwhile."""
    async with unit_of_work() as session:
        await drafts.change(
            session,
            actor,
            order_id=order_id,
            lines=_lines(body.items),
            delivery_preference=body.delivery_preference,
            seen=body.version,
        )
        return await _draft(session, actor, order_id)


@router.post("/{order_id:int}/enviar", summary="Place the order that a draft is")
async def send(order_id: Id, body: DraftSending, actor: Writer, once: Once) -> Order:
    """With the prices and the stock of this moment; the customer is told how to pay."""

    async def work(session: AsyncSession) -> Order:
        draft = await drafts.draft(session, actor, order_id=order_id)
        await drafts.send(
            session,
            actor,
            order_id=order_id,
            lines=draft.lines,
            delivery_preference=draft.delivery_preference,
            seen_total=body.total,
            seen=body.version,
        )
        return await _order(session, actor, order_id)

    return await once(actor, body, Order, work)


@router.delete("/{order_id:int}", status_code=204, summary="Give up a draft")
async def give_up(order_id: Id, actor: Writer) -> None:
    async with unit_of_work() as session:
        await drafts.give_up(session, actor, order_id=order_id)


def _lines(items: list[SaleLine]) -> dict[int, int]:
    lines = {line.plan_id: line.quantity for line in items}
    if len(lines) != len(items):
        raise InvalidInput({"items": "value_invalid"})  # a plan said twice
    return lines


async def _order(session: AsyncSession, actor: Actor, order_id: int) -> Order:
    return Order.model_validate(await order_records.record(session, actor, order_id=order_id))


async def _draft(session: AsyncSession, actor: Actor, order_id: int) -> Draft:
    found = await drafts.draft(session, actor, order_id=order_id)
    items = [
        DraftLine(plan_id=plan, name=found.names[plan], quantity=units)
        for plan, units in found.lines.items()
    ]
    return Draft.model_validate({**asdict(found), "items": items})
