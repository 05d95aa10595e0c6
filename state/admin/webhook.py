"""One program the shop tells what happens: how it is doing, what was sent to it, and its secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import webhook_deliveries, webhooks
from domain.errors import NotFound
from domain.webhook_deliveries import PAGE, DeliveryLine
from domain.webhook_events import EVENTS
from domain.webhooks import HookLine
from infra.database import reading, unit_of_work
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.admin.webhook_rows import (
    NEW_SECRET,
    DeliveryRow,
    HookRow,
    delivery_row,
    hook_row,
    typed,
)
from state.admin.webhooks import PATH
from state.asked import Place
from state.live import live
from state.outcomes import Outcomes, told
from state.pushed import push

EDIT = "cambiar-integracion"


@dataclass(frozen=True)
class EventChoice:
    kind: str
    said: str
    heard: bool


@dataclass(frozen=True)
class HookView:
    """`key` changes with what its form shows, so that it is drawn anew."""

    hook: HookRow = field(default_factory=HookRow)
    events: tuple[EventChoice, ...] = ()
    key: str = ""
    former_until: str = ""
    delivered: str = ""
    made: str = ""
    waiting: str = "0"
    rows: tuple[DeliveryRow, ...] = ()
    newer: str = ""
    older: str = ""


class AdminWebhook(Outcomes, rx.State):
    view: HookView = HookView()
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> EventSpec:
        """What was shown before stays nowhere."""
        self.said = ""
        if asked.order_number(self) != self.view.hook.id:
            self.view = HookView()
        async with told(self):
            live.watch(self, "webhooks")
            await self._show(asked.order_number(self))
        return push(NEW_SECRET, "")

    async def _look_again(self) -> None:
        """One that somebody else has deleted stays on screen until it is asked for."""
        number = self.view.hook.id
        if actor().owner and number and asked.order_number(self) == number:
            try:
                await self._show(number)
            except NotFound:
                return

    @rx.event
    @allow(Gate.OWNER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async def change(session: AsyncSession, number: int) -> None:
            await webhooks.change(session, actor(), hook_id=number, **typed(form))

        await self._act(change, "Guardamos los cambios.")
        refused = self.errors or self.notice
        return None if refused else rx.run_script(f"document.getElementById('{EDIT}')?.close()")

    @rx.event
    @allow(Gate.OWNER)
    async def rotate(self) -> EventSpec:
        async with told(self):
            async with unit_of_work() as session:
                secret = await webhooks.rotate(session, actor(), hook_id=self.view.hook.id)
            await self._show(self.view.hook.id)
            return push(NEW_SECRET, secret.disclose())
        return push(NEW_SECRET, "")

    @rx.event
    @allow(Gate.OWNER)
    async def test(self) -> None:
        async def send(session: AsyncSession, number: int) -> None:
            await webhook_deliveries.send_test(session, actor(), hook_id=number)

        await self._act(send, "Prueba en camino: abajo verás si llega.")

    @rx.event
    @allow(Gate.OWNER)
    async def turn(self, wanted: bool) -> None:
        on = forms.flag(wanted)

        async def turn(session: AsyncSession, number: int) -> None:
            act = webhooks.enable if on else webhooks.disable
            await act(session, actor(), hook_id=number)

        await self._act(turn, "Encendida otra vez." if on else "Apagada: ya no le enviamos nada.")

    @rx.event
    @allow(Gate.OWNER)
    async def remove(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                await webhooks.remove(session, actor(), hook_id=self.view.hook.id)
            self.view = HookView()
            return rx.redirect(PATH)
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def resend(self, delivery: int) -> None:
        async def send(session: AsyncSession, number: int) -> None:
            await webhook_deliveries.send_again(
                session, actor(), hook_id=number, delivery_id=forms.row_id(delivery)
            )

        await self._act(send, "Va de nuevo: aquí verás si llega.")

    async def _act(self, act: Callable[[AsyncSession, int], Awaitable[None]], said: str) -> None:
        self.said, number = "", self.view.hook.id
        async with told(self):
            async with unit_of_work() as session:
                await act(session, number)
            await self._show(number)
            self.said, self.said_times = said, self.said_times + 1

    async def _show(self, number: int) -> None:
        place = Place.of(self)
        async with reading() as session:
            hook = await webhooks.hook(session, actor(), hook_id=number)
            found = await webhook_deliveries.deliveries(
                session, actor(), hook_id=number, before=place.before, limit=PAGE + 1
            )
        self.view = _view(hook, found, place)


def _view(hook: HookLine, found: list[DeliveryLine], place: Place) -> HookView:
    newer, older = place.around(f"{PATH}/{hook.id}", {}, [one.id for one in found], PAGE)
    return HookView(
        hook=hook_row(hook),
        events=tuple(EventChoice(kind, said, kind in hook.events) for kind, said in EVENTS.items()),
        key=" ".join((hook.url, hook.description, *hook.events)),
        former_until=views.deadline(hook.former_until) if hook.former_until else "",
        delivered=views.moment(hook.last_delivered_at),
        made=views.moment(hook.created_at),
        waiting=str(hook.waiting),
        rows=tuple(delivery_row(one, active=hook.active) for one in found[:PAGE]),
        newer=newer,
        older=older,
    )
