"""What staff read about messages: found by what they know, masked, and never the text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest

from domain import message_pages
from domain.errors import Forbidden
from domain.message_pages import Filters, MessageLine
from domain.message_texts import KINDS
from domain.orders import OrderPlaced
from domain.records import raise_alert
from infra.database import reading, unit_of_work
from models import Customer
from models.messages import Channel, MessageKind, MessageStatus
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
)
from tests.domain.test_message_sending import fail, lease, make_message, sent

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def operator() -> Any:
    return as_staff(await make_staff())


async def found(operator: Any, **filters: str) -> list[MessageLine]:
    async with reading() as session:
        return await message_pages.history(session, operator, Filters(**filters))


async def ids(operator: Any, **filters: str) -> list[UUID]:
    return [line.id for line in await found(operator, **filters)]


async def an_order(customer: Customer) -> OrderPlaced:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    return await place_order(customer, plan)


async def make_failed(**values: Any) -> UUID:
    return await make_message(
        **{"kind": MessageKind.DELIVERED, "status": MessageStatus.FAILED, **values}
    )


def test_every_kind_of_message_has_a_name() -> None:
    assert {kind.value for kind in MessageKind} <= set(KINDS)


async def test_an_address_is_shown_only_as_far_as_somebody_recognises_it(operator: Any) -> None:
    await make_message(to_address="+525512345678")
    await make_message(channel=Channel.EMAIL, to_address="ana.torres@correo.mx")
    mail, text = await found(operator)
    assert (text.to, mail.to) == ("+52 •••• 5678", "an•••@correo.mx")
    assert "135790" not in str([asdict(mail), asdict(text)])


async def test_messages_are_found_by_order_phone_and_address(operator: Any) -> None:
    order = await an_order(await make_customer("+525587654321"))
    about = await make_message(kind=MessageKind.ORDER_PLACED, order_id=order.id)
    old_form = await make_message(channel=Channel.WHATSAPP, to_address="+5215512345678")
    mail = await make_message(channel=Channel.EMAIL, to_address="Ana@Correo.mx")
    assert about in await ids(operator, q=f"#{order.id}")
    assert await ids(operator, q="55 1234 5678") == [old_form, about]
    assert await ids(operator, q=" Ana@Correo.mx ") == [mail]
    assert await ids(operator, q="999") == []
    assert await ids(operator, q="cualquier cosa") == []


async def test_a_channel_and_a_kind_narrow_the_list_and_the_panel_is_not_in_it(
    operator: Any,
) -> None:
    text = await make_message()
    mail = await make_message(channel=Channel.EMAIL, kind=MessageKind.TEST)
    await make_message(channel=Channel.WEB, kind=MessageKind.RENEWED, to_address="")
    assert await ids(operator) == [mail, text]
    assert await ids(operator, channel="email") == [mail]
    assert await ids(operator, kind="login_code") == [text]
    assert await ids(operator, kind="test", channel="sms") == []


async def test_what_went_another_way_or_was_not_needed_has_not_failed_for_good(
    operator: Any,
) -> None:
    lost = await make_failed(error_code="twilio_30003")
    await make_failed(error_code="not_needed")
    first = await make_failed(error_code="twilio_63016", channel=Channel.WHATSAPP)
    instead = await make_message(kind=MessageKind.DELIVERED, fallback_of=first)
    assert await ids(operator, tab="fallidos") == [lost]
    assert await ids(operator, tab="en-cola") == [instead]
    lines = {line.id: line for line in await found(operator)}
    assert (lines[first].fell_back, lines[first].dead) == ("sms", False)
    assert (lines[lost].fell_back, lines[lost].again) == ("", True)
    async with reading() as session:
        assert await message_pages.counts(session, operator) == {"fallidos": 1, "en-cola": 1}


@pytest.mark.parametrize("kind", ["login_code", "reminder"])
async def test_what_is_over_is_not_offered_again(operator: Any, kind: str) -> None:
    await make_failed(kind=MessageKind(kind))
    [line] = await found(operator, tab="fallidos")
    assert (line.dead, line.again) == (True, False)


async def test_the_next_page_goes_on_where_this_one_ended(operator: Any) -> None:
    made = [await make_message() for _ in range(3)]
    async with reading() as session:
        page = await message_pages.history(session, operator, Filters(), limit=2)
        rest = await message_pages.history(
            session, operator, Filters(), before=page[-1].number, limit=2
        )
    assert [line.id for line in (*page, *rest)] == made[::-1]


async def test_the_way_of_a_message_is_told_step_by_step(operator: Any) -> None:
    went, lost = await make_message(), await make_message()
    for number in (went, lost):
        assert await lease(number) is not None
    await sent(went)
    await fail(lost, "twilio_21211", final=True)
    async with reading() as session:
        [step] = await message_pages.steps(session, operator, message_id=went)
        [broken] = await message_pages.steps(session, operator, message_id=lost)
    assert (step.status, step.error_code) == ("sent", "")
    assert (broken.status, broken.error_code) == ("failed", "twilio_21211")


async def test_why_messages_are_held_back_is_said_while_it_is_so(operator: Any) -> None:
    async with unit_of_work() as session:
        await raise_alert(session, "provider:twilio")
        await raise_alert(session, "low_stock:1")
        held = await message_pages.held_back(session, operator)
    assert [one.kind for one in held] == ["provider:twilio"]


async def test_a_customer_reads_nothing_of_it() -> None:
    ana = as_customer(await make_customer())
    number = await make_message()
    async with reading() as session:
        for refused in (
            message_pages.history(session, ana, Filters()),
            message_pages.counts(session, ana),
            message_pages.steps(session, ana, message_id=number),
            message_pages.held_back(session, ana),
        ):
            with pytest.raises(Forbidden):
                await refused


async def test_an_order_is_told_of_its_messages_but_not_of_those_to_the_staff() -> None:
    ana, staff = await make_customer(), await make_staff()
    order = await an_order(ana)
    values: dict[str, Any] = {"order_id": order.id, "customer_id": ana.id}
    await make_message(kind=MessageKind.WAITING_STOCK, **values)
    await make_message(kind=MessageKind.STAFF_ORDER, order_id=order.id, staff_id=staff.id)
    async with reading() as session:
        about = await message_pages.of_order(session, as_staff(staff), order_id=order.id)
    assert [(one.kind, one.channel) for one in about] == [
        ("waiting_stock", "sms"),
        ("order_placed", "whatsapp"),
    ]
