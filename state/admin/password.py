"""A member of staff changes the password; the sessions opened with the old one end."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventCallback

from domain import staff
from domain.errors import InvalidInput
from infra.database import unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor


class AdminPassword(Outcomes, rx.State):
    """`changes` counts the changes made in this tab: a new one empties the form."""

    said: str = ""
    changes: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            self.said = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def change(self, form: dict[str, Any]) -> EventCallback | None:
        self.said = ""
        async with told(self):
            typed = forms.fields(form)
            current = forms.secret(typed.get("current"), "current")
            new = typed_twice(typed, "new")
            async with unit_of_work() as session:
                await staff.change_password(session, actor(), current=current, new=new)
            self.said = "Tu contraseña cambió. Cerramos tus otras sesiones."
            self.changes += 1
            return Visitor.load()
        return None


def typed_twice(form: dict[str, object], field: str) -> str:
    """A new password, and the same `again`."""
    new = forms.secret(form.get(field), field)
    if form.get("again") != new:
        raise InvalidInput({"again": "Escribe dos veces la misma contraseña."})
    return new
