"""A provider that fails is left alone, and one message finds out whether it is well again."""

from __future__ import annotations

import asyncio

import pytest

from domain import message_providers
from domain.message_providers import FIRST_REST, LONGEST_REST, MOST_FAILURES
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work

pytestmark = pytest.mark.usefixtures("shop")


async def fails(times: int = 1) -> None:
    for _ in range(times):
        async with unit_of_work() as session:
            await message_providers.failed(session, "twilio")


async def ready(provider: str = "twilio") -> bool:
    async with unit_of_work() as session:
        return await message_providers.room(session, provider, 3) > 0


async def rested() -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE provider_states SET rests_until = now() - interval '1 second'")


async def open_alerts() -> list[str]:
    async with reading() as session:
        found = await fetch(session, "SELECT kind FROM alerts WHERE closed_at IS NULL")
    return [alert.kind for alert in found]


async def test_it_rests_from_the_fifth_failure_in_a_row_and_the_owner_is_told() -> None:
    await fails(MOST_FAILURES - 1)
    assert await ready()
    assert await open_alerts() == []
    await fails()
    assert not await ready()
    assert await ready("smtp"), "another provider is another matter"
    assert await open_alerts() == ["provider:twilio"]


async def test_a_success_in_between_starts_the_count_anew() -> None:
    await fails(MOST_FAILURES - 1)
    async with unit_of_work() as session:
        await message_providers.worked(session, "twilio")
    await fails(MOST_FAILURES - 1)
    assert await ready()


async def test_of_many_that_come_after_its_rest_one_may_try_it() -> None:
    await fails(MOST_FAILURES)
    await rested()
    assert sorted(await asyncio.gather(*(ready() for _ in range(5)))) == [False] * 4 + [True]


async def test_each_failed_try_lets_it_rest_longer_up_to_a_limit() -> None:
    rests = list[int]()
    await fails(MOST_FAILURES - 1)
    for _ in range(6):
        await fails()
        async with reading() as session:
            rests.append(
                await scalar(
                    session,
                    "SELECT extract(epoch FROM rests_until - failed_at)::int FROM provider_states",
                )
            )
    assert rests == [FIRST_REST, 60, 120, 240, LONGEST_REST, LONGEST_REST]


async def test_when_it_works_again_the_rest_goes_out_and_the_warning_ends() -> None:
    await fails(MOST_FAILURES)
    await rested()
    assert await ready()
    async with unit_of_work() as session:
        await message_providers.worked(session, "twilio")
    assert await ready()
    assert await open_alerts() == []
    async with reading() as session:
        job = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messages.retry'"
        assert await scalar(session, job) == 1
