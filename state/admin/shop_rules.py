"""What the owner decides about the shop: its rules, its name and its legal texts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import reflex as rx

from domain import shop_settings
from domain.errors import InvalidInput
from domain.shop_settings import LEGAL, LONGEST_LEGAL, NAMES, WHOLE
from infra.database import unit_of_work
from infra.settings import settings
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class RulesView:
    """Each as its field takes it."""

    hold_hours: str = ""
    promise_hours: str = ""
    max_unpaid_orders: str = ""
    receipt_hold_hours: str = ""
    grace_days: str = ""
    reminder_first: str = ""
    reminder_second: str = ""
    reminder_after: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    shop_name: str = ""
    seller_name: str = ""
    support_whatsapp: str = ""
    terms_text: str = ""
    privacy_text: str = ""
    loaded: bool = False


class ShopRules(Outcomes, rx.State):
    rules: RulesView = RulesView()
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            self._show()

    @rx.event
    @allow(Gate.OWNER)
    async def save_rules(self, form: dict[str, Any]) -> None:
        async with told(self):
            await self._save(_whole(forms.fields(form)))

    @rx.event
    @allow(Gate.OWNER)
    async def save_identity(self, form: dict[str, Any]) -> None:
        async with told(self):
            said = forms.fields(form)
            names = (*NAMES, "support_whatsapp")
            await self._save(
                {name: forms.text(said.get(name), name, longest=200) for name in names}
            )

    @rx.event
    @allow(Gate.OWNER)
    async def save_texts(self, form: dict[str, Any]) -> None:
        async with told(self):
            said = forms.fields(form)
            await self._save(
                {name: forms.text(said.get(name), name, longest=LONGEST_LEGAL) for name in LEGAL}
            )

    async def _save(self, values: dict[str, int | str]) -> None:
        async with unit_of_work() as session:
            changed = await shop_settings.change(session, actor(), values)
        self._show()
        self.said = "Guardado. Ya vale en toda la tienda." if changed else "No había nada nuevo."
        self.said_times += 1

    def _show(self) -> None:
        now = settings()
        names = [one.name for one in fields(RulesView) if one.name != "loaded"]
        shown = {name: str(getattr(now, name)) for name in names}
        shown["support_whatsapp"] = views.phone(now.support_whatsapp)
        self.rules = RulesView(**shown, loaded=True)


def _whole(form: dict[str, object]) -> dict[str, int | str]:
    """Every number of the form, or all that is wrong with them at once."""
    wrong: dict[str, str] = {}
    found: dict[str, int | str] = {}
    for name, (least, most) in WHOLE.items():
        try:
            found[name] = forms.whole(form.get(name), name, least=least, most=most)
        except InvalidInput:
            wrong[name] = f"Escribe un número de {least} a {most}."
    if wrong:
        raise InvalidInput(wrong)
    return found
