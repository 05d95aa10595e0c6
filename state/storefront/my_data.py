"""What the law gives a customer over their own data: a copy of it, and to be forgotten."""

from __future__ import annotations

import reflex as rx

from domain import customer_erasures
from infra.database import reading, unit_of_work
from state import views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told


class MyData(Outcomes, rx.State):
    """`asked` is when they asked to be erased, empty while they have not."""

    asked: str = ""

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def ask(self) -> None:
        async with told(self):
            async with unit_of_work() as session:
                await customer_erasures.ask(session, actor())
            await self._show()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def withdraw(self) -> None:
        async with told(self):
            async with unit_of_work() as session:
                await customer_erasures.withdraw(session, actor())
            await self._show()

    async def _show(self) -> None:
        async with reading() as session:
            since = await customer_erasures.asked_at(session, actor())
        self.asked = views.moment(since)
