"""Reminders: at the right distance, by day, once, and never to who renewed or wants none."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from domain import message_leases, message_sending, messages, reminders, subscriptions
from domain.errors import Conflict, Forbidden, NotFound
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)
from tests.domain.test_renewals import renew, subscribed
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")

END = date(2026, 2, 15)  # of what `subscribed` buys


async def send() -> int:
    async with unit_of_work() as session:
        return await reminders.send_due(session)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def written() -> list[str]:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT occasion FROM messages WHERE kind = 'reminder' AND channel = 'whatsapp'
               ORDER BY created_at, occasion""",
        )
    return [row.occasion for row in rows]


async def deliver() -> list[str]:
    """What a sender that looks at everything in the queue sends."""
    async with unit_of_work() as session:
        rows = await fetch(
            session,
            """SELECT id FROM messages WHERE kind = 'reminder' AND status = 'queued'
               ORDER BY created_at""",
        )
        sent: list[str] = []
        for row in rows:
            for outgoing in await message_leases.lease(
                session, [row.id], {"whatsapp": "twilio"}, ()
            ):
                await message_sending.mark_sent(session, {row.id: "SM"}, "twilio")
                sent.append(outgoing.body.disclose())
    return sent


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (10, "termina en 5 días"),
        (14, "termina mañana"),
        (15, "termina hoy"),
        (17, "terminó el 15/02/2026 y la guardamos hasta el 18/02/2026"),
    ],
)
async def test_a_reminder_says_how_far_the_end_is(calendar: Calendar, day: int, said: str) -> None:
    await subscribed()
    calendar.go_to(2026, 2, day, 9)
    assert await send() == 1
    [told] = await deliver()
    assert said in told
    assert "/m/" in told


async def test_in_a_life_four_reminders_go_out_each_once(calendar: Calendar) -> None:
    await subscribed()
    calendar.go_to(2026, 2, 1, 12)
    for _ in range(24 * 20):
        await send()
        await deliver()
        calendar.go(hours=1)
    assert await written() == [f"ends:{END}:{offset}" for offset in (-5, -1, 0, 2)]


@pytest.mark.parametrize(
    ("hour", "minute", "goes"), [(8, 59, 0), (9, 0, 1), (20, 59, 1), (21, 0, 0)]
)
async def test_nobody_is_reminded_at_night(
    calendar: Calendar, hour: int, minute: int, goes: int
) -> None:
    await subscribed()
    calendar.go_to(2026, 2, 10, hour, minute)
    assert await send() == goes


async def test_a_reminder_left_in_the_queue_waits_for_the_morning_or_for_the_next_one(
    calendar: Calendar,
) -> None:
    await subscribed()
    await change("UPDATE messages SET status = 'sent'")  # that the accesses are ready
    calendar.go_to(2026, 2, 10, 20, 59)
    await send()
    calendar.go_to(2026, 2, 10, 21, 0)
    assert await deliver() == []
    async with reading() as session:
        assert await message_sending.stranded(session, {}) == []
    calendar.go_to(2026, 2, 11, 9)
    [told] = await deliver()
    assert "termina en 4 días" in told
    calendar.go_to(2026, 2, 14, 20, 59)
    await send()
    calendar.go_to(2026, 2, 15, 9)
    await send()
    [told] = await deliver()  # not «mañana» and «hoy» in one morning
    assert "termina hoy" in told


@pytest.mark.parametrize(
    ("day", "occasions"),
    [(9, []), (12, ["-5"]), (14, ["-1"]), (15, ["0"]), (16, ["0"]), (18, ["2"]), (19, [])],
)
async def test_after_days_of_downtime_only_todays_reminder_goes_out(
    calendar: Calendar, day: int, occasions: list[str]
) -> None:
    await subscribed()
    calendar.go_to(2026, 2, day, 10)
    await send()
    await send()
    assert await written() == [f"ends:{END}:{offset}" for offset in occasions]


