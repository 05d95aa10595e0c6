"""What became of every message: a tab, filters, a search and a page of it, all in the address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from domain import message_actions, message_pages
from domain.errors import InvalidInput, NotFound
from domain.message_pages import MOST_COUNTED, PAGE, TABS, Filters
from domain.message_texts import KINDS
from infra.database import reading, unit_of_work
from infra.messaging.reach import usable
from models.messages import MessageKind
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.alerts import AlertView, alert_views
from state.admin.message_channels import ChannelView, channel_views
from state.admin.message_rows import MessageRow, MessageStep, message_row, way
from state.admin.orders import SHOW_TAB
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/mensajes"
TEST = "send-test"
TAB_NAMES = {"fallidos": "Fallidos", "en-cola": "En cola", "todos": "Todos"}
CHANNEL_NAMES = {"whatsapp": "WhatsApp", "sms": "SMS", "email": "Correo"}
KIND_NAMES = {kind.value: KINDS[kind.value] for kind in MessageKind}


@dataclass(frozen=True)
class MessageTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class HistoryView:
    """What stands around the rows. `tab` is empty while everything is shown.

    `key` changes when the filters must be drawn anew; `held` says why messages wait.
    """

    tabs: list[MessageTab] = field(default_factory=list[MessageTab])
    held: list[AlertView] = field(default_factory=list[AlertView])
    channels: list[ChannelView] = field(default_factory=list[ChannelView])
    tab: str = ""
    channel: str = ""
    kind: str = ""
    q: str = ""
    key: str = ""
    filtered: bool = False
    newer: str = ""
    older: str = ""
    paged: bool = False


class AdminMessages(Outcomes, rx.State):
    """`opened` is the message whose way is shown."""

    rows: list[MessageRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    steps: list[MessageStep] = []  # noqa: RUF012
    view: HistoryView = HistoryView()
    opened: str = ""
    said: str = ""
    said_times: int = 0
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> EventSpec:
        async with told(self):
            live.watch(self, "messages")
            self.opened = ""
            await self._show()
        return rx.call_script(SHOW_TAB)

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def open(self, message: str) -> None:
        """Show how far a message got; asked for again, put it away."""
        async with told(self):
            wanted = str(_number(message))
            self.opened = "" if wanted == self.opened else wanted
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def retry(self, message: str) -> None:
        async with told(self):
            number = _number(message)
            async with unit_of_work() as session:
                await message_actions.retry(session, actor(), message_id=number)
            await self._show()
            self._say("Va de nuevo: aquí verás si llega.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def send_test(self, form: dict[str, Any]) -> list[EventSpec]:
        async with told(self):
            said = forms.fields(form)
            async with unit_of_work() as session:
                await message_actions.send_test(
                    session,
                    actor(),
                    channel=forms.text(said.get("channel"), "channel", longest=20),
                    to=forms.text(said.get("to"), "to", longest=254),
                    usable=usable(),
                )
            await self._show()
            self._say("Prueba en camino: aquí verás si llega.")
            done = [rx.call_script(f"document.getElementById('{TEST}')?.close()")]
            return [*done, rx.redirect(PATH)] if asked.query(self) else done
        return []

    async def _show(self) -> None:
        filters, place = Filters.of(asked.query(self)), Place.of(self)
        async with reading() as session:
            found = await message_pages.history(
                session, actor(), filters, before=place.before, limit=PAGE + 1
            )
            counts = await message_pages.counts(session, actor())
            held = await message_pages.held_back(session, actor())
            opened = next((one for one in found if str(one.id) == self.opened), None)
            steps = (
                way(
                    opened.created_at,
                    await message_pages.steps(session, actor(), message_id=opened.id),
                    opened.status,
                )
                if opened is not None
                else []
            )
        kept = filters.said()
        newer, older = place.around(PATH, kept, [one.number for one in found], PAGE)
        self.view = HistoryView(
            tabs=[_tab(name, counts.get(name, 0), filters) for name in TABS],
            held=alert_views(held),
            channels=channel_views(),
            tab=kept["tab"],
            channel=filters.channel,
            kind=filters.kind,
            q=filters.q,
            key=f"{filters.channel}:{filters.kind}:{filters.q}",
            filtered=any((filters.channel, filters.kind, filters.q)),
            newer=newer,
            older=older,
            paged=bool(newer or older),
        )
        self.steps, self.opened = steps, str(opened.id) if opened else ""
        self.rows, self.loaded = [message_row(one) for one in found[:PAGE]], True

    def _say(self, said: str) -> None:
        self.said, self.said_times = said, self.said_times + 1


def _number(raw: object) -> UUID:
    try:
        return UUID(forms.text(raw, "message", longest=40))
    except (InvalidInput, ValueError):
        raise NotFound from None


def _tab(name: str, count: int, filters: Filters) -> MessageTab:
    return MessageTab(
        label=TAB_NAMES[name],
        address=asked.address(PATH, replace(filters, tab=name).said()),
        active=name == filters.tab,
        count=f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or ""),
    )
