"""The programs the shop tells what happens: a list, and a new one, whose secret is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import webhooks
from domain.webhook_events import EVENTS
from infra.database import reading, unit_of_work
from state.access import Gate, actor, allow
from state.admin.webhook_rows import NEW_SECRET, HookRow, hook_row, typed
from state.live import live
from state.outcomes import Outcomes, told
from state.pushed import push

PATH = "/admin/integraciones"
ADD = "nueva-integracion"
EVENT_NAMES = tuple(EVENTS.items())


@dataclass(frozen=True)
class HookList:
    """`made` counts what was added here, so that the form is empty again after each."""

    rows: tuple[HookRow, ...] = ()
    made: int = 0
    loaded: bool = False


class AdminWebhooks(Outcomes, rx.State):
    view: HookList = HookList()

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> EventSpec:
        """What was shown before stays nowhere."""
        async with told(self):
            live.watch(self, "webhooks")
            await self._show()
        return push(NEW_SECRET, "")

    async def _look_again(self) -> None:
        if actor().owner and self.router.url.path.rstrip("/") == PATH:
            await self._show()

    @rx.event
    @allow(Gate.OWNER)
    async def create(self, form: dict[str, Any]) -> list[EventSpec]:
        async with told(self):
            said = typed(form)
            async with unit_of_work() as session:
                made = await webhooks.create(session, actor(), **said)
            await self._show(more=1)
            closed = rx.run_script(f"document.getElementById('{ADD}')?.close()")
            return [push(NEW_SECRET, made.secret.disclose()), closed]
        return []

    async def _show(self, more: int = 0) -> None:
        async with reading() as session:
            found = await webhooks.hooks(session, actor())
        rows = tuple(hook_row(one) for one in found)
        self.view = HookList(rows=rows, made=self.view.made + more, loaded=True)
