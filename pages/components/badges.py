"""Small labels whose colour repeats what their words say."""

import reflex as rx

from pages.components.kinds import Child, Count, Text
from state.views import MANY

ORDER_STATES = {
    "pending": "Borrador",
    "pending_payment": "Por pagar",
    "in_review": "En revisión",
    "paid": "Pagado",
    "processing": "En proceso",
    "delivered": "Entregado",
    "cancelled": "Cancelado",
}

LOW_STOCK = 3


def badge(label: Text, *, tone: Text = "neutral") -> rx.Component:
    """Tones: neutral, info, success, warning, error."""
    return _badge(label, tone)


def order_state_badge(state: Text) -> rx.Component:
    if isinstance(state, str):
        return _badge(ORDER_STATES[state], state)
    return _badge(rx.match(state, *ORDER_STATES.items(), state), state)


def availability_badge(available: Count) -> rx.Component:
    """Tell what is left: "Más de 20 disponibles", "12 disponibles", "Últimos 2", "Agotado"."""
    count = rx.Var.create(available).to(int)
    label = rx.match(
        count,
        (0, "Agotado"),
        (1, "Queda 1"),
        rx.cond(
            count <= LOW_STOCK,
            f"Últimos {count}",
            rx.cond(count >= MANY, f"Más de {MANY - 1} disponibles", f"{count} disponibles"),
        ),
    )
    tone = rx.cond(count == 0, "none", rx.cond(count <= LOW_STOCK, "low", "ok"))
    return _badge(label, tone)


def count_badge(count: Count, *, label: str) -> rx.Component:
    """Show a number above zero; `label` completes it for screen readers ("artículos")."""
    number = rx.Var.create(count).to(int)
    return rx.cond(
        number > 0,
        rx.el.span(number, rx.el.span(f" {label}", class_name="sr-only"), class_name="cu-count"),
    )


def _badge(label: Child, state: Text) -> rx.Component:
    return rx.el.span(label, class_name="cu-badge", custom_attrs={"data-state": state})
