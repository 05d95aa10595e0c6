"""Rows of the expirations as they are shown, both clocks in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.expirations import Ending, Rotation, SupplierDue
from infra.clock import local, today
from state import views

ACCOUNT_STATES = {
    "active": "",
    "maintenance": "Cuenta en mantenimiento",
    "down": "Cuenta caída",
    "retired": "Cuenta retirada",
}


@dataclass(frozen=True)
class ExpirationRow:
    """`order` and `account` are 0 where there is none; `warning` is empty when all is well."""

    id: int
    title: str
    phone: str
    detail: str
    first_clock: str
    first_note: str
    second_clock: str
    warning: str
    state: str
    tone: str
    order: int
    account: int


def ending_row(one: Ending) -> ExpirationRow:
    state, tone = _standing(one)
    return ExpirationRow(
        id=one.id,
        title=one.customer_name or "Sin nombre",
        phone=views.phone(one.customer_phone),
        detail=f"{one.service_name} · {one.plan_name} · "
        + ("Cuenta completa" if one.whole else one.profile_label),
        first_clock=views.day(one.ends_on),
        first_note=_away(one.ends_on),
        second_clock=views.day(one.paid_until) if one.paid_until else "Sin fecha",
        warning=_warning(one),
        state=state,
        tone=tone,
        order=one.order_id,
        account=one.account_id,
    )


def _standing(one: Ending) -> tuple[str, str]:
    if one.renewal_order:
        return f"Por pagar: pedido #{one.renewal_order}", "info"
    if one.reminded_at:
        day = local(one.reminded_at).date()
        return f"Recordado {'hoy' if day == today() else views.near_day(day)}", "neutral"
    return "Sin recordar", "neutral"


def _warning(one: Ending) -> str:
    if said := ACCOUNT_STATES[one.account_status]:
        return said
    if one.paid_until and one.paid_until < one.ends_on:
        return "La cuenta se acaba antes"
    return ""


def rotation_row(one: Rotation) -> ExpirationRow:
    return ExpirationRow(
        id=one.id,
        title=f"{one.service_name} · {one.profile_label}",
        phone="",
        detail=f"Lo tuvo {one.held_by or 'alguien'}",
        first_clock=views.moment(one.since) or "—",
        first_note="Liberado" if one.since else "",
        second_clock="",
        warning=ACCOUNT_STATES[one.account_status],
        state="Por rotar",
        tone="warning",
        order=0,
        account=one.account_id,
    )


def supplier_row(one: SupplierDue) -> ExpirationRow:
    people = "1 suscripción viva" if one.holders == 1 else f"{one.holders} suscripciones vivas"
    late = one.paid_until < today()
    return ExpirationRow(
        id=one.id,
        title=f"{one.service_name} · cuenta {one.id}",
        phone="",
        detail=people if one.holders else "Sin suscripciones vivas",
        first_clock=views.day(one.last_end) if one.last_end else "—",
        first_note="La última" if one.last_end else "",
        second_clock=views.day(one.paid_until),
        warning=ACCOUNT_STATES[one.status],
        state=_away(one.paid_until),
        tone="error" if late else "warning",
        order=0,
        account=one.id,
    )


def _away(day: date) -> str:
    left = (day - today()).days
    if left in {0, 1, -1}:
        return {0: "Hoy", 1: "Mañana", -1: "Ayer"}[left]
    return f"En {left} días" if left > 0 else f"Hace {-left} días"
