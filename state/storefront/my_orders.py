"""The customer's orders, newest first, a page of them at a time."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import order_pages
from domain.order_pages import PAGE, OrderLine
from infra.database import reading
from state import views
from state.access import Gate, actor, allow
from state.asked import Place
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class OrderRow:
    number: int
    status: str
    products: str
    total: str
    placed: str


class MyOrders(Outcomes, rx.State):
    """`newer` and `older` are the addresses of the pages beside this one."""

    orders: list[OrderRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        async with told(self):
            place = Place.of(self)
            async with reading() as session:
                found = await order_pages.my_orders(
                    session, actor(), before=place.before, limit=PAGE + 1
                )
            ids = [order.id for order in found]
            self.newer, self.older = place.around("/mis-pedidos", {}, ids, PAGE)
            self.paged = bool(self.newer or self.older)
            self.orders = [_row(order) for order in found[:PAGE]]
            self.loaded = True


def _row(order: OrderLine) -> OrderRow:
    return OrderRow(
        number=order.id,
        status="in_review" if order.in_review else order.status,
        products=order.products,
        total=views.pesos(order.total),
        placed=views.moment(order.created_at),
    )
