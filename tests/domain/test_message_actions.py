"""What people do about messages: each only when it makes sense, and written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import message_actions
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from models.messages import Channel, MessageKind, MessageStatus
from tests.builders import as_customer, as_staff, make_customer, make_staff
from tests.domain.test_message_sending import fail, lease, make_message, make_test_message, row

pytestmark = pytest.mark.usefixtures("shop")

EVERY = ("whatsapp", "sms", "email")


@pytest.fixture
async def operator() -> Actor:
    return as_staff(await make_staff())


async def retry(who: Actor, number: UUID) -> None:
    async with unit_of_work() as session:
        await message_actions.retry(session, who, message_id=number)


async def try_out(who: Actor, channel: Any, to: str, usable: tuple[str, ...] = EVERY) -> UUID:
    async with unit_of_work() as session:
        return await message_actions.send_test(session, who, channel=channel, to=to, usable=usable)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messages.send'"
AUDIT = "SELECT action, object_id, change FROM audit_entries WHERE action LIKE 'message.%%'"


async def test_a_failed_message_is_tried_again_as_if_it_were_new(operator: Actor) -> None:
    number = await make_message(kind=MessageKind.DELIVERED)
    assert await lease(number) is not None
    await fail(number, "twilio_30003", final=True)
    await retry(operator, number)
    again = await row(number)
    assert (again.status, again.attempts, again.error_code) == ("queued", 0, "")
    assert await value("SELECT count(*) FROM message_events") == 0
    assert await value(JOBS) == 1
    async with reading() as session:
        [entry] = await fetch(session, AUDIT)
    assert (entry.action, entry.object_id) == ("message.retry", str(number))
    assert entry.change == {"error": "twilio_30003"}
    assert await lease(number) is not None


@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "read", "confirmed"])
async def test_what_did_not_fail_is_not_tried_again(operator: Actor, status: str) -> None:
    number = await make_message(kind=MessageKind.RENEWED, status=MessageStatus(status))
    with pytest.raises(Conflict, match="message_state"):
        await retry(operator, number)
    assert (await row(number)).status == status


@pytest.mark.parametrize("kind", ["login_code", "reminder"])
async def test_what_is_over_is_not_tried_again(operator: Actor, kind: str) -> None:
    number = await make_message(kind=MessageKind(kind), status=MessageStatus.FAILED)
    with pytest.raises(Conflict, match="message_state"):
        await retry(operator, number)


async def test_what_went_another_way_or_was_not_needed_is_not_tried_again(
    operator: Actor,
) -> None:
    values: dict[str, Any] = {"kind": MessageKind.RENEWED, "status": MessageStatus.FAILED}
    first = await make_message(channel=Channel.WHATSAPP, **values)
    await make_message(kind=MessageKind.RENEWED, fallback_of=first)
    for number in (first, await make_message(error_code="not_needed", **values)):
        with pytest.raises(Conflict, match="message_state"):
            await retry(operator, number)
    assert await value(JOBS) == 0


async def test_only_staff_tries_again_what_exists(operator: Actor) -> None:
    number = await make_message(kind=MessageKind.RENEWED, status=MessageStatus.FAILED)
    with pytest.raises(Forbidden):
        await retry(as_customer(await make_customer()), number)
    with pytest.raises(NotFound):
        await retry(operator, uuid4())


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("sms", "55 1234 5678", "+525512345678"),
        ("whatsapp", "+52 1 55 1234 5678", "+525512345678"),
        ("email", " ana@correo.mx ", "ana@correo.mx"),
    ],
)
async def test_a_test_is_a_message_like_any_other(
    operator: Actor, channel: str, typed: str, kept: str
) -> None:
    made = await row(await try_out(operator, channel, typed))
    assert (made.kind, made.channel, made.to_address) == ("test", channel, kept)
    assert (made.status, made.staff_id) == ("queued", operator.id)
    assert await value(JOBS) == 1
    async with reading() as session:
        [entry] = await fetch(session, AUDIT)
    assert (entry.action, entry.change) == ("message.test", {"channel": channel})
    outgoing = await lease(made.id)
    assert outgoing is not None
    assert "mensaje de prueba" in outgoing.body.disclose()


@pytest.mark.parametrize(
    ("channel", "to", "field"),
    [
        ("web", "5512345678", "channel"),
        ("sms", "ana@correo.mx", "to"),
        ("email", "5512345678", "to"),
        ("sms", "", "to"),
        ("whatsapp", "+1 212 555 0100", "to"),
    ],
)
async def test_a_test_needs_a_channel_and_an_address_that_fit(
    operator: Actor, channel: Any, to: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await try_out(operator, channel, to)
    assert list(refused.value.fields) == [field]
    assert await value("SELECT count(*) FROM messages") == 0


async def test_a_channel_without_a_provider_is_not_tested(operator: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        await try_out(operator, "email", "ana@correo.mx", ("sms", "whatsapp"))
    assert refused.value.fields == {"channel": "Ese canal todavía no está configurado."}


async def test_ten_tests_in_an_hour_are_enough_for_one_person(operator: Actor) -> None:
    for _ in range(10):
        await try_out(operator, "sms", "5512345678")
    with pytest.raises(TooManyRequests):
        await try_out(operator, "sms", "5512345678")
    await try_out(as_staff(await make_staff()), "sms", "5512345678")
    with pytest.raises(Forbidden):
        await try_out(as_customer(await make_customer()), "sms", "5512345678")


async def test_a_test_that_fails_tries_no_other_channel() -> None:
    staff = await make_staff(email="persona@correo.mx")
    number = await make_test_message(staff_id=staff.id)
    assert await lease(number) is not None
    await fail(number, "twilio_21211", final=True, usable=EVERY)
    assert await value("SELECT count(*) FROM messages") == 1
