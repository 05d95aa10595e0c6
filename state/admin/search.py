"""The search above every page of the back office.

What was typed may be a login, so it is kept nowhere: not in the address, not in the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import search
from domain.search import Everything
from infra.database import reading
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

PATH = "/admin/buscar"
LONGEST = 254


@dataclass(frozen=True)
class Hit:
    title: str
    detail: str
    address: str


@dataclass(frozen=True)
class HitGroup:
    label: str
    hits: Sequence[Hit]


class AdminSearch(Outcomes, rx.State):
    """`asked` says that something was searched for; without groups nothing was found."""

    groups: list[HitGroup] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    asked: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def find(self, form: dict[str, Any]) -> EventSpec | None:
        """A single hit is opened at once."""
        async with told(self):
            q = forms.text(forms.fields(form).get("q"), "q", longest=LONGEST)
            async with reading() as session:
                found = await search.everywhere(session, actor(), q)
            self.groups, self.asked = _groups(found), bool(q)
            hits = [hit for group in self.groups for hit in group.hits]
            return rx.redirect(hits[0].address if len(hits) == 1 else PATH)
        return None


def _groups(found: Everything) -> list[HitGroup]:
    groups = [
        HitGroup(
            "Pedidos",
            tuple(
                Hit(
                    f"Pedido #{order.id}",
                    f"{order.customer_name or views.phone(order.customer_phone)} · "
                    f"{order.products} · {views.state_name(order.status)}",
                    f"/admin/pedidos/{order.id}",
                )
                for order in found.orders
            ),
        ),
        HitGroup(
            "Clientes",
            tuple(
                Hit(
                    one.name or views.phone(one.phone),
                    f"{views.phone(one.phone)} · {_counted(one.orders, 'pedido')} · "
                    f"{_counted(one.live, 'suscripción', 'suscripciones')}",
                    f"/admin/clientes/{one.id}",
                )
                for one in found.customers
            ),
        ),
        HitGroup(
            "Cuentas",
            tuple(
                Hit(
                    f"Cuenta {account.id}",
                    f"{account.service_name} · {account.free} de {account.profiles} libres",
                    f"/admin/inventario/{account.id}",
                )
                for account in found.accounts
            ),
        ),
    ]
    return [group for group in groups if group.hits]


def _counted(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
