"""Jobs may run twice, late, or beside each other, and what they do happens once."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import procrastinate
import pytest

from domain import order_endings
from domain.message_sending import MOST_ATTEMPTS
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.queue import defer, defer_many, queue
from models.messages import MessageKind
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order
from tests.domain.test_message_sending import later, make_message, make_test_message, row
from tests.fixtures import Calendar, Shop


class Outbox:
    """Keeps what was sent. `breaks` is raised instead, so many times; `hold` lets sends wait."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.breaks: Exception | None = None
        self.breaks_for = 10_000
        self.hold = asyncio.Event()
        self.hold.set()
        self.entered = asyncio.Event()

    provider = "twilio"

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        del letter, since, known

    async def send(self, letter: Letter) -> str:
        self.entered.set()
        await self.hold.wait()
        if self.breaks is not None and self.breaks_for:
            self.breaks_for -= 1
            raise self.breaks
        self.sent.append((letter.channel, letter.to, letter.body.disclose()))
        return f"SM{len(self.sent)}"


@pytest.fixture
def tasks(shop: Shop) -> Any:
    """The jobs by the names of their modules. Importing them asks for the shop's database."""
    del shop
    return importlib.import_module("jobs.tasks")


@pytest.fixture
async def outbox(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Outbox]:
    kept = Outbox()
    monkeypatch.setattr(tasks.messages, "channel_for", lambda _: kept)
    yield kept
    kept.hold.set()


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def test_a_message_is_sent_once_even_if_its_job_runs_twice(
    tasks: Any, outbox: Outbox
) -> None:
    number = await make_message()
    await tasks.messages.send(str(number))
    await tasks.messages.send(str(number))
    assert len(outbox.sent) == 1
    assert ((await row(number)).status, (await row(number)).provider_id) == ("sent", "SM1")


async def test_a_message_is_sent_once_even_if_its_jobs_run_beside_each_other(
    tasks: Any,
    outbox: Outbox,
) -> None:
    number = await make_message()
    outbox.hold.clear()
    first = asyncio.create_task(tasks.messages.send(str(number)))
    async with asyncio.timeout(20):
        await outbox.entered.wait()
    await tasks.messages.send(str(number))  # comes while the first is still talking to the provider
    await tasks.messages.retry(0)
    outbox.hold.set()
    await first
    assert len(outbox.sent) == 1


async def test_what_failed_for_a_while_goes_out_at_a_later_try(tasks: Any, outbox: Outbox) -> None:
    number = await make_message()
    outbox.breaks = NotSentError("busy", provider_fault=True)
    await tasks.messages.send(str(number))
    assert ((await row(number)).status, (await row(number)).error_code) == (
        "queued",
        "busy",
    )
    outbox.breaks = None
    await tasks.messages.retry(0)
    assert outbox.sent == [], "its pause is not over"
    await later(61)
    await tasks.messages.retry(0)
    assert len(outbox.sent) == 1
    assert (await row(number)).status == "sent"


async def test_what_cannot_be_sent_is_given_up(tasks: Any, outbox: Outbox) -> None:
    number = await make_message()
    outbox.breaks = NotSentError("twilio_21211", final=True)
    await tasks.messages.send(str(number))
    assert (await row(number)).status == "failed"


async def test_a_message_left_by_a_dead_sender_is_picked_up(tasks: Any, outbox: Outbox) -> None:
    number = await make_message()
    outbox.breaks = RuntimeError("the process died")
    with pytest.raises(RuntimeError):
        await tasks.messages.send(str(number))
    outbox.breaks = None
    await later(60 + 61)
    await tasks.messages.retry(0)
    assert (await row(number)).status == "sent"


async def test_a_message_that_kills_every_sender_is_given_up_in_the_end(
    tasks: Any, outbox: Outbox
) -> None:
    number = await make_test_message(attempts=MOST_ATTEMPTS - 1)
    outbox.breaks = RuntimeError("the process died")
    with pytest.raises(RuntimeError):
        await tasks.messages.send(str(number))
    await later(1_000_000)
    await tasks.messages.retry(0)
    assert (await row(number)).status == "failed"


async def test_one_broken_message_does_not_stop_the_others(tasks: Any, outbox: Outbox) -> None:
    """The first one's code was sealed for another row, so it opens for nobody."""
    broken, whole = await make_message(), await make_message()
    await change(
        f"""UPDATE messages SET code_sealed = (
                SELECT code_sealed FROM messages WHERE id = '{whole}')
            WHERE id = '{broken}'"""  # noqa: S608  # of this test
    )
    await later(31)
    await tasks.messages.retry(0)
    assert len(outbox.sent) == 1
    assert (await row(whole)).status == "sent"
    assert (await row(broken)).status == "failed"


