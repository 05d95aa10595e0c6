"""A message is one sender's at a time, sent once, and not tried for ever."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

import models
from domain import message_leases, message_sending
from domain.message_leases import LEASE_SECONDS, Outgoing
from domain.message_sending import MOST_ATTEMPTS, Failure
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from infra.vault import Place, Secret, ring
from models.messages import Channel, MessageCategory, MessageKind
from tests.builders import keep

pytestmark = pytest.mark.usefixtures("shop")

CODE = "135790"
BODY = f"Cuenty: tu código es {CODE}. Vence en 10 minutos. No lo compartas con nadie."
PROVIDERS = {"whatsapp": "twilio", "sms": "twilio", "email": "smtp"}


async def make_message(**values: Any) -> UUID:
    """A text message that waits to be sent; with a code unless it says something else."""
    number = uuid4()
    given = {
        "channel": Channel.SMS,
        "kind": MessageKind.LOGIN_CODE,
        "to_address": "+525512345678",
        **values,
    }
    if given["kind"] is MessageKind.LOGIN_CODE:
        place = Place("messages", "code_sealed", number)
        given.setdefault("code_sealed", ring().seal(Secret(CODE), place))
    await keep(models.Message(id=number, **given))
    return number


async def make_test_message(**values: Any) -> UUID:
    """Not a code, so nobody stops waiting for it after ten minutes."""
    return await make_message(kind=MessageKind.TEST, **values)


async def lease(number: UUID, *usable: str) -> Outgoing | None:
    async with unit_of_work() as session:
        taken = await message_leases.lease(session, [number], PROVIDERS, usable)
    return taken[0] if taken else None


async def fail(
    number: UUID,
    code: str = "busy",
    *,
    provider: str = "",
    usable: tuple[str, ...] = (),
    **how: Any,
) -> None:
    async with unit_of_work() as session:
        await message_sending.mark_failed(
            session, number, Failure(code, **how), provider=provider, usable=usable
        )


async def sent(number: UUID, provider_id: str = "SM1", provider: str = "twilio") -> None:
    async with unit_of_work() as session:
        await message_sending.mark_sent(session, {number: provider_id}, provider)


async def row(number: UUID) -> Any:
    async with reading() as session:
        [found] = await fetch(session, "SELECT * FROM messages WHERE id = %(id)s", id=number)
    return found


async def stranded() -> list[UUID]:
    async with reading() as session:
        return await message_sending.stranded(session, PROVIDERS)


async def later(seconds: int) -> None:
    """Time passes, as the database counts it for messages."""
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE messages SET updated_at = updated_at - make_interval(secs => %(s)s),
                   created_at = created_at - make_interval(secs => %(s)s),
                   not_before = not_before - make_interval(secs => %(s)s),
                   in_doubt_since = in_doubt_since - make_interval(secs => %(s)s),
                   leased_until = leased_until - make_interval(secs => %(s)s)""",
            s=seconds,
        )


async def test_a_leased_message_comes_with_its_text_which_no_print_shows() -> None:
    number = await make_message()
    outgoing = await lease(number)
    assert outgoing is not None
    assert (outgoing.id, outgoing.channel, outgoing.to) == (number, "sms", "+525512345678")
    assert outgoing.provider == "twilio"
    assert outgoing.body.disclose() == BODY
    assert "135790" not in repr(outgoing)
    assert "5512345678" not in repr(outgoing)


async def test_of_many_senders_at_once_one_gets_the_message() -> None:
    number = await make_message()
    taken = await asyncio.gather(*(lease(number) for _ in range(5)))
    assert sum(one is not None for one in taken) == 1
    assert (await row(number)).attempts == 1


async def test_a_lease_ends_and_who_takes_the_message_next_knows_of_the_doubt() -> None:
    number = await make_message()
    first = await lease(number)
    assert first is not None
    assert first.in_doubt_since is None
    await later(LEASE_SECONDS - 1)
    assert await lease(number) is None
    await later(2)
    second = await lease(number)
    assert second is not None
    assert second.in_doubt_since is not None


async def test_a_sent_message_is_never_leased_or_changed_again() -> None:
    number = await make_message()
    await lease(number)
    await sent(number, "SM1")
    await later(10_000)
    assert await lease(number) is None
    await fail(number, "twilio_21610", final=True)
    await sent(number, "SM2")
    found = await row(number)
    assert (found.status, found.provider_id, found.leased_until) == ("sent", "SM1", None)
    assert found.in_doubt_since is None
    assert await stranded() == []


