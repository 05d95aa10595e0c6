"""Adding an account. What is typed stays in the browser until it is right: no State holds it."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import account_pages, inventory, inventory_pages
from domain.errors import InvalidInput
from domain.inventory_pages import ServiceChoice
from infra.database import reading, unit_of_work
from infra.vault import Secret
from state import forms
from state.access import Gate, actor, allow
from state.admin import account_forms
from state.admin.account import announce
from state.admin.account_forms import Slot, slots
from state.admin.account_view import Option
from state.outcomes import Outcomes, told

# The form is longer than a phone: what is wrong may be out of sight.
TO_FAULT = """requestAnimationFrame(() =>
  document.querySelector("main [aria-invalid=true]")?.focus())"""


class NewAccount(Outcomes, rx.State):
    """`service` is the one chosen, empty for none; `places` the fields of its profiles."""

    services: list[Option] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    plans: list[Option] = []  # noqa: RUF012
    service: str = ""
    most: int = 1
    places: list[Slot] = []  # noqa: RUF012
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            found = await _services()
            self.services = [Option(str(one.id), one.name) for one in found]
            if not self.loaded:
                self.service, self.plans, self.places = "", [], []
            self.loaded = True

    @rx.event
    @allow(Gate.OPERATOR)
    async def choose(self, service_id: str) -> None:
        """Its plans and as many profiles as the service allows; fewer can be chosen."""
        async with told(self):
            wanted = forms.row_id(service_id, "service_id") if service_id else 0
            found = next((one for one in await _services() if one.id == wanted), None)
            self.service = str(found.id) if found else ""
            self.plans = [Option(str(one.id), one.name) for one in found.plans] if found else []
            self.most = found.max_profiles if found else 1
            self.places = slots(self.most if found else 0)

    @rx.event
    @allow(Gate.OPERATOR)
    async def count(self, profiles: int) -> None:
        async with told(self):
            self.places = slots(forms.whole(profiles, "profiles", least=1, most=self.most))

    @rx.event
    @allow(Gate.OPERATOR)
    async def add(self, form: dict[str, Any]) -> EventSpec:
        async with told(self):
            wanted = _wanted(forms.fields(form), self.places)
            async with unit_of_work() as session:
                number = await inventory.add_account(session, actor(), **wanted)
                served = await _served(session, number)
            await announce(self, number, _said(served))
            self.service, self.plans, self.places = "", [], []
            return rx.redirect(f"/admin/inventario/{number}")
        return rx.call_script(TO_FAULT)


async def _services() -> list[ServiceChoice]:
    async with reading() as session:
        return await inventory_pages.services(session, actor())


def _wanted(form: dict[str, object], places: list[Slot]) -> dict[str, Any]:
    """All that is missing is said at once."""
    needed = ("service_id", "login", "password")
    if missing := {name: "value_required" for name in needed if not form.get(name)}:
        raise InvalidInput(missing)
    return {
        "service_id": forms.row_id(form["service_id"], "service_id"),
        "login": Secret(forms.text(form["login"], "login", longest=256, required=True)),
        "password": Secret(forms.secret(form["password"], "password")),
        "profiles": account_forms.new_profiles(form, places),
        "plan_id": account_forms.plan(form),
        "paid_until": account_forms.until_if_any(form.get("paid_until")),
        "cost": account_forms.cost(form.get("cost")),
        "notes": account_forms.notes(form),
    }


async def _served(session: AsyncSession, number: int) -> list[int]:
    """Whoever holds a place of an account this new had been waiting for one."""
    account = await account_pages.account_page(session, actor(), account_id=number)
    return sorted({one.order_id for one in account.profiles if one.order_id})


def _said(served: list[int]) -> str:
    if not served:
        return "La cuenta ya está en el inventario."
    if len(served) == 1:
        return f"La cuenta ya está en el inventario y atendió al pedido #{served[0]}, que esperaba."
    numbers = ", ".join(f"#{number}" for number in served)
    return f"La cuenta ya está en el inventario y atendió a los pedidos que esperaban: {numbers}."
