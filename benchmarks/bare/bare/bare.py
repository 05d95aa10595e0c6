"""The least a Reflex app can be: one button, a handler that counts, and one that reads a row.

It stands for the framework alone: what the shop costs above it is the shop's own.
"""

import os

import reflex as rx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

READ = text("SELECT name FROM customers WHERE id = :id")


def _engine() -> AsyncEngine:
    """Configured as the shop's reading engine; a build has no database."""
    url = os.environ.get("BARE_DATABASE_URL")
    if not url:
        return create_async_engine("postgresql+psycopg://", poolclass=NullPool)
    return create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=10,
        max_overflow=0,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
    )


engine = _engine()


class Bare(rx.State):
    count: int = 0
    name: str = ""
    signed_in: bool = False

    @rx.event
    async def tap(self) -> None:
        self.count += 1

    @rx.event
    async def load(self) -> None:
        """Who the cookie names is looked up, as nobody would in earnest: it is not signed."""
        cookie = self.router.headers.cookie
        async with engine.connect() as connection:
            row = (await connection.execute(READ, {"id": int(cookie.partition("=")[2])})).one()
        self.name, self.signed_in = row.name, True


def index() -> rx.Component:
    return rx.el.main(
        rx.el.button(
            "Taps: ",
            Bare.count,
            id="tap",
            type="button",
            on_click=Bare.tap,
            class_name="rounded bg-blue-700 px-4 py-3 text-white",
        ),
        class_name="grid min-h-screen place-items-center",
    )


app = rx.App(html_lang="en", toaster=None)
app.add_page(index, route="/", title="Bare", description="One button")