async def test_a_send_that_crashes_does_not_stop_the_others(tasks: Any, outbox: Outbox) -> None:
    numbers = [await make_message(), await make_message()]
    outbox.breaks = RuntimeError("a bug")
    outbox.breaks_for = 1
    await later(31)
    await tasks.messages.retry(0)
    assert [(await row(n)).status for n in numbers] == ["queued", "sent"]


async def test_after_an_outage_all_that_waited_goes_out_at_the_next_retry(
    tasks: Any, outbox: Outbox
) -> None:
    numbers = {await make_message() for _ in range(260)}  # more than one look finds
    await later(31)
    await tasks.messages.retry(0)
    assert len(outbox.sent) == len(numbers)
    assert {(await row(number)).status for number in numbers} == {"sent"}


async def test_an_unknown_message_is_nothing_to_send(tasks: Any, outbox: Outbox) -> None:
    await tasks.messages.send(str(UUID(int=1)))
    assert outbox.sent == []


async def test_the_demo_sends_nothing_and_production_without_a_provider_says_so(
    shop: Shop, tasks: Any
) -> None:
    number = await make_message()
    await tasks.messages.send(str(number))
    assert (await row(number)).provider_id.startswith("demo-")
    shop.configure(
        env="production", public_url="https://cuenty.mx", jwt_secret="j" * 40, pepper="p" * 40
    )
    number = await make_message()
    await tasks.messages.send(str(number))
    found = await row(number)
    assert (found.status, found.error_code) == ("failed", "no_provider")


async def test_unpaid_orders_expire_once_however_often_the_job_runs(tasks: Any) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=4)
    due = await place_order(await make_customer(), plan, quantity=2)
    partly = await place_order(await make_customer(), plan)
    await pay(partly.id, Decimal(10))
    await change("UPDATE orders SET expires_at = now() - interval '1 minute'")
    fresh = await place_order(await make_customer(), plan)
    await asyncio.gather(tasks.orders.expire(0), tasks.orders.expire(0))
    await tasks.orders.expire(0)
    async with reading() as session:
        found = await fetch(session, "SELECT id, status FROM orders ORDER BY id")
    assert [tuple(o) for o in found] == [
        (due.id, "cancelled"),
        (partly.id, "pending_payment"),
        (fresh.id, "pending_payment"),
    ]
    assert await value("SELECT count(*) FROM timeline_entries WHERE event = 'expired'") == 1
    assert (
        await value(f"SELECT count(*) FROM profiles WHERE reserved_order_id = {due.id}")  # noqa: S608
        == 0
    )


