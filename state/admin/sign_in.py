"""Entering as somebody who runs the shop. The password passes through and is kept nowhere."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import sessions, staff
from infra.browser import local_path
from infra.database import unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import enter


class AdminSignIn(Outcomes, rx.State):
    @rx.event
    @allow(Gate.PUBLIC)
    async def sign_in(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form)
            username = forms.text(said.get("username"), "username", longest=60, required=True)
            password = forms.secret(said.get("password"), "password")
            async with unit_of_work() as session:
                signed = await staff.sign_in(session, actor(), username=username, password=password)
                ticket = await sessions.issue_ticket(session, signed.session_id)
            return enter(ticket, _following(asked.query(self).get("next")))
        return None


def _following(wanted: object) -> str:
    """Where the refused visitor was going, if that was a page of the admin."""
    path = local_path(wanted, "/admin")
    return path if path.startswith("/admin") else "/admin"
