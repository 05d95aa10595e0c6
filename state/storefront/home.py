"""The shelves: every service with its plans, narrowed by words and by category."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx
from reflex_base.event import EventSpec

from domain import carts, shelf
from domain.catalog import PlanOnSale, ServiceOnSale
from infra.database import unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor, cart_count

LONGEST = 60

# The address says what is on screen, so that a reload or a shared link shows the same.
WRITE_ADDRESS = 'history.replaceState(history.state, "", %s)'


@dataclass(frozen=True)
class PlanTag:
    name: str
    price: str
    saving: str


@dataclass(frozen=True)
class ServiceCard:
    """`quick_plan` is the shortest plan, the one a single tap puts into the cart."""

    slug: str
    tone: str
    name: str
    initials: str
    description: str
    price_from: str
    available: int
    quick_plan: int
    quick_label: str
    plans: list[PlanTag]


@dataclass(frozen=True)
class Category:
    name: str
    chosen: bool


class Shelves(Outcomes, rx.State):
    """`asked` counts the times the search box must take its text from here."""

    services: list[ServiceCard] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    categories: list[Category] = []  # noqa: RUF012
    found: str = ""
    q: str = ""
    category: str = ""
    asked: int = 0
    said: str = ""
    said_times: int = 0
    ready: bool = False
    failed: bool = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        wanted = self.router.url.query_parameters
        q, category = wanted.get("q", "")[:LONGEST], wanted.get("categoria", "")[:LONGEST]
        self.asked += q != self.q
        self.said = ""
        await self._show(q, category)

    @rx.event
    @allow(Gate.PUBLIC)
    async def search(self, typed: str) -> EventSpec:
        await self._show(forms.echoed(typed, longest=LONGEST), self.category)
        return self._address()

    @rx.event
    @allow(Gate.PUBLIC)
    async def choose(self, category: str) -> EventSpec:
        """The same category again means all of them."""
        chosen = forms.echoed(category, longest=LONGEST)
        await self._show(self.q, "" if chosen == self.category else chosen)
        return self._address()

    @rx.event
    @allow(Gate.PUBLIC)
    async def show_all(self) -> EventSpec:
        self.asked += 1
        await self._show("", "")
        return self._address()

    @rx.event
    @allow(Gate.PUBLIC)
    async def add(self, plan_id: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id)
            async with unit_of_work() as session:
                quantity = await carts.add(session, actor(), plan_id=plan)
            (await self.get_state(Visitor)).cart_count = await cart_count()
            self.said, self.said_times = _added(quantity), self.said_times + 1

    async def _show(self, q: str, category: str) -> None:
        self.failed = True
        async with told(self):
            found = await shelf.services()
            self.services = [_card(s) for s in found if _matches(s, q, category)]
            self.found = _found(len(self.services))
            names = dict.fromkeys(s.category for s in found if s.category)
            self.categories = [Category(name, name == category) for name in names]
            self.failed = False
        self.q, self.category, self.ready = q, category, True

    def _address(self) -> EventSpec:
        kept = {"q": self.q.strip(), "categoria": self.category}
        query = urlencode({name: value for name, value in kept.items() if value})
        return rx.call_script(WRITE_ADDRESS % json.dumps(f"/?{query}" if query else "/"))


def plain(text: str) -> str:
    """Without accents and case: «música» and «MUSICA» are the same word."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _matches(service: ServiceOnSale, q: str, category: str) -> bool:
    if category and service.category != category:
        return False
    text = plain(f"{service.name} {service.category} {service.description}")
    return all(word in text for word in plain(q).split())


def _card(service: ServiceOnSale) -> ServiceCard:
    quick = min(service.plans, key=lambda plan: (plan.duration_months, plan.sale_price))
    return ServiceCard(
        slug=service.slug,
        tone=views.tone(service.slug, service.color),
        name=service.name,
        initials=views.initials(service.name),
        description=service.description,
        price_from=views.pesos(service.price_from),
        available=service.available,
        quick_plan=quick.id if quick.available else 0,
        quick_label=quick.name,
        plans=[_tag(plan) for plan in service.plans],
    )


def _tag(plan: PlanOnSale) -> PlanTag:
    saving = f"−{plan.saving_percent}\u00a0%" if plan.saving_percent else ""
    return PlanTag(plan.name, views.pesos(plan.sale_price), saving)


def _found(count: int) -> str:
    return "1 servicio" if count == 1 else f"{count} servicios"


def _added(quantity: int) -> str:
    if quantity >= carts.MOST:
        return f"Ya tienes {quantity}, el máximo"
    return "Agregado"
