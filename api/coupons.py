"""The owner's coupons. Customers name one when they order; `GET /cart/cupon` tells them before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import owner_for
from api.once import Once
from api.paging import Items, Paged
from api.renaming import renamed
from api.schemas import Amount, Answer, Body, Flag, Id, IsoDay, Money, RowId
from domain import coupon_desk
from domain.actors import Actor
from domain.coupon_desk import HIGHEST, CouponTerms
from infra.database import reading, unit_of_work

router = routing.router("/cupones", "coupons")

Reader = Annotated[Actor, Depends(owner_for("coupons:read"))]
Writer = Annotated[Actor, Depends(owner_for("coupons:write"))]
Limit = Annotated[int, Field(ge=1, le=HIGHEST, strict=True)]


class Coupon(Answer):
    """Off everything, or off the service or plan it names. `saved` is what it took off until now.

    `uses` counts orders that did not end; no limit and no date is null.
    """

    id: int
    code: str
    percent: Money | None
    amount: Money | None
    service_id: int | None
    plan_id: int | None
    minimum: Money
    limit_total: int | None
    limit_each: int | None
    from_on: date | None
    until_on: date | None
    active: bool
    uses: int
    saved: Money
    currency: str = "MXN"


class CouponChange(Body):
    """One of `percent` and `amount`, and at most one of `service_id` and `plan_id`."""

    percent: Amount | None = None
    amount: Amount | None = None
    service_id: RowId | None = None
    plan_id: RowId | None = None
    minimum: Amount | None = None
    limit_total: Limit | None = None
    limit_each: Limit | None = None
    from_on: IsoDay | None = None
    until_on: IsoDay | None = None
    active: Flag = True


class CouponIn(CouponChange):
    """The code is kept in capitals, without spaces, and never changes."""

    code: str = Field(max_length=40)


class CouponUse(Answer):
    """`returned` says that the order ended: the use counts no more."""

    id: int
    order_id: int
    customer_name: str
    amount: Money
    used_at: datetime
    returned: bool


@router.get("", summary="The shop's coupons, those that count first")
async def all_coupons(actor: Reader, page: Paged) -> Items[Coupon]:
    async with reading() as session:
        return page.among(await coupon_desk.coupon_list(session, actor), Coupon.model_validate)


@router.post("", status_code=201, summary="Make a coupon")
async def create(body: CouponIn, actor: Writer, once: Once) -> Coupon:
    async def work(session: AsyncSession) -> Coupon:
        with renamed(value=_value(body)):
            made = await coupon_desk.create(session, actor, code=body.code, terms=_terms(body))
        return await _shown(session, actor, made)

    return await once(actor, body, Coupon, work)


@router.get("/{coupon_id:int}", summary="One coupon")
async def read(coupon_id: Id, actor: Reader) -> Coupon:
    async with reading() as session:
        return await _shown(session, actor, coupon_id)


@router.put("/{coupon_id:int}", summary="Change a coupon, or switch it off")
async def change(coupon_id: Id, body: CouponChange, actor: Writer) -> Coupon:
    """What is not named is without a limit. Orders placed before keep what they had."""
    async with unit_of_work() as session:
        with renamed(value=_value(body)):
            await coupon_desk.change(session, actor, coupon_id=coupon_id, terms=_terms(body))
        return await _shown(session, actor, coupon_id)


@router.get("/{coupon_id:int}/usos", summary="Who used a coupon, the latest first")
async def uses(coupon_id: Id, actor: Reader, page: Paged) -> Items[CouponUse]:
    async with reading() as session:
        await coupon_desk.coupon(session, actor, coupon_id=coupon_id)
        rows = await coupon_desk.uses(
            session, actor, coupon_id=coupon_id, before=page.before, limit=page.asked
        )
    return page.of(rows, CouponUse.model_validate)


async def _shown(session: AsyncSession, actor: Actor, coupon_id: int) -> Coupon:
    return Coupon.model_validate(await coupon_desk.coupon(session, actor, coupon_id=coupon_id))


def _value(body: CouponChange) -> str:
    return "percent" if body.amount is None else "amount"


def _terms(body: CouponChange) -> CouponTerms:
    """What is null is as if not named."""
    named = CouponChange.model_fields
    return CouponTerms(**{name: said for name, said in body if name in named and said is not None})
