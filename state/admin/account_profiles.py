"""The places of an account: more of them, and other names."""

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
from state.admin.account_forms import Slot, slots
from state.outcomes import Outcomes, told

ADD, RENAME = "agregar-perfiles", "renombrar-perfil"
OPEN = "document.getElementById('%s')?.showModal()"


class MoreProfiles(Outcomes, rx.State):
    places: list[Slot] = []  # noqa: RUF012  # Reflex copies defaults for each tab

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> EventSpec | None:
        """Open the form with one place more, named after the last."""
        async with told(self):
            account = (await self.get_state(AccountPage)).account
            self.places = slots(min(1, account.room), after=account.last_position)
            return rx.call_script(OPEN % ADD)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def count(self, profiles: int) -> None:
        async with told(self):
            account = (await self.get_state(AccountPage)).account
            count = forms.whole(profiles, "profiles", least=1, most=max(1, account.room))
            self.places = slots(count, after=account.last_position)

    @rx.event
    @allow(Gate.OPERATOR)
    async def add(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            number = (await self.get_state(AccountPage)).account.id
            profiles = account_forms.new_profiles(forms.fields(form), self.places)
            async with unit_of_work() as session:
                await inventory.add_profiles(session, actor(), account_id=number, profiles=profiles)
            count = len(profiles)
            await say(self, "Agregamos 1 perfil." if count == 1 else f"Agregamos {count} perfiles.")
            return close(ADD)
        return None


class ProfileName(Outcomes, rx.State):
    """`profile` is the one to be named anew, `label` what it is called now."""

    profile: int = 0
    label: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self, profile_id: int) -> EventSpec | None:
        async with told(self):
            wanted = forms.row_id(profile_id, "profile")
            shown = (await self.get_state(AccountPage)).account.profiles
            found = next((one for one in shown if one.id == wanted), None)
            if found is not None:
                self.profile, self.label = found.id, found.label
                return rx.call_script(OPEN % RENAME)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form).get("profile_label")
            label = forms.text(said, "label_1", longest=account_forms.LONGEST)
            async with unit_of_work() as session:
                await inventory.edit_profile(session, actor(), profile_id=self.profile, label=label)
            await say(self, f"El perfil ahora se llama {label}.")
            return close(RENAME)
        return None
