"""What the sales desk shows: who buys, what there is, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.catalog import ServiceOnSale
from domain.counter import Buyer, Sale
from domain.drafts import Draft
from infra.clock import local
from state import views


@dataclass(frozen=True)
class BuyerView:
    """`phone` is empty until one was given; `known` says that the shop has met them before."""

    phone: str = ""
    name: str = ""
    known: bool = False
    blocked: bool = False
    detail: str = ""
    preference: str = "whatsapp"


@dataclass(frozen=True)
class PlanRow:
    id: int
    name: str
    price: str
    available: int
    most: int
    units: int


@dataclass(frozen=True)
class ShelfView:
    name: str
    slug: str
    initials: str
    plans: list[PlanRow]


@dataclass(frozen=True)
class BasketView:
    lines: list[str] = field(default_factory=list)
    total: str = ""


@dataclass(frozen=True)
class SoldView:
    """`number` is 0 until something was sold."""

    number: int = 0
    said: str = ""
    tone: str = "success"


@dataclass(frozen=True)
class DraftView:
    """The draft on the desk, `number` 0 for none; `gone` names what is no longer on sale."""

    number: int = 0
    said: str = ""
    gone: str = ""


def draft_view(draft: Draft, on_sale: Mapping[int, int]) -> DraftView:
    """`on_sale` is what is left of its lines."""
    gone = [name for plan, name in draft.names.items() if plan not in on_sale]
    return DraftView(
        number=draft.id,
        said=f"Guardado {views.instant(draft.kept_at)}.",
        gone=f"Ya no está a la venta: {', '.join(gone)}." if gone else "",
    )


def still_on_sale(services: Sequence[ServiceOnSale], units: Mapping[int, int]) -> dict[int, int]:
    shelf = {plan.id for service in services for plan in service.plans}
    return {plan: many for plan, many in units.items() if plan in shelf}


def buyer_view(buyer: Buyer) -> BuyerView:
    detail = "Cliente nuevo"
    if buyer.id:
        many = "1 pedido" if buyer.orders == 1 else f"{buyer.orders} pedidos"
        detail = many if buyer.orders else "Sin pedidos todavía"
        if buyer.last_order_at:
            detail += f", el último el {views.near_day(local(buyer.last_order_at).date())}"
    return BuyerView(
        phone=views.phone(buyer.phone),
        name=buyer.name,
        known=bool(buyer.id),
        blocked=buyer.blocked,
        detail=detail,
        preference=buyer.delivery_preference,
    )


def shelves(services: Sequence[ServiceOnSale], units: Mapping[int, int]) -> list[ShelfView]:
    """What is already in the basket can still be taken out when it has sold out meanwhile."""
    return [
        ShelfView(
            name=service.name,
            slug=service.slug,
            initials=views.initials(service.name),
            plans=[
                PlanRow(
                    id=plan.id,
                    name=plan.name,
                    price=views.pesos(plan.sale_price),
                    available=plan.available,
                    most=max(min(10, plan.available), units.get(plan.id, 0)),
                    units=units.get(plan.id, 0),
                )
                for plan in service.plans
            ],
        )
        for service in services
    ]


def basket(
    services: Sequence[ServiceOnSale], units: Mapping[int, int]
) -> tuple[BasketView, Decimal]:
    """In words, and what it costs."""
    chosen = [
        (service, plan, units[plan.id])
        for service in services
        for plan in service.plans
        if units.get(plan.id)
    ]
    total = sum((plan.sale_price * many for _, plan, many in chosen), Decimal(0))
    lines = [
        f"{many} × {service.name} {plan.name} · {views.pesos(plan.sale_price * many)}"
        for service, plan, many in chosen
    ]
    return BasketView(lines, views.pesos(total) if chosen else ""), total


def kept_view(number: int) -> SoldView:
    said = "No aparta stock, y el cliente no lo ve hasta que lo mandes."
    return SoldView(number, f"Guardamos el borrador #{number}. {said}")


def sold_view(sale: Sale) -> SoldView:
    said, tone = {
        "delivered": ("Pagado y entregado.", "success"),
        "processing": ("Pagado; espera stock y el cliente lo sabe.", "warning"),
    }.get(sale.status, ("Le mandamos cómo pagar.", "success"))
    if sale.status == "pending_payment" and not sale.told:
        said, tone = "Solo recibe avisos en su panel: dile tú cómo pagar.", "warning"
    return SoldView(sale.order_id, f"Pedido #{sale.order_id}. {said}", tone)
