"""What the forms of an account have in common: its money, its dates, its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.errors import InvalidInput
from domain.inventory_rows import LONGEST_NOTES, NewProfile
from infra.vault import Secret
from state import forms

MOST_PROFILES = 20
LONGEST = 200  # what is too long for its field is refused there, in the domain's words


@dataclass(frozen=True)
class Slot:
    """The fields of a profile to come, with the name it gets where none is typed."""

    number: int
    label_name: str
    pin_name: str
    label: str


def slots(count: int, *, after: int = 0) -> list[Slot]:
    """The first is named after the account's last place: «Perfil 4» `after` 3."""
    return [
        Slot(number, f"label_{number}", f"pin_{number}", f"Perfil {after + number}")
        for number in range(1, count + 1)
    ]


def new_profiles(form: Mapping[str, object], places: list[Slot]) -> list[NewProfile]:
    return [
        NewProfile(
            label=forms.text(form.get(one.label_name), one.label_name, longest=LONGEST),
            pin=_pin(form.get(one.pin_name), one.pin_name),
        )
        for one in places
    ]


def _pin(raw: object, field: str) -> Secret | None:
    said = forms.text(raw, field, longest=LONGEST)
    return Secret(said) if said else None


def plan(form: Mapping[str, object]) -> int | None:
    """The plan the account is dedicated to; left empty it serves every plan of its service."""
    return forms.row_id(form["plan_id"], "plan_id") if form.get("plan_id") else None


def notes(form: Mapping[str, object]) -> str:
    return forms.text(form.get("notes"), "notes", longest=LONGEST_NOTES)


def cost(raw: object) -> Decimal | None:
    """Pesos, zero allowed; left empty it is zero. None where the form does not ask for it."""
    if raw is None:
        return None
    try:
        return forms.money(raw or "0", "cost", least=Decimal(0))
    except InvalidInput:
        raise InvalidInput({"cost": "cost_invalid"}) from None


def until(raw: object) -> date:
    try:
        return forms.day(raw, "paid_until")
    except InvalidInput:
        raise InvalidInput({"paid_until": "day_invalid"}) from None


def until_if_any(raw: object) -> date | None:
    return until(raw) if raw else None
