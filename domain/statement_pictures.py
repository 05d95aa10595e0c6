"""The orders, payments and payers that a statement's movements are held against, read at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, fetch_as, scalar
from domain.statement_clues import Clues, clues, payer_key
from domain.statement_facts import OrderFacts, PaymentFacts, Picture
from domain.statement_matching import SAME_TRANSFER
from domain.statement_movements import Movement
from models.statements import StatementKind

RECEIVED = "(SELECT remains FROM order_money WHERE order_id = o.id)"
PER_ROUND = 1_000_000  # the numbers that share a reference lie so far apart


async def picture(
    session: AsyncSession, movements: Sequence[Movement], kind: StatementKind
) -> Picture:
    """A payment counts as claimed when a movement of this kind of statement is tied to it.

    A notice and a file's line may tell of the same transfer.
    """
    deposits = [movement for movement in movements if movement.amount > 0]
    said = [clues(movement) for movement in deposits]
    keys = sorted({key for one in said for key in one.keys})
    told = await _receipts(session, keys)
    named = await _named(session, said)
    named += [order_id for orders in told.values() for order_id in orders]
    days = [movement.booked_on for movement in deposits] or [date.max - SAME_TRANSFER]
    payments = await fetch_as(
        session,
        PaymentFacts,
        PAYMENTS,
        named=named,
        keys=keys,
        since=min(days) - SAME_TRANSFER,
        until=max(days) + SAME_TRANSFER,
        kind=kind,
    )
    orders = await fetch(
        session, ORDERS, named=sorted({*named, *(payment.order_id for payment in payments)})
    )
    return Picture(
        orders={
            order.id: OrderFacts(
                id=order.id,
                customer_id=order.customer_id,
                customer_key=payer_key(order.name),
                status=order.status,
                total=order.total,
                received=order.received,
                placed_on=order.placed_on,
            )
            for order in orders
        },
        payments=payments,
        receipts=told,
        payers=await _payers(session, sorted({one.payer for one in said} - {""})),
    )


ORDERS = f"""
SELECT o.id, o.customer_id, c.name, o.status, o.total, {RECEIVED} AS received,
       (o.created_at AT TIME ZONE 'America/Mexico_City')::date AS placed_on
FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.status = 'pending_payment' OR o.id = ANY(%(named)s::bigint[])
ORDER BY o.id"""  # noqa: S608  # a constant

PAYMENTS = """
SELECT p.id, p.order_id, p.amount, p.paid_on, p.tracking_key, (
    SELECT l.statement_id FROM statement_lines l JOIN statements s ON s.id = l.statement_id
    WHERE l.payment_id = p.id AND s.kind = %(kind)s LIMIT 1) AS statement
FROM payments p
WHERE p.source <> 'credit' AND (
    p.order_id = ANY(%(named)s::bigint[]) OR p.paid_on BETWEEN %(since)s AND %(until)s
    OR (p.tracking_key <> '' AND p.tracking_key = ANY(%(keys)s::text[]))
    OR p.order_id IN (SELECT id FROM orders WHERE status = 'pending_payment'))
ORDER BY p.id"""


async def _named(session: AsyncSession, said: Sequence[Clues]) -> list[int]:
    """The numbers that the movements say or their references hold."""
    top = await scalar(session, "SELECT coalesce(max(id), 0) FROM orders")
    numbers = {number for one in said for number in (*one.numbers, *one.bare)}
    for one in said:
        for reference in one.references:
            numbers.update(range(int(reference[:-1]), top + 1, PER_ROUND))
    return sorted(number for number in numbers if number <= top)


async def _receipts(session: AsyncSession, keys: list[str]) -> dict[str, set[int]]:
    """Which orders customers gave these tracking keys for, in receipts that nobody rejected."""
    rows = await fetch(
        session,
        """SELECT tracking_key, order_id FROM receipts
           WHERE tracking_key <> '' AND tracking_key = ANY(%(keys)s::text[])
             AND status <> 'rejected'""",
        keys=keys,
    )
    receipts: dict[str, set[int]] = {}
    for row in rows:
        receipts.setdefault(row.tracking_key, set()).add(row.order_id)
    return receipts


async def _payers(session: AsyncSession, keys: list[str]) -> dict[str, set[int]]:
    """Whom these payers have paid for before, as far as statements tell."""
    rows = await fetch(
        session,
        """SELECT DISTINCT l.payer_key, o.customer_id
           FROM statement_lines l JOIN orders o ON o.id = l.order_id
           WHERE l.payer_key = ANY(%(keys)s::text[]) AND l.payment_id IS NOT NULL""",
        keys=keys,
    )
    payers: dict[str, set[int]] = {}
    for row in rows:
        payers.setdefault(row.payer_key, set()).add(row.customer_id)
    return payers
