"""Warranty reports as the operator reads them, in finished words."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.claim_pages import ClaimLine, ClaimOnPage, PastClaim, PastUnit
from domain.claims import SEVERAL
from domain.texts import CLAIM_KINDS, REFUSALS
from state import views
from state.admin.expiration_rows import ACCOUNT_STATES

NO_STOCK = REFUSALS["no_replacement"]
STATES = {
    "open": ("Abierto", "warning"),
    "replaced": ("Acceso cambiado", "success"),
    "solved": ("Resuelto", "success"),
    "rejected": ("Rechazado", "neutral"),
}


@dataclass(frozen=True)
class ClaimRow:
    """`reports` is empty unless the account has more than this one; `answer` ends a closed one."""

    id: int = 0
    service: str = ""
    initials: str = ""
    tone: str = ""
    plan: str = ""
    problem: str = ""
    details: str = ""
    age: str = ""
    when: str = ""
    customer: str = ""
    phone: str = ""
    profile: str = ""
    account: int = 0
    warning: str = ""
    reports: str = ""
    order: int = 0
    state: str = ""
    state_tone: str = ""
    answer: str = ""


@dataclass(frozen=True)
class PastView:
    """Something that happened before; `claim` is its report's number, 0 for a replacement."""

    title: str
    detail: str
    when: str
    claim: int = 0


@dataclass(frozen=True)
class ClaimView:
    """A report's page. `several`: its account has so many reports that all may need a swap."""

    row: ClaimRow = ClaimRow()
    title: str = "Reporte"
    open: bool = False
    may_replace: bool = False
    ends: str = ""
    seen: str = ""
    closed: str = ""
    several: str = ""
    phone_link: str = ""
    chat_link: str = ""
    replacements: list[PastView] = field(default_factory=list)
    earlier: list[PastView] = field(default_factory=list)


MISSING = ClaimView(title="No encontramos este reporte")


def claim_row(line: ClaimLine) -> ClaimRow:
    state, tone = STATES[line.status]
    return ClaimRow(
        id=line.id,
        service=line.service_name,
        initials=views.initials(line.service_name),
        tone=line.service_slug,
        plan=line.plan_name,
        problem=CLAIM_KINDS[line.kind],
        details=line.details,
        age=views.ago(line.created_at),
        when=views.moment(line.created_at),
        customer=line.customer_name or "Sin nombre",
        phone=views.phone(line.customer_phone),
        profile=line.profile_label,
        account=line.account_id,
        warning=ACCOUNT_STATES[line.account_status],
        reports=f"{line.reports} reportes abiertos" if line.reports > 1 else "",
        order=line.order_id,
        state=state,
        state_tone=tone,
        answer=line.answer,
    )


def claim_view(found: ClaimOnPage) -> ClaimView:
    line = found.line
    waits = line.status == "open"
    return ClaimView(
        row=claim_row(line),
        title=f"Reporte #{line.id}",
        open=waits,
        may_replace=waits and not line.ended,
        ends="Terminó" if line.ended else views.day(line.ends_on),
        seen=views.moment(found.seen_at).capitalize() or "Nunca",
        closed=views.moment(line.closed_at),
        several=_several(line) if waits else "",
        phone_link=f"tel:{line.customer_phone}",
        chat_link=f"https://wa.me/{line.customer_phone.lstrip('+')}",
        replacements=[past_unit(past) for past in found.replacements],
        earlier=[_earlier(past) for past in found.earlier],
    )


def _several(line: ClaimLine) -> str:
    if line.reports < SEVERAL:
        return ""
    said = f"Esta cuenta tiene {line.reports} reportes abiertos. "
    if line.account_status == "down":
        return f"{said}Está marcada como caída: cambia a todos desde su página."
    return f"{said}Si ya no sirve, márcala como caída y cambia a todos a la vez."


def past_unit(past: PastUnit) -> PastView:
    who = "Automático" if past.automatic else past.actor_name or "Sistema"
    return PastView(
        title=f"De {past.from_label} (cuenta {past.from_account_id}) "
        f"a {past.to_label} (cuenta {past.to_account_id})",
        detail=who,
        when=views.moment(past.at),
    )


def _earlier(past: PastClaim) -> PastView:
    state, _ = STATES[past.status]
    return PastView(
        title=CLAIM_KINDS[past.kind],
        detail=f"{state}: {past.answer}" if past.answer else state,
        when=views.moment(past.created_at),
        claim=past.id,
    )
