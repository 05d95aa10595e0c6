"""Every list of the back office that leaves as a file. A new one adds its line to `LISTS`."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import (
    customer_sheets,
    expiration_sheets,
    exports,
    log_sheets,
    message_sheets,
    order_sheets,
    payment_sheets,
)
from domain.actors import Actor
from domain.errors import NotFound
from domain.records import audit
from domain.sheets import Said, Sheet

LISTS: dict[str, Callable[[Actor, Said], Sheet]] = {
    "bitacora": log_sheets.sheet,
    "caja": payment_sheets.cash_report,
    "clientes": customer_sheets.sheet,
    "cobros": payment_sheets.payments,
    "inventario": exports.sheet,
    "mensajes": message_sheets.sheet,
    "pagos": order_sheets.payments,
    "pedidos": order_sheets.orders,
    "vencimientos": expiration_sheets.sheet,
}


async def begin(session: AsyncSession, actor: Actor, name: str, said: Said, *, form: str) -> Sheet:
    """Write down that somebody takes the list, before the first row leaves.

    Raises `NotFound`, and `Forbidden` for a list that is not this actor's to see.
    """
    actor.require_staff()
    if name not in LISTS:
        raise NotFound
    sheet = LISTS[name](actor, said)
    kept = {key: value for key, value in sheet.filters.items() if value}
    await audit(session, actor, "list.export", "list", name, format=form, filters=kept)
    return sheet
