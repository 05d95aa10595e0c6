"""The open sessions of a member of staff, as their own page and the owner's show them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.errors import InvalidInput
from domain.session_list import OpenSession
from state import views


@dataclass(frozen=True)
class SessionRow:
    id: str
    device: str
    detail: str
    current: bool


def session_row(one: OpenSession) -> SessionRow:
    used = "En uso ahora" if one.current else f"Última vez {views.ago(one.used_at)}"
    parts = (one.address_hint, used, f"abierta {views.instant(one.opened_at)}")
    return SessionRow(
        id=str(one.id),
        device=one.device or "Dispositivo sin nombre",
        detail=" · ".join(part for part in parts if part),
        current=one.current,
    )


def session_id(raw: object) -> UUID:
    try:
        return UUID(raw) if isinstance(raw, str) else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> UUID:
    raise InvalidInput({"session": "value_invalid"})
