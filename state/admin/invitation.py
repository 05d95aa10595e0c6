"""Somebody invited to run the shop sets their password. The key of the link stays in the link."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import invitations, sessions
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.password import typed_twice
from state.admin.team import ROLES
from state.outcomes import Outcomes, told
from state.session import enter


class InvitationPage(Outcomes, rx.State):
    """`name` is empty for a link that no longer works; `ready`: set, and signing in is next."""

    name: str = ""
    role: str = ""
    loaded: bool = False
    ready: bool = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        self.name, self.loaded, self.ready = "", False, False
        async with told(self):
            async with reading() as session:
                invited = await invitations.look(session, _key(self))
            self.name, self.role = invited.username, ROLES[invited.role].lower()
        self.loaded = True

    @rx.event
    @allow(Gate.PUBLIC)
    async def accept(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            password = typed_twice(forms.fields(form), "password")
            async with unit_of_work() as session:
                opened = await invitations.accept(
                    session, actor(), token=_key(self), password=password
                )
                ticket = await sessions.issue_ticket(session, opened) if opened else ""
            if ticket:
                return enter(ticket, "/admin")
            self.ready = True
        return None


def _key(state: rx.State) -> str:
    return asked.query(state).get("llave", "")[:100]
