"""The composition root: the app, its gate, its table of pages, the API and what runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import reflex as rx

from api.app import create_api
from api.at_hand import AtHand
from api.edge import Edge
from api.previews import Previews
from api.titles import Titles
from cuenty_app.pages import add_pages
from cuenty_app.worker import working
from domain import presence, principals, shelf, shop_settings
from domain.keys import check_keys
from infra.database import DatabaseDownError, close, unit_of_work
from infra.logs import quiet
from infra.queue import psycopg_dsn
from infra.settings import settings
from infra.signals import Signals
from pages.components import brand
from pages.components.connection import connection_notice
from pages.errors import boundary
from state.access import GateMiddleware
from state.kept import keeping
from state.lean import hold_less
from state.live import live
from state.outcomes import on_backend_exception, on_frontend_exception

quiet()

app = rx.App(
    html_lang="es-MX",
    stylesheets=["/cuenty.css"],
    toaster=None,
    head_components=brand.head(),
    app_wraps={
        (55, "ErrorBoundary"): lambda _stateful: boundary(),
        (5, "Overlay"): lambda stateful: connection_notice() if stateful else None,
    },
    backend_exception_handler=on_backend_exception,
    frontend_exception_handler=on_frontend_exception,
    api_transformer=[create_api(), Previews, Titles, Edge, AtHand],
)
app.add_middleware(GateMiddleware(), index=0)
add_pages(app)
hold_less(app)


async def noting_use() -> None:
    """Once a minute, which sessions of staff were used; what a lost database costs is a minute."""
    while True:
        await asyncio.sleep(60)
        with suppress(DatabaseDownError):
            async with unit_of_work() as session:
                await presence.write_down(session)


@app.register_lifespan_task
@asynccontextmanager
async def beside() -> AsyncGenerator[None]:
    """Check the keys, then listen, keep open tabs and run the jobs as long as the app runs."""
    async with unit_of_work() as session:
        await check_keys(session)
    await shop_settings.refresh()
    signals = Signals()
    signals.on_gap(principals.forget_all)
    signals.on_gap(shelf.forget)
    signals.on_gap(shop_settings.refresh_soon)
    signals.listen(principals.on_signal)
    signals.listen(shelf.on_signal)
    signals.listen(shop_settings.on_signal)
    signals.listen(lambda topic: live.hand_out(app, topic))
    beside_it = (
        asyncio.create_task(signals.run(psycopg_dsn()), name="cuenty-signals"),
        asyncio.create_task(keeping(app), name="cuenty-tabs"),
        asyncio.create_task(noting_use(), name="cuenty-presence"),
    )
    try:
        if settings().worker_in_app:
            async with working():
                yield
        else:
            yield
    finally:
        for task in beside_it:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await close()
