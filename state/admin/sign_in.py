"""Entering as somebody who runs the shop. The password passes through and is kept nowhere.

Who has a second factor is asked for its code once the password was right; the form then sends both,
so that nothing half signed in exists.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import sessions, staff
from domain.errors import InvalidInput, Unauthenticated
from infra.browser import local_path
from infra.database import unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import enter


class AdminSignIn(Outcomes, rx.State):
    asks_code: bool = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        async with told(self):
            self.asks_code = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def sign_in(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form)
            username = forms.text(said.get("username"), "username", longest=60, required=True)
            password = forms.secret(said.get("password"), "password")
            code = forms.text(said.get("code"), "code", longest=20, required=self.asks_code)
            try:
                async with unit_of_work() as session:
                    signed = await staff.sign_in(
                        session, actor(), username=username, password=password, code=code
                    )
                    ticket = await sessions.issue_ticket(session, signed.session_id)
            except Unauthenticated as refusal:
                self.asks_code = refusal.code in {"totp_needed", "totp_wrong"}
                if refusal.code == "totp_wrong":
                    raise InvalidInput({"code": "totp_wrong"}) from refusal
                if refusal.code != "totp_needed":
                    raise
                return None
            return enter(ticket, _following(asked.query(self).get("next")))
        return None


def _following(wanted: object) -> str:
    """Where the refused visitor was going, if that was a page of the admin."""
    path = local_path(wanted, "/admin")
    return path if path.startswith("/admin") else "/admin"
