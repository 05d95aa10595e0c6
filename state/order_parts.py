"""The parts of an order that look alike on both sides of the counter, in finished words."""

from __future__ import annotations

from dataclasses import dataclass

from domain.order_pages import DeliveryOnPage, ItemOnPage, OrderOnPage, TimelineOnPage
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
    name: str
    initials: str
    tone: str
    detail: str
    total: str
    fulfilment: str
    fulfilment_tone: str


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


def lines(order: OrderOnPage) -> list[ItemView]:
    return [_item(order, item) for item in order.items]


def _item(order: OrderOnPage, item: ItemOnPage) -> ItemView:
    said, tone = FULFILMENT[item.fulfilment]
    if order.status == "cancelled":
        said, tone = "Cancelado", "error"
    return ItemView(
        name=f"{item.service_name} · {item.plan_name}",
        initials=views.initials(item.service_name),
        tone=item.service_slug,
        detail=f"{item.quantity} × {views.pesos(item.unit_price)}",
        total=views.pesos(item.line_total),
        fulfilment=said,
        fulfilment_tone=tone,
    )


def deliveries(order: OrderOnPage) -> list[DeliveryView]:
    return [_delivery(delivery) for delivery in order.deliveries]


def _delivery(delivery: DeliveryOnPage) -> DeliveryView:
    said, tone = MESSAGE_STATES[delivery.status]
    if delivery.channel == "web":
        said = "Disponible"
    return DeliveryView(
        channel=CHANNELS.get(delivery.channel, delivery.channel),
        status=said,
        tone=tone,
        when=views.moment(delivery.updated_at),
    )


def step(entry: TimelineOnPage, who: str = "") -> StepView:
    return StepView(
        title=views.sentence(entry.event, entry.data),
        when=views.moment(entry.at),
        detail=who,
        state="problem" if entry.event in PROBLEMS else "done",
    )
