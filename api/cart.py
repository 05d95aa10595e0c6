"""The customer's cart, the same one the pages show."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor
from api.once import Once
from api.schemas import Answer, Body, Id, Money, RowId
from domain import carts, coupons
from infra.database import reading, unit_of_work

router = routing.router("/cart", "cart")


class Line(Answer):
    id: int
    plan_id: int
    service_name: str
    plan_name: str
    quantity: int
    unit_price: Money
    line_total: Money
    available: int


class Cart(Answer):
    items: list[Line]
    total: Money
    currency: str = "MXN"


class Wanted(Body):
    plan_id: RowId
    quantity: int = Field(ge=1, le=carts.MOST, strict=True)


class Quote(Answer):
    """What a coupon takes off the cart as it is; `total` is what is left to pay."""

    code: str
    discount: Money
    total: Money
    currency: str = "MXN"


class LineInStock(Answer):
    plan_id: int
    requested: int
    available: int


class InStock(Answer):
    ok: bool
    items: list[LineInStock]


@router.get("", summary="The cart, at today's prices")
async def read(actor: CustomerActor) -> Cart:
    async with reading() as session:
        return Cart.model_validate(await carts.contents(session, actor))


@router.post("/items", summary="Add units of a plan, up to 10", responses={404: {}})
async def add(body: Wanted, actor: CustomerActor, once: Once) -> Cart:
    async def work(session: AsyncSession) -> Cart:
        await carts.add(session, actor, plan_id=body.plan_id, quantity=body.quantity)
        return Cart.model_validate(await carts.contents(session, actor))

    return await once(actor, body, Cart, work)


@router.put("/items", summary="Say how many units of a plan", responses={404: {}})
async def set_quantity(body: Wanted, actor: CustomerActor) -> Cart:
    async with unit_of_work() as session:
        await carts.set_quantity(session, actor, plan_id=body.plan_id, quantity=body.quantity)
        return Cart.model_validate(await carts.contents(session, actor))


@router.delete("/items/{item_id:int}", summary="Take a line out")
async def remove(item_id: Id, actor: CustomerActor) -> Cart:
    async with unit_of_work() as session:
        await carts.remove(session, actor, item_id=item_id)
        return Cart.model_validate(await carts.contents(session, actor))


@router.delete("", summary="Empty the cart")
async def empty(actor: CustomerActor) -> Cart:
    async with unit_of_work() as session:
        await carts.empty(session, actor)
        return Cart.model_validate(await carts.contents(session, actor))


@router.get("/cupon", summary="What a coupon would take off the cart")
async def quote(
    actor: CustomerActor, code: Annotated[str, Query(min_length=1, max_length=40)]
) -> Quote:
    """Nothing is kept: name the coupon in `POST /ordenes-new` to use it. Else 422 says why not."""
    async with reading() as session:
        found = await coupons.quote(session, actor, code=code)
        cart = await carts.contents(session, actor)
    return Quote(code=found.code, discount=found.discount, total=cart.total - found.discount)


@router.get("/disponibilidad", summary="Whether everything in the cart can be bought now")
async def in_stock(actor: CustomerActor) -> InStock:
    async with reading() as session:
        cart = await carts.contents(session, actor)
    return InStock(
        ok=cart.ready,
        items=[
            LineInStock(
                plan_id=line.plan_id,
                requested=line.quantity,
                available=line.available if line.on_sale else 0,
            )
            for line in cart.items
        ],
    )
