"""The parts of an order that look alike on both sides of the counter, in finished words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.failures import failure_sentence
from domain.order_pages import DeliveryOnPage, ItemOnPage, OrderOnPage, TimelineOnPage
from infra.clock import now
from state import views

FULFILMENT = {
    "waiting_payment": ("Esperando pago", "warning"),
    "waiting_stock": ("En espera de stock", "processing"),
    "assigned": ("Asignado", "info"),
    "delivered": ("Entregado", "success"),
}
CHANNELS = {
    "web": "En tu panel",
    "whatsapp": "WhatsApp",
    "email": "Correo electrónico",
    "sms": "SMS",
}
MESSAGE_STATES = {
    "queued": ("Por enviar", "neutral"),
    "sent": ("Enviado", "info"),
    "delivered": ("Entregado", "success"),
    "read": ("Leído", "success"),
    "confirmed": ("Confirmado", "success"),
    "failed": ("No se pudo entregar", "error"),
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
    why: str = ""


@dataclass(frozen=True)
class StepView:
    """A line of the timeline; states as in the timeline component."""

    title: str
    when: str = ""
    detail: str = ""
    state: str = "done"


def lines(order: OrderOnPage, *, for_staff: bool = False) -> list[ItemView]:
    return [_item(order, item, for_staff=for_staff) for item in order.items]


def _item(order: OrderOnPage, item: ItemOnPage, *, for_staff: bool) -> ItemView:
    said, tone = FULFILMENT[item.fulfilment]
    late = False
    note = _renewal(order, item, "su" if for_staff else "tu") if item.renewal else ""
    if order.status == "cancelled":
        said, tone = "Cancelado", "error"
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


def deliveries(order: OrderOnPage, *, for_staff: bool = False) -> list[DeliveryView]:
    return [_delivery(delivery, for_staff=for_staff) for delivery in order.deliveries]


def _delivery(delivery: DeliveryOnPage, *, for_staff: bool) -> DeliveryView:
    said, tone = MESSAGE_STATES[delivery.status]
    if delivery.channel == "web":
        said = "Disponible"
    return DeliveryView(
        channel=CHANNELS.get(delivery.channel, delivery.channel),
        status=said,
        tone=tone,
        when=views.moment(delivery.updated_at),
        why=failure_sentence(delivery.error_code) if for_staff else "",
    )


def step(entry: TimelineOnPage, who: str = "") -> StepView:
    return StepView(
        title=views.sentence(entry.event, entry.data),
        when=views.moment(entry.at),
        detail=who,
        state="problem" if entry.event in PROBLEMS else "done",
    )
