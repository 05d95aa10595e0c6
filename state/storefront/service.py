"""One service: its plans with prices and savings, what to know before and after buying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import reflex as rx

from domain import carts, shelf
from domain.catalog import PlanOnSale, ServiceOnSale
from domain.errors import NotFound
from infra.database import unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor, cart_count


@dataclass(frozen=True)
class PlanChoice:
    id: str
    name: str
    detail: str
    price: str
    saving: str
    available: int
    chosen: bool


@dataclass(frozen=True)
class ServiceSheet:
    slug: str = ""
    name: str = ""
    initials: str = ""
    category: str = ""
    description: str = ""
    available: int = 0
    terms: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()


class ServicePage(Outcomes, rx.State):
    service: ServiceSheet = ServiceSheet()
    plans: list[PlanChoice] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    first_choice: str = ""
    title: str = "Planes · Cuenty"
    said: str = ""
    said_times: int = 0
    ready: bool = False
    missing: bool = False
    failed: bool = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        slug = unquote(self.router.url.path.rstrip("/").rpartition("/")[2])
        if slug != self.service.slug:
            self.ready, self.service, self.plans = False, ServiceSheet(), []
        self.said, self.missing, self.failed = "", False, True
        async with told(self):
            try:
                found = await shelf.service(slug)
                self.service, self.plans = _sheet(found), _choices(found)
                self.first_choice = next((plan.id for plan in self.plans if plan.chosen), "")
                self.title = f"{found.name} · Cuenty"
            except NotFound:
                self.missing = True
            self.failed = False
        self.ready = True

    @rx.event
    @allow(Gate.PUBLIC)
    async def add(self, form: dict[str, Any]) -> None:
        async with told(self):
            sent = forms.fields(form)
            plan = forms.row_id(sent.get("plan"), "plan")
            units = forms.whole(sent.get("quantity", 1), "quantity", least=1, most=carts.MOST)
            async with unit_of_work() as session:
                quantity = await carts.add(session, actor(), plan_id=plan, quantity=units)
            (await self.get_state(Visitor)).cart_count = await cart_count()
            self.said, self.said_times = _added(quantity), self.said_times + 1


def _sheet(service: ServiceOnSale) -> ServiceSheet:
    return ServiceSheet(
        slug=service.slug,
        name=service.name,
        initials=views.initials(service.name),
        category=service.category,
        description=service.description,
        available=service.available,
        terms=_lines(service.terms),
        instructions=_lines(service.instructions),
    )


def _choices(service: ServiceOnSale) -> list[PlanChoice]:
    """The first plan that can be bought is chosen from the start."""
    first = next((plan.id for plan in service.plans if plan.available), 0)
    return [_choice(plan, chosen=plan.id == first) for plan in service.plans]


def _choice(plan: PlanOnSale, *, chosen: bool) -> PlanChoice:
    return PlanChoice(
        id=str(plan.id),
        name=plan.name,
        detail=_detail(plan),
        price=views.pesos(plan.sale_price),
        saving=f"Ahorras {plan.saving_percent}\u00a0%" if plan.saving_percent else "",
        available=plan.available,
        chosen=chosen,
    )


def _detail(plan: PlanOnSale) -> str:
    whole = ["Cuenta completa"] if plan.capacity == "full_account" else []
    monthly = [f"{views.pesos(plan.monthly_price)}/mes"] if plan.duration_months > 1 else []
    return " · ".join(whole + monthly)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _added(quantity: int) -> str:
    if quantity >= carts.MOST:
        return f"Ya tienes {quantity}, el máximo"
    return "Agregado" if quantity == 1 else f"Agregado: ya son {quantity}"
