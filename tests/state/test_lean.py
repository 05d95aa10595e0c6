"""A tab holds what was asked of it, and a browser that is back is told everything."""

from __future__ import annotations

import gc
import weakref

from reflex.state import State

from state.access import Tab as Remembered
from state.admin.orders import AdminOrders
from state.lean import Substates
from state.session import Visitor
from tests.fixtures import Shop
from tests.tabs import Tab, tabs

HYDRATE = State.event_handlers["hydrate_and_load"]


def _root(tab: Tab) -> State:
    states = tab.processor._root_context.state_manager.states  # type: ignore[union-attr]
    return states[tab.token]


async def test_a_visitors_tab_holds_nothing_of_the_back_office(shop: Shop) -> None:
    del shop
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(Visitor.load)
        held = _root(tab).substates
        assert AdminOrders.get_name() in held  # it could be asked for
        assert {Remembered, Visitor} <= {type(one) for one in held.values()}
        assert AdminOrders not in {type(one) for one in held.values()}


async def test_a_page_that_is_back_is_told_the_whole_of_its_state(shop: Shop) -> None:
    """It may still show what an earlier process, or another person's session, had told it."""
    del shop
    async with tabs() as open_tab:
        first, back = open_tab(), open_tab()
        await first.send(HYDRATE, hashes=["0"])
        await back.send(HYDRATE)
        told = {name for delta in back.deltas for name in delta}
        assert {kind.get_full_name() for kind in State.get_substates()} <= told
        assert len({name for delta in first.deltas for name in delta}) < len(told) / 2


async def test_a_forgotten_tab_is_free_at_once(shop: Shop) -> None:
    del shop
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(Visitor.load)
        states = tab.processor._root_context.state_manager
        held = weakref.ref(_root(tab))
        assert isinstance(held().substates, Substates)
        gc.disable()
        try:
            for expires, token in list(states._token_expires_at.values()):  # type: ignore[union-attr]
                del expires
                states._purge_token(token)  # type: ignore[union-attr]
            assert held() is None
        finally:
            gc.enable()
