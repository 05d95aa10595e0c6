"""A browser tab without a browser: events go through Reflex's own processor and our gate.

    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(Cart.add, plan_id=3)        # raises what the handler raised
        tab.sees(Cart)["count"], tab.told, tab.went

`sees` is the state as the tab got it in deltas, `told` the names of browser events in order,
`went` the paths it was redirected to, `scripts` what else it was told to run.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from reflex_base.event import Event, EventHandler
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from infra import browser
from state.access import GateMiddleware
from state.lean import LeanStates

_numbers = itertools.count(1)
MARK = "A" * 22


class Tab:
    def __init__(
        self, processor: BaseStateEventProcessor, cookies: str, token: str, wire: _Wire
    ) -> None:
        self.processor, self.cookies, self.token = processor, cookies, token
        self.wire = wire
        self.path, self.connected = "/", True
        self.told: list[str] = []
        self.went: list[str] = []
        self.scripts: list[str] = []
        self.deltas: list[dict[str, Any]] = []

    async def send(self, handler: EventHandler | str, **payload: Any) -> None:
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        event = Event(name=name, payload=payload, router_data=self._router_data())
        await (await self.processor.enqueue(self.token, event)).wait_all()

    async def become(self, session: str) -> None:
        """Another cookie behind the same tab, and no event since."""
        self.cookies = f"{browser.visitor_cookie()}={MARK}; {browser.session_cookie()}={session}"
        root = await self.processor._root_context.state_manager.get_state(  # type: ignore[union-attr]
            rx.BaseStateToken(ident=self.token, cls=rx.State)
        )
        root.router_data = self._router_data()

    def _router_data(self) -> dict[str, Any]:
        return {
            "pathname": self.path,
            "asPath": self.path,
            "query": {},
            "headers": {"cookie": browser.hide_cookies(self.cookies)},
            "ip": "203.0.113.7",
            "sid": "sid",
            "token": self.token,
        }

    def sees(self, state: type[rx.State]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for delta in self.deltas:
            for name, value in delta.get(state.get_full_name(), {}).items():
                seen[name.removesuffix("_rx_state_")] = value
        return seen

    async def emit_update(self, update: Any) -> None:
        if update.delta:
            self.deltas.append(dict(update.delta))
        for event in update.events:
            self.told.append(event.name)
            if event.name == "_redirect":
                self.went.append(str(event.payload["path"]).strip('"'))
            else:
                self.scripts.append(str(event.payload.get("function", event.payload)))


class _Wire:
    """Stands where Reflex's socket namespace stands."""

    def __init__(self) -> None:
        self.tabs: dict[str, Tab] = {}

    @property
    def _token_manager(self) -> _Wire:
        return self

    @property
    def token_to_socket(self) -> dict[str, Tab]:
        return {token: tab for token, tab in self.tabs.items() if tab.connected}

    async def is_token_connected(self, token: str) -> bool:
        return token in self.token_to_socket

    async def emit_update(self, update: Any, token: str) -> None:
        if token in self.tabs:
            await self.tabs[token].emit_update(update)


@asynccontextmanager
async def tabs(*, gate: bool = True) -> AsyncGenerator[Callable[..., Tab]]:
    """Open tabs of one process; `token` repeats a tab, as a reload or another person does.

    `gate=False` is for controls: Reflex as it comes.
    """
    wire = _Wire()
    app = _app()
    processor = BaseStateEventProcessor(middleware=app if gate else None)
    states = LeanStates()
    processor.configure(state_manager=states, event_namespace=wire)  # type: ignore[arg-type]

    def open_tab(session: str = "", *, visitor: str = MARK, token: str = "") -> Tab:
        cookies = f"{browser.visitor_cookie()}={visitor}"
        if session:
            cookies += f"; {browser.session_cookie()}={session}"
        token = token or f"tab-{next(_numbers)}"
        wire.tabs[token] = Tab(processor, cookies, token, wire)
        return wire.tabs[token]

    async with processor:
        yield open_tab


def signals_reach(tab: Tab) -> Any:
    """What `live.hand_out` needs of the app, for the tabs opened beside this one."""
    context = tab.processor._root_context
    app: Any = copy.copy(_app())
    app._state_manager, app._event_namespace = context.state_manager, tab.wire  # type: ignore[union-attr]
    return app


def _app() -> rx.App:
    """The app of this process, with the gate."""
    context = RegistrationContext.ensure_context()
    app = context._app or rx.App()
    if not any(isinstance(m, GateMiddleware) for m in app._middlewares):
        app.add_middleware(GateMiddleware(), index=0)
    return app
