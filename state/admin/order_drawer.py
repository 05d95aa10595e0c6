"""One order beside the list: what it is, how far it is, and the ways to what may be done now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.order_pages import OrderOnPage
from state.admin.order_parts import AdminOrderView, order_view

LATEST = 4  # entries of its history; its page has them all


@dataclass(frozen=True)
class StepLink:
    label: str
    address: str


@dataclass(frozen=True)
class DrawerView:
    order: AdminOrderView
    steps: list[StepLink]


def drawer_view(found: OrderOnPage) -> DrawerView:
    order = order_view(found)
    latest = replace(order, timeline=order.timeline[-LATEST:][::-1])
    return DrawerView(order=latest, steps=_steps(order))


def _steps(order: AdminOrderView) -> list[StepLink]:
    page = f"/admin/pedidos/{order.number}"
    if order.status == "pending":
        draft = StepLink("Editar o enviar", f"/admin/vender?borrador={order.number}")
        return [draft, StepLink("Descartar", f"{page}#cancelar")]
    known = (
        (order.awaits_payment, "Confirmar pago", "pago"),
        (order.awaits_payment, "Recordar el pago o ampliar su apartado", "mientras"),
        (bool(order.waiting), "Entregar lo que espera stock", "espera"),
        (order.status == "delivered", "Mandar su aviso otra vez", "avisos"),
        (order.may_cancel, "Cancelar", "cancelar"),
    )
    return [StepLink(label, f"{page}#{part}") for allowed, label, part in known if allowed]
