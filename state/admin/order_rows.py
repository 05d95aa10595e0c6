"""Orders as a list shows them, and the filters above it, in finished words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.order_filters import FOLLOWED, IN_REVIEW, TABS, Wanted
from domain.order_lists import ListedOrder
from domain.texts import PAYMENT_STATES
from infra.clock import local, now, today
from state import asked, views
from state.admin.order_parts import PAYMENT_TONES
from state.order_parts import message_state

PATH = "/admin/pedidos"
EVERYTHING = "todos"
TAB_NAMES = {
    "todos": "Todos",
    "por-confirmar": "Por confirmar",
    IN_REVIEW: "En revisión",
    "en-proceso": "En proceso",
    "entregados": "Entregados",
    "cancelados": "Cancelados",
    "borradores": "Borradores",
    FOLLOWED: "Por dar seguimiento",
}
PAYMENTS = (("", "Cualquiera"), *PAYMENT_STATES.items())
SIZES = ("25", "50", "100")
OPEN = frozenset({"pending", "pending_payment", "paid", "processing"})
HOURS, DAYS = 3600, 86400


@dataclass(frozen=True)
class TabView:
    label: str
    address: str
    active: bool


@dataclass(frozen=True)
class ServiceChoice:
    slug: str
    name: str


@dataclass(frozen=True)
class FiltersView:
    """What the filters are set to, as an address says it; `count` of them are set.

    `key` changes when they must be drawn anew: a field keeps the first value it was drawn with. An
    address without filters has the same from the start, so that nothing typed early is lost.
    """

    payment: str = ""
    delivery: str = ""
    service: str = ""
    channel: str = ""
    since: str = ""
    until: str = ""
    least: str = ""
    most: str = ""
    order: str = ""
    size: str = ""
    count: int = 0
    key: str = "|" * len(Wanted().said())
    services: list[ServiceChoice] = field(default_factory=list)


@dataclass(frozen=True)
class OrderRow:
    """`age` is how long it has waited, empty once nobody waits; `late` that its day is past."""

    number: int
    customer: str
    phone: str
    products: str
    total: str
    status: str
    payment: str
    payment_tone: str
    delivery: str
    delivery_tone: str
    updated: str
    age: str
    follow_up: str
    late: bool


def filters_view(wanted: Wanted, size: str, services: Sequence[tuple[str, str]]) -> FiltersView:
    said = wanted.said()
    return FiltersView(
        payment=said["pago"],
        delivery=said["entrega"],
        service=said["servicio"],
        channel=said["canal"],
        since=said["desde"],
        until=said["hasta"],
        least=said["minimo"],
        most=said["maximo"],
        order=wanted.order,
        size=size,
        count=wanted.filters,
        key="|".join((*said.values(), size)),
        services=[ServiceChoice(slug, name) for slug, name in services],
    )


def tabs(kept: Mapping[str, str]) -> list[TabView]:
    """Each keeps the other filters; the one that is open is said by `kept` itself."""
    active = kept.get("tab") or EVERYTHING
    return [
        TabView(
            label=TAB_NAMES[name],
            address=asked.address(PATH, {**kept, "tab": "" if name == EVERYTHING else name}),
            active=name == active,
        )
        for name in TABS
    ]


def row(order: ListedOrder) -> OrderRow:
    delivery, delivery_tone = _delivery(order)
    return OrderRow(
        number=order.id,
        customer=order.customer_name or "Sin nombre",
        phone=views.phone(order.customer_phone),
        products=order.products,
        total=views.pesos(order.total),
        status="in_review" if order.in_review else order.status,
        payment=PAYMENT_STATES[order.payment_status],
        payment_tone=PAYMENT_TONES[order.payment_status],
        delivery=delivery,
        delivery_tone=delivery_tone,
        updated=_when(order),
        age=_age(order) if order.status in OPEN else "",
        follow_up=views.near_day(order.follow_up_on) if order.follow_up_on else "",
        late=order.follow_up_on is not None and order.follow_up_on <= today(),
    )


def _delivery(order: ListedOrder) -> tuple[str, str]:
    if order.status == "cancelled":
        return "", "neutral"
    if order.waiting:
        return "Espera stock", "processing"
    if order.status != "delivered":
        return "Sin entregar", "neutral"
    return message_state("", order.delivery, "") if order.delivery else ("En su panel", "success")


def _when(order: ListedOrder) -> str:
    """Short: a list has little room."""
    here = local(order.updated_at)
    return f"{here:%H:%M}" if here.date() == today() else views.near_day(here.date())


def _age(order: ListedOrder) -> str:
    seconds = max(0, int((now() - order.since).total_seconds()))
    if seconds < HOURS:
        return f"{seconds // 60} min"
    return f"{seconds // HOURS} h" if seconds < 2 * DAYS else f"{seconds // DAYS} días"
