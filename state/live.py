"""Open pages that change by themselves.

A page that shows an order watches its topic. When the signal comes, every tab on this process that
watches it looks again, as whoever is signed in behind it at that moment: no polling, no task per
tab. The map is per process, as the sockets are.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Protocol, cast

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event

from infra.database import DatabaseDownError
from state.access import actor, as_tab

log = logging.getLogger(__name__)


class Watching(Protocol):
    """A State that can look again. The method is private, so no client can call it."""

    async def _look_again(self) -> None: ...


class Live:
    """Which tabs watch which topic, each through the States of the page it shows.

    A page may be of several States that watch the same topic. What a tab watched on the page it
    was on before, it watches no more once a State of another page begins to.
    """

    def __init__(self) -> None:
        self._tabs: dict[str, dict[str, dict[type[rx.State], str]]] = {}

    def watch(self, state: rx.State, *topics: str) -> None:
        """Watch these topics in this tab, and no others through this State."""
        token, kind, page = state.router.session.client_token, type(state), state.router.url.path
        for topic in list(self._tabs):
            kinds = self._tabs[topic].get(token, {})
            for other in [k for k, where in kinds.items() if k is kind or where != page]:
                del kinds[other]
            if not kinds:
                self._drop(topic, token)
        for topic in topics:
            self._tabs.setdefault(topic, {}).setdefault(token, {})[kind] = page

    def _drop(self, topic: str, token: str) -> None:
        tabs = self._tabs.get(topic, {})
        tabs.pop(token, None)
        if not tabs:
            self._tabs.pop(topic, None)

    async def hand_out(self, app: rx.App, topic: str) -> None:
        """Let the tabs that watch `topic` look again; forget those that are gone."""
        for token, kinds in list(self._tabs.get(topic, {}).items()):
            if not await self._connected(app, token):
                self._drop(topic, token)
                continue
            with contextlib.suppress(DatabaseDownError):
                for kind in list(kinds):
                    if not await self._look(app, token, kind):
                        self._drop(topic, token)
                        break

    async def _look(self, app: rx.App, token: str, kind: type[rx.State]) -> bool:
        """False when the tab was kept open for longer than its state, or than its session.

        It loads anew then; where a session has ended, the gate leads that load to the door.
        """
        async with app.modify_state(rx.BaseStateToken(ident=token, cls=kind)) as root:
            if not root.router_data:
                await self._load_afresh(app, token)
                return False
            state = await root.get_state(kind)
            async with as_tab(root.router_data) as allowed:
                if not allowed:  # signed out elsewhere, or blocked: its gate shows the way
                    await self._load_afresh(app, token)
                    return False
                await cast("Watching", state)._look_again()  # noqa: SLF001
        return True

    async def _load_afresh(self, app: rx.App, token: str) -> None:
        """The tab knows better than we do where it is and who looks at it: let it ask again."""
        reload = Event.from_event_type([rx.call_script("window.location.reload()")])
        if app.event_namespace is not None:
            await app.event_namespace.emit_update(StateUpdate(events=reload), token)

    async def _connected(self, app: rx.App, token: str) -> bool:
        namespace = app.event_namespace
        if namespace is None:
            return False
        return await namespace._token_manager.is_token_connected(token)  # noqa: SLF001


live = Live()


def staff_at(state: rx.State, path: str) -> bool:
    """Whether staff still look at this page: somebody else may be at it, or the tab elsewhere."""
    return actor().staff and state.router.url.path.rstrip("/") == path
