"""The contact page: anybody may write, not too often, and the staff settles each message once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain import canned_replies, contact, ticket_pages
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests
from domain.sql import scalar
from infra.database import reading, unit_of_work
from tests.builders import as_customer, as_guest, as_staff, make_customer, make_staff
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def send(address: str = "203.0.113.7", **values: Any) -> int:
    values = {
        "name": "Rosa",
        "email": "rosa@correo.mx",
        "subject": "Regalos",
        "body": "¿Venden tarjetas?",
        **values,
    }
    async with unit_of_work() as session:
        return await contact.send(session, as_guest(address=address), **values)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_a_visitor_writes_and_the_staff_finds_it_until_it_is_answered() -> None:
    luis = as_staff(await make_staff(whatsapp="+525512345678"))
    number = await send()
    await send(body="Otra cosa")
    assert await value("SELECT count(*) FROM messages WHERE kind = 'staff_contact'") == 1
    async with reading() as session:
        assert [m.id for m in await contact.inbox(session, luis)] == [number, number + 1]
    async with unit_of_work() as session:
        await contact.mark_answered(session, luis, contact_id=number)
    async with reading() as session:
        assert [m.id for m in await contact.inbox(session, luis)] == [number + 1]
        [done] = await contact.inbox(session, luis, answered=True)
    assert done.answered_by


async def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        await send(name="", email="", subject="", body="x" * 4001)
    assert set(refused.value.fields) == {"name", "email", "subject", "body"}
    for wrong in ({"email": "no es"}, {"email": "", "phone": "123"}):
        with pytest.raises(InvalidInput):
            await send(**wrong)


async def test_one_address_writes_so_often_an_hour_even_all_at_once(shop: Shop) -> None:
    shop.configure(contacts_per_address_hour=3, contacts_per_hour=5)
    sent = await asyncio.gather(*(send() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in sent) == 3
    assert {one.code for one in sent if isinstance(one, TooManyRequests)} == {"contact_limit"}
    await send("198.51.100.1")
    await send("198.51.100.2")
    with pytest.raises(TooManyRequests, match="contact_busy"):
        await send("198.51.100.3")


async def test_a_customer_s_phone_makes_it_a_ticket_that_says_where_it_is_from() -> None:
    luis, ana = as_staff(await make_staff()), await make_customer("+525512345670")
    number = await send(email="", phone="55 1234 5670", body="No puedo entrar.")
    async with unit_of_work() as session:
        ticket = await contact.to_ticket(session, luis, contact_id=number)
    async with reading() as session:
        found = await ticket_pages.thread(session, as_customer(ana), ticket_id=ticket)
    assert [(e.by, e.body) for e in found.entries] == [("system", "No puedo entrar.")]
    assert found.line.state == "open"


async def test_nobody_s_phone_makes_no_ticket() -> None:
    luis, number = as_staff(await make_staff()), await send()
    async with unit_of_work() as session:
        with pytest.raises(Conflict, match="contact_no_customer"):
            await contact.to_ticket(session, luis, contact_id=number)
    assert await value("SELECT count(*) FROM tickets") == 0


async def test_of_two_who_make_it_a_ticket_one_does() -> None:
    people = [as_staff(await make_staff()) for _ in range(2)]
    await make_customer("+525512345670")
    number = await send(phone="5512345670")

    async def convert(who: Any) -> int:
        async with unit_of_work() as session:
            return await contact.to_ticket(session, who, contact_id=number)

    done = await asyncio.gather(*(convert(who) for who in people), return_exceptions=True)
    assert sum(isinstance(one, int) for one in done) == 1
    assert [one.code for one in done if isinstance(one, Conflict)] == ["contact_answered"]
    assert await value("SELECT count(*) FROM tickets") == 1


async def test_only_the_staff_reads_and_settles() -> None:
    number = await send()
    async with unit_of_work() as session:
        for who in (as_guest(), as_customer(await make_customer())):
            for attempt in (
                contact.inbox(session, who),
                contact.mark_answered(session, who, contact_id=number),
                contact.to_ticket(session, who, contact_id=number),
                canned_replies.all_replies(session, who),
                canned_replies.add(session, who, title="a", body="b"),
                canned_replies.remove(session, who, reply_id=1, version=1),
            ):
                with pytest.raises(Forbidden):
                    await attempt
        with pytest.raises(NotFound):
            await contact.mark_answered(session, as_staff(await make_staff()), contact_id=10**9)


class TestCannedReplies:
    async def test_a_stale_form_overwrites_nothing(self) -> None:
        luis = as_staff(await make_staff())
        async with unit_of_work() as session:
            number = await canned_replies.add(session, luis, title="Saludo", body="Hola")
            await canned_replies.change(
                session, luis, reply_id=number, version=1, title="Saludo", body="Buen día"
            )
        async with unit_of_work() as session:
            for attempt in (
                canned_replies.change(
                    session, luis, reply_id=number, version=1, title="Saludo", body="Qué tal"
                ),
                canned_replies.remove(session, luis, reply_id=number, version=1),
            ):
                with pytest.raises(Conflict, match="reply_changed"):
                    await attempt
        assert await value("SELECT body FROM canned_replies") == "Buen día"

    async def test_a_title_names_one(self) -> None:
        luis = as_staff(await make_staff())
        async with unit_of_work() as session:
            await canned_replies.add(session, luis, title="Saludo", body="Hola")
        async with unit_of_work() as session:
            with pytest.raises(InvalidInput) as refused:
                await canned_replies.add(session, luis, title=" Saludo ", body="Otra")
        assert set(refused.value.fields) == {"title"}

    @pytest.mark.parametrize(
        ("name", "said"), [("Ana Torres", "Hola, Ana. ¿Y?"), ("", "Hola. ¿Y?")]
    )
    def test_it_greets_by_the_first_name_where_there_is_one(self, name: str, said: str) -> None:
        assert canned_replies.fill("Hola, {nombre}. ¿Y?", name) == said
