"""The cart on screen: every change is in the database before the total answers it."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import carts
from domain.carts import CartContents, CartLine
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.session import Visitor


@dataclass(frozen=True)
class CartRow:
    """`warning` says why this line cannot be bought as it is."""

    id: int
    plan_id: int
    name: str
    plan: str
    slug: str
    tone: str
    initials: str
    quantity: int
    unit_price: str
    total: str
    warning: str


class CartPage(Outcomes, rx.State):
    rows: list[CartRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    total: str = ""
    units: str = ""
    buyable: bool = False
    removed: str = ""
    ready: bool = False
    failed: bool = False

    _removed_plan: int = 0
    _removed_units: int = 0

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        self.removed, self.failed = "", True
        async with told(self):
            await self._look()
            self.failed = False
        self.ready = True

    @rx.event
    @allow(Gate.PUBLIC)
    async def change(self, plan_id: int, quantity: int) -> None:
        async with told(self):
            plan = forms.row_id(plan_id)
            units = forms.whole(quantity, "quantity", least=1, most=carts.MOST)
            async with unit_of_work() as session:
                await carts.set_quantity(session, actor(), plan_id=plan, quantity=units)
            self.removed = ""
            await self._look()

    @rx.event
    @allow(Gate.PUBLIC)
    async def remove(self, item_id: int) -> None:
        async with told(self):
            item = forms.row_id(item_id)
            gone = next((row for row in self.rows if row.id == item), None)
            async with unit_of_work() as session:
                await carts.remove(session, actor(), item_id=item)
            if gone is not None:
                self.removed = f"Quitaste {gone.name} {gone.plan}."
                self._removed_plan, self._removed_units = gone.plan_id, gone.quantity
            await self._look()

    @rx.event
    @allow(Gate.PUBLIC)
    async def undo(self) -> None:
        async with told(self):
            plan, units = self._removed_plan, self._removed_units
            if self.removed and plan:
                async with unit_of_work() as session:
                    await carts.add(session, actor(), plan_id=plan, quantity=units)
            self.removed, self._removed_plan = "", 0
            await self._look()

    async def _look(self) -> None:
        async with reading() as session:
            cart = await carts.contents(session, actor())
        self.rows = [_row(line) for line in cart.items]
        self.total, self.units = views.pesos(cart.total), _units(cart)
        self.buyable = cart.ready
        (await self.get_state(Visitor)).cart_count = str(cart.count) if cart.count else ""


def _row(line: CartLine) -> CartRow:
    return CartRow(
        id=line.id,
        plan_id=line.plan_id,
        name=line.service_name,
        plan=line.plan_name,
        slug=line.service_slug,
        tone=views.tone(line.service_slug, line.service_color),
        initials=views.initials(line.service_name),
        quantity=line.quantity,
        unit_price=views.pesos(line.unit_price),
        total=views.pesos(line.line_total),
        warning=_warning(line),
    )


def _warning(line: CartLine) -> str:
    if not line.on_sale:
        return "Este plan ya no está a la venta. Quítalo para continuar."
    if line.available <= 0:
        return "Se agotó por ahora. Quítalo para continuar."
    if line.quantity > line.available:
        return "Solo queda 1." if line.available == 1 else f"Solo quedan {line.available}."
    return ""


def _units(cart: CartContents) -> str:
    return "1 artículo" if cart.count == 1 else f"{cart.count} artículos"
