"""One service: its plans with prices and savings, what to know before and after buying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import reflex as rx

from domain import carts, customers, restocks, shelf
from domain.catalog import PlanOnSale, ServiceOnSale
from domain.errors import Conflict, NotFound
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor, cart_count

WILL_TELL = {
    "whatsapp": "Te avisaremos por WhatsApp",
    "email": "Te avisaremos por correo",
    "web": "Te avisaremos aquí, en la tienda",
}


@dataclass(frozen=True)
class PlanChoice:
    """`before` is what the plan cost before, to be struck through; empty for most."""

    id: str
    name: str
    detail: str
    price: str
    before: str
    saving: str
    available: int
    chosen: bool
    asked: bool


@dataclass(frozen=True)
class ServiceSheet:
    slug: str = ""
    tone: str = ""
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
    will_tell: str = ""
    title: str = "Planes"
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
                await self._show(slug)
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

    @rx.event
    @allow(Gate.CUSTOMER)
    async def ask(self, plan_id: str) -> None:
        """A guest is led to sign in by the gate, and back to where the button is one tap away."""
        async with told(self):
            plan = forms.row_id(plan_id, "plan")
            try:
                async with unit_of_work() as session:
                    await restocks.ask(session, actor(), plan_id=plan)
            except Conflict:
                await self._show(self.service.slug)
                raise
            self._show_wish(plan, asked=True)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def forget(self, plan_id: str) -> None:
        async with told(self):
            plan = forms.row_id(plan_id, "plan")
            async with unit_of_work() as session:
                await restocks.cancel(session, actor(), plan_id=plan)
            self._show_wish(plan, asked=False)

    async def _show(self, slug: str) -> None:
        found = await shelf.service(slug)
        asked, self.will_tell = await _wishes(found)
        self.service, self.plans = _sheet(found), _choices(found, asked)
        self.first_choice = next((plan.id for plan in self.plans if plan.chosen), "")
        self.title = found.name

    def _show_wish(self, plan_id: int, *, asked: bool) -> None:
        self.plans = [
            replace(plan, asked=asked) if plan.id == str(plan_id) else plan for plan in self.plans
        ]


async def _wishes(service: ServiceOnSale) -> tuple[frozenset[int], str]:
    """The plans of which the customer wants to hear, and how they will."""
    if actor().kind != "customer" or all(plan.available for plan in service.plans):
        return frozenset(), ""
    async with reading() as session:
        preference = (await customers.profile(session, actor())).delivery_preference
        return await restocks.open_for(session, actor()), WILL_TELL[preference]


def _sheet(service: ServiceOnSale) -> ServiceSheet:
    return ServiceSheet(
        slug=service.slug,
        tone=views.tone(service.slug, service.color),
        name=service.name,
        initials=views.initials(service.name),
        category=service.category,
        description=service.description,
        available=service.available,
        terms=_lines(service.terms),
        instructions=_lines(service.instructions),
    )


def _choices(service: ServiceOnSale, asked: frozenset[int]) -> list[PlanChoice]:
    """The first plan that can be bought is chosen from the start."""
    first = next((plan.id for plan in service.plans if plan.available), 0)
    return [
        _choice(plan, chosen=plan.id == first, asked=plan.id in asked) for plan in service.plans
    ]


def _choice(plan: PlanOnSale, *, chosen: bool, asked: bool) -> PlanChoice:
    return PlanChoice(
        id=str(plan.id),
        name=plan.name,
        detail=_detail(plan),
        price=views.pesos(plan.sale_price),
        before=views.pesos(plan.list_price) if plan.list_price else "",
        saving=f"Ahorras {plan.saving_percent}\u00a0%" if plan.saving_percent else "",
        available=plan.available,
        chosen=chosen,
        asked=asked,
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
