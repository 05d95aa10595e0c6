"""Free stock to pick from for a line that waits, in finished words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.chosen_stock import WaitingLine
from state import forms, views


@dataclass(frozen=True)
class UnitChoice:
    id: str
    name: str
    detail: str


@dataclass(frozen=True)
class PickView:
    """`item` is 0 while nothing is being picked; `several` that more than one must be."""

    item: int = 0
    name: str = ""
    asks: str = ""
    several: bool = False
    choices: list[UnitChoice] = field(default_factory=list)


def pick_view(line: WaitingLine) -> PickView:
    whole = line.size > 1
    what = "cuentas completas" if whole else "perfiles"
    one = "Elige una cuenta completa." if whole else "Elige un perfil."
    return PickView(
        item=line.id,
        name=line.name,
        asks=one if line.units == 1 else f"Elige {line.units} {what}.",
        several=line.units > 1,
        choices=[
            UnitChoice(
                id=str(unit.id),
                name=f"Cuenta {unit.account_id}" + ("" if whole else f" · {unit.label}"),
                detail=" · ".join(
                    filter(
                        None,
                        (
                            f"Pagada hasta el {views.day(unit.paid)}" if unit.paid else "Sin fecha",
                            "Solo de este plan" if unit.dedicated else "",
                        ),
                    )
                ),
            )
            for unit in line.offered
        ],
    )


def picked(line: PickView, said: Mapping[str, object]) -> list[int]:
    """One radio, or the boxes that were ticked: each is named by the unit it stands for."""
    if not line.several:
        return [forms.row_id(said.get("unit"), "unit")]
    ticked = [one.id for one in line.choices if forms.flag(said.get(f"unit-{one.id}"))]
    return [forms.row_id(one, "unit") for one in ticked]