async def test_a_renewal_moves_the_reminders_to_the_new_end(calendar: Calendar) -> None:
    ana, plan = await subscribed()
    calendar.go_to(2026, 2, 10, 10)
    await send()
    order = await renew(ana, plan)
    calendar.go_to(2026, 2, 14, 10)
    assert await send() == 1  # ordered, and still to be paid
    await change("UPDATE orders SET expires_at = now() + interval '1 day'")
    await pay(order.id, order.total)
    assert await deliver() == []  # those in the queue are wrong by now
    calendar.go_to(2026, 2, 15, 10)
    assert await send() == 0
    calendar.go_to(2026, 3, 10, 10)
    assert await send() == 1
    assert (await written())[-1] == "ends:2026-03-15:-5"


async def test_who_wants_no_reminders_gets_none(calendar: Calendar) -> None:
    await subscribed()
    await change("UPDATE customers SET reminders = false")
    calendar.go_to(2026, 2, 10, 10)
    assert await send() == 0
    await change("UPDATE customers SET reminders = true")  # the control
    assert await send() == 1
    await change("UPDATE customers SET reminders = false")
    assert await deliver() == []


async def test_a_released_subscription_is_not_remembered(calendar: Calendar) -> None:
    await subscribed()
    calendar.go_to(2026, 2, 16, 10)
    await send()
    async with unit_of_work() as session:
        staff = as_staff(await make_staff())
        await subscriptions.release(session, staff, assignment_id=1)
    assert await deliver() == []
    calendar.go_to(2026, 2, 17, 10)
    assert await send() == 0


async def test_a_whole_account_is_reminded_of_once(calendar: Calendar) -> None:
    service = await make_service(max_profiles=3)
    await subscribed(await make_plan(service, full_account=True), profiles=3)
    calendar.go_to(2026, 2, 10, 10)
    assert await send() == 1
    assert len(await written()) == 1


async def many(calendar: Calendar) -> None:
    """Twelve subscriptions that end in five days."""
    ana, plan = await subscribed(profiles=12)
    for quantity in (10, 1):
        order = await place_order(ana, plan, quantity=quantity)
        await pay(order.id, order.total)
    calendar.go_to(2026, 2, 10, 10)


async def test_two_runs_at_once_remind_everybody_once(calendar: Calendar) -> None:
    await many(calendar)
    told = await asyncio.gather(*(send() for _ in range(4)))
    assert sum(told) == 12
    assert len(await written()) == 12


async def test_the_schema_refuses_a_second_one_even_without_the_lock(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: runs that see nothing of each other, each writing what it found due."""
    await many(calendar)
    found: list[list[int]] = []
    real = messages.tell_holders

    async def late(session, kind, ids, **values):  # noqa: ANN001, ANN003, ANN202
        found.append(list(ids))
        return await real(session, kind, [*ids, *ids], **values)

    monkeypatch.setattr(messages, "tell_holders", late)
    await send()
    async with unit_of_work() as session:  # a run that decided before the first one committed
        again = await real(session, "reminder", found[0], occasion=f"ends:{END}:-5")
    assert again == []
    assert len(await written()) == 12
    async with unit_of_work() as session:
        await run(session, "ALTER TABLE messages DROP CONSTRAINT uq_messages_once")
        await real(session, "reminder", found[0], occasion=f"ends:{END}:-5")
    assert len(await written()) == 24


async def test_the_counter_reminds_once_a_day_and_not_at_night(calendar: Calendar) -> None:
    await subscribed()
    staff = as_staff(await make_staff())

    async def remind(assignment_id: int = 1) -> None:
        async with unit_of_work() as session:
            await reminders.remind(session, staff, assignment_id=assignment_id)

    await remind()
    [told] = await deliver()
    assert "termina en 31 días" in told
    with pytest.raises(Conflict, match="reminded_today"):
        await remind()
    calendar.go(hours=12)
    with pytest.raises(Conflict, match="quiet_hours"):
        await remind()
    calendar.go(hours=12)
    await remind()
    assert await written() == ["asked:2026-01-15", "asked:2026-01-16"]
    with pytest.raises(NotFound):
        await remind(99)
    calendar.go_to(2026, 1, 17, 10)
    await change("UPDATE customers SET reminders = false")
    with pytest.raises(Conflict, match="reminders_off"):
        await remind()


async def test_only_the_counter_may_ask_for_a_reminder() -> None:
    ana, _ = await subscribed()
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await reminders.remind(session, as_customer(ana), assignment_id=1)
