"""What the owner decides goes before the environment, at once and in every process."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import psycopg
import pytest

import models
from domain import reminder_times, shop_settings
from domain.errors import Forbidden, InvalidInput
from domain.message_bodies import template_name
from domain.sql import fetch
from infra.clock import today
from infra.database import reading, unit_of_work
from infra.settings import settings
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
)
from tests.fixtures import Shop


@pytest.fixture
async def owner(shop: Shop) -> models.StaffUser:
    del shop
    return await make_staff("owner")


async def decide(owner: models.StaffUser, **values: int | str) -> list[str]:
    async with unit_of_work() as session:
        return await shop_settings.change(session, as_staff(owner), values)


async def kept() -> dict[str, object]:
    async with reading() as session:
        rows = await fetch(session, "SELECT name, value FROM shop_settings")
    return {row.name: row.value for row in rows}


async def test_a_decision_counts_at_once_and_is_on_record(owner: models.StaffUser) -> None:
    assert await decide(owner, hold_hours=48, shop_name="Cine en Casa") == [
        "hold_hours",
        "shop_name",
    ]
    assert (settings().hold_hours, settings().shop_name) == (48, "Cine en Casa")
    assert await decide(owner, hold_hours=48) == []
    async with reading() as session:
        entries = await fetch(
            session, "SELECT object_id, change FROM audit_entries WHERE action = 'setting.change'"
        )
    assert [(one.object_id, one.change) for one in entries] == [
        ("hold_hours", {"before": 24, "after": 48}),
        ("shop_name", {"before": "Cuenty", "after": "Cine en Casa"}),
    ]


async def test_the_next_order_is_held_for_as_long_as_decided(owner: models.StaffUser) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    before = await place_order(await make_customer(), plan)
    await decide(owner, hold_hours=48)
    after = await place_order(await make_customer(), plan)
    longer = after.expires_at - before.expires_at
    assert timedelta(hours=23) < longer < timedelta(hours=25)


async def test_what_equals_the_environment_follows_it_again(
    shop: Shop, owner: models.StaffUser
) -> None:
    shop.configure(grace_days=4)
    await decide(owner, grace_days=9)
    shop.configure(grace_days=5)
    assert settings().grace_days == 9
    await decide(owner, grace_days=5)
    assert await kept() == {}
    shop.configure(grace_days=6)
    assert settings().grace_days == 6


async def test_a_change_that_is_rolled_back_decides_nothing(owner: models.StaffUser) -> None:
    with contextlib.suppress(RuntimeError):
        async with unit_of_work() as session:
            await shop_settings.change(session, as_staff(owner), {"hold_hours": 48})
            raise RuntimeError
    assert settings().hold_hours == 24


async def elsewhere(shop: Shop, *, signal: bool) -> None:
    """Another process decides."""
    async with await psycopg.AsyncConnection.connect(shop.url) as link:
        await link.execute("INSERT INTO shop_settings (name, value) VALUES ('hold_hours', '72')")
        if signal:
            await link.execute("SELECT pg_notify('cuenty', 'settings')")


async def until_decided() -> bool:
    for _ in range(50):
        if settings().hold_hours == 72:
            return True
        await asyncio.sleep(0.02)
    return False


@pytest.mark.parametrize("signal", [True, False])
async def test_other_processes_hear_of_it_by_the_signal(shop: Shop, *, signal: bool) -> None:
    """Without it is the control: a decision costs no query, so nothing else would tell."""
    async with shop.deliver_signals():
        await elsewhere(shop, signal=signal)
        assert await until_decided() == signal


async def test_a_process_that_starts_or_missed_signals_reads_what_is_decided(shop: Shop) -> None:
    await elsewhere(shop, signal=False)
    shop_settings.refresh_soon()
    assert await until_decided()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hold_hours", 0),
        ("hold_hours", "48"),
        ("grace_days", 61),
        ("quiet_from", 24),
        ("shop_name", " "),
        ("shop_name", "x" * 61),
        ("seller_name", "dos\nlíneas"),
        ("support_whatsapp", "123"),
        ("terms_text", "x" * 20_001),
        ("env", "production"),
        ("database_url", "x"),
        ("credentials_in_messages", 1),
    ],
)
async def test_what_cannot_be_decided_is_refused_by_name(
    owner: models.StaffUser, name: str, value: int | str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await decide(owner, **{name: value})
    assert set(refusal.value.fields) == {name}
    assert await kept() == {}


async def test_only_an_owner_decides(owner: models.StaffUser) -> None:
    del owner
    with pytest.raises(Forbidden):
        await decide(await make_staff(), hold_hours=48)


async def test_reminders_go_out_on_the_days_decided(owner: models.StaffUser) -> None:
    with pytest.raises(InvalidInput):
        await decide(owner, reminder_first=3, reminder_second=3)
    await decide(owner, reminder_first=7, reminder_second=2, reminder_after=1, grace_days=1)
    said = {
        ahead: reminder_times.occasion(today() + timedelta(days=ahead)) for ahead in range(-3, 9)
    }
    assert [said[n] is None for n in (8, 7, -1, -2)] == [True, False, False, True]
    offsets = {n: said[n].rpartition(":")[2] for n in (7, 3, 2, 1, 0, -1)}  # type: ignore[union-attr]
    assert offsets == {7: "-7", 3: "-7", 2: "-2", 1: "-2", 0: "0", -1: "1"}


@pytest.mark.parametrize(
    ("offset", "text"),
    [(-7, "reminder_5"), (-5, "reminder_5"), (-2, "reminder_1"), (-1, "reminder_1"), (3, "lapsed")],
)
async def test_a_reminder_written_before_the_days_changed_has_the_nearest_text(
    owner: models.StaffUser, offset: int, text: str
) -> None:
    await decide(owner, reminder_first=7, reminder_second=2)
    message = models.Message(kind="reminder", occasion=f"ends:2026-01-01:{offset}")  # type: ignore[call-arg]
    assert template_name(message) == text
