"""How much is left of each plan, from when that is too little, and what goes before a resale."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import stock_levels
from domain.availability import MOST_COUNTED
from domain.errors import Conflict, InvalidInput
from domain.stock_levels import MOST_THRESHOLD, PlanLevel, ServiceLevels
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/admin/inventario/disponibilidad"


@dataclass(frozen=True)
class PlanRow:
    """`tone` repeats in colour what `left` says; `moving`: one of the figures is not zero."""

    id: int
    name: str
    detail: str
    left: str
    tone: str
    held: int
    waiting: int
    asked: int
    live: int
    moving: bool
    threshold: int


@dataclass(frozen=True)
class ServiceRow:
    id: int
    name: str
    slug: str
    initials: str
    rotates: bool
    plans: list[PlanRow]


class AdminStock(Outcomes, rx.State):
    services: list[ServiceRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    is_owner: bool = False
    said: str = ""
    said_times: int = 0
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            live.watch(self, "orders", "catalog")
            await self._show()

    async def _look_again(self) -> None:
        if actor().staff and self.router.url.path.rstrip("/") == PATH:
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def limit(self, plan_id: int, typed: str) -> None:
        """From how few units on the owner is told; leaving the field empty means never."""
        self.said = ""
        async with told(self):
            plan = forms.row_id(plan_id)
            units = _threshold(typed)
            async with unit_of_work() as session:
                changed = await stock_levels.set_threshold(
                    session, actor(), plan_id=plan, units=units
                )
            if changed:
                await self._show()
                self._say(
                    f"Avisaremos cuando queden {units} o menos." if units else "Ya no avisaremos."
                )

    @rx.event
    @allow(Gate.OWNER)
    async def rotate(self, service_id: int, wanted: bool) -> None:
        async with told(self):
            service = forms.row_id(service_id)
            rotates = forms.flag(wanted)
            async with unit_of_work() as session:
                await stock_levels.set_rotation(
                    session, actor(), service_id=service, rotates=rotates
                )
            await self._show()
            self._say(
                "Antes de revender se pedirá rotar."
                if rotates
                else "Lo que se libere se vende de inmediato."
            )

    async def _show(self) -> None:
        async with reading() as session:
            found = await stock_levels.levels(session, actor())
        self.services = [_service(service) for service in found]
        self.is_owner = actor().owner
        self.loaded = True

    def _say(self, said: str) -> None:
        self.said, self.said_times = said, self.said_times + 1


def _threshold(typed: object) -> int:
    try:
        return forms.whole(typed or 0, "units", least=0, most=MOST_THRESHOLD)
    except InvalidInput:
        raise Conflict("threshold_invalid") from None


def _service(service: ServiceLevels) -> ServiceRow:
    return ServiceRow(
        id=service.id,
        name=service.name,
        slug=service.slug,
        initials=views.initials(service.name),
        rotates=service.rotates,
        plans=[_plan(plan) for plan in service.plans],
    )


def _plan(plan: PlanLevel) -> PlanRow:
    return PlanRow(
        id=plan.id,
        name=plan.name,
        detail="Cuenta completa" if plan.capacity == "full_account" else "",
        left=_left(plan.available),
        tone="error" if not plan.available else "warning" if plan.low else "success",
        held=plan.held,
        waiting=plan.waiting,
        asked=plan.asked,
        live=plan.live,
        moving=any((plan.held, plan.waiting, plan.asked, plan.live)),
        threshold=plan.threshold,
    )


def _left(units: int) -> str:
    if units >= MOST_COUNTED:
        return f"Más de {MOST_COUNTED - 1} disponibles"
    return {0: "Agotado", 1: "1 disponible"}.get(units, f"{units} disponibles")
