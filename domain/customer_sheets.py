"""Customers as a file: those of a tab and a search, with what each has bought."""

from __future__ import annotations

from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.customer_pages import asked, customers
from domain.phones import spaced
from domain.sheets import PAGE, Page, Row, Said, Sheet
from infra.clock import local

HEADER = (
    "Cliente",
    "Celular",
    "Correo",
    "Pedidos",
    "Total pagado",
    "Última compra",
    "Suscripciones",
    "Bloqueado",
)


def sheet(_actor: Actor, said: Said) -> Sheet:
    tab, q = asked(said)
    return Sheet("clientes", "Clientes", HEADER, partial(_page, tab, q), {"tab": tab, "q": q})


async def _page(tab: str, q: str, session: AsyncSession, actor: Actor, before: int | None) -> Page:
    found = await customers(session, actor, tab=tab, q=q, before=before, limit=PAGE)
    rows: list[Row] = [
        (
            one.name,
            spaced(one.phone),
            one.email,
            one.orders,
            one.spent,
            local(one.last_purchase) if one.last_purchase else None,
            one.live,
            "Sí" if one.blocked else "",
        )
        for one in found
    ]
    return rows, found[-1].id if len(found) == PAGE else None
