"""The catalog as screens show it. What plans cost has types of its own, for owners."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.catalog_pages import CatalogLine, PlanLine, ServicePage
from domain.errors import InvalidInput
from domain.prices import CostStep, FormerPrice, Money, PriceStep
from domain.services import (
    LONGEST_CATEGORY,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_PROFILES,
    ServiceSheet,
)
from state import forms, views

DEFAULT_COLOR = "#334155"


@dataclass(frozen=True)
class ServiceRow:
    """`state` says whether shoppers see it, `first` and `last` where no arrow leads further."""

    id: int
    name: str
    initials: str
    tone: str
    category: str
    plans: str
    price: str
    stock: str
    state: str
    state_tone: str
    active: bool
    first: bool
    last: bool


@dataclass(frozen=True)
class ServiceView:
    """What the form is filled with; `version` is what it will be compared by.

    `own_color` is what a service without a chosen colour has.
    """

    id: int = 0
    version: int = 0
    name: str = ""
    slug: str = ""
    initials: str = ""
    tone: str = ""
    category: str = ""
    description: str = ""
    color: str = DEFAULT_COLOR
    own_color: str = DEFAULT_COLOR
    max_profiles: str = "5"
    terms: str = ""
    instructions: str = ""


@dataclass(frozen=True)
class PlanRow:
    id: int
    name: str
    detail: str
    price: str
    before: str
    state: str
    state_tone: str
    stock: str
    active: bool
    archived: bool


@dataclass(frozen=True)
class PlanCost:
    """For owners."""

    cost: str = ""
    margin: str = ""
    percent: str = ""


@dataclass(frozen=True)
class PriceLine:
    id: int
    plan: str
    when: str
    who: str
    before: str
    after: str
    struck: str


@dataclass(frozen=True)
class CostLine:
    """For owners."""

    cost: str = ""
    margin: str = ""


@dataclass(frozen=True)
class Former:
    """A price that may be struck through. For owners."""

    value: str
    label: str


def service_rows(lines: list[CatalogLine], *, archived: bool) -> list[ServiceRow]:
    return [
        _service_row(line, archived=archived, first=n == 0, last=n == len(lines) - 1)
        for n, line in enumerate(lines)
    ]


def _service_row(line: CatalogLine, *, archived: bool, first: bool, last: bool) -> ServiceRow:
    state, tone = _state(line.active, archived)
    if tone == "success" and not line.on_sale:
        state, tone = "Sin planes a la venta", "warning"
    plans = "1 plan" if line.plans == 1 else f"{line.plans} planes"
    free = "1 perfil libre" if line.free == 1 else f"{line.free} perfiles libres"
    return ServiceRow(
        id=line.id,
        name=line.name,
        initials=views.initials(line.name),
        tone=views.tone(line.slug, line.color),
        category=line.category,
        plans=plans if line.on_sale == line.plans else f"{plans}, {line.on_sale} a la venta",
        price=f"Desde {views.pesos(line.price_from)}" if line.price_from else "Sin precio",
        stock=free if line.free else "Sin stock",
        state=state,
        state_tone=tone,
        active=line.active,
        first=first,
        last=last,
    )


def _state(active: bool, archived: bool) -> tuple[str, str]:
    if archived:
        return "Archivado", "neutral"
    return ("A la venta", "success") if active else ("En pausa", "warning")


def service_view(page: ServicePage) -> ServiceView:
    sheet = page.sheet
    return ServiceView(
        id=page.id,
        version=page.version,
        name=sheet.name,
        slug=sheet.slug,
        initials=views.initials(sheet.name),
        tone=views.tone(sheet.slug, sheet.color),
        category=sheet.category,
        description=sheet.description,
        color=sheet.color,
        own_color=DEFAULT_COLOR if sheet.color in views.COLORS else sheet.color,
        max_profiles=str(sheet.max_profiles),
        terms=sheet.terms,
        instructions=sheet.instructions,
    )


def plan_row(plan: PlanLine) -> PlanRow:
    state, tone = _state(plan.active, plan.archived)
    months = "1 mes" if plan.duration_months == 1 else f"{plan.duration_months} meses"
    whole = "cuenta completa" if plan.capacity == "full_account" else "un perfil"
    return PlanRow(
        id=plan.id,
        name=plan.name,
        detail=f"{months} · {whole}",
        price=views.pesos(plan.sale_price),
        before=views.pesos(plan.list_price) if plan.list_price else "",
        state=state,
        state_tone=tone,
        stock=views.availability(plan.available),
        active=plan.active,
        archived=plan.archived,
    )


def plan_cost(money: Money) -> PlanCost:
    """The margin also as a part of the sale price."""
    percent = round(money.margin * 100 / money.sale) if money.sale else 0
    return PlanCost(views.pesos(money.cost), views.pesos(money.margin), f"{percent}\u00a0%")


def price_line(step: PriceStep) -> PriceLine:
    return PriceLine(
        id=step.id,
        plan=step.plan,
        when=views.moment(step.at),
        who=step.who,
        before=views.pesos(step.before) if step.before is not None else "",
        after=views.pesos(step.after),
        struck=views.pesos(step.list_price) if step.list_price is not None else "",
    )


def cost_line(step: CostStep) -> CostLine:
    return CostLine(_moved(step.cost_before, step.cost), _moved(step.margin_before, step.margin))


def _moved(before: Decimal | None, after: Decimal) -> str:
    said = views.pesos(after)
    return said if before in (None, after) else f"{views.pesos(before)} → {said}"


def former(price: FormerPrice) -> Former:
    return Former(
        str(price.price),
        f"{views.pesos(price.price)} · hasta el {views.near_day(price.shown_until.date())}",
    )


def sheet(form: dict[str, object]) -> ServiceSheet:
    """A form as the domain takes it; every field that is wrong is named."""
    wrong: dict[str, str] = {}

    def text(field: str, longest: int) -> str:
        try:
            return forms.text(form.get(field), field, longest=longest)
        except InvalidInput as refusal:
            wrong.update(refusal.fields)
            return ""

    try:
        profiles = forms.whole(
            form.get("max_profiles"), "max_profiles", least=1, most=MOST_PROFILES
        )
    except InvalidInput:
        profiles, wrong["max_profiles"] = 1, "max_profiles_invalid"
    read = ServiceSheet(
        name=text("name", LONGEST_NAME),
        slug=text("slug", LONGEST_NAME),
        category=text("category", LONGEST_CATEGORY),
        max_profiles=profiles,
        color=text("color", 7),
        description=text("description", LONGEST_TEXT),
        terms=text("terms", LONGEST_TEXT),
        instructions=text("instructions", LONGEST_TEXT),
    )
    if wrong:
        raise InvalidInput(wrong)
    return read


def amount(raw: object, field: str) -> Decimal:
    """Pesos, below zero too when a minus is typed; wrong ones with the sentence of their field."""
    said = raw.strip() if isinstance(raw, str) else ""
    try:
        typed = forms.money(said.removeprefix("-"), field, least=Decimal(0))
    except InvalidInput:
        raise InvalidInput({field: f"{field}_invalid"}) from None
    return -typed if said.startswith("-") else typed
