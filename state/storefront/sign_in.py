"""Entering with a phone and a code. The code itself is never kept in a State."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex_base.event import EventSpec

from domain import codes, customers, sessions
from domain.actors import Actor
from domain.codes import CHANNELS, CodeSent
from infra import browser
from infra.clock import now
from infra.database import unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import enter

LONGEST_PHONE = 40


class SignIn(Outcomes, rx.State):
    """`sent` is the step: a code is on its way, or a phone is asked for."""

    phone: str = ""
    shown_phone: str = ""
    channel: str = "whatsapp"
    sent: bool = False
    said: str = ""
    waiting: bool = False
    resend_at: str = ""
    sent_at: str = ""
    following: str = "/"

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> EventSpec | None:
        self.errors, self.notice, self.said = {}, "", ""
        self.following = browser.local_path(self.router.url.query_parameters.get("next"))
        return rx.redirect(self.following) if actor().kind == "customer" else None

    @rx.event
    @allow(Gate.PUBLIC)
    async def request(self, form: dict[str, Any]) -> None:
        sent = forms.fields(form)
        self.phone, self.said = forms.echoed(sent.get("phone"), longest=LONGEST_PHONE), ""
        async with told(self):
            phone = forms.text(self.phone, "phone", longest=LONGEST_PHONE, required=True)
            await self._send(phone, forms.choice(sent.get("channel"), "channel", CHANNELS))

    @rx.event
    @allow(Gate.PUBLIC)
    async def resend(self, channel: str) -> None:
        self.said = ""
        async with told(self):
            await self._send(self.phone, forms.choice(channel, "channel", CHANNELS))
            self.said = "Te enviamos un código nuevo. El anterior ya no sirve."

    @rx.event
    @allow(Gate.PUBLIC)
    async def waited(self) -> None:
        """The browser's countdown ended; the domain counts for itself."""
        self.waiting = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def change_phone(self) -> None:
        self.errors, self.notice, self.said, self.sent = {}, "", "", False
        self.phone = self.shown_phone

    @rx.event
    @allow(Gate.PUBLIC)
    async def verify(self, form: dict[str, Any]) -> EventSpec | None:
        self.said = ""
        async with told(self):
            code = forms.text(forms.fields(form).get("code"), "code", longest=12)
            async with unit_of_work() as session:
                person = await codes.verify(session, actor(), phone=self.phone, code=code)
                ticket = await sessions.issue_ticket(session, person.session_id)
                customer = Actor(kind="customer", id=person.customer_id)
                welcomed = (await customers.profile(session, customer)).welcomed
            self.sent = False
            return enter(ticket, self.following if welcomed else _welcome(self.following))
        return None

    async def _send(self, phone: str, channel: str) -> None:
        async with unit_of_work() as session:
            sent = await codes.request(session, actor(), phone=phone, channel=channel)
        self._remember(sent)

    def _remember(self, sent: CodeSent) -> None:
        self.phone, self.channel = sent.phone, sent.channel
        self.shown_phone = views.phone(sent.phone)
        self.sent_at = now().isoformat()
        self.resend_at = (now() + timedelta(seconds=sent.resend_in)).isoformat()
        self.sent, self.waiting = True, sent.resend_in > 0


def _welcome(following: str) -> str:
    return "/perfil?" + urlencode({"bienvenida": "1", "next": following})
