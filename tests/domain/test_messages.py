"""A message is one sender's at a time, sent once, and not tried for ever."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

import models
from domain import demo, messages
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from infra.vault import Place, Secret, ring
from models.messages import Channel, MessageKind
from tests.builders import keep, make_account, make_bank, make_customer, make_plan, pay, place_order

pytestmark = pytest.mark.usefixtures("shop")

BODY = "Cuenty: tu código es 135790."


async def make_message(**values: Any) -> UUID:
    """A text message that waits to be sent."""
    number = uuid4()
    sealed = ring().seal(Secret(BODY), Place("messages", "body_sealed", number))
    given = {
        "channel": Channel.SMS,
        "kind": MessageKind.LOGIN_CODE,
        "to_address": "+525512345678",
        "body_sealed": sealed,
        **values,
    }
    await keep(models.Message(id=number, **given))
    return number


async def lease(number: UUID) -> messages.Outgoing | None:
    async with unit_of_work() as session:
        return await messages.lease(session, number)


async def fail(number: UUID, *, final: bool = False, error: str = "no respondió") -> None:
    async with unit_of_work() as session:
        await messages.mark_failed(session, number, error, final=final)


async def row(number: UUID) -> Any:
    async with reading() as session:
        [found] = await fetch(session, "SELECT * FROM messages WHERE id = %(id)s", id=number)
    return found


async def stranded() -> list[UUID]:
    async with reading() as session:
        return await messages.stranded(session)


async def later(seconds: int) -> None:
    """Time passes, as the database counts it for messages."""
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE messages SET updated_at = updated_at - make_interval(secs => %(s)s),
                   leased_until = leased_until - make_interval(secs => %(s)s)""",
            s=seconds,
        )


async def test_a_leased_message_comes_with_its_text_which_no_print_shows() -> None:
    number = await make_message()
    outgoing = await lease(number)
    assert outgoing is not None
    assert (outgoing.id, outgoing.channel, outgoing.to) == (number, "sms", "+525512345678")
    assert outgoing.body.disclose() == BODY
    assert "135790" not in repr(outgoing)


async def test_of_many_senders_at_once_one_gets_the_message() -> None:
    number = await make_message()
    taken = await asyncio.gather(*(lease(number) for _ in range(5)))
    assert sum(one is not None for one in taken) == 1
    assert (await row(number)).attempts == 1


async def test_a_lease_ends_and_the_message_is_taken_again() -> None:
    number = await make_message()
    assert await lease(number)
    await later(messages.LEASE_SECONDS - 1)
    assert await lease(number) is None
    await later(2)
    assert await lease(number)


async def test_a_sent_message_is_never_leased_or_changed_again() -> None:
    number = await make_message()
    await lease(number)
    async with unit_of_work() as session:
        await messages.mark_sent(session, number, "SM1")
    await later(10_000)
    assert await lease(number) is None
    await fail(number, final=True)
    async with unit_of_work() as session:
        await messages.mark_sent(session, number, "SM2")
    found = await row(number)
    assert (found.status, found.provider_id, found.leased_until) == ("sent", "SM1", None)
    assert await stranded() == []


async def test_a_failure_puts_the_message_back_with_growing_pauses() -> None:
    number = await make_message()
    for attempt in range(1, messages.MOST_ATTEMPTS):
        assert await lease(number)
        await fail(number)
        found = await row(number)
        assert (found.status, found.attempts, found.last_error) == (
            "queued",
            attempt,
            "no respondió",
        )
        pause = 30 * 2**attempt
        await later(pause - 10)
        assert await stranded() == []
        await later(20)
        assert await stranded() == [number]


async def test_after_the_last_attempt_a_message_is_given_up() -> None:
    number = await make_message(attempts=messages.MOST_ATTEMPTS - 1)
    assert await lease(number)
    await fail(number)
    assert (await row(number)).status == "failed"
    await later(1_000_000)
    assert await lease(number) is None
    assert await stranded() == []


async def test_a_final_failure_is_given_up_at_once_with_its_reason_cut_to_fit() -> None:
    number = await make_message()
    await lease(number)
    await fail(number, final=True, error="x" * 500)
    found = await row(number)
    assert (found.status, found.last_error) == ("failed", "x" * 200)


async def test_a_message_whose_last_sender_died_is_given_up_too() -> None:
    """Nobody may try it again, so it must not stay `queued` and in the way of the others."""
    number = await make_message(attempts=messages.MOST_ATTEMPTS - 1)
    assert await lease(number)
    await later(1_000_000)
    async with unit_of_work() as session:
        await messages.give_up(session)
    assert (await row(number)).status == "failed"
    assert await stranded() == []


async def test_giving_up_leaves_alone_what_may_still_be_sent() -> None:
    waiting = await make_message()
    sending = await make_message(attempts=messages.MOST_ATTEMPTS - 1)
    assert await lease(sending)
    async with unit_of_work() as session:
        await messages.give_up(session)
    assert [(await row(n)).status for n in (waiting, sending)] == ["queued", "queued"]


async def test_stranded_messages_come_oldest_first_and_a_few_at_a_time() -> None:
    numbers = [await make_message() for _ in range(3)]
    assert await stranded() == [], "they are on their way"
    await later(31)
    assert await stranded() == numbers
    async with reading() as session:
        assert await messages.stranded(session, most=2) == numbers[:2]


async def test_an_order_that_is_ready_is_told_with_a_link_and_without_its_credentials() -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, login="canario@correo.mx", password="canario-clave")
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await pay(placed.id, placed.total)
    async with reading() as session:
        [told] = await fetch(session, "SELECT id FROM messages WHERE channel = 'whatsapp'")
    outgoing = await lease(told.id)
    assert outgoing is not None
    assert outgoing.to == ana.phone
    text = outgoing.body.disclose()
    assert f"#{placed.id}" in text
    assert text.endswith(f"/pedido/{placed.id}")
    assert "canario" not in text


async def test_the_demo_shows_its_messages_newest_first_and_by_whom_they_went_to() -> None:
    await make_message()
    await make_message(to_address="+525587654321")
    async with reading() as session:
        everything = await demo.messages(session)
        his = await demo.messages(session, to="+525587654321")
    assert [one.to for one in everything] == ["+525587654321", "+525512345678"]
    assert [one.body for one in his] == [BODY]
