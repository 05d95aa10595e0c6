"""An order as the operator sees it, and what a payment came to, in finished words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.money_back import CancelWish
from domain.order_notes import version
from domain.order_pages import OrderOnPage, TimelineOnPage
from domain.order_units import UnitOnPage
from domain.payments import PaymentConfirmed, PaymentNotice
from domain.texts import PAYMENT_STATES
from infra.clock import now, today
from models.payments import PaymentKind
from state import forms, order_parts, views
from state.admin.order_messages import NoticesView
from state.admin.order_money_rows import MoneyView, money_view
from state.admin.order_units import UnitView, unit_view
from state.order_parts import ItemView, StepView
from state.receipt_rows import ReceiptRow, receipt_row

PAYMENT_TONES = {
    "unpaid": "neutral",
    "partial": "warning",
    "paid": "success",
    "overpaid": "info",
    "refunded": "neutral",
}
PREFERENCES = {"whatsapp": "WhatsApp", "email": "Correo electrónico", "web": "Solo en su panel"}


@dataclass(frozen=True)
class WaitingRow:
    """A line that waits for stock, by its id."""

    id: int
    name: str


@dataclass(frozen=True)
class NotesView:
    """The staff's notes; `seen` says which ones they are, `due` that their day has come."""

    text: str = ""
    day: str = ""
    day_shown: str = ""
    due: bool = False
    seen: str = ""


@dataclass(frozen=True)
class AdminOrderView:
    """`missing_plain` and `today` are what the payment form starts with.

    A payment without a reference takes the order's own, once: `reference_used` says it is taken.
    """

    number: int = 0
    title: str = "Pedido"
    status: str = "pending"
    placed: str = ""
    expires: str = ""
    total: str = ""
    discount: str = ""
    missing: str = ""
    missing_plain: str = ""
    payment: str = ""
    payment_tone: str = "neutral"
    customer_id: int = 0
    customer: str = ""
    phone: str = ""
    phone_link: str = ""
    chat_link: str = ""
    preference: str = ""
    reference_hint: str = ""
    reference_used: bool = False
    payments_made: int = 0
    today: str = ""
    awaits_payment: bool = False
    may_record_payment: bool = False
    may_cancel: bool = False
    other_payment: str = ""
    lines: list[ItemView] = field(default_factory=list)
    units: list[UnitView] = field(default_factory=list)
    money: MoneyView = field(default_factory=MoneyView)
    receipts: list[ReceiptRow] = field(default_factory=list[ReceiptRow])
    told: NoticesView = field(default_factory=NoticesView)
    waiting: list[WaitingRow] = field(default_factory=list)
    notes: NotesView = field(default_factory=NotesView)
    may_extend: bool = False
    timeline: list[StepView] = field(default_factory=list)


MISSING = AdminOrderView(title="No encontramos este pedido")


def order_view(
    order: OrderOnPage, units: Sequence[UnitOnPage] = (), told: NoticesView | None = None
) -> AdminOrderView:
    awaits, draft = order.status == "pending_payment", order.status == "pending"
    return AdminOrderView(
        number=order.id,
        title=f"Pedido #{order.id}",
        status="in_review" if order.in_review else order.status,
        placed=f"{'Preparado' if draft else 'Realizado'} {views.moment(order.created_at)}",
        expires=views.moment(order.expires_at) if awaits else "",
        total=views.pesos(order.total),
        discount=order_parts.discount(order),
        missing=views.pesos(order.missing) if order.missing and not draft else "",
        missing_plain=f"{order.missing:.2f}" if order.missing else "",
        payment=PAYMENT_STATES[order.payment_status],
        payment_tone=PAYMENT_TONES[order.payment_status],
        customer_id=order.customer_id,
        customer=order.customer_name or "Sin nombre",
        phone=views.phone(order.customer_phone),
        phone_link=f"tel:{order.customer_phone}",
        chat_link=f"https://wa.me/{order.customer_phone.lstrip('+')}",
        preference=PREFERENCES.get(order.delivery_preference, order.delivery_preference),
        reference_hint=_reference_hint(order),
        reference_used=_reference_used(order),
        payments_made=len(order.payments),
        today=today().isoformat(),
        awaits_payment=awaits,
        may_record_payment=order.status not in {"pending", "pending_payment"},
        may_cancel=order.status in {"pending", "pending_payment", "paid", "processing"},
        other_payment=_other_payment(order),
        lines=order_parts.lines(order, for_staff=True),
        units=[unit_view(unit) for unit in units],
        money=money_view(order),
        receipts=[receipt_row(one, for_staff=True) for one in order.receipts],
        told=told or NoticesView(),
        waiting=[
            WaitingRow(item.id, f"{item.quantity} × {item.service_name} {item.plan_name}")
            for item in order.items
            if item.fulfilment == "waiting_stock"
        ],
        notes=_notes(order),
        may_extend=awaits and order.expires_at is not None and order.expires_at > now(),
        timeline=[order_parts.step(entry, _who(entry)) for entry in order.timeline],
    )


