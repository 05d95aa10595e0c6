"""A customer as staff see them, in finished words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.customer_erasures import TYPED
from domain.customer_merges import MergePreview
from domain.customer_pages import (
    CustomerOnPage,
    CustomerOrder,
    CustomerSubscription,
    PhoneBefore,
)
from domain.failures import FAILURES
from domain.message_pages import MessageLine
from domain.texts import CHANNELS, MESSAGE_STATES
from domain.ticket_pages import TicketLine
from infra.clock import today
from state import ticket_parts, views
from state.admin import ticket_rows


@dataclass(frozen=True)
class OrderOfCustomer:
    number: int
    products: str
    total: str
    placed: str
    status: str


@dataclass(frozen=True)
class SubscriptionOfCustomer:
    id: int
    title: str
    detail: str
    state: str
    tone: str
    account: int
    order: int


@dataclass(frozen=True)
class MessageOfCustomer:
    id: int
    title: str
    detail: str
    state: str
    tone: str


@dataclass(frozen=True)
class TicketOfCustomer:
    """`late`: it waits for longer than the shop promises."""

    id: int
    subject: str
    state: str
    tone: str
    age: str
    late: bool


@dataclass(frozen=True)
class CustomerView:
    """`shown` changes with what is known, so that forms take the values anew."""

    id: int = 0
    title: str = "Cliente"
    name: str = ""
    phone: str = ""
    phone_link: str = ""
    chat_link: str = ""
    email: str = ""
    preference: str = "whatsapp"
    notes: str = ""
    since: str = ""
    blocked: str = ""
    erased: str = ""
    asked: str = ""
    total_orders: str = "0"
    spent: str = ""
    last: str = ""
    live: int = 0
    phone_end: str = ""
    shown: str = ""
    orders: list[OrderOfCustomer] = field(default_factory=list)
    subscriptions: list[SubscriptionOfCustomer] = field(default_factory=list)
    tickets: list[TicketOfCustomer] = field(default_factory=list)
    messages: list[MessageOfCustomer] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MergeView:
    """What would move from `goes` to `stays`, line by line; no `goes_id`, no preview."""

    goes_id: int = 0
    stays_id: int = 0
    goes: str = ""
    stays: str = ""
    lines: list[str] = field(default_factory=list)


def customer_view(
    one: CustomerOnPage,
    orders: Sequence[CustomerOrder],
    subscriptions: Sequence[CustomerSubscription],
    tickets: Sequence[TicketLine],
    messages: Sequence[MessageLine],
    phones: Sequence[PhoneBefore],
) -> CustomerView:
    erased = one.erased_at is not None
    name = "Cliente borrado" if erased else one.name or "Sin nombre"
    return CustomerView(
        id=one.id,
        title=name,
        name=one.name,
        phone="" if erased else views.phone(one.phone),
        phone_link=f"tel:{one.phone}",
        chat_link=f"https://wa.me/{one.phone.lstrip('+')}",
        email=one.email,
        preference=one.delivery_preference,
        notes=one.notes,
        since=views.moment(one.created_at),
        blocked="" if erased else views.moment(one.blocked_at),
        erased=views.moment(one.erased_at),
        asked=views.moment(one.asked_at),
        total_orders=str(one.orders),
        spent=views.pesos(one.spent),
        last=views.moment(one.last_purchase) or "Aún no compra",
        live=one.live,
        phone_end=one.phone[-TYPED:],
        shown=f"{one.id}|{one.phone}|{one.name}|{one.email}|{one.delivery_preference}|{one.notes}",
        orders=[_order(order) for order in orders],
        subscriptions=[_subscription(held) for held in subscriptions],
        tickets=[_ticket(ticket) for ticket in tickets],
        messages=[_message(message) for message in messages],
        phones=[_phone(before) for before in phones],
    )


def _order(one: CustomerOrder) -> OrderOfCustomer:
    return OrderOfCustomer(
        number=one.id,
        products=one.products,
        total=views.pesos(one.total),
        placed=views.moment(one.created_at),
        status=one.status,
    )


def _subscription(one: CustomerSubscription) -> SubscriptionOfCustomer:
    state, tone = "Viva", "success"
    if one.released_at is not None:
        state, tone = "Terminó", "neutral"
    elif one.ends_on < today():
        state, tone = "Vencida", "warning"
    return SubscriptionOfCustomer(
        id=one.id,
        title=f"{one.service_name} · {one.profile_label}",
        detail=f"{one.plan_name} · termina el {views.day(one.ends_on)}",
        state=state,
        tone=tone,
        account=one.account_id,
        order=one.order_id,
    )


def _ticket(one: TicketLine) -> TicketOfCustomer:
    state, tone = ticket_parts.STATES[one.state]
    return TicketOfCustomer(
        id=one.id,
        subject=one.subject,
        state=state,
        tone=tone,
        age=ticket_rows.age(one),
        late=ticket_rows.late(one),
    )


def _message(one: MessageLine) -> MessageOfCustomer:
    failed = one.status == "failed"
    tone = "error" if failed else "neutral" if one.status == "queued" else "success"
    about = f" · pedido #{one.order_id}" if one.order_id else ""
    why = f" · {FAILURES.get(one.error_code, '')}" if failed and one.error_code else ""
    return MessageOfCustomer(
        id=one.number,
        title=f"{CHANNELS[one.channel]}{about}",
        detail=f"{views.moment(one.created_at)} · {one.to}{why}",
        state=MESSAGE_STATES[one.status],
        tone=tone,
    )


def _phone(one: PhoneBefore) -> str:
    how = "de un cliente que se unió" if one.merged_id else "hasta"
    return f"{views.phone(one.phone)}, {how} {views.moment(one.at)}".replace(
        "se unió ", "se unió, "
    )


def merge_view(one: MergePreview) -> MergeView:
    moving = one.moving
    counted = (
        (moving.orders, "pedido", "pedidos"),
        (moving.payments, "pago", "pagos"),
        (moving.subscriptions, "suscripción", "suscripciones"),
        (moving.messages, "mensaje", "mensajes"),
        (moving.cart, "artículo en el carrito", "artículos en el carrito"),
    )
    return MergeView(
        goes_id=one.goes.id,
        stays_id=one.stays.id,
        goes=f"{one.goes.name or 'Sin nombre'} · {views.phone(one.goes.phone)}",
        stays=f"{one.stays.name or 'Sin nombre'} · {views.phone(one.stays.phone)}",
        lines=[f"{n} {word if n == 1 else words}" for n, word, words in counted],
    )
