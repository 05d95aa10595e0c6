"""The parts of an order that look alike on both sides of the counter, in finished words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.order_pages import DeliveryOnPage, ItemOnPage, OrderOnPage, TimelineOnPage
from domain.texts import CHANNELS, MESSAGE_STATES
from infra.clock import now
from state import views

FULFILMENT = {
    "waiting_payment": ("Esperando pago", "warning"),
    "waiting_stock": ("En espera de stock", "processing"),
    "assigned": ("Asignado", "info"),
    "delivered": ("Entregado", "success"),
}
MESSAGE_TONES = {
    "queued": "neutral",
    "sent": "info",
    "delivered": "success",
    "read": "success",
    "confirmed": "success",
    "failed": "error",
}
PROBLEMS = frozenset({"cancelled", "expired", "payment_duplicate", "payment_late"})


@dataclass(frozen=True)
class ItemView:
    """`note` says what it renews or by when it is promised; `late` that this time is past."""

    name: str
    initials: str
    tone: str
    detail: str
    total: str
    fulfilment: str
    fulfilment_tone: str
    note: str = ""
    late: bool = False


@dataclass(frozen=True)
class DeliveryView:
    channel: str
    status: str
    tone: str
    when: str


@dataclass(frozen=True)
class StepView:
    """A line of the timeline; states as in the timeline component."""

    title: str
    when: str = ""
    detail: str = ""
    state: str = "done"


def lines(order: OrderOnPage, *, for_staff: bool = False) -> list[ItemView]:
    return [_item(order, item, for_staff=for_staff) for item in order.items]


def discount(order: OrderOnPage) -> str:
    """«BUENFIN · −$15.00 MXN», or nothing."""
    return f"{order.coupon_code} · −{views.pesos(order.discount)}" if order.discount else ""


def _item(order: OrderOnPage, item: ItemOnPage, *, for_staff: bool) -> ItemView:
    said, tone = FULFILMENT[item.fulfilment]
    late = False
    note = _renewal(order, item, "su" if for_staff else "tu") if item.renewal else ""
    if order.status == "cancelled":
        said, tone = "Cancelado", "error"
    elif order.status == "pending":
        said, tone = "Sin enviar", "neutral"
    elif item.fulfilment == "waiting_stock" and item.promised_at is not None:
        late = item.promised_at < now()
        note = _promise(item.promised_at, late=late, for_staff=for_staff)
    elif item.renewal and item.fulfilment == "delivered":
        said = "Renovado"
    return ItemView(
        name=f"{item.service_name} · {item.plan_name}",
        initials=views.initials(item.service_name),
        tone=item.service_slug,
        detail=f"{item.quantity} × {views.pesos(item.unit_price)}",
        total=views.pesos(item.line_total),
        fulfilment=said,
        fulfilment_tone=tone,
        note=note,
        late=late,
    )


def _renewal(order: OrderOnPage, item: ItemOnPage, whose: str) -> str:
    said = f"Renovación de {whose} suscripción"
    if order.status == "cancelled" or item.renewed_until is None:
        return said
    until = f"{said} · hasta el {views.day(item.renewed_until)}"
    return f"{until} si se paga hoy" if item.from_payment else until


def _promise(promised_at: datetime, *, late: bool, for_staff: bool) -> str:
    when = views.deadline(promised_at)
    if for_staff:
        return f"Atrasado: se prometió para {when}" if late else f"Prometido a más tardar {when}"
    if late:
        return f"Nos atrasamos: te lo prometimos para {when}. Es lo primero que estamos viendo."
    return f"Te lo entregamos a más tardar {when}"


def deliveries(order: OrderOnPage) -> list[DeliveryView]:
    return [_delivery(delivery) for delivery in order.deliveries]


def _delivery(delivery: DeliveryOnPage) -> DeliveryView:
    said, tone = message_state(delivery.channel, delivery.status, delivery.error_code)
    return DeliveryView(
        channel="Tu panel" if delivery.channel == "web" else CHANNELS[delivery.channel],
        status=said,
        tone=tone,
        when=views.moment(delivery.updated_at),
    )


def message_state(channel: str, status: str, error_code: str) -> tuple[str, str]:
    """How far a message got, and the tone of it; the panel has what it has from the start."""
    if error_code == "not_needed":
        return "No hizo falta", "neutral"
    said = MESSAGE_STATES[status]
    if channel == "web" and status == "delivered":
        said = "Disponible"
    return said, MESSAGE_TONES[status]


def step(entry: TimelineOnPage, who: str = "") -> StepView:
    return StepView(
        title=views.sentence(entry.event, entry.data),
        when=views.moment(entry.at),
        detail=who,
        state="problem" if entry.event in PROBLEMS else "done",
    )
