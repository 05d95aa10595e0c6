"""What a tab was shown is kept while it is open, and is free soon after it closed."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine

from rxconfig import config
from state import kept
from state.session import Visitor
from tests.fixtures import Shop
from tests.tabs import signals_reach, tabs

START = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def test_an_open_tab_outlives_the_time_that_frees_a_closed_one(shop: Shop) -> None:
    del shop
    assert kept.EVERY * 2 < config.redis_token_expiration <= 900
    with time_machine.travel(START, tick=False) as clock:
        async with tabs() as open_tab:
            looked_at, closed = open_tab(), open_tab()
            for tab in (looked_at, closed):
                await tab.send(Visitor.load)
            closed.connected = False
            app = signals_reach(looked_at)
            for _ in range(config.redis_token_expiration // kept.EVERY + 1):
                clock.shift(kept.EVERY)
                await kept.keep_open_tabs(app)
            app.state_manager._purge_expired_tokens()
            assert set(app.state_manager.states) == {looked_at.token}


async def test_without_being_kept_an_open_tab_is_forgotten_too(shop: Shop) -> None:
    del shop
    with time_machine.travel(START, tick=False) as clock:
        async with tabs() as open_tab:
            looked_at = open_tab()
            await looked_at.send(Visitor.load)
            clock.shift(config.redis_token_expiration + 1)
            app = signals_reach(looked_at)
            app.state_manager._purge_expired_tokens()
            assert not app.state_manager.states


async def test_a_tab_without_a_state_is_given_none(shop: Shop) -> None:
    del shop
    async with tabs() as open_tab:
        app = signals_reach(open_tab())
        await kept.keep_open_tabs(app)
        assert not app.state_manager.states
