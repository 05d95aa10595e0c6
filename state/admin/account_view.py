"""An account as staff see it: its clocks, its places and who is in them, in finished words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.account_pages import AccountOnPage, Paid, PastHolder, ProfileOnPage
from domain.inventory_pages import PlanChoice
from infra.clock import add_months, today
from models.inventory import AccountStatus
from state import views
from state.admin.account_history import HistoryRow, history_row

STATUSES = {
    "active": ("Activa", "success"),
    "maintenance": ("En mantenimiento", "warning"),
    "down": ("Caída", "error"),
    "retired": ("Retirada", "neutral"),
}
NEAR = 7  # days before the supplier's date from which it is pointed at
GONE = {"replaced": "Se cambió a otra cuenta", "cancelled": "Se canceló su pedido"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class ProfileView:
    """`order` and `held_for` are order numbers, 0 for none; `until` is the holder's last day."""

    id: int
    position: int
    label: str
    state: str
    tone: str
    has_pin: bool
    pin_version: int
    to_rotate: bool
    held_for: int
    assignment_id: int
    order: int
    customer: str
    phone: str
    phone_link: str
    until: str
    beyond: bool


@dataclass(frozen=True)
class PaymentView:
    """`cost` is empty for who does not know costs."""

    said: str
    cost: str
    detail: str


@dataclass(frozen=True)
class PastView:
    who: str
    phone: str
    order: int
    said: str
    when: str


@dataclass(frozen=True)
class AccountView:
    """`paid_until_plain`, `cost_plain` and `plan` are what the edit form starts with.

    Both costs are empty for who does not know costs.

    `room` is how many profiles may still be added, `free` how many places could be sold now.
    """

    id: int = 0
    title: str = "Cuenta"
    service_name: str = ""
    service_slug: str = ""
    initials: str = ""
    plan: str = ""
    plan_name: str = ""
    plans: list[Option] = field(default_factory=list)
    status: str = ""
    status_name: str = ""
    tone: str = "neutral"
    since: str = ""
    active: bool = False
    retired: bool = False
    paid_until: str = ""
    paid_note: str = ""
    paid_tone: str = "neutral"
    paid_until_plain: str = ""
    next_paid_until: str = ""
    cost: str = ""
    cost_plain: str = ""
    notes: str = ""
    version: int = 0
    created: str = ""
    will_be_told: int = 0
    places: str = ""
    in_use: int = 0
    room: int = 0
    last_position: int = 0
    profiles: list[ProfileView] = field(default_factory=list)
    payments: list[PaymentView] = field(default_factory=list)
    past: list[PastView] = field(default_factory=list)
    history: list[HistoryRow] = field(default_factory=list)


MISSING = AccountView(title="No encontramos esta cuenta")


def account_view(account: AccountOnPage, plans: tuple[PlanChoice, ...]) -> AccountView:
    status, tone = STATUSES[account.status]
    retired = account.status == AccountStatus.RETIRED
    note, paid_tone = supplier_note(None if retired else account.paid_until)
    free = sum(one.status == "free" and not one.held_for_order for one in account.profiles)
    plan = str(account.plan_id or "")
    return AccountView(
        id=account.id,
        title=f"{account.service_name} · cuenta {account.id}",
        service_name=account.service_name,
        service_slug=account.service_slug,
        initials=views.initials(account.service_name),
        plan=plan,
        plan_name=account.plan_name,
        plans=plan_options(plans, plan, account.plan_name),
        status=account.status,
        status_name=status,
        tone=tone,
        since=views.moment(account.status_since),
        active=account.status == AccountStatus.ACTIVE,
        retired=retired,
        paid_until=views.day(account.paid_until) if account.paid_until else "Sin fecha",
        paid_note=note,
        paid_tone=paid_tone,
        paid_until_plain=account.paid_until.isoformat() if account.paid_until else "",
        next_paid_until=_a_month_on(account.paid_until or today()),
        cost=_cost(account.cost),
        cost_plain="" if account.cost is None else f"{account.cost:.2f}",
        notes=account.notes,
        version=account.version,
        created=views.moment(account.created_at),
        will_be_told=account.will_be_told,
        places=f"{free} de {len(account.profiles)}",
        in_use=sum(one.status == "assigned" for one in account.profiles),
        room=max(0, account.max_profiles - len(account.profiles)),
        last_position=max((one.position for one in account.profiles), default=0),
        profiles=[profile_view(one, account) for one in account.profiles],
        payments=[_payment(one) for one in account.payments],
        past=[_past(one) for one in account.past],
        history=[history_row(one) for one in account.history],
    )


def plan_options(plans: tuple[PlanChoice, ...], plan: str, plan_name: str) -> list[Option]:
    """The plans on sale and, where the account is dedicated to one that is not, that one too."""
    options = [Option(str(one.id), one.name) for one in plans]
    if plan and plan not in {option.value for option in options}:
        options.append(Option(plan, plan_name))
    return options


def supplier_note(paid_until: date | None) -> tuple[str, str]:
    """How near the supplier's date is, and the tone of it; empty while it is far."""
    if paid_until is None:
        return "", "neutral"
    left = (paid_until - today()).days
    if left < 0:
        return ("Venció ayer" if left == -1 else f"Venció hace {-left} días"), "error"
    if left <= NEAR:
        return {0: "Vence hoy", 1: "Vence mañana"}.get(left, f"Vence en {left} días"), "warning"
    return "", "neutral"


def _a_month_on(day: date) -> str:
    return add_months(day, 1).isoformat() if day.year < date.max.year else ""


def profile_view(one: ProfileOnPage, account: AccountOnPage) -> ProfileView:
    state, tone = _standing(one, account.status)
    ends, paid = one.ends_on, account.paid_until
    return ProfileView(
        id=one.id,
        position=one.position,
        label=one.label,
        state=state,
        tone=tone,
        has_pin=one.has_pin,
        pin_version=one.pin_version,
        to_rotate=one.status == "rotate",
        held_for=one.held_for_order or 0,
        assignment_id=one.assignment_id or 0,
        order=one.order_id or 0,
        customer=(one.customer_name or "Sin nombre") if one.assignment_id else "",
        phone=views.phone(one.customer_phone),
        phone_link=f"tel:{one.customer_phone}",
        until=views.day(ends) if ends else "",
        beyond=bool(ends and paid and paid < ends),
    )


def _standing(one: ProfileOnPage, account_status: str) -> tuple[str, str]:
    if one.status == "free" and one.held_for_order:
        return "Apartado", "info"
    if one.status == "free" and account_status != AccountStatus.ACTIVE:
        return "Libre, sin vender", "neutral"
    return {
        "free": ("Libre", "success"),
        "assigned": ("En uso", "info"),
        "rotate": ("Por rotar", "warning"),
        "disabled": ("Retirado", "neutral"),
    }[one.status]


def _cost(amount: Decimal | None) -> str:
    return "" if amount is None else views.pesos(amount)


def _payment(one: Paid) -> PaymentView:
    before = f"Antes: {views.day(one.paid_before)}" if one.paid_before else ""
    return PaymentView(
        said=f"Hasta el {views.day(one.paid_until)}",
        cost=_cost(one.cost),
        detail=" · ".join(filter(None, (views.moment(one.at), one.by, before))),
    )


def _past(one: PastHolder) -> PastView:
    return PastView(
        who=one.customer_name or "Sin nombre",
        phone=views.phone(one.customer_phone),
        order=one.order_id,
        said=f"{one.profile_label} · {GONE.get(one.reason, 'Terminó su suscripción')}",
        when=views.moment(one.until),
    )
