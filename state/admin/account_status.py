"""An account is paused, is down, is taken back into use, or is retired for good."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import inventory
from infra.database import unit_of_work
from models.inventory import AccountStatus
from state import forms
from state.access import Gate, actor, allow
from state.admin.account import AccountPage, close, say
from state.outcomes import Outcomes, told

CHANGE, RETIRE = "cambiar-estado", "retirar-cuenta"
LONGEST_REASON = 200
SAID = {
    "active": "La cuenta está activa: sus perfiles libres ya se venden.",
    "maintenance": "La cuenta está en mantenimiento: no se vende nada de ella.",
    "down": "La cuenta está marcada como caída: no se vende nada de ella.",
}


class StatusChange(Outcomes, rx.State):
    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        """The dialog opens without what became of it the last time."""
        self.errors, self.notice = {}, ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def change(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given = forms.fields(form)
            number = (await self.get_state(AccountPage)).account.id
            status = forms.choice(given.get("status"), "status", set(SAID))
            reason = forms.text(given.get("status_reason"), "reason", longest=LONGEST_REASON)
            async with unit_of_work() as session:
                await inventory.set_status(
                    session, actor(), account_id=number, status=status, reason=reason
                )
            await say(self, SAID[status])
            return close(CHANGE)
        return None


class Retirement(Outcomes, rx.State):
    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        """The dialog opens without what became of it the last time."""
        self.errors, self.notice = {}, ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def retire(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            number = (await self.get_state(AccountPage)).account.id
            said = forms.fields(form).get("retire_reason")
            reason = forms.text(said, "reason", longest=LONGEST_REASON)
            async with unit_of_work() as session:
                await inventory.set_status(
                    session,
                    actor(),
                    account_id=number,
                    status=AccountStatus.RETIRED,
                    reason=reason,
                )
            await say(self, "")  # the page itself says that it is retired
            return close(RETIRE)
        return None
