"""The gate: no event runs unless its handler says for whom, and the one who asks is that.

Every public method of a State can be called by any client, whatever page it is on. So handlers
name their gate (`@allow(Gate.CUSTOMER)` below `@rx.event`) and this middleware, which runs before
each event, refuses every handler that names none. It opens rooms; whether this very order or
profile is theirs, the domain checks.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote

import reflex as rx
from reflex.app import App
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from domain import principals
from domain.actors import GUEST, Actor
from domain.principals import Principal
from infra import browser
from infra.database import reading
from infra.logs import Sparing
from state import lean

log = logging.getLogger(__name__)

Handler = TypeVar("Handler", bound=Callable[..., Any])
GATE = "_cuenty_gate"
_refusals = Sparing(60)


class Gate(StrEnum):
    PUBLIC = "public"
    CUSTOMER = "customer"
    OPERATOR = "operator"
    OWNER = "owner"


def allow(gate: Gate) -> Callable[[Handler], Handler]:
    """Name who may call this handler. It stands below `@rx.event`."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, GATE, gate)
        return handler

    return mark


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, for the length of one event and of nothing else."""

    actor: Actor = GUEST
    principal: Principal | None = None

    @property
    def key(self) -> str:
        """Names the session behind a tab, or its browser while nobody is signed in."""
        if self.principal is not None:
            return str(self.principal.session_id)
        return f"guest:{self.actor.visitor_hash}"


NOBODY = Asking()
_asking: ContextVar[Asking] = ContextVar("asking", default=NOBODY)  # it is frozen


def actor() -> Actor:
    """Who asks; to be handed to the domain as it is."""
    return _asking.get().actor


def principal() -> Principal | None:
    """The person signed in behind this event, with the name to greet them by."""
    return _asking.get().principal


class Tab(rx.State):
    """Remembers which session filled this tab's state."""

    _session_key: str = ""


@functools.lru_cache(maxsize=1)
def reflex_handlers() -> frozenset[str]:
    """Reflex's own events without which no page loads; the rest of its events are refused."""
    own = (
        OnLoadInternalState.event_handlers["on_load_internal"],
        OnLoadInternalState.event_handlers["set_is_hydrated"],
    )
    return hydrating() | {format_event_handler(handler) for handler in own}


@functools.lru_cache(maxsize=1)
def hydrating() -> frozenset[str]:
    """The events by which a page that opens, or is back, asks what it is to show."""
    names = ("hydrate", "hydrate_and_load")
    return frozenset(format_event_handler(State.event_handlers[name]) for name in names)


def gate_of(event_name: str) -> Gate | None:
    """The gate a handler names. None: nobody may call it."""
    if event_name in reflex_handlers():
        return Gate.PUBLIC
    registered = RegistrationContext.get().event_handlers.get(event_name)
    return getattr(registered.handler.fn, GATE, None) if registered else None


def may_pass(gate: Gate, who: Actor) -> bool:
    if gate is Gate.PUBLIC:
        return True
    if gate is Gate.CUSTOMER:
        return who.kind == "customer"
    return who.owner if gate is Gate.OWNER else who.staff


class GateMiddleware(rx.Middleware):
    """Added to the app before anything else; every event, chained ones too, passes here first."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002  # Reflex calls it so
        gate = gate_of(event.name)
        if gate is None:
            if _refusals.may_write():
                log.warning("gate: refused %s, which names no gate", event.name[:200])
            return StateUpdate()
        router_data = EventContext.get().router_data
        asking = await ask(router_data)
        _asking.set(asking)
        root = state._get_root_state()  # noqa: SLF001  # Reflex names no other way to it
        changed = await empty_for_another(root, asking.key)
        if not may_pass(gate, asking.actor):
            return _go(_elsewhere(gate, asking.actor, _path(router_data)))
        if changed and event.name not in reflex_handlers():
            return _go(rx.redirect(_path(router_data), is_external=True))
        if event.name in hydrating() and not event.payload.get("hashes"):
            lean.send_whole(root)
        return None


async def ask(router_data: dict[str, Any]) -> Asking:
    """Resolve the cookies that came with the socket's handshake.

    Raises `DatabaseDownError`: when nobody can say who asks, nothing runs.
    """
    headers = router_data.get("headers", {})
    carried = str(headers.get("cookie", "")), str(router_data.get("ip", ""))
    token, visitor, address = _opened(*carried)
    if token:
        found = principals.remembered(token)
        if found is None:
            async with reading() as session:
                found = await principals.find(session, token)
        if found is not None:
            return Asking(found.actor(visitor, address), found)
    return Asking(Actor(kind="guest", visitor_hash=visitor, address_hash=address))


@functools.lru_cache(maxsize=1024)
def _opened(hidden: str, address: str) -> tuple[str, str | None, str]:
    """A handshake's token, browser and address; its tab's later events carry the very same."""
    cookies = browser.show_cookies(hidden)
    token = browser.read_cookie(cookies, browser.session_cookie())
    return token, browser.visitor_hash(cookies), browser.address_hash(address)


async def empty_for_another(root: BaseState, key: str) -> bool:
    """Nothing one person saw in a tab stays in it for the next; true when it was emptied."""
    tab = await root.get_state(Tab)
    known = tab._session_key  # noqa: SLF001  # a State's private field stays on the server
    if known == key:
        return False
    if known:
        await lean.reset(root)
    tab._session_key = key  # noqa: SLF001
    return bool(known)


def _elsewhere(gate: Gate, who: Actor, path: str) -> EventSpec:
    """Where the refused go: to the door they lack, or nowhere when they have the wrong one."""
    if gate is Gate.CUSTOMER:
        return rx.redirect(f"/ingresar?next={quote(path, safe='')}")
    if who.kind == "guest":
        return rx.redirect(f"/admin/ingresar?next={quote(path, safe='')}")
    return rx.redirect("/admin" if who.staff else "/404")


def _path(router_data: dict[str, Any]) -> str:
    return browser.local_path(router_data.get("asPath"))


def _go(where: EventSpec) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type([where]))


@asynccontextmanager
async def as_tab(router_data: dict[str, Any]) -> AsyncGenerator[bool]:
    """Act as whoever is signed in behind a tab right now; False when nobody is any more."""
    asking = await ask(router_data)
    token = _asking.set(asking)
    try:
        yield asking.principal is not None
    finally:
        _asking.reset(token)
