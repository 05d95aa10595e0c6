"""The first page of whoever runs the shop: what waits, then how it goes. It changes by itself."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import statistics, work_queues
from domain.statistics import Statistics
from domain.work_queues import MOST_COUNTED, WorkQueues
from infra.database import reading
from state.access import Gate, actor, allow
from state.admin.alerts import AlertView, alert_views
from state.admin.home_figures import FiguresView, PeriodView, asked_period, figures_view, periods
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin"


@dataclass(frozen=True)
class WorkView:
    """Counts as people read them: «+99» for many."""

    receipts: str = ""
    to_confirm: str = ""
    lapsing: str = ""
    waiting_stock: str = ""
    ending_today: str = ""
    claims: str = ""
    failed: str = ""
    tickets: str = ""
    low_stock: str = ""
    sample_bank: bool = False


class AdminHome(Outcomes, rx.State):
    """`period` is what the address asks for, even when it cannot be shown."""

    work: WorkView = WorkView()
    alerts: list[AlertView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    period: PeriodView = PeriodView()
    figures: FiguresView = FiguresView()
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        live.watch(self, "orders", "claims", "tickets")
        await self._show()

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    async def _show(self) -> None:
        """A period that makes no sense is refused beside its fields; what waits is shown anyway."""
        async with told(self):
            async with reading() as session:
                waiting = await work_queues.work_queues(session, actor())
            self.work, self.alerts = _work(waiting), alert_views(waiting.alerts)
            self.period, self.loaded = periods(self), True
            self.figures = figures_view(await _statistics(self))


async def _statistics(state: rx.State) -> Statistics:
    period = asked_period(state)
    async with reading() as session:
        return await statistics.statistics(session, actor(), period)


def _work(waiting: WorkQueues) -> WorkView:
    return WorkView(
        *(
            _many(count)
            for count in (
                waiting.receipts,
                waiting.to_confirm,
                waiting.lapsing,
                waiting.waiting_stock,
                waiting.ending_today,
                waiting.claims,
                waiting.failed,
                waiting.tickets,
                waiting.low_stock,
            )
        ),
        sample_bank=waiting.sample_bank,
    )


def _many(count: int) -> str:
    return str(count) if count < MOST_COUNTED else f"+{MOST_COUNTED - 1}"
