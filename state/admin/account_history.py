"""The history of an account: each entry of the audit as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.account_pages import Event
from state import views

Change = dict[str, Any]
STATUS_SENTENCES = {
    "active": "Volvió a usarse",
    "maintenance": "Se puso en mantenimiento",
    "down": "Se marcó como caída",
    "retired": "Se retiró",
}


@dataclass(frozen=True)
class HistoryRow:
    said: str
    who: str
    when: str


def history_row(event: Event) -> HistoryRow:
    sentence = SENTENCES.get(event.action)
    said = sentence(event.change) if sentence else event.action
    return HistoryRow(
        said=f"{event.profile_label}: {said[0].lower()}{said[1:]}" if event.profile_label else said,
        who=_who(event),
        when=views.moment(event.at),
    )


def _who(event: Event) -> str:
    if event.actor_kind == "staff":
        return event.by or "Un operador"
    return "Cliente" if event.actor_kind == "customer" else "Sistema"


def _added(change: Change) -> str:
    return f"Se agregó con {_profiles(change.get('profiles', 0))}"


def _profiles(count: int) -> str:
    return "1 perfil" if count == 1 else f"{count} perfiles"


def _edited(change: Change) -> str:
    """«Se editó: plan dedicado; costo, de $100.00 MXN a $120.00 MXN».

    Of a change of the cost alone, who does not know costs reads that there was one.
    """
    parts: list[str] = []
    if "plan_id" in change:
        parts.append("plan dedicado")
    if "paid_until" in change:
        before, after = change["paid_until"]
        parts.append(f"fecha del proveedor, de {_day(before)} a {_day(after)}")
    if "cost" in change:
        before, after = change["cost"]
        parts.append(f"costo, de {_money(before)} a {_money(after)}")
    if "notes" in change:
        parts.append("notas")
    return f"Se editó: {'; '.join(parts)}" if parts else "Se editó"


def _status(change: Change) -> str:
    said = STATUS_SENTENCES.get(str(change.get("after")), "Cambió de estado")
    return f"{said}: {change['reason']}" if change.get("reason") else said


def _paid(change: Change) -> str:
    _, until = change["paid_until"]
    said = f"Se pagó al proveedor hasta el {_day(until)}"
    return f"{said}: {_money(change['cost'])}" if "cost" in change else said


def _rotated(change: Change) -> str:
    return _because(
        f"Cambió la contraseña (versión {change.get('version')}); {_told(change)}", change
    )


def _pin(change: Change) -> str:
    return _because(f"Cambió el PIN; {_told(change)}", change)


def _told(change: Change) -> str:
    told = change.get("told", 0)
    if not told:
        return "nadie tuvo que enterarse"
    return "avisamos a 1 suscripción" if told == 1 else f"avisamos a {told} suscripciones"


def _because(said: str, change: Change) -> str:
    return f"{said}. {change['reason']}" if change.get("reason") else said


def _named(change: Change) -> str:
    before, after = change["label"]
    return f"Antes se llamaba {before}" if before != after else "Se guardó su nombre"


def _day(raw: str | None) -> str:
    return views.day(date.fromisoformat(raw)) if raw else "sin fecha"


def _money(raw: str | None) -> str:
    return views.pesos(Decimal(raw or 0))


SENTENCES: dict[str, Callable[[Change], str]] = {
    "account.add": _added,
    "account.add_profiles": lambda change: f"Se agregaron {_profiles(change.get('count', 0))}",
    "account.edit": _edited,
    "account.status": _status,
    "account.supplier_renewal": _paid,
    "account.rotate": _rotated,
    "account.correct_login": lambda _: "Se corrigió el usuario",
    "account.reveal": lambda change: (
        "Se vio el usuario" if change.get("what") == "login" else "Se vio la contraseña"
    ),
    "account.reveal_version": lambda change: (
        f"Se vio un PIN anterior (versión {change.get('version')})"
        if change.get("profile")
        else f"Se vio una contraseña anterior (versión {change.get('version')})"
    ),
    "profile.edit": _named,
    "profile.reveal": lambda _: "Se vio el PIN",
    "profile.rotate_pin": _pin,
    "profile.mark_rotated": lambda _: "Se marcó como rotado",
}
