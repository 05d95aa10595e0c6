"""A subscription as its holder's card shows it, in finished words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.claim_pages import CardNews
from domain.my_accounts import Subscription
from infra.clock import today
from state import views

SOON = 5
CHANGED = {
    "": "",
    "replaced": "Te dimos un acceso nuevo: vuelve a ver tus datos.",
    "password": "Cambió tu contraseña: vuelve a verla.",
    "pin": "Cambió tu PIN: vuelve a verlo.",
}


ANSWERED = {
    "solved": ("Tu reporte quedó resuelto.", "success"),
    "rejected": ("Revisamos tu reporte.", "info"),
}


@dataclass(frozen=True)
class AccessCard:
    """`ends` is the last paid day. `id` is a text because the browser compares it.

    `version` changes when the opened data are no longer those in force. `renewable` is false for
    the profiles of a whole account that are renewed with its first one. `news` is what has become
    of a report, with the shop's `answer` to it; while one is open, `reported`, there is no other.
    `confirmed`: its holder said that this version works.
    """

    id: str
    service: str
    initials: str
    tone: str
    plan: str
    profile: str
    ends: str
    left: str
    left_tone: str
    lapsed: str
    soon: bool
    version: str
    changed: str
    confirmed: bool
    news: str
    news_tone: str
    answer: str
    reported: bool
    renewable: bool
    renewal_order: int
    order_number: int
    instructions: list[str]
    terms: list[str]


def access_card(held: Subscription, told: CardNews | None = None) -> AccessCard:
    left, tone = _left(held.ends_on)
    news, news_tone = _news(told)
    replaced = told is not None and told.replaced_at is not None
    whole = "Cuenta completa · " if held.capacity == "full_account" else ""
    return AccessCard(
        id=str(held.id),
        service=held.service_name,
        initials=views.initials(held.service_name),
        tone=held.service_slug,
        plan=f"{whole}{held.plan_name}",
        profile=held.profile_label,
        ends=views.day(held.ends_on),
        left=left,
        left_tone=tone,
        lapsed=_lapsed(held),
        soon=(held.ends_on - today()).days <= SOON,
        version=held.version,
        changed=CHANGED["replaced" if replaced else held.changed],
        confirmed=held.confirmed,
        news=news,
        news_tone=news_tone,
        answer=told.answer if told else "",
        reported=told is not None and told.reported_at is not None,
        renewable=held.leads,
        renewal_order=held.renewal_order or 0,
        order_number=held.order_id,
        instructions=held.instructions.splitlines(),
        terms=held.terms.splitlines(),
    )


def _left(ends_on: date) -> tuple[str, str]:
    days = (ends_on - today()).days
    if days < 0:
        return "Terminó", "error"
    if days == 0:
        return "Termina hoy", "warning"
    said = "Queda 1 día" if days == 1 else f"Quedan {days} días"
    return said, "warning" if days <= SOON else "success"


def _news(told: CardNews | None) -> tuple[str, str]:
    if told is None:
        return "", "info"
    if told.reported_at is not None:
        return f"Lo reportaste {views.instant(told.reported_at)}; lo estamos revisando.", "info"
    return ANSWERED.get(told.status, ("", "info"))


def _lapsed(held: Subscription) -> str:
    """What has become of it since its last day, and until when it is kept."""
    if held.ends_on >= today():
        return ""
    ended = f"Terminó el {views.near_day(held.ends_on)}"
    if held.kept_until >= today():
        return f"{ended} · te guardamos tu perfil hasta el {views.near_day(held.kept_until)}"
    return f"{ended} · te guardamos tu perfil mientras pagas" if held.renewal_order else ended
