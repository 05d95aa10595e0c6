"""Where a story happens: one event loop, and a fresh shop with a clock of its own each time.

Engines belong to a loop, and Hypothesis calls without one: every question goes through `ask`. A
story begins in a copy of the opened shop, which takes some 30 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Awaitable, Callable, Generator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from infra import simulated_clock
from infra.clock import MEXICO
from infra.database import reading, unit_of_work
from infra.simulated_clock import SimulatedClock
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
)
from tests.conftest import fresh_database
from tests.fixtures import Shop, _shop_on

T = TypeVar("T")
OPENING = datetime(2026, 1, 30, 10, tzinfo=MEXICO)  # the next month has no such day
JOBS = ("orders", "subscriptions", "assignments", "reminders", "restocks", "stock", "alerts")


class World:
    """`steps` counts what was asked of the domain in all stories together."""

    def __init__(self, server: str, template: str, folder: Path) -> None:
        self._server, self._template, self._folder = server, template, folder
        self._runner = asyncio.Runner()
        self.steps = self.stories = self.refused = 0
        self.deeds: dict[str, int] = {}
        self.shop: Shop
        self.clock: SimulatedClock

    def run(self, work: Awaitable[T]) -> T:
        async def one() -> T:
            return await work

        return self._runner.run(one())

    def ask(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """One use case, one transaction."""

        async def one() -> T:
            async with unit_of_work() as session:
                return await work(session)

        return self._runner.run(one())

    def look(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def one() -> T:
            async with reading() as session:
                return await work(session)

        return self._runner.run(one())

    @contextlib.contextmanager
    def opened(self) -> Generator[World]:
        """Stock the shop once; stories copy it. Ends with the loop."""
        with self._runner, fresh_database(self._server, self._template) as url:
            with self._shop(url):
                self.run(_stock_up())
            self._template = url.rpartition("/")[2].partition("?")[0]
            yield self

    @contextlib.contextmanager
    def story(self) -> Generator[None]:
        self.stories += 1
        with fresh_database(self._server, self._template) as url, self._shop(url):
            yield

    @contextlib.contextmanager
    def _shop(self, url: str) -> Generator[None]:
        simulated_clock.put_first(url)
        with pytest.MonkeyPatch.context() as patch:
            self.clock = SimulatedClock(url, OPENING)
            opening = _shop_on(url, self._folder, patch)
            with self.clock.running():
                self.shop = self.run(opening.__aenter__())
                try:
                    yield
                finally:
                    self.run(opening.__aexit__(None, None, None))

    def work(self) -> None:
        """What the worker does within minutes, in the order of its periods."""
        for name in JOBS:
            self.job(name)

    def job(self, name: str) -> None:
        tasks = {
            "orders": "expire",
            "subscriptions": "release",
            "assignments": "fill",
            "reminders": "send",
            "restocks": "tell",
            "stock": "watch",
            "alerts": "settle",
        }
        task: Any = getattr(importlib.import_module(f"jobs.{name}"), tasks[name])
        self.run(task(0))

    def import_batch(self, batch_id: int) -> None:
        task: Any = importlib.import_module("jobs.imports").run
        self.run(task(batch_id))


async def _stock_up() -> None:
    """Three services with little of everything, so that stories meet each other in it.

    1, video: accounts of 3, single profiles and whole accounts, a month and three.
    2, music: accounts of 1, sold again without a rotation.
    3, films: accounts of 2, of which one is dedicated to a plan.
    """
    await make_bank()
    video = await make_service(name="Video", slug="video", max_profiles=3)
    music = await make_service(
        name="Musica", slug="musica", max_profiles=1, rotate_before_resale=False
    )
    films = await make_service(name="Cine", slug="cine", max_profiles=2)
    month = await make_plan(video, name="1 mes", low_stock=1)
    await make_plan(video, name="3 meses", duration_months=3, cost=Decimal(340))
    await make_plan(video, name="Cuenta completa", full_account=True, cost=Decimal(400))
    await make_plan(music, name="1 mes")
    await make_plan(music, name="6 meses", duration_months=6, cost=Decimal(500))
    films_month = await make_plan(films, name="1 mes")
    await make_plan(films, name="Cuenta completa", full_account=True, cost=Decimal(300))
    day = OPENING.date()
    await make_account(month.service_id, profiles=3, paid_until=day + timedelta(days=45))
    await make_account(month.service_id, profiles=2)
    await make_account(music.id or 0, profiles=1, paid_until=date(2026, 12, 31))
    await make_account(music.id or 0, profiles=1, pin=None)
    await make_account(films.id or 0, profiles=2, plan_id=films_month.id)
    await make_account(films.id or 0, profiles=2, paid_until=day + timedelta(days=20))
    for name, way in (("Ana", "whatsapp"), ("Eva", "email"), ("Leo", "web")):
        await make_customer(name=name, delivery_preference=way, email=f"{name.lower()}@correo.mx")
    as_staff(await make_staff("owner"))
