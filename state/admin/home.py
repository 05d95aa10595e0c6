"""What waits for an operator right now. It changes by itself."""

from __future__ import annotations

import reflex as rx

from domain import claim_pages, order_pages
from domain.order_pages import Queues
from infra.database import reading
from state.access import Gate, actor, allow
from state.admin.alerts import AlertView, alert_views
from state.live import live
from state.outcomes import Outcomes, told


class AdminHome(Outcomes, rx.State):
    to_confirm: int = 0
    waiting_stock: int = 0
    today: int = 0
    claims: int = 0
    alerts: list[AlertView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    sample_bank: bool = False
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            live.watch(self, "orders", "claims")
            self._show(*await _queues())

    async def _look_again(self) -> None:
        if actor().staff:
            self._show(*await _queues())

    def _show(self, queues: Queues, claims: int) -> None:
        self.to_confirm, self.waiting_stock = queues.to_confirm, queues.waiting_stock
        self.today, self.sample_bank = queues.today, queues.sample_bank
        self.alerts = alert_views(queues.alerts)
        self.claims, self.loaded = claims, True


async def _queues() -> tuple[Queues, int]:
    async with reading() as session:
        waiting = await order_pages.queues(session, actor())
        return waiting, await claim_pages.open_count(session)
