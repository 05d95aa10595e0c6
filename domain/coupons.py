"""Coupons at checkout: what one takes off, used once per order, given back when that ends.

The database counts the uses on the coupon's own row, so that of fifty customers who reach for the
last one at the same moment exactly one has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import InvalidInput
from domain.records import audit
from domain.sql import driver, fetch, fetch_one, run, scalar
from domain.texts import pesos
from infra.clock import today

CENT = Decimal("0.01")
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """What a code would take off the cart as it is; in MXN."""

    code: str
    discount: Decimal


def written(code: str) -> str:
    """As it is kept: capitals, without spaces."""
    return "".join(code.upper().split())[: 2 * LONGEST]


async def quote(session: AsyncSession, actor: Actor, *, code: str) -> Quote:
    """What the code takes off the customer's cart. Raises `InvalidInput` (`coupon`)."""
    customer = actor.customer_id()
    coupon = await _found(session, code)
    lines = await fetch(
        session,
        """SELECT i.plan_id, p.service_id, p.sale_price * i.quantity AS line_total
           FROM cart_items i JOIN carts c ON c.id = i.cart_id JOIN plans p ON p.id = i.plan_id
           WHERE c.customer_id = %(customer)s ORDER BY i.id""",
        customer=customer,
    )
    await _refuse_spent(session, coupon, customer)
    return Quote(coupon.code, sum(_shares(coupon, lines), Decimal(0)))


async def apply(session: AsyncSession, actor: Actor, *, order_id: int, code: str) -> Decimal:
    """Take it off an order placed in this transaction; by how much.

    Raises `InvalidInput` (`coupon`) with the reason why it does not count.
    """
    order: Any = await fetch_one(
        session, "SELECT id, customer_id FROM orders WHERE id = %(id)s", id=order_id
    )
    coupon = await _found(session, code, lock=" FOR UPDATE")
    await _refuse_spent(session, coupon, order.customer_id)
    lines = await fetch(
        session,
        """SELECT id, plan_id, service_id, line_total FROM order_items
           WHERE order_id = %(id)s ORDER BY id""",
        id=order_id,
    )
    shares = _shares(coupon, lines)
    discount = sum(shares, Decimal(0))
    await _write(session, order, coupon, [line.id for line in lines], shares)
    await audit(
        session,
        actor,
        "coupon.use",
        "order",
        order_id,
        coupon=coupon.code,
        amount=str(discount),
    )
    return discount


async def _found(session: AsyncSession, code: str, lock: str = "") -> Any:
    day = today()
    coupon: Any = await fetch_one(
        session,
        f"SELECT * FROM coupons WHERE code = %(code)s{lock}",  # noqa: S608  # a constant
        code=written(code),
    )
    if coupon is None or not coupon.active:
        raise InvalidInput({"coupon": "coupon_unknown"})
    if coupon.from_on is not None and day < coupon.from_on:
        raise InvalidInput({"coupon": "coupon_early"})
    if coupon.until_on is not None and day > coupon.until_on:
        raise InvalidInput({"coupon": "coupon_over"})
    return coupon


async def _refuse_spent(session: AsyncSession, coupon: Any, customer_id: int) -> None:
    if coupon.limit_total is not None and coupon.uses >= coupon.limit_total:
        raise InvalidInput({"coupon": "coupon_spent"})
    if coupon.limit_each is None:
        return
    used = await scalar(
        session,
        """SELECT count(*) FROM coupon_uses WHERE coupon_id = %(coupon)s
             AND customer_id = %(customer)s AND returned_at IS NULL""",
        coupon=coupon.id,
        customer=customer_id,
    )
    if used >= coupon.limit_each:
        raise InvalidInput({"coupon": "coupon_used"})


def _shares(coupon: Any, lines: Sequence[Any]) -> list[Decimal]:
    """What it takes off each line: in proportion, to the centavo, the rest off the first ones."""
    fits = [
        line.line_total
        if coupon.service_id in {None, line.service_id} and coupon.plan_id in {None, line.plan_id}
        else Decimal(0)
        for line in lines
    ]
    base = sum(fits, Decimal(0))
    if not base:
        raise InvalidInput({"coupon": "coupon_other_plans"})
    if sum((line.line_total for line in lines), Decimal(0)) < coupon.minimum:
        raise InvalidInput({"coupon": f"Este cupón es para compras desde {pesos(coupon.minimum)}."})
    off = base * coupon.percent / 100 if coupon.amount is None else min(coupon.amount, base)
    off = max(CENT, off.quantize(CENT, ROUND_HALF_UP))
    shares = [(off * fit / base).quantize(CENT, ROUND_DOWN) for fit in fits]
    for index, fit in enumerate(fits):
        more = min(off - sum(shares), fit - shares[index])
        shares[index] += more
    return shares


async def _write(
    session: AsyncSession, order: Any, coupon: Any, items: list[int], shares: list[Decimal]
) -> None:
    try:
        await run(
            session,
            """WITH used AS (
                   INSERT INTO coupon_uses (coupon_id, order_id, customer_id, amount)
                   VALUES (%(coupon)s, %(order)s, %(customer)s, %(off)s)),
               lines AS (
                   UPDATE order_items i SET discount = s.off
                   FROM unnest(%(items)s::bigint[], %(shares)s::numeric[]) AS s(item, off)
                   WHERE i.id = s.item)
               UPDATE orders SET discount = %(off)s, coupon_code = %(code)s, total = total - %(off)s
               WHERE id = %(order)s""",
            coupon=coupon.id,
            code=coupon.code,
            order=order.id,
            customer=order.customer_id,
            off=sum(shares, Decimal(0)),
            items=items,
            shares=shares,
        )
    except psycopg.errors.CheckViolation as error:  # somebody had the last one just now
        raise InvalidInput({"coupon": "coupon_spent"}) from error


async def give_back(session: AsyncSession, order_id: int) -> None:
    """The order ended: its coupon can be used again."""
    await run(
        session,
        """UPDATE coupon_uses SET returned_at = now()
           WHERE order_id = %(order)s AND returned_at IS NULL""",
        order=order_id,
    )


async def take_again(session: AsyncSession, order_id: int) -> bool:
    """An order that comes back takes its coupon again, unless others have used it up."""
    link = driver(session)
    await link.execute("SAVEPOINT coupon")
    try:
        await run(
            session,
            """UPDATE coupon_uses SET returned_at = NULL
               WHERE order_id = %(order)s AND returned_at IS NOT NULL""",
            order=order_id,
        )
    except psycopg.errors.CheckViolation:
        await link.execute("ROLLBACK TO SAVEPOINT coupon")
        return False
    return True
