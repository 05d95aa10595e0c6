"""The contact page: anybody writes, and leaves a way to be answered."""

from __future__ import annotations

from typing import Any

import reflex as rx

from domain import contact
from domain.customers import LONGEST_EMAIL, LONGEST_NAME
from domain.ticket_entries import LONGEST_SUBJECT, LONGEST_WORDS
from infra.database import unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

SENT = "Recibimos tu mensaje. Te respondemos por el medio que nos dejaste."


class ContactForm(Outcomes, rx.State):
    """`said` is set once the message is in; the form makes room for it."""

    said: str = ""

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        self.said, self.errors, self.notice = "", {}, ""

    @rx.event
    @allow(Gate.PUBLIC)
    async def send(self, form: dict[str, Any]) -> None:
        """`website` is a field no person sees: who fills it is thanked, and nobody reads it.

        The second of a double tap finds it said.
        """
        if self.said:
            return
        async with told(self):
            written = forms.fields(form)
            words = _words(written)
            if not written.get("website"):
                async with unit_of_work() as session:
                    await contact.send(session, actor(), **words)
            self.said = SENT
        if wrong := self.errors.get("email") or self.errors.get("phone"):
            self.errors = {**self.errors, "reach": wrong}


def _words(written: dict[str, object]) -> dict[str, str]:
    """One field takes an e-mail address or a phone: the sign between tells them apart."""
    reach = forms.text(written.get("reach"), "reach", longest=LONGEST_EMAIL)
    return {
        "name": forms.text(written.get("name"), "name", longest=20 * LONGEST_NAME),
        "email" if "@" in reach or not reach else "phone": reach,
        "subject": forms.text(written.get("subject"), "subject", longest=20 * LONGEST_SUBJECT),
        "body": forms.text(written.get("body"), "body", longest=20 * LONGEST_WORDS),
    }
