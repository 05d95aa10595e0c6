"""Changing many prices: say what, look at what it would do, then do exactly that. For owners."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx

from domain import catalog_pages, price_rises
from domain.errors import InvalidInput
from domain.price_rises import NewPrice, PriceRise
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.admin.catalog_view import amount
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class Scope:
    value: str
    label: str


@dataclass(frozen=True)
class RiseRow:
    """`warning` says what the owner should look at twice."""

    id: int
    plan: str
    before: str
    after: str
    warning: str


class PriceRises(Outcomes, rx.State):
    """With `rows` there is a preview, which `_rise` and `_seal` would apply."""

    scopes: list[Scope] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    rows: list[RiseRow] = []  # noqa: RUF012
    summary: str = ""
    said: str = ""
    loaded: bool = False

    _rise: PriceRise | None = None
    _seal: str = ""

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        self.said, self.rows, self._rise = "", [], None
        async with told(self):
            async with reading() as session:
                categories = await catalog_pages.categories(session, actor())
                services = await catalog_pages.lines(session, actor())
            self.scopes = [
                *(Scope(f"s{one.id}", one.name) for one in services),
                *(Scope(f"c{name}", f"Categoría {name}") for name in categories),
            ]
            self.loaded = True

    @rx.event
    @allow(Gate.OWNER)
    async def look(self, form: dict[str, Any]) -> None:
        self.said, self.rows = "", []
        async with told(self):
            rise = _rise(forms.fields(form))
            async with reading() as session:
                seen = await price_rises.preview(session, actor(), rise)
            self._rise, self._seal = rise, seen.seal
            self.summary = _summary(len(seen.prices), seen.unchanged)
            self.rows = [_row(new) for new in seen.prices]

    @rx.event
    @allow(Gate.OWNER)
    async def apply(self) -> None:
        """Whatever became of it, the preview is spent."""
        async with told(self):
            rise, self._rise, self.rows = self._rise, None, []
            if rise is None:
                raise InvalidInput({"by": "change_invalid"})
            async with unit_of_work() as session:
                done = await price_rises.apply(session, actor(), rise, seal=self._seal)
            self.said = f"Cambiamos {_plans(done)}. La tienda ya muestra lo nuevo."

    @rx.event
    @allow(Gate.OWNER)
    async def back(self) -> None:
        self.rows, self._rise = [], None


def _rise(form: dict[str, object]) -> PriceRise:
    scope = forms.text(form.get("scope"), "scope", longest=80)
    kind, value = scope[:1], scope[1:]
    if kind not in ("", "s", "c"):
        raise InvalidInput({"scope": "scope_invalid"})
    try:
        by = amount(form.get("by"), "by")
    except InvalidInput:
        raise InvalidInput({"by": "change_invalid"}) from None
    lower = forms.choice(form.get("way"), "way", {"up", "down"}) == "down"
    return PriceRise(
        by=-by if lower else by,
        percent=forms.choice(form.get("unit"), "unit", {"percent", "amount"}) == "percent",
        rounding=forms.choice(form.get("rounding"), "rounding", set(price_rises.ROUNDINGS)),
        service_id=forms.row_id(value, "scope") if kind == "s" else None,
        category=value if kind == "c" else None,
    )


def _row(new: NewPrice) -> RiseRow:
    warnings = [
        *(["Queda por debajo de lo que te cuesta."] if new.at_a_loss else []),
        *(["Pierde su precio tachado."] if new.loses_list else []),
    ]
    return RiseRow(
        id=new.plan_id,
        plan=f"{new.service} · {new.plan}",
        before=views.pesos(new.before),
        after=f"{views.pesos(new.after)} ({_sign(new.after - new.before)})",
        warning=" ".join(warnings),
    )


def _sign(moved: Decimal) -> str:
    return f"{'+' if moved > 0 else '−'}{abs(moved):,.2f}"


def _plans(count: int) -> str:
    return "1 precio" if count == 1 else f"{count} precios"


def _summary(changed: int, unchanged: int) -> str:
    stays = (
        f" {_plans(unchanged)} {'queda' if unchanged == 1 else 'quedan'} igual."
        if unchanged
        else ""
    )
    return f"Cambian {_plans(changed)}.{stays}" if changed > 1 else f"Cambia 1 precio.{stays}"
