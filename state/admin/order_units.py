"""What an order's customer holds, in finished words, so that each can be given another access."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.order_units import UnitOnPage
from state import views
from state.admin.claim_rows import PastView, past_unit
from state.admin.expiration_rows import ACCOUNT_STATES


@dataclass(frozen=True)
class UnitView:
    """`claim` is the number of its open report, 0 for none; `live` until it is released."""

    id: int = 0
    name: str = ""
    profile: str = ""
    account: int = 0
    warning: str = ""
    ends: str = ""
    live: bool = False
    claim: int = 0
    history: list[PastView] = field(default_factory=list)


REASONS = {
    "lapsed": "Terminó",
    "released": "Liberado por un operador",
    "cancelled": "Pedido cancelado",
}


def unit_view(unit: UnitOnPage) -> UnitView:
    live = unit.released_at is None
    whole = unit.profiles > 1
    return UnitView(
        id=unit.assignment_id,
        name=f"{unit.service_name} · {unit.plan_name}",
        profile="Cuenta completa" if whole else unit.profile_label,
        account=unit.account_id,
        warning=ACCOUNT_STATES[unit.account_status] if live else "",
        ends=f"Hasta el {views.day(unit.ends_on)}" if live else _ended(unit),
        live=live,
        claim=unit.claim_id or 0,
        history=[past_unit(past) for past in unit.replacements],
    )


def _ended(unit: UnitOnPage) -> str:
    why = REASONS.get(unit.reason, "Se liberó")
    return f"{why}, {views.moment(unit.released_at)}"