def _notes(order: OrderOnPage) -> NotesView:
    day = order.follow_up_on
    return NotesView(
        text=order.notes,
        day=str(day or ""),
        day_shown=views.near_day(day) if day else "",
        due=day is not None and day <= today(),
        seen=version(order.notes, day),
    )


def last_step(order: AdminOrderView) -> str:
    """What happened last and who did it: «Pedido cancelado: ya no (olga, hoy, 10:05)»."""
    if not order.timeline:
        return "nada"
    step = order.timeline[-1]
    return f"{step.title} ({step.detail}, {step.when})"


def _other_payment(order: OrderOnPage) -> str:
    """What one more payment would mean for an order that awaits none."""
    if order.status != "cancelled":
        return "Este pedido ya está pagado: lo que registres quedará como pago duplicado."
    if order.expired:
        return (
            "El tiempo para pagar terminó. Si el pago cubre el total y hay stock, el pedido se "
            "reactiva."
        )
    return "Este pedido se canceló: el pago quedará registrado, y el pedido sigue cancelado."


def _reference_used(order: OrderOnPage) -> bool:
    return any(payment.reference == order.reference for payment in order.payments)


def _reference_hint(order: OrderOnPage) -> str:
    if _reference_used(order):
        return f"La del pedido, {order.reference}, ya se usó: escribe la de este pago."
    return f"Déjala vacía si es la del pedido: {order.reference}."


def _who(entry: TimelineOnPage) -> str:
    if entry.actor_kind == "staff":
        return entry.actor_name or "Un operador"
    return "Cliente" if entry.actor_kind == "customer" else "Sistema"


def payment_outcome(done: PaymentConfirmed, order: AdminOrderView) -> tuple[str, str]:
    """What to tell the operator, and the tone of it."""
    if done.repeated:
        return "Ese pago ya estaba registrado con esa referencia o clave: no cambió nada.", "info"
    if done.kind is PaymentKind.PARTIAL:
        return f"Pago parcial registrado. Faltan {order.missing}.", "warning"
    if done.kind is PaymentKind.DUPLICATE:
        return (
            "Quedó registrado otro pago de un pedido ya pagado: pásalo a saldo o devuélvelo.",
            "warning",
        )
    if done.status == "cancelled":
        return (
            "Pago tardío registrado. El pedido sigue cancelado: pásalo a saldo o devuélvelo.",
            "warning",
        )
    said = {
        PaymentKind.OVER: "Pago confirmado con dinero de más: pásalo a saldo o devuélvelo.",
        PaymentKind.LATE: "Pago tardío registrado: el pedido se reactivó.",
    }.get(done.kind, "Pago confirmado.")
    if done.status == "delivered":
        return f"{said} Los accesos ya se entregaron.", "success"
    return f"{said} El pedido queda en espera de stock y el cliente lo sabe.", "warning"


def payment_notice(form: dict[str, object], *, needs_reference: bool) -> PaymentNotice:
    return PaymentNotice(
        amount=forms.money(form.get("amount"), "amount"),
        paid_on=forms.day(form.get("paid_on"), "paid_on"),
        reference=forms.text(
            form.get("reference"), "reference", longest=200, required=needs_reference
        ),
        tracking_key=forms.text(form.get("tracking_key"), "tracking_key", longest=200),
        bank=forms.text(form.get("bank"), "bank", longest=60),
    )


MONEY_WAYS = frozenset({"credit", "card", "refund", "later"})


def cancel_wish(form: dict[str, object], *, held: bool) -> CancelWish:
    """Why it is cancelled and, where money is held, what happens with that."""
    reason = forms.text(form.get("reason"), "reason", longest=200)
    money = forms.choice(form.get("money") or "later", "money", MONEY_WAYS)
    if held and money == "card":
        return CancelWish(reason, refund_by="card")
    if not held or money != "refund":
        return CancelWish(reason, to_credit=held and money == "credit")
    return CancelWish(
        reason,
        refund_by=forms.text(form.get("cancel_method"), "cancel_method", longest=20),
        refund_reference=forms.text(form.get("cancel_reference"), "cancel_reference", longest=200),
    )