async def test_waiting_orders_are_filled_once_however_often_the_job_runs(tasks: Any) -> None:
    """New stock normally fills them at once; the job is for what was missed."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    placed = await place_order(await make_customer(), plan, quantity=2)
    await change(
        """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
               reserved_until = NULL"""
    )
    await pay(placed.id, placed.total)
    await tasks.assignments.fill(0)
    assert await value("SELECT status FROM orders") == "processing"
    await change("UPDATE profiles SET status = 'free'")
    await asyncio.gather(tasks.assignments.fill(0), tasks.assignments.fill(0))
    await tasks.assignments.fill(0)
    assert await value("SELECT status FROM orders") == "delivered"
    assert await value("SELECT count(*) FROM assignments") == 2
    assert (
        await value(
            "SELECT count(*) FROM messages WHERE kind = 'delivered' AND channel = 'whatsapp'"
        )
        == 2
    )


async def test_reminders_go_out_once_however_often_the_job_runs(calendar: Calendar) -> None:
    tasks = importlib.import_module("jobs.tasks")
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    placed = await place_order(await make_customer(), plan, quantity=3)
    await pay(placed.id, placed.total)
    calendar.go_to(2026, 2, 14, 8)
    await tasks.reminders.send(0)
    calendar.go_to(2026, 2, 14, 10)
    await asyncio.gather(tasks.reminders.send(0), tasks.reminders.send(0))
    await tasks.reminders.send(0)
    kinds = "SELECT string_agg(DISTINCT occasion, ' ') FROM messages WHERE kind = 'reminder'"
    assert await value(kinds) == "ends:2026-02-15:-1"
    assert await value("SELECT count(*) FROM messages WHERE kind = 'reminder'") == 6
    assert (
        await value(
            """SELECT count(*) FROM procrastinate_jobs j JOIN messages m
             ON m.id::text = j.args->>'message_id' WHERE m.kind = 'reminder'"""
        )
        == 3
    ), "one to send for each, and one in the panel"


async def test_traces_of_signing_in_go_when_no_limit_needs_them(tasks: Any) -> None:
    await make_message()
    await change(
        """INSERT INTO carts (visitor_hash, touched_at)
           VALUES ('old', now() - interval '91 days'), ('new', now())"""
    )
    await tasks.sessions.sweep(0)
    await tasks.sessions.sweep(0)
    assert await value("SELECT string_agg(visitor_hash, ',') FROM carts") == "new"


async def jobs() -> list[tuple[str, str]]:
    async with reading() as session:
        found = await fetch(
            session, "SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id"
        )
    return [tuple(job) for job in found]


async def test_a_deferred_job_exists_only_if_its_transaction_commits(shop: Shop) -> None:
    del shop
    async with unit_of_work() as session:
        await defer(session, "messages.send", message_id="a")
        assert await jobs() == [], "nobody else sees it yet"
    assert await jobs() == [("messages.send", "todo")]
    calls = [{"message_id": "b"}, {"message_id": "c"}]
    async with unit_of_work() as session:
        await defer_many(session, "messages.send", calls)
        await session.rollback()
    async with unit_of_work() as session:
        await defer_many(session, "messages.send", [])
    assert await jobs() == [("messages.send", "todo")]


async def work(tasks: Any) -> None:
    """Run what is in the queue and stop."""
    registered = tasks.messages.send.blueprint
    assert isinstance(registered, procrastinate.App)
    with registered.replace_connector(queue().connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never"
            )


async def test_the_worker_sends_what_a_paid_order_left_in_the_queue(
    tasks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Outbox()
    monkeypatch.setattr(tasks.messages, "channel_for", lambda _: kept)
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await pay(placed.id, placed.total)
    assert ("messages.send", "todo") in await jobs()
    await work(tasks)
    assert [(channel, to) for channel, to, _ in kept.sent] == [("whatsapp", ana.phone)]
    assert f"los accesos de tu pedido #{placed.id}" in kept.sent[0][2], "it was paid meanwhile"
    assert {status for _, status in await jobs()} == {"succeeded"}
    await work(tasks)
    assert len(kept.sent) == 1


async def test_a_cancelled_order_is_not_filled(tasks: Any) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    placed = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
    await change("UPDATE orders SET expires_at = now() - interval '1 minute'")
    await tasks.orders.expire(0)
    await tasks.assignments.fill(0)
    assert await value("SELECT count(*) FROM assignments") == 0
    assert placed.id


async def test_a_code_goes_before_all_that_waits(tasks: Any, outbox: Outbox) -> None:
    numbers = [await make_test_message(to_address=f"+52551000{n:04}") for n in range(60)]
    async with unit_of_work() as session:
        calls = [{"message_id": str(number)} for number in numbers]
        await defer_many(session, "messages.send", calls)
        code = await make_message()
        await defer(session, "messages.send", message_id=str(code), urgent=True)
    await work(tasks)
    assert outbox.sent[0][1] == "+525512345678"
    assert len(outbox.sent) == 61
    assert await value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == 0


async def test_what_a_slow_provider_leaves_no_time_for_is_sent_by_the_next(
    tasks: Any, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.messages, "LONGEST", 0)
    numbers = [await make_test_message(to_address=f"+52551000{n:04}") for n in range(6)]
    async with unit_of_work() as session:
        await defer_many(session, "messages.send", [{"message_id": str(n)} for n in numbers[1:]])
    await tasks.messages.send(str(numbers[0]))
    assert len(outbox.sent) == 1
    found = [await row(number) for number in numbers[1:]]
    assert {(m.status, m.leased_until, m.in_doubt_since) for m in found} == {("queued", None, None)}
    await work(tasks)
    assert len(outbox.sent) == 6


async def test_a_text_that_cannot_be_written_holds_up_no_other(tasks: Any, outbox: Outbox) -> None:
    numbers = [await make_test_message(to_address=f"+52551000{n:04}") for n in range(3)]
    broken = await make_message(kind=MessageKind.DELIVERED)
    await change(
        "INSERT INTO message_templates (name, version, category, body) VALUES "
        "('delivered', 1, 'utility', '{no_such_variable}')"
    )
    async with unit_of_work() as session:
        calls = [{"message_id": str(number)} for number in (broken, *numbers)]
        await defer_many(session, "messages.send", calls)
    await work(tasks)
    assert [(await row(number)).status for number in numbers] == ["sent"] * 3
    assert (await row(broken)).status == "queued"
    assert len(outbox.sent) == 3
