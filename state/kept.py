"""An open tab keeps its state for as long as it stays open; a closed one's memory is soon free.

Reflex forgets a state some time after its last event (`redis_token_expiration`), whether its tab is
open or not. That time can only be short, so that closed tabs give their memory back, if a page that
somebody is looking at does not count as forgotten. A tab that reconnects loads everything anew.
"""

from __future__ import annotations

import asyncio

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory

EVERY = 180  # seconds; well below the shortest time a state is kept


async def keep_open_tabs(app: rx.App) -> None:
    """Look at the state of each tab whose socket is on this process; that begins its time again."""
    states, sockets = app.state_manager, app.event_namespace
    if sockets is None or not isinstance(states, StateManagerMemory):
        return  # Redis keeps states outside this process, and longer
    for client in list(sockets._token_manager.token_to_socket):  # noqa: SLF001  # no other list
        token = rx.BaseStateToken(ident=client, cls=rx.State)
        if token.cache_key in states.states:
            await states.get_state(token)


async def keeping(app: rx.App) -> None:
    """Run beside the app."""
    while True:
        await asyncio.sleep(EVERY)
        await keep_open_tabs(app)
