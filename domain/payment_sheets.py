"""Payments and the cash report as files, for the accountant."""

from __future__ import annotations

from datetime import date
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import cash
from domain.actors import Actor
from domain.cash import Span
from domain.payment_pages import Filters, payment_list
from domain.phones import spaced
from domain.sheets import PAGE, Page, Row, Said, Sheet
from domain.texts import MONEY_CAUSES, PAYMENT_KINDS, PAYMENT_SOURCES
from infra.clock import local

HEADER = (
    "Pedido",
    "Cliente",
    "Celular",
    "Monto",
    "Tipo",
    "Fuente",
    "Banco",
    "Referencia",
    "Clave de rastreo",
    "Día del pago",
    "Registrado",
    "Por",
    "Sin destino",
)
CASH_HEADER = (
    "Día",
    "Movimiento",
    "Detalle",
    "Banco",
    "Pedido",
    "Cliente",
    "Referencia",
    "Entra",
    "Sale",
    "Saldo dado",
    "Saldo usado",
)


def payments(_actor: Actor, said: Said) -> Sheet:
    filters = Filters.of(said)
    return Sheet("cobros", "Pagos", HEADER, partial(_payments, filters), filters.said())


def cash_report(_actor: Actor, said: Said) -> Sheet:
    span = Span.of(said)
    return Sheet("caja", "Caja", CASH_HEADER, partial(_cash, span), span.said())


async def _payments(
    filters: Filters, session: AsyncSession, actor: Actor, before: int | None
) -> Page:
    found = await payment_list(session, actor, filters, before=before, limit=PAGE)
    rows: list[Row] = [
        (
            one.order_id,
            one.customer_name,
            "" if one.customer_phone.startswith("x") else spaced(one.customer_phone),
            one.amount,
            PAYMENT_KINDS[one.kind],
            PAYMENT_SOURCES[one.source],
            one.bank,
            one.reference,
            one.tracking_key,
            one.paid_on,
            local(one.created_at),
            one.who,
            one.loose or None,
        )
        for one in found
    ]
    return rows, found[-1].id if len(found) == PAGE else None


async def _cash(span: Span, session: AsyncSession, actor: Actor, after: int | None) -> Page:
    """A day at a time; where a page ended is its day."""
    day = await cash.next_day(session, span, date.fromordinal(after) if after else None)
    if day is None:
        return [], None
    rows = [_movement(one) for one in await cash.movements(session, actor, day)]
    return rows, day.toordinal() if day < span.until else None


def _movement(one: cash.Movement) -> Row:
    credit = one.kind == "credit" or one.source == "credit"
    comes = one.kind == "payment" and not credit
    return (
        one.day,
        {"payment": "Pago", "refund": "Devolución", "credit": "Saldo a favor"}[one.kind],
        PAYMENT_SOURCES.get(one.source) or MONEY_CAUSES[one.source],
        one.bank,
        one.order_id,
        one.customer_name,
        one.reference,
        one.amount if comes else None,
        -one.amount if one.kind == "refund" else None,
        one.amount if one.kind == "credit" else None,
        one.amount if one.kind == "payment" and credit else None,
    )
