"""What goes out in an hour, in a day and to one address has a ceiling."""

from __future__ import annotations

import pytest

from domain.sql import fetch, scalar
from infra.database import reading
from tests.domain.test_message_sending import (
    fail,
    later,
    lease,
    make_message,
    make_test_message,
    row,
)
from tests.fixtures import Shop


async def alerts() -> list[str]:
    async with reading() as session:
        return [alert.kind for alert in await fetch(session, "SELECT kind FROM alerts")]


@pytest.mark.parametrize("budget", ["messages_per_hour", "messages_per_day"])
async def test_beyond_the_shops_budget_messages_wait_and_the_owner_is_told(
    shop: Shop, budget: str
) -> None:
    shop.configure(**{budget: 2})
    numbers = [await make_test_message(to_address=f"+52551000000{n}") for n in range(4)]
    assert [await lease(n) is not None for n in numbers] == [True, True, False, False]
    waiting = await row(numbers[2])
    assert (waiting.status, waiting.attempts) == ("queued", 0)
    assert waiting.not_before is not None
    assert await alerts() == ["message_budget"]


async def test_one_address_gets_so_many_a_day_and_the_others_do_not_wait(shop: Shop) -> None:
    shop.configure(messages_per_address_day=1)
    first, second = [await make_test_message() for _ in range(2)]
    other = await make_test_message(to_address="+525500000001")
    assert [await lease(n) is not None for n in (first, second, other)] == [True, False, True]
    assert await alerts() == []


async def test_codes_have_limits_of_their_own(shop: Shop) -> None:
    shop.configure(messages_per_hour=1, messages_per_address_day=1)
    assert await lease(await make_test_message())
    assert await lease(await make_message())


async def test_a_second_attempt_costs_nothing(shop: Shop) -> None:
    shop.configure(messages_per_hour=1)
    number = await make_test_message()
    for _ in range(3):
        assert await lease(number)
        await fail(number, retry_in=0)


async def test_what_one_budget_keeps_back_is_not_counted_by_another(shop: Shop) -> None:
    shop.configure(messages_per_hour=1, messages_per_address_day=5)
    await lease(await make_test_message())
    waiting = await make_test_message()
    for _ in range(6):
        assert await lease(waiting) is None
        await later(3600)
    async with reading() as session:
        counted = await scalar(session, "SELECT n FROM send_counts WHERE scope LIKE 'to:%%'")
    assert counted == 1