async def test_a_failure_puts_the_message_back_with_growing_pauses_up_to_a_limit() -> None:
    number = await make_test_message()
    for attempt in range(1, 12):
        assert await lease(number)
        await fail(number)
        found = await row(number)
        assert (found.status, found.attempts, found.error_code) == ("queued", attempt, "busy")
        pause = min(message_sending.LONGEST_PAUSE, 15 * 2**attempt)
        await later(pause // 2 - 2)
        assert await stranded() == []
        await later(pause + 32)
        assert await stranded() == [number]


async def test_two_that_failed_together_do_not_come_back_together() -> None:
    assert len({message_sending.pause_after(3) for _ in range(20)}) > 1
    assert all(60 <= message_sending.pause_after(3) <= 180 for _ in range(100))
    assert message_sending.pause_after(30) <= 1.5 * message_sending.LONGEST_PAUSE


async def test_a_provider_that_names_a_pause_gets_it() -> None:
    number = await make_test_message()
    await lease(number)
    await fail(number, "twilio_20429", retry_in=120, provider_fault=True, provider="twilio")
    await later(119)
    assert await lease(number) is None
    assert await stranded() == []
    await later(2)
    assert await stranded() == [number]
    assert await lease(number)


@pytest.mark.parametrize(
    ("code", "how", "doubtful"),
    [
        ("timeout", {"provider_fault": True}, True),
        ("unreachable", {"provider_fault": True}, True),
        ("twilio_20500", {"provider_fault": True}, True),
        ("twilio_20429", {"provider_fault": True}, False),
        ("twilio_20003", {"provider_fault": True}, False),
        ("busy", {"provider_fault": True}, False),
        ("twilio_20003", {"provider_fault": True, "asking": True}, True),
        ("smtp_450", {}, False),
    ],
)
async def test_only_what_the_provider_may_have_taken_is_asked_about_next_time(
    code: str, how: dict[str, bool], doubtful: bool
) -> None:
    number = await make_test_message()
    await lease(number)
    await fail(number, code, retry_in=0, **how)
    again = await lease(number)
    assert again is not None
    assert (again.in_doubt_since is not None) is doubtful


async def test_who_asks_knows_which_ids_at_the_provider_are_of_other_messages() -> None:
    await make_test_message(provider_id="SM7", status="sent")
    await make_test_message(provider_id="SM8", status="sent", to_address="+525500000000")
    number = await make_test_message()
    await lease(number)
    await later(LEASE_SECONDS + 1)
    again = await lease(number)
    assert again is not None
    assert again.known == {"SM7"}


async def test_after_the_last_attempt_a_message_is_given_up() -> None:
    number = await make_test_message(attempts=MOST_ATTEMPTS - 1)
    assert await lease(number)
    await fail(number)
    assert (await row(number)).status == "failed"
    await later(1_000_000)
    assert await lease(number) is None
    assert await stranded() == []


async def test_a_final_failure_is_given_up_at_once_with_its_reason_cut_to_fit() -> None:
    number = await make_message()
    await lease(number)
    await fail(number, "x" * 500, final=True)
    found = await row(number)
    assert (found.status, found.error_code) == ("failed", "x" * 40)


async def test_a_message_whose_last_sender_died_is_given_up_too() -> None:
    """Nobody may try it again, so it must not stay `queued` and in the way of the others."""
    number = await make_test_message(attempts=MOST_ATTEMPTS - 1)
    assert await lease(number)
    await later(LEASE_SECONDS + 1)
    assert await stranded() == [number]
    assert await lease(number) is None
    found = await row(number)
    assert (found.status, found.error_code) == ("failed", "interrupted")
    assert await stranded() == []


async def test_a_message_is_not_given_up_while_its_last_sender_is_on_the_way() -> None:
    sending = await make_test_message(attempts=MOST_ATTEMPTS - 1)
    assert await lease(sending)
    assert await lease(sending) is None
    assert (await row(sending)).status == "queued"


async def test_nobody_sends_a_code_that_is_no_longer_valid() -> None:
    number = await make_message()
    await later(9 * 60)
    assert await lease(number, "whatsapp")
    await fail(number, retry_in=0)
    await later(61)
    assert await lease(number, "whatsapp") is None
    found = await row(number)
    assert (found.status, found.error_code) == ("failed", "code_expired")
    async with reading() as session:
        assert len(await fetch(session, "SELECT 1 FROM messages")) == 1, "nor by another way"


async def test_stranded_messages_come_oldest_first_and_a_few_at_a_time() -> None:
    numbers = [await make_message() for _ in range(3)]
    assert await stranded() == [], "they are on their way"
    await later(31)
    assert await stranded() == numbers
    async with reading() as session:
        assert await message_sending.stranded(session, PROVIDERS, most=2) == numbers[:2]


async def test_each_state_of_a_message_is_written_down_once() -> None:
    number = await make_message()
    await lease(number)
    await sent(number)
    await sent(number)
    async with reading() as session:
        events = await fetch(session, "SELECT status FROM message_events ORDER BY id")
    assert [event.status for event in events] == ["sent"]


async def test_a_code_by_whatsapp_fills_the_template_that_whatsapp_approved() -> None:
    await keep(
        models.MessageTemplate(
            name="login_code",
            version=1,
            category=MessageCategory.AUTHENTICATION,
            body="{code} es tu código de {shop}.",
            content_sid="HX1",
            content_variables=["code"],
        )
    )
    number = await make_message(channel=Channel.WHATSAPP)
    outgoing = await lease(number, "whatsapp")
    assert outgoing is not None
    assert (outgoing.content_sid, outgoing.content_variables) == ("HX1", {"1": CODE})
    assert outgoing.body.disclose() == f"{CODE} es tu código de Cuenty."
