"""One plan in its dialog: made, renamed, priced, withdrawn. Prices are the owner's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import catalog_changes, catalog_pages, plans, prices
from domain.errors import InvalidInput, NotFound
from domain.prices import Money
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.admin.catalog_service import AdminService, say
from state.admin.catalog_view import Former, amount, former
from state.outcomes import Outcomes, told

EDIT, WITHDRAW = "plan", "archivar-plan"
CAPACITIES = {"profile", "full_account"}


@dataclass(frozen=True)
class PlanDraft:
    """`id` is 0 for a plan that is being made; `opened` makes each opening a new form."""

    id: int = 0
    version: int = 0
    name: str = ""
    detail: str = ""
    opened: int = 0


@dataclass(frozen=True)
class PlanMoney:
    """For owners."""

    cost: str = ""
    margin: str = ""
    sale: str = "—"
    struck: str = ""
    former: list[Former] = field(default_factory=list[Former])


class PlanEditing(Outcomes, rx.State):
    plan: PlanDraft = PlanDraft()
    money: PlanMoney = PlanMoney()

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self, plan_id: int) -> None:
        """Fill the form with the plan as it is now; 0 is a new one."""
        async with told(self):
            number = forms.whole(plan_id, "plan_id", least=0, most=2**63 - 1)
            opened = self.plan.opened + 1
            draft, money = PlanDraft(opened=opened), PlanMoney()
            if number:
                draft, money = await self._read(number, opened)
            self.plan, self.money = draft, money

    async def _read(self, number: int, opened: int) -> tuple[PlanDraft, PlanMoney]:
        service = (await self.get_state(AdminService)).service.id
        async with reading() as session:
            page = await catalog_pages.service(session, actor(), service_id=service)
            plan = next((one for one in page.plans if one.id == number), None)
            if plan is None:
                raise NotFound
            money = PlanMoney()
            if actor().owner:
                known = (await prices.costs(session, actor(), service_id=service))[number]
                money = _money(known, await prices.former(session, [number]))
        draft = PlanDraft(plan.id, plan.version, plan.name, opened=opened)
        return draft, money

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given, plan = forms.fields(form), self.plan
            service = (await self.get_state(AdminService)).service.id
            async with unit_of_work() as session:
                number = await _save(session, service, plan, given)
            if not plan.id:  # a second tap finds it made
                self.plan = PlanDraft(number, 1, opened=plan.opened)
            await say(self, "Guardamos el plan." if plan.id else "Agregamos el plan.")
            return rx.call_script(f"document.getElementById('{EDIT}')?.close()")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def withdraw(self) -> None:
        async with told(self):
            async with unit_of_work() as session:
                ending = await catalog_changes.withdraw(session, actor(), "plan", self.plan.id)
            await say(
                self,
                "Borramos el plan: nunca se usó."
                if ending == "deleted"
                else "Archivamos el plan: sus pedidos siguen como estaban.",
            )


async def _save(session: Any, service: int, plan: PlanDraft, given: dict[str, object]) -> int:
    """The plan's id."""
    name = forms.text(given.get("plan_name"), "name", longest=plans.LONGEST_NAME)
    if plan.id and not actor().owner:
        await plans.rename(session, actor(), plan_id=plan.id, version=plan.version, name=name)
        return plan.id
    money = _typed(given)
    if plan.id:
        await plans.edit(
            session, actor(), plan_id=plan.id, version=plan.version, name=name, money=money
        )
        return plan.id
    return await plans.create(
        session,
        actor(),
        service_id=service,
        name=name,
        duration_months=_months(given.get("duration_months")),
        capacity=forms.choice(given.get("capacity"), "capacity", CAPACITIES),
        money=money,
    )


def _months(raw: object) -> int:
    try:
        return forms.whole(raw, "duration_months", least=1, most=plans.MOST_MONTHS)
    except InvalidInput:
        raise InvalidInput({"duration_months": "duration_invalid"}) from None


def _typed(given: dict[str, object]) -> Money:
    wrong: dict[str, str] = {}
    read = {}
    for name in ("cost", "margin"):
        try:
            read[name] = amount(given.get(name), name)
        except InvalidInput as refusal:
            wrong |= refusal.fields
    if wrong:
        raise InvalidInput(wrong)
    struck = given.get("list_price")
    return Money(
        read["cost"],
        read["margin"],
        forms.money(struck, "list_price") if struck else None,
    )


def _money(known: Money, before: list[prices.FormerPrice]) -> PlanMoney:
    struck = str(known.list_price) if known.list_price else ""
    return PlanMoney(
        cost=str(known.cost),
        margin=str(known.margin),
        sale=views.pesos(known.sale),
        struck=struck if any(str(one.price) == struck for one in before) else "",
        former=[former(one) for one in before],
    )
