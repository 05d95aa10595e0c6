"""One service: its texts, its plans and what they were sold for. A new one has no number yet."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import catalog_changes, catalog_pages, plans, prices, services
from domain.errors import Conflict, NotFound
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.catalog import PATH
from state.admin.catalog_view import (
    CostLine,
    PlanCost,
    PlanRow,
    PriceLine,
    ServiceView,
    cost_line,
    plan_cost,
    plan_row,
    price_line,
    service_view,
    sheet,
)
from state.live import live
from state.outcomes import Outcomes, told

SAVED = "Guardamos el servicio."


class AdminService(Outcomes, rx.State):
    """`phase` is `loading`, `ready`, `new` or `missing`; `stale`: the form is older than the row.

    `costs` (by plan) and `ledger` (beside `history`) are the owner's and empty for others.
    """

    service: ServiceView = ServiceView()
    plans: list[PlanRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    history: list[PriceLine] = []  # noqa: RUF012
    costs: dict[int, PlanCost] = {}  # noqa: RUF012
    ledger: list[CostLine] = []  # noqa: RUF012
    active: bool = False
    archived: bool = False
    is_owner: bool = False
    stale: bool = False
    phase: str = "loading"
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def begin(self) -> None:
        """An empty form for a new service."""
        self.errors, self.notice, self.said, self.stale = {}, "", "", False
        self.service, self.plans, self.history = ServiceView(), [], []
        self.is_owner, self.phase = True, "new"

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        number = asked.order_number(self)
        self.said, self.phase = "", "loading" if number != self.service.id else self.phase
        async with told(self):
            live.watch(self, "catalog", "orders")
            await self._show(number, form=True)

    async def _look_again(self) -> None:
        """What is being typed stays; the form says itself that it is stale when it is sent."""
        if actor().staff and self.phase == "ready":
            await self._show(self.service.id)

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given, known = sheet(forms.fields(form)), self.service
            try:
                async with unit_of_work() as session:
                    number = await _save(session, known, given)
            except Conflict as refusal:
                self.stale = refusal.code == "catalog_changed"
                raise
            if not known.id:
                return rx.redirect(f"{PATH}/{number}")
            await self._show(number, form=True)
            self._say(SAVED)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def sell(self, wanted: bool) -> None:
        async with told(self):
            active = forms.flag(wanted)
            async with unit_of_work() as session:
                await catalog_changes.set_active(
                    session, actor(), "service", self.service.id, active=active
                )
            await self._show(self.service.id, form=True)
            self._say("Ya está a la venta." if active else "En pausa: nadie lo ve en la tienda.")

    @rx.event
    @allow(Gate.OWNER)
    async def withdraw(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                ending = await catalog_changes.withdraw(
                    session, actor(), "service", self.service.id
                )
            if ending == "deleted":
                return rx.redirect(PATH)
            await self._show(self.service.id, form=True)
            self._say("Lo archivamos: sus pedidos y cuentas siguen como estaban.")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def bring_back(self) -> None:
        async with told(self):
            async with unit_of_work() as session:
                await catalog_changes.bring_back(session, actor(), "service", self.service.id)
            await self._show(self.service.id, form=True)
            self._say("Lo recuperamos del archivo.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def sell_plan(self, plan_id: int, wanted: bool) -> None:
        async with told(self):
            plan, active = forms.row_id(plan_id), forms.flag(wanted)
            async with unit_of_work() as session:
                await catalog_changes.set_active(session, actor(), "plan", plan, active=active)
            await self._show(self.service.id)
            self._say("El plan está a la venta." if active else "El plan está en pausa.")

    @rx.event
    @allow(Gate.OWNER)
    async def clone(self, plan_id: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id)
            async with unit_of_work() as session:
                await plans.clone(session, actor(), plan_id=plan)
            await self._show(self.service.id)
            self._say("La copia está en pausa: cámbiala y ponla a la venta.")

    @rx.event
    @allow(Gate.OWNER)
    async def bring_back_plan(self, plan_id: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id)
            async with unit_of_work() as session:
                await catalog_changes.bring_back(session, actor(), "plan", plan)
            await self._show(self.service.id)
            self._say("Recuperamos el plan del archivo.")

    async def _show(self, number: int, *, form: bool = False) -> None:
        """Read it again; `form`: what its form is filled with, too."""
        try:
            async with reading() as session:
                page = await catalog_pages.service(session, actor(), service_id=number)
                steps = await prices.history(session, actor(), service_id=number)
                await self._show_costs(session, number)
        except NotFound:
            self.service, self.phase = ServiceView(), "missing"
            return
        if form:
            self.service, self.stale = service_view(page), False
        self.active, self.archived = page.active, page.archived_at is not None
        self.plans = [plan_row(plan) for plan in page.plans]
        self.history = [price_line(step) for step in steps]
        self.is_owner, self.phase = actor().owner, "ready"

    async def _show_costs(self, session: Any, number: int) -> None:
        if not actor().owner:
            self.costs, self.ledger = {}, []
            return
        found = await prices.costs(session, actor(), service_id=number)
        behind = await prices.cost_history(session, actor(), service_id=number)
        self.costs = {plan: plan_cost(money) for plan, money in found.items()}
        self.ledger = [cost_line(step) for step in behind]

    def _say(self, said: str) -> None:
        self.said, self.said_times = said, self.said_times + 1


async def _save(session: Any, known: ServiceView, given: services.ServiceSheet) -> int:
    if not known.id:
        return await services.create(session, actor(), given)
    await services.edit(session, actor(), service_id=known.id, version=known.version, sheet=given)
    return known.id


async def say(state: rx.State, said: str) -> None:
    """After something was done with a plan of the service on screen: look again, and say what."""
    page = await state.get_state(AdminService)
    await page._show(page.service.id)  # noqa: SLF001  # private, so that no client can call it
    page._say(said)  # noqa: SLF001
