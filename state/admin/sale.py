"""The sales desk: an operator orders for whoever calls or writes.

Plans and prices are the shelf's; what the operator saw as the total is what is agreed to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import counter, shelf
from domain.customers import LONGEST_NAME, PREFERENCES
from infra.database import reading, unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.admin.order import TO_TOP
from state.admin.sale_parts import (
    BasketView,
    BuyerView,
    ShelfView,
    SoldView,
    basket,
    buyer_view,
    shelves,
    sold_view,
)
from state.live import live
from state.outcomes import Outcomes, told

PATH = "/admin/vender"


class SalesDesk(Outcomes, rx.State):
    """Nothing is held for anybody until it is sold: the stock beside each plan is what there is."""

    buyer: BuyerView = BuyerView()
    services: list[ShelfView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    basket: BasketView = BasketView()
    sold: SoldView = SoldView()
    loaded: bool = False
    _units: dict[int, int] = {}  # noqa: RUF012
    _total: Decimal = Decimal(0)

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        """A socket that comes back loads again: what was being sold stays."""
        async with told(self):
            live.watch(self, "orders", "inventory", "catalog")
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def find(self, form: dict[str, Any]) -> None:
        async with told(self):
            phone = forms.text(forms.fields(form).get("phone"), "phone", longest=40, required=True)
            async with reading() as session:
                buyer = await counter.find_buyer(session, actor(), phone=phone)
            self.buyer, self.sold = buyer_view(buyer), SoldView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin(self) -> None:
        """Somebody else buys."""
        self.buyer, self.sold, self._units = BuyerView(), SoldView(), {}
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def change(self, plan_id: int, units: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id, "plan")
            many = forms.whole(units, "quantity", least=0, most=counter.MOST_UNITS)
            self._units = {**self._units, plan: many}
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def sell(self, form: dict[str, Any]) -> EventSpec | None:
        """Whatever refuses it, the shelf is shown as it is now."""
        said = forms.fields(form)
        async with told(self):
            paid = forms.choice(said.get("how"), "how", {"ask", "paid"}) == "paid"
            reference = forms.text(said.get("reference"), "reference", longest=40, required=paid)
            name = forms.text(said.get("name"), "name", longest=LONGEST_NAME)
            preference = forms.choice(
                said.get("delivery_preference"), "delivery_preference", set(PREFERENCES)
            )
            async with unit_of_work() as session:
                sale = await counter.sell(
                    session,
                    actor(),
                    phone=self.buyer.phone,
                    name=name or self.buyer.name,
                    lines={plan: many for plan, many in self._units.items() if many},
                    delivery_preference=preference,
                    seen_total=self._total,
                    reference=reference if paid else None,
                )
            self._units, self.buyer, self.sold = {}, BuyerView(), sold_view(sale)
        shelf.forget()
        await self._show()
        return rx.call_script(TO_TOP) if self.sold.number or self.notice else None

    async def _look_again(self) -> None:
        if actor().staff and self.router.url.path.rstrip("/") == PATH:
            await self._show()

    async def _show(self) -> None:
        on_sale = await shelf.services()
        self.basket, self._total = basket(on_sale, self._units)
        self.services, self.loaded = shelves(on_sale, self._units), True
