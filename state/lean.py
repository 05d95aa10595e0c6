"""A tab holds the State classes that something asked of it, not one of each that there is.

Reflex gives every tab an instance of every State class of the app, and a customer's phone would
hold the whole back office. Here a root State's substates come into being when they are asked for:
until then each has the values it is declared with, which is what the browser has of it, too.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext

ROOT: Any = State  # Reflex declares less of it than it takes
_kinds: dict[str, type[BaseState]] = {}


class Substates(dict[str, BaseState]):
    """What there is of a root's substates; asking for another one makes it."""

    __slots__ = ("_root",)

    def __init__(self, root: BaseState) -> None:
        super().__init__()
        self._root: BaseState | None = root

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in _named()

    def __missing__(self, name: str) -> BaseState:
        if self._root is None:
            raise KeyError(name)
        made = self[name] = _named()[name](parent_state=self._root, _reflex_internal_init=True)
        return made

    def clear(self) -> None:
        """Let go of the root as well, so that a forgotten tab is free at once."""
        super().clear()
        self._root = None

    def make_all(self) -> None:
        for name in _named():
            _ = self[name]


def _named() -> dict[str, type[BaseState]]:
    """The State classes below the root, which are all there once the app is put together."""
    declared = State.get_substates()
    if len(_kinds) != len(declared):
        _kinds.update({kind.get_name(): kind for kind in declared})
    return _kinds


class LeanStates(StateManagerMemory):
    """Keeps states in this process's memory, as few of each tab as do."""

    def _get_or_create_state(self, token: Any) -> Any:
        key = token.cache_key
        if key not in self.states and isinstance(token, BaseStateToken):
            made = self.states[key] = ROOT(_reflex_internal_init=True, init_substates=False)
            made.substates = Substates(made)
        return super()._get_or_create_state(token)


def hold_less(app: rx.App) -> None:
    """Begin with it, where states are kept in memory at all; Redis fetches only those asked for."""
    if isinstance(app.state_manager, StateManagerMemory):
        app._state_manager = LeanStates()  # noqa: SLF001  # Reflex offers no other way


async def reset(root: BaseState) -> None:
    """Give every State of a tab the values it is declared with."""
    if isinstance(root.substates, Substates):
        root.reset()
        return
    for kind in RegistrationContext.get().base_states.values():
        (await root.get_state(kind)).reset()


def send_whole(root: BaseState) -> None:
    """A browser that is back may still show what it was told before: tell it everything anew."""
    if isinstance(root.substates, Substates):
        root.substates.make_all()
