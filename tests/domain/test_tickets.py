"""Tickets: who may say what, in which state that leaves them, and who hears of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import models
from domain import message_leases, ticket_desk, ticket_pages, tickets
from domain.actors import Actor
from domain.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)
from domain.sql import fetch, run, scalar
from domain.ticket_pages import NOBODY, Filters, Thread
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_guest,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Calendar, Shop

pytestmark = pytest.mark.usefixtures("calendar")


async def ask(customer: models.Customer, **values: Any) -> int:
    values = {"subject": "No abre", "body": "No abre desde ayer.", **values}
    async with unit_of_work() as session:
        return await tickets.open_ticket(session, as_customer(customer), **values)


async def write(customer: models.Customer, ticket_id: int, body: str = "Sigue igual.") -> None:
    async with unit_of_work() as session:
        await tickets.write(session, as_customer(customer), ticket_id=ticket_id, body=body)


async def read(actor: Actor, ticket_id: int) -> Thread:
    """As a page does: what was shown is marked as read."""
    async with reading() as session:
        found = await ticket_pages.thread(session, actor, ticket_id=ticket_id)
    async with unit_of_work() as session:
        await tickets.mark_read(session, actor, ticket_id=ticket_id, entry_id=found.entries[0].id)
    return found


async def seen(ticket_id: int) -> int:
    return int(await value("SELECT version FROM tickets WHERE id = %(id)s", id=ticket_id))


async def answer(staff: models.StaffUser, ticket_id: int, **values: Any) -> None:
    values = {"body": "Ya quedó.", "seen": await seen(ticket_id), **values}
    async with unit_of_work() as session:
        await ticket_desk.answer(session, as_staff(staff), ticket_id=ticket_id, **values)


async def move(staff: models.StaffUser, ticket_id: int, status: str, **values: Any) -> None:
    values = {"seen": await seen(ticket_id), **values}
    async with unit_of_work() as session:
        await ticket_desk.move(
            session, as_staff(staff), ticket_id=ticket_id, status=status, **values
        )


async def queue(staff: models.StaffUser, **filters: Any) -> list[int]:
    async with reading() as session:
        found = await ticket_pages.queue(session, as_staff(staff), Filters(**filters))
    return [one.id for one in found]


async def value(statement: str, **values: Any) -> Any:
    async with reading() as session:
        return await scalar(session, statement, **values)


async def state(ticket_id: int, actor: Actor) -> str:
    async with reading() as session:
        return (await ticket_pages.thread(session, actor, ticket_id=ticket_id)).line.state


async def notices(kind: str = "ticket_reply") -> int:
    return int(await value("SELECT count(*) FROM messages WHERE kind = %(kind)s", kind=kind))


class TestACustomer:
    async def test_asks_and_finds_what_they_wrote(self) -> None:
        ana = await make_customer()
        number = await ask(ana, subject="  No   abre ", body=" Primera\r\nSegunda ")
        found = await read(as_customer(ana), number)
        assert found.line.subject == "No abre"
        assert [(e.by, e.body) for e in found.entries] == [("customer", "Primera\nSegunda")]
        assert found.line.state == "open"

    async def test_asks_about_a_subscription_or_an_order_of_their_own_alone(self) -> None:
        ana, bruno, plan = await make_customer(), await make_customer(), await make_plan()
        await make_bank()
        await make_account(plan.service_id)
        order = await place_order(ana, plan)
        await pay(order.id, order.total)
        held = await value("SELECT id FROM assignments")
        number = await ask(ana, assignment_id=held)
        line = (await read(as_customer(ana), number)).line
        assert (line.order_id, line.assignment_id) == (order.id, held)
        assert line.service_name
        assert (await read(as_customer(ana), await ask(ana, order_id=order.id))).line.order_id
        for theirs in ({"assignment_id": held}, {"order_id": order.id}, {"order_id": 10**9}):
            with pytest.raises(NotFound):
                await ask(bruno, **theirs)

    @pytest.mark.parametrize(
        ("field", "typed", "says"),
        [
            ("subject", " ", "Escribe de qué se trata."),
            ("subject", "x" * 121, "El asunto puede tener hasta 120 letras."),
            ("body", "\n", "Escribe tu mensaje."),
            ("body", "x" * 4001, "El mensaje puede tener hasta 4,000 letras."),
        ],
    )
    async def test_is_told_beside_the_field_what_is_wrong(
        self, field: str, typed: str, says: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            await ask(await make_customer(), **{field: typed})
        assert refused.value.fields == {field: says}

    async def test_writes_up_to_the_longest_message(self) -> None:
        ana = await make_customer()
        assert await ask(ana, body="ñ" * 4000)

    async def test_neither_reads_nor_writes_in_another_s_ticket(self) -> None:
        ana, bruno = await make_customer(), await make_customer()
        number = await ask(ana)
        with pytest.raises(NotFound):
            await read(as_customer(bruno), number)
        with pytest.raises(NotFound):
            await write(bruno, number)
        async with unit_of_work() as session:
            with pytest.raises(NotFound):
                await tickets.settle(session, as_customer(bruno), ticket_id=number)
            await tickets.mark_read(session, as_customer(bruno), ticket_id=number, entry_id=10**6)
        assert await value("SELECT customer_seen FROM tickets") == 0

    async def test_who_is_nobody_or_blocked_writes_nothing(self) -> None:
        ana = await make_customer()
        number = await ask(ana)
        async with unit_of_work() as session:
            await run(session, "UPDATE customers SET blocked_at = now()")
        for attempt in (ask(ana), write(ana, number)):
            with pytest.raises(Forbidden) as refused:
                await attempt
            assert refused.value.code == "customer_blocked"
        async with unit_of_work() as session:
            with pytest.raises(Unauthenticated):
                await tickets.open_ticket(session, as_guest(), subject="Hola", body="Hola")

    async def test_has_so_many_open_tickets_even_when_asking_at_once(
        self, calendar: Calendar
    ) -> None:
        ana = await make_customer()
        asked = await asyncio.gather(*(ask(ana) for _ in range(8)), return_exceptions=True)
        refused = [one for one in asked if isinstance(one, Conflict)]
        assert len(asked) - len(refused) == 5
        assert {one.code for one in refused} == {"tickets_limit"}
        calendar.go(days=1)
        boss = await make_staff()
        await move(boss, next(one for one in asked if isinstance(one, int)), "solved")
        assert await ask(ana)

    async def test_writes_so_much_an_hour_and_goes_on_later(
        self, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Shop("", monkeypatch).configure(support_messages_per_hour=3)
        ana = await make_customer()
        number = await ask(ana)
        await write(ana, number)
        await write(ana, number)
        with pytest.raises(TooManyRequests):
            await write(ana, number)
        calendar.go(hours=1, minutes=1)
        await write(ana, number)

    async def test_opens_again_what_was_solved_until_time_closes_it(
        self, calendar: Calendar
    ) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        await answer(luis, number, solved=True)
        assert await state(number, as_customer(ana)) == "solved"
        calendar.go(days=6)
        await write(ana, number)
        assert await state(number, as_customer(ana)) == "open"
        events = [e.event for e in (await read(as_customer(ana), number)).entries]
        assert events == ["", "reopened", "solved", "", ""]
        await move(luis, number, "solved")
        calendar.go(days=8)
        assert await state(number, as_customer(ana)) == "closed"
        with pytest.raises(Conflict) as refused:
            await write(ana, number)
        assert refused.value.code == "ticket_closed"

    async def test_says_that_it_is_settled_once_or_twice(self) -> None:
        ana = await make_customer()
        number = await ask(ana)
        for _ in range(2):
            async with unit_of_work() as session:
                await tickets.settle(session, as_customer(ana), ticket_id=number)
        assert await state(number, as_customer(ana)) == "solved"
        assert await value("SELECT count(*) FROM ticket_entries WHERE event = 'solved'") == 1


class TestTheStaff:
    async def test_answers_and_takes_what_is_nobody_s(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        await answer(luis, number)
        line = (await read(as_staff(luis), number)).line
        assert (line.state, line.assignee_id) == ("waiting_customer", luis.id)

    async def test_notes_what_no_customer_ever_sees(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        async with unit_of_work() as session:
            await ticket_desk.note(
                session, as_staff(luis), ticket_id=number, body="Cliente difícil"
            )
        theirs = await read(as_staff(luis), number)
        assert [e.internal for e in theirs.entries] == [True, False]
        found = await read(as_customer(ana), number)
        assert "difícil" not in repr(found)
        async with reading() as session:
            listed = await ticket_pages.mine(session, as_customer(ana))
        assert "difícil" not in repr(listed)
        assert await state(number, as_customer(ana)) == "open"
        assert await notices() == 0

    async def test_a_customer_reads_no_name_of_the_staff_nor_who_has_it(self) -> None:
        ana, luis = await make_customer(), await make_staff(username="luis.perez")
        number = await ask(ana)
        await answer(luis, number)
        entries = (await read(as_customer(ana), number)).entries
        assert "luis.perez" not in repr(entries)
        assert [e.event for e in entries] == ["", ""]

    async def test_does_nothing_a_customer_could_do_as_staff(self) -> None:
        ana, bruno = await make_customer(), await make_customer()
        number = await ask(ana)
        async with unit_of_work() as session:
            for who in (as_customer(ana), as_customer(bruno), as_guest()):
                for attempt in (
                    ticket_desk.answer(session, who, ticket_id=number, seen=1, body="x"),
                    ticket_desk.note(session, who, ticket_id=number, body="x"),
                    ticket_desk.move(session, who, ticket_id=number, seen=1, status="closed"),
                    ticket_desk.arrange(
                        session, who, ticket_id=number, seen=1, assignee_id=None, priority="low"
                    ),
                    ticket_pages.queue(session, who, Filters()),
                    ticket_pages.counts(session, who),
                    ticket_pages.beside(session, who, customer_id=1),
                    ticket_pages.team(session, who),
                ):
                    with pytest.raises(Forbidden):
                        await attempt

    async def test_sees_who_has_waited_longest_first_and_finds_by_filter(
        self, calendar: Calendar
    ) -> None:
        luis, rosa = await make_staff(), await make_staff()
        first = await ask(await make_customer())
        calendar.go(hours=1)
        ana = await make_customer()
        second = await ask(ana)
        calendar.go(hours=1)
        third = await ask(await make_customer())
        await write(ana, second)  # who adds something keeps the place in the queue
        assert await queue(luis) == [first, second, third]
        await answer(luis, first)
        assert await queue(luis) == [second, third]
        assert await queue(luis, tab="esperan") == [first]
        async with unit_of_work() as session:
            await ticket_desk.arrange(
                session,
                as_staff(luis),
                ticket_id=third,
                seen=await seen(third),
                assignee_id=rosa.id,
                priority="urgent",
            )
        assert await queue(luis, assignee=rosa.id) == [third]
        assert await queue(luis, assignee=NOBODY) == [second]
        assert await queue(luis, priority="urgent") == [third]
        await move(luis, second, "closed")
        assert await queue(luis, tab="resueltos") == [second]
        assert await queue(luis, tab="todos") == [second, first, third]

    async def test_pages_through_the_queue_without_repeating_or_losing_one(self) -> None:
        luis = await make_staff()
        asked = [await ask(await make_customer()) for _ in range(5)]
        async with reading() as session:
            page = await ticket_pages.queue(session, as_staff(luis), Filters(), limit=3)
            rest = await ticket_pages.queue(
                session, as_staff(luis), Filters(), after=page[-1].turn, limit=3
            )
        assert [one.id for one in (*page, *rest)] == asked

    async def test_cannot_give_a_ticket_to_somebody_who_left(self) -> None:
        luis, gone = await make_staff(), await make_staff()
        number = await ask(await make_customer())
        async with unit_of_work() as session:
            await run(
                session, "UPDATE staff_users SET disabled_at = now() WHERE id = %(id)s", id=gone.id
            )
            with pytest.raises(InvalidInput) as refused:
                await ticket_desk.arrange(
                    session,
                    as_staff(luis),
                    ticket_id=number,
                    seen=1,
                    assignee_id=gone.id,
                    priority="normal",
                )
        assert refused.value.fields == {"assignee": "Elige a alguien del equipo."}

    async def test_what_each_did_is_in_the_audit(self) -> None:
        luis, number = await make_staff(), await ask(await make_customer())
        await answer(luis, number, body="Palabras al cliente.")
        await move(luis, number, "closed")
        async with reading() as session:
            rows = await fetch(session, "SELECT action, change FROM audit_entries ORDER BY id")
        assert [row.action for row in rows] == [
            "ticket.open",
            "ticket.assign",
            "ticket.answer",
            "ticket.move",
        ]
        assert rows[-1].change == {"before": "waiting_customer", "after": "closed"}
        assert "Palabras" not in repr(rows)


class TestTwoAtOnce:
    """One wins; the other reads what happened, and nothing is overwritten."""

    async def test_of_two_who_take_it_one_has_it(self) -> None:
        people = [await make_staff(username=name) for name in ("luis", "rosa")]
        number = await ask(await make_customer())

        async def take(person: models.StaffUser) -> DomainError | None:
            try:
                async with unit_of_work() as session:
                    await ticket_desk.arrange(
                        session,
                        as_staff(person),
                        ticket_id=number,
                        seen=1,
                        assignee_id=person.id,
                        priority="normal",
                    )
            except DomainError as refusal:
                return refusal
            return None

        outcomes = await asyncio.gather(*(take(person) for person in people))
        winner = people[outcomes.index(None)]
        [refusal] = [one for one in outcomes if one]
        assert refusal.code == "ticket_changed"
        assert f"{winner.username} lo tomó" in refusal.message
        assert await value("SELECT assignee_id FROM tickets") == winner.id

    async def test_of_two_answers_one_goes_out(self) -> None:
        luis, rosa = await make_staff(username="luis"), await make_staff(username="rosa")
        number = await ask(await make_customer())
        outcomes = await asyncio.gather(
            answer(luis, number, seen=1), answer(rosa, number, seen=1), return_exceptions=True
        )
        assert [type(one) for one in outcomes if one] == [Conflict]
        assert await value("SELECT count(*) FROM ticket_entries WHERE body = 'Ya quedó.'") == 1

    async def test_nobody_closes_what_the_customer_has_just_written_in(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        before = await seen(number)
        await write(ana, number)
        with pytest.raises(Conflict, match="ticket_changed") as refused:
            await move(luis, number, "closed", seen=before)
        assert "el cliente escribió" in refused.value.message
        assert await state(number, as_staff(luis)) == "open"

    async def test_control_who_has_seen_it_may(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        await write(ana, number)
        await move(luis, number, "closed")
        assert await state(number, as_staff(luis)) == "closed"


class TestMessages:
    async def test_ten_quick_answers_are_one_message_and_the_next_comes_after_reading(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        for _ in range(10):
            await answer(luis, number)
        assert await notices() == 1
        await read(as_customer(ana), number)
        await answer(luis, number)
        assert await notices() == 2

    async def test_who_reads_it_at_once_gets_no_message(self, calendar: Calendar) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        await answer(luis, number)
        await read(as_customer(ana), number)
        calendar.go(minutes=2)
        assert await send_all() == []
        assert await value("SELECT error_code FROM messages WHERE kind = 'ticket_reply'") == (
            "not_needed"
        )

    async def test_control_who_is_not_there_gets_it_with_a_link(self, calendar: Calendar) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        await answer(luis, number, body="Un secreto entre nosotros")
        assert await send_all() == []  # not before there was time to read it
        calendar.go(minutes=2)
        [sent] = await send_all()
        assert f"ticket #{number}" in sent
        assert "/m/" in sent
        assert "secreto" not in sent

    async def test_the_staff_hears_of_a_new_ticket_once_until_it_is_answered(self) -> None:
        luis = await make_staff(whatsapp="+525512345678")
        ana = await make_customer()
        number = await ask(ana)
        await write(ana, number)
        assert await notices("staff_ticket") == 1
        await answer(luis, number)
        await write(ana, number)
        assert await notices("staff_ticket") == 2


async def send_all() -> list[str]:
    """What would go out now, in words."""
    async with reading() as session:
        waiting = await fetch(session, "SELECT id FROM messages WHERE status = 'queued'")
    said = []
    for row in waiting:
        async with unit_of_work() as session:
            ready = await message_leases.lease(
                session, [row.id], {"whatsapp": "demo"}, ["whatsapp"]
            )
        said += [one.body.disclose() for one in ready]
    return said
