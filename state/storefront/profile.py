"""The customer's own data; right after the first sign-in it is also the welcome."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import customers
from domain.customers import Profile
from infra import browser
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor

SAID = {True: "Te avisaremos antes de que termine.", False: "Ya no te mandaremos estos avisos."}


class ProfilePage(Outcomes, rx.State):
    """`shown` changes with what is known, so that the form's fields take the values anew.

    A socket that comes back loads again: what was being typed then must stay.
    """

    phone: str = ""
    credit: str = ""
    name: str = ""
    email: str = ""
    preference: str = "whatsapp"
    welcome: bool = False
    following: str = "/"
    shown: str = ""
    known_preference: str = "whatsapp"
    reminders: bool = True
    said: str = ""
    saved: str = ""
    ready: bool = False
    failed: bool = False

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        asked = self.router.url.query_parameters
        self.welcome, self.failed = asked.get("bienvenida") == "1", True
        self.saved = self.said = ""
        self.following = browser.local_path(asked.get("next"))
        async with told(self):
            async with reading() as session:
                profile = await customers.profile(session, actor())
            self._show(profile)
            self.failed = False
        self.ready = True

    @rx.event
    @allow(Gate.CUSTOMER)
    async def prefer(self, preference: str) -> None:
        async with told(self):
            self.preference = forms.choice(preference, "delivery_preference", customers.PREFERENCES)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        self.saved = ""
        async with told(self):
            sent = forms.fields(form)
            self.preference = forms.echoed(sent.get("delivery_preference"), longest=20)
            async with unit_of_work() as session:
                profile = await customers.update_profile(
                    session,
                    actor(),
                    name=forms.text(sent.get("name"), "name", longest=400),
                    email=forms.text(sent.get("email"), "email", longest=400)
                    or (self.email if "email" not in sent else ""),
                    delivery_preference=self.preference,
                )
            self._show(profile)
            (await self.get_state(Visitor)).name = profile.name
            self.saved = "Guardamos tus cambios."
            return rx.redirect(self.following) if self.welcome else None
        return None

    @rx.event
    @allow(Gate.CUSTOMER)
    async def want_reminders(self, wanted: bool) -> None:
        """Saved at once. `said` is beside the switch; what the form says is another matter."""
        self.said = ""
        async with told(self):
            chosen = forms.flag(wanted)
            async with unit_of_work() as session:
                await customers.want_reminders(session, actor(), wanted=chosen)
            self.reminders = chosen
            self.said = SAID[chosen]

    @rx.event
    @allow(Gate.CUSTOMER)
    async def skip(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                await customers.skip_welcome(session, actor())
            return rx.redirect(self.following)
        return None

    def _show(self, profile: Profile) -> None:
        self.phone, self.name = views.phone(profile.phone), profile.name
        self.credit = views.pesos(profile.credit) if profile.credit else ""
        self.email, self.preference = profile.email, profile.delivery_preference
        self.known_preference, self.reminders = profile.delivery_preference, profile.reminders
        self.shown = f"{profile.name}|{profile.email}|{profile.delivery_preference}"
