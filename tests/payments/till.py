"""Orders that wait to be paid with a card, and what is on record of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import models
from domain import card_checkouts
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.payments.provider import card_provider
from tests.builders import (
    as_customer,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    place_order,
)
from tests.payments.fake_mercadopago import FakeMercadoPago


async def make_order(ana: models.Customer | None = None) -> int:
    """Of 150.00, with something to deliver."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    return (await place_order(ana or await make_customer(), plan)).id


async def open_checkout(order: int) -> str:
    """As its customer does on the page; the address to pay at."""
    async with reading() as session:
        owner = await scalar(session, "SELECT customer_id FROM orders WHERE id = %(o)s", o=order)
    async with unit_of_work() as session:
        actor = as_customer(models.Customer(id=owner, phone="+525512345678"))
        begun = await card_checkouts.begin(session, actor, order_id=order)
    if begun.url:
        return begun.url
    url = await card_provider().open_checkout(begun.wanted)
    async with unit_of_work() as session:
        await card_checkouts.opened(session, begun.id, url)
    return url


async def paid_by_card(mercadopago: FakeMercadoPago, cards: Any, order: int, **values: Any) -> str:
    """The payment's number, after the shop looked for it."""
    await open_checkout(order)
    number = mercadopago.pay(mercadopago.newest(), **values)
    await look(cards)
    return number


async def look(cards: Any) -> None:
    """As the minute's job does, with everything due."""
    await now_due()
    await cards.due(0)


async def now_due() -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE card_payments SET due_at = now() WHERE due_at IS NOT NULL")
        await run(session, "UPDATE card_checkouts SET due_at = now() WHERE due_at IS NOT NULL")
        await run(session, "UPDATE card_refunds SET due_at = now() WHERE due_at IS NOT NULL")


async def state(order: int) -> tuple[str, Decimal]:
    """Its status and what it received."""
    async with reading() as session:
        status = await scalar(session, "SELECT status FROM orders WHERE id = %(o)s", o=order)
        received = await scalar(
            session,
            "SELECT coalesce(sum(amount), 0) FROM payments WHERE order_id = %(o)s",
            o=order,
        )
    return status, received


async def refunded(order: int) -> list[Decimal]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT amount FROM refunds WHERE order_id = %(o)s ORDER BY id", o=order
        )
    return [row.amount for row in rows]


async def logged(action: str) -> list[dict[str, Any]]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT change FROM audit_entries WHERE action = %(a)s ORDER BY id", a=action
        )
    return [row.change for row in rows]


async def alerts() -> list[str]:
    async with reading() as session:
        rows = await fetch(session, "SELECT kind FROM alerts WHERE closed_at IS NULL ORDER BY kind")
    return [row.kind for row in rows]


async def jobs(task: str) -> int:
    async with reading() as session:
        return await scalar(
            session, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %(t)s", t=task
        )
