"""Correcting what is known of an account, and recording what the supplier was paid."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import inventory
from infra.database import unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.admin import account_forms
from state.admin.account import AccountPage, close, say
from state.outcomes import Outcomes, told

EDIT, PAY = "editar-cuenta", "pagar-proveedor"


class AccountEditing(Outcomes, rx.State):
    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        """The dialog opens without what became of it the last time."""
        self.errors, self.notice = {}, ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given = forms.fields(form)
            number = (await self.get_state(AccountPage)).account.id
            wanted = {
                "plan_id": account_forms.plan(given),
                "paid_until": account_forms.until_if_any(given.get("paid_until")),
                "cost": account_forms.cost(given.get("cost")),
                "notes": account_forms.notes(given),
            }
            async with unit_of_work() as session:
                await inventory.edit_account(session, actor(), account_id=number, **wanted)
            await say(self, "Guardamos los datos de la cuenta.")
            return close(EDIT)
        return None


class SupplierPayment(Outcomes, rx.State):
    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        """The dialog opens without what became of it the last time."""
        self.errors, self.notice = {}, ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def record(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given = forms.fields(form)
            number = (await self.get_state(AccountPage)).account.id
            paid_until = account_forms.until(given.get("paid_to"))
            cost = account_forms.cost(given.get("paid_cost"))
            async with unit_of_work() as session:
                await inventory.renew_with_supplier(
                    session, actor(), account_id=number, paid_until=paid_until, cost=cost
                )
            await say(self, "Registramos el pago al proveedor.")
            return close(PAY)
        return None
