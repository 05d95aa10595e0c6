"""Orders as a file, and the payments received for them. Only an owner's has what they cost."""

from __future__ import annotations

from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.order_filters import Wanted
from domain.order_lists import ListedOrder, mark_of, order_list
from domain.phones import spaced
from domain.sheets import PAGE, Page, Row, Said, Sheet
from domain.sql import fetch
from domain.texts import ORDER_STATES, PAYMENT_KINDS, PAYMENT_STATES
from infra.clock import local

HEADER = (
    "Pedido",
    "Hecho",
    "Cliente",
    "Celular",
    "Productos",
    "Total",
    "Estado",
    "Pago",
    "Actualizado",
)
OWNERS = ("Costo", "Ganancia")
PAYMENT_HEADER = (
    "Pedido",
    "Cliente",
    "Celular",
    "Monto",
    "Tipo",
    "Referencia",
    "Clave de rastreo",
    "Banco",
    "Día del pago",
    "Registrado",
)


def orders(actor: Actor, said: Said) -> Sheet:
    header = HEADER + OWNERS if actor.owner else HEADER
    return Sheet("pedidos", "Pedidos", header, partial(_orders, said), _asked(said))


def payments(_actor: Actor, said: Said) -> Sheet:
    """Those of the orders on screen."""
    page = partial(_payments, said)
    return Sheet("pagos", "Pagos", PAYMENT_HEADER, page, _asked(said))


def _asked(said: Said) -> dict[str, str]:
    """As the screen reads its address."""
    return Wanted.of(said).said()


async def _listed(
    session: AsyncSession, actor: Actor, said: Said, after: int | None
) -> tuple[list[ListedOrder], int | None]:
    wanted = Wanted.of(said)
    found = await order_list(session, actor, wanted, after=after, limit=PAGE)
    return found, mark_of(wanted, found[-1]) if len(found) == PAGE else None


async def _orders(said: Said, session: AsyncSession, actor: Actor, before: int | None) -> Page:
    found, last = await _listed(session, actor, said, before)
    costs = {}
    if actor.owner:
        costs = {
            row.id: row.cost
            for row in await fetch(
                session,
                "SELECT id, cost FROM orders WHERE id = ANY(%(ids)s)",
                ids=[one.id for one in found],
            )
        }
    rows: list[Row] = []
    for one in found:
        row: Row = (
            one.id,
            local(one.created_at),
            one.customer_name,
            spaced(one.customer_phone),
            one.products,
            one.total,
            ORDER_STATES[one.status].capitalize(),
            PAYMENT_STATES[one.payment_status],
            local(one.updated_at),
        )
        rows.append((*row, costs[one.id], one.total - costs[one.id]) if actor.owner else row)
    return rows, last


async def _payments(said: Said, session: AsyncSession, actor: Actor, before: int | None) -> Page:
    found, last = await _listed(session, actor, said, before)
    people = {one.id: one for one in found}
    rows: list[Row] = [
        (
            row.order_id,
            people[row.order_id].customer_name,
            spaced(people[row.order_id].customer_phone),
            row.amount,
            PAYMENT_KINDS[row.kind],
            row.reference,
            row.tracking_key,
            row.bank,
            row.paid_on,
            local(row.created_at),
        )
        for row in await fetch(
            session,
            """SELECT order_id, amount, kind, reference, tracking_key, bank, paid_on, created_at
               FROM payments WHERE order_id = ANY(%(ids)s) ORDER BY order_id DESC, id""",
            ids=list(people),
        )
    ]
    return rows, last
