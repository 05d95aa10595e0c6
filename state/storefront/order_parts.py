"""An order as its customer sees it: what to pay and where, what comes next, what has happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from domain.order_pages import OrderOnPage
from infra.clock import now, today
from state import order_parts, views
from state.order_parts import DeliveryView, ItemView, StepView
from state.receipt_rows import ReceiptRow, receipt_row
from state.storefront.card import CONFIRMING, CardView
from state.storefront.order_money import OrderMoneyView, order_money

IN_LINE = (
    "Tu pago está confirmado",
    "Falta stock, y tu lugar está guardado: en cuanto lo haya, aquí verás tus accesos.",
)
WHAT_NEXT = {
    "pending_payment": (
        "Transfiere para recibir tus accesos",
        "En cuanto confirmemos tu pago esta página cambia sola y tus accesos quedan aquí.",
    ),
    "paid": IN_LINE,
    "processing": IN_LINE,
    "delivered": (
        "¡Listo! Tus accesos te esperan",
        "Ábrelos cuando quieras. Siempre los encuentras en Mis cuentas.",
    ),
}

IN_REVIEW = (
    "Estamos revisando tu comprobante",
    "En cuanto confirmemos tu pago esta página cambia sola. Tu pedido no vence mientras tanto.",
)
RENEWING = {
    "pending_payment": (
        "Transfiere para renovar tu suscripción",
        "En cuanto confirmemos tu pago esta página cambia sola. Conservas tu perfil y tus datos.",
    ),
    "delivered": (
        "¡Listo! Tu suscripción sigue",
        "Conservas tu perfil y tus datos de acceso. Los encuentras en Mis cuentas.",
    ),
}


@dataclass(frozen=True)
class PaymentView:
    """What a person copies into the bank's app; `plain` is the amount without its signs.

    `text` says all of it at once, to be shared.
    """

    bank: str = ""
    holder: str = ""
    clabe: str = ""
    account: str = ""
    amount: str = ""
    plain: str = ""
    concept: str = ""
    reference: str = ""
    steps: list[str] = field(default_factory=list)
    receipt_link: str = ""
    text: str = ""


@dataclass(frozen=True)
class OrderView:
    """`refused` says why the last receipt was not taken; `upload` is where the next one goes."""

    number: int = 0
    title: str = "Tu pedido"
    status: str = "pending_payment"
    placed: str = ""
    total: str = ""
    discount: str = ""
    headline: str = ""
    what_next: str = ""
    expires: str = ""
    server_now: str = ""
    payable: bool = False
    may_cancel: bool = False
    has_access: bool = False
    takes_receipts: bool = False
    refused: str = ""
    upload: str = ""
    today: str = ""
    payment: PaymentView = field(default_factory=PaymentView)
    card: CardView = field(default_factory=CardView)
    money: OrderMoneyView = field(default_factory=OrderMoneyView)
    receipts: list[ReceiptRow] = field(default_factory=list[ReceiptRow])
    lines: list[ItemView] = field(default_factory=list)
    deliveries: list[DeliveryView] = field(default_factory=list)
    timeline: list[StepView] = field(default_factory=list)


MISSING = OrderView(title="No encontramos este pedido")


def order_view(order: OrderOnPage, card: CardView) -> OrderView:
    headline, what_next = CONFIRMING if card.confirming else _what_next(order)
    if card.amount:  # a transfer is not the only way
        headline = headline.replace("Transfiere", "Paga")
    payable = order.status == "pending_payment"
    return OrderView(
        number=order.id,
        title=f"Pedido #{order.id}",
        status="in_review" if order.in_review else order.status,
        placed=views.moment(order.created_at),
        total=views.pesos(order.total),
        discount=order_parts.discount(order),
        headline=headline,
        what_next=what_next,
        expires=views.iso(order.expires_at) if payable and not order.in_review else "",
        server_now=views.iso(now()),
        payable=payable,
        may_cancel=payable,
        has_access=any(item.fulfilment == "delivered" for item in order.items)
        and order.status != "cancelled",
        takes_receipts=order.takes_receipts,
        refused=_refused(order),
        upload=f"/api/comprobantes/{order.id}",
        today=str(today()),
        payment=_payment(order),
        card=card,
        money=order_money(order),
        receipts=[receipt_row(one) for one in order.receipts],
        lines=order_parts.lines(order),
        deliveries=order_parts.deliveries(order) if order.status != "cancelled" else [],
        timeline=[*map(order_parts.step, order.timeline), *_to_come(order)],
    )


def _refused(order: OrderOnPage) -> str:
    """Of the last one, while another may be sent."""
    last = order.receipts[0] if order.receipts else None
    if last is None or not order.takes_receipts or order.in_review:
        return ""
    reason = last.reason.rstrip(".")
    return {
        "rejected": f"No pudimos aceptar tu comprobante: {reason}.",
        "asked_again": f"Necesitamos otro comprobante: {reason}.",
    }.get(last.status, "")


def _what_next(order: OrderOnPage) -> tuple[str, str]:
    """A headline and a sentence: what the shop does now, and what it asks for."""
    if order.in_review:
        return IN_REVIEW
    received = views.pesos(order.money.remains)
    if order.status == "pending_payment" and order.payment_status == "partial":
        return (
            f"Te faltan {views.pesos(order.missing)}",
            f"Ya recibimos {received}. Transfiere lo que falta y tus accesos aparecerán aquí.",
        )
    if order.status == "cancelled":
        return _why_cancelled(order, received)
    if _renews(order) and order.status in RENEWING:
        return RENEWING[order.status]
    return WHAT_NEXT[order.status]


def _why_cancelled(order: OrderOnPage, received: str) -> tuple[str, str]:
    expired = order.expired
    said = [] if expired else [f"Motivo: {order.cancel_reason.rstrip('.')}."]
    if order.money.loose:
        said.append(
            f"Tenemos {received} tuyos de este pedido: te los dejamos como saldo a favor o te los "
            "devolvemos. Escríbenos qué prefieres."
        )
    elif expired:
        said.append(
            "Si ya transferiste, envía aquí tu comprobante: reactivamos el pedido si todavía hay; "
            "si no, tu dinero queda a tu favor o te lo devolvemos."
        )
    title = "El tiempo para pagar terminó" if expired else "Este pedido se canceló"
    return title, " ".join(said)


def _payment(order: OrderOnPage) -> PaymentView:
    told = order.instructions
    return PaymentView(
        bank=str(told.get("bank", "")),
        holder=str(told.get("holder", "")),
        clabe=str(told.get("clabe", "")),
        account=str(told.get("account", "")),
        amount=views.pesos(order.missing),
        plain=f"{order.missing:.2f}",
        concept=f"Orden {order.id}",
        reference=order.reference,
        steps=[str(step) for step in told.get("steps", [])],
        receipt_link=_receipt_link(order),
        text=_in_words(order),
    )


def _in_words(order: OrderOnPage) -> str:
    told = order.instructions
    said = (
        f"Pago del pedido #{order.id}: {views.pesos(order.missing)}",
        f"Banco: {told.get('bank', '')}",
        f"Titular: {told.get('holder', '')}",
        f"CLABE: {told.get('clabe', '')}",
        told.get("account") and f"Cuenta: {told['account']}",
        f"Concepto: Orden {order.id}",
        f"Referencia: {order.reference}",
    )
    return "\n".join(filter(None, said))


def _receipt_link(order: OrderOnPage) -> str:
    """A chat with the shop, its first message written; nothing while the shop has no number."""
    digits = views.support_whatsapp()
    said = f"Hola, te envío el comprobante de mi pedido #{order.id}."
    return f"https://wa.me/{digits}?text={quote(said)}" if digits else ""


def _renews(order: OrderOnPage) -> bool:
    """Whether all of it makes subscriptions longer."""
    return all(item.renewal for item in order.items)


def _to_come(order: OrderOnPage) -> list[StepView]:
    title = "Suscripción renovada" if _renews(order) else "Accesos entregados"
    return {
        "pending_payment": [
            StepView("Confirmamos tu pago", state="current"),
            StepView(title, state="todo"),
        ],
        "paid": [StepView(title, state="current")],
        "processing": [StepView(title, state="current")],
    }.get(order.status, [])
