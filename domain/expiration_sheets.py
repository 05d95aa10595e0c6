"""What ends, waits for its rotation or for the supplier's payment, as a file: a tab of a list."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.expirations import SUPPLIER, TABS, TO_ROTATE, ending, supplier_due, to_rotate
from domain.phones import spaced
from domain.sheets import PAGE, Page, Row, Said, Sheet
from infra.clock import local

ENDING = (
    "Cliente",
    "Celular",
    "Servicio",
    "Plan",
    "Perfil",
    "Termina",
    "Cuenta",
    "Cuenta pagada hasta",
    "Pedido",
    "Recordado",
)
ROTATION = ("Perfil", "Servicio", "Cuenta", "Se liberó", "Último cliente")
DUE = ("Cuenta", "Servicio", "Pagada hasta", "Clientes", "Último termina")


def sheet(_actor: Actor, said: Said) -> Sheet:
    tab = said.get("tab", "hoy")
    tab = tab if tab in TABS else "hoy"
    service = said.get("servicio", "")[:60]
    header = {TO_ROTATE: ROTATION, SUPPLIER: DUE}.get(tab, ENDING)
    asked = {"tab": tab, "servicio": service}
    return Sheet("vencimientos", "Vencimientos", header, partial(_page, tab, service), asked)


async def _page(
    tab: str, service: str, session: AsyncSession, actor: Actor, after: int | None
) -> Page:
    asked: dict[str, Any] = {"service": service, "after": after, "limit": PAGE}
    rows: list[Row]
    if tab == TO_ROTATE:
        found = await to_rotate(session, actor, **asked)
        rows = [
            (
                one.profile_label,
                one.service_name,
                one.account_id,
                local(one.since) if one.since else None,
                one.held_by,
            )
            for one in found
        ]
    elif tab == SUPPLIER:
        found = await supplier_due(session, actor, **asked)
        rows = [
            (one.id, one.service_name, one.paid_until, one.holders, one.last_end) for one in found
        ]
    else:
        found = await ending(session, actor, tab=tab, **asked)
        rows = [
            (
                one.customer_name,
                spaced(one.customer_phone),
                one.service_name,
                one.plan_name,
                "Cuenta completa" if one.whole else one.profile_label,
                one.ends_on,
                one.account_id,
                one.paid_until,
                one.order_id,
                local(one.reminded_at) if one.reminded_at else None,
            )
            for one in found
        ]
    return rows, found[-1].mark if len(found) == PAGE else None
