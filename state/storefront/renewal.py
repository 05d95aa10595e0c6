"""Renewing in two taps: see what each plan costs and until when it lasts, and confirm."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import renewals
from domain.errors import Conflict, InvalidInput
from domain.renewals import RenewalOption
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.storefront.my_accounts import MyAccounts


@dataclass(frozen=True)
class OfferView:
    """A plan to renew with; the first one of a list is chosen."""

    plan_id: str
    name: str
    price: str
    until: str
    chosen: bool


class Renewal(Outcomes, rx.State):
    """The dialog of one card. `times` counts its openings, so that each one starts anew."""

    card_id: str = ""
    title: str = "Renovar"
    lapsed: bool = False
    offers: list[OfferView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    loaded: bool = False
    times: int = 0
    _prices: dict[int, Decimal] = {}  # noqa: RUF012  # what was shown is what is agreed to

    @rx.event
    @allow(Gate.CUSTOMER)
    async def ask(self, card_id: str) -> AsyncGenerator[None]:
        self.card_id, self.offers, self._prices, self.loaded = "", [], {}, False
        self.title, self.lapsed, self.notice = "Renovar", False, ""
        yield  # another card's offers leave at once
        await self._offer(card_id)
        self.times += 1

    @rx.event
    @allow(Gate.CUSTOMER)
    async def confirm(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            plan_id = forms.row_id(forms.fields(form).get("plan"), "plan")
            seen = self._prices.get(plan_id)
            if seen is None:
                raise InvalidInput({"plan": "value_invalid"})
            return rx.redirect(f"/pedido/{await self._order(plan_id, seen)}")
        if self.notice == Conflict("price_changed").message:
            said = self.notice
            await self._offer(self.card_id)
            self.notice, self.times = self.notice or said, self.times + 1
        return None

    async def _offer(self, card_id: str) -> None:
        async with told(self):
            number = forms.row_id(card_id)
            async with reading() as session:
                found = await renewals.options(session, actor(), assignment_id=number)
            found.sort(key=lambda option: not option.same_plan)
            self._prices = {option.plan_id: option.sale_price for option in found}
            self.offers = [_offer(option, n == 0) for n, option in enumerate(found)]
            for card in (await self.get_state(MyAccounts)).cards:
                if card.id == str(number):
                    self.title, self.lapsed = f"Renovar {card.service}", card.lapsed != ""
            self.card_id, self.loaded = str(number), True

    async def _order(self, plan_id: int, seen: Decimal) -> int:
        """The new order, or the one that waits already when another tap was faster."""
        try:
            async with unit_of_work() as session:
                placed = await renewals.place(
                    session,
                    actor(),
                    assignment_id=forms.row_id(self.card_id),
                    plan_id=plan_id,
                    seen_total=seen,
                )
        except Conflict as refusal:
            if refusal.code != "renewal_pending":
                raise
            return int(refusal.data["order"])
        return placed.id


def _offer(option: RenewalOption, chosen: bool) -> OfferView:  # by position, here only
    return OfferView(
        plan_id=str(option.plan_id),
        name=option.name,
        price=views.pesos(option.sale_price),
        until=f"Hasta el {views.day(option.ends_on)}",
        chosen=chosen,
    )
