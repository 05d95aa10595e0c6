"""How a webhook and what was sent to it look on the owner's pages, and what its form says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlsplit

from reflex.experimental.client_state import ClientStateVar

from domain import webhooks
from domain.texts import WEBHOOK_ERRORS
from domain.webhook_deliveries import DeliveryLine
from domain.webhook_events import EVENTS
from domain.webhooks import HookLine
from state import forms, views

# The secret of the one that was made or changed last, in the browser that asked and nowhere else.
NEW_SECRET = ClientStateVar.create("new_webhook_secret", default="")
OFF = {
    "failing": "La apagamos: pasó tres días sin responder bien.",
    "gone": "La apagamos: su dirección respondió 410, ya no existe.",
}


@dataclass(frozen=True)
class HookRow:
    """`title` is what its owner calls it, or else where it leads; `why`, what is wrong with it."""

    id: int = 0
    title: str = ""
    url: str = ""
    description: str = ""
    active: bool = False
    state: str = ""
    tone: str = "neutral"
    why: str = ""
    hears: str = ""
    detail: str = ""


@dataclass(frozen=True)
class DeliveryRow:
    """`sent` is laid out for reading; what goes out is on one line."""

    id: int
    event: str
    kind: str
    when: str
    state: str
    tone: str
    status: str
    why: str
    note: str
    event_id: str
    sent: str
    answer: str
    again: bool


class Typed(TypedDict):
    url: str
    description: str
    events: list[str]


def hook_row(one: HookLine) -> HookRow:
    state, tone, why = _standing(one)
    heard = len(one.events)
    last = (
        f"última entrega {views.ago(one.last_delivered_at)}"
        if one.last_delivered_at
        else "sin entregas todavía"
    )
    waiting = f" · {one.waiting} en espera" if one.waiting else ""
    return HookRow(
        id=one.id,
        title=one.description or urlsplit(one.url).hostname or one.url,
        url=one.url,
        description=one.description,
        active=one.active,
        state=state,
        tone=tone,
        why=why,
        hears="Todos los avisos"
        if heard == len(EVENTS)
        else f"{heard} {'aviso' if heard == 1 else 'avisos'}",
        detail=last + waiting,
    )


def _standing(one: HookLine) -> tuple[str, str, str]:
    if not one.active:
        why = OFF.get(one.disabled_reason, "")
        return "Apagada", "error" if why else "neutral", why
    if one.failing_since is not None:
        since = views.moment(one.failing_since)
        return "Falla", "warning", f"No responde bien desde {since}."
    return ("Funciona", "success", "") if one.last_delivered_at else ("Encendida", "info", "")


def delivery_row(one: DeliveryLine, *, active: bool) -> DeliveryRow:
    state, tone = _went(one, active=active)
    failed = one.state != "delivered" and one.error
    return DeliveryRow(
        id=one.id,
        event=EVENTS.get(one.type, "Prueba"),
        kind=one.type,
        when=views.moment(one.happened_at),
        state=state,
        tone=tone,
        status=str(one.last_status or ""),
        why=WEBHOOK_ERRORS.get(one.error, one.error).format(status=one.last_status)
        if failed
        else "",
        note=_note(one, active=active),
        event_id=str(one.event_id),
        sent=json.dumps(json.loads(one.body), indent=2, ensure_ascii=False),
        answer=one.answer,
        again=active and (one.state != "waiting" or one.attempts > 0),
    )


def _went(one: DeliveryLine, *, active: bool) -> tuple[str, str]:
    if one.state == "delivered":
        return "Entregado", "success"
    if one.state == "failed":
        return "No llegó", "error"
    if not active:
        return "En pausa", "neutral"
    return ("Por reintentar", "warning") if one.attempts and one.error else ("En camino", "info")


def _note(one: DeliveryLine, *, active: bool) -> str:
    tries = f"{one.attempts} intentos" if one.attempts > 1 else ""
    due = one.state == "waiting" and one.attempts and one.error and active
    following = f"siguiente intento: {views.instant(one.next_attempt_at)}" if due else ""
    note = " · ".join(filter(None, (tries, following)))
    return note[:1].upper() + note[1:]


def typed(form: object) -> Typed:
    """The form of a webhook as its domain takes it."""
    said = forms.fields(form)
    return {
        "url": forms.text(said.get("url"), "url", longest=webhooks.LONGEST_URL),
        "description": forms.text(
            said.get("description"), "description", longest=webhooks.LONGEST_DESCRIPTION
        ),
        "events": [kind for kind in EVENTS if forms.flag(said.get(kind))],
    }
