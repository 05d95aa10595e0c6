"""Two programs for the last place: one gets it, however close they come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from domain import webhooks
from domain.actors import Actor
from domain.errors import Conflict
from domain.sql import scalar
from infra.database import reading, unit_of_work
from tests.builders import as_staff, make_staff

AT_ONCE = 4
Wait = Callable[[], Awaitable[object]]


async def nobody_waits() -> None:
    """For nobody."""


async def add(owner: Actor, before: Wait = nobody_waits, after: Wait = nobody_waits) -> str:
    """`before` is waited for in a transaction that has begun, `after` in one that will commit."""
    try:
        async with unit_of_work() as session:
            await scalar(session, "SELECT 1")
            await before()
            await webhooks.create(
                session, owner, url="https://programa.invalid/", events=["order.paid"]
            )
            await after()
    except Conflict as refusal:
        return refusal.code
    return "added"


async def all_but_one_there() -> Actor:
    owner = as_staff(await make_staff("owner"))
    for _ in range(webhooks.MOST - 1):
        await add(owner)
    return owner


async def there() -> int:
    async with reading() as session:
        return int(await scalar(session, "SELECT count(*) FROM webhooks"))


@pytest.mark.usefixtures("shop")
async def test_of_those_who_come_for_the_last_place_at_once_one_gets_it() -> None:
    owner, together = await all_but_one_there(), asyncio.Barrier(AT_ONCE)
    done = await asyncio.gather(*(add(owner, before=together.wait) for _ in range(AT_ONCE)))
    assert sorted(done) == ["added", *["webhooks_limit"] * (AT_ONCE - 1)]
    assert await there() == webhooks.MOST


@pytest.mark.usefixtures("shop")
async def test_control_without_the_lock_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, together = await all_but_one_there(), asyncio.Barrier(AT_ONCE)
    monkeypatch.setattr(webhooks, "ONE_BY_ONE", "SELECT 1")
    await asyncio.gather(*(add(owner, after=together.wait) for _ in range(AT_ONCE)))
    assert await there() == webhooks.MOST - 1 + AT_ONCE
