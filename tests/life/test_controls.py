"""Short stories with one protection switched off: the books notice. With it on, they agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain import reminders, renewals, subscriptions, waiting_orders
from tests.life import controls
from tests.life.machine import Life
from tests.life.world import World

DAY = timedelta(days=1)


def sold_and_over(life: Life) -> None:
    life.place_and_pay(who=0, what=0, quantity=1)
    life.everything_agrees()
    life.time_passes(ahead=40 * DAY)


def renewed(life: Life) -> None:
    life.place_and_pay(who=0, what=0, quantity=1)
    life.everything_agrees()
    life.renew_at_the_counter(which=0, reference="EFECTIVO")


def two_wait_for_one(life: Life) -> None:
    for who in (0, 1):
        life.place(who=who, lines=[(3, 1)])
        life.everything_agrees()
    for account in (2, 3):
        life.set_status(which=account, status="down")
        life.everything_agrees()
    for _ in range(2):
        life.pay(which=0, part="whole")
        life.everything_agrees()
        life.world.clock.move_to(life.world.clock.now() + timedelta(minutes=1))
    life.add_account(which=1, places=1, plan=0, days=None)


def on_two_days_of_its_last_week(life: Life) -> None:
    life.place_and_pay(who=0, what=0, quantity=1)
    life.everything_agrees()
    life.time_passes(ahead=24 * DAY)
    life.time_passes(ahead=DAY)


@pytest.mark.parametrize(
    ("story", "where", "what", "instead", "sentence"),
    [
        (
            sold_and_over,
            subscriptions,
            "give_back",
            controls.give_back_unrotated,
            "was left by subscription 1 and is free",
        ),
        (
            sold_and_over,
            subscriptions,
            "give_back",
            controls.give_back_half,
            "is assigned and has 0 live subscriptions",
        ),
        (
            sold_and_over,
            subscriptions,
            "release_lapsed",
            controls.nothing,
            "subscription 1 ended on .* and is live",
        ),
        (
            renewed,
            renewals,
            "_longer",
            controls.twice_the_time,
            "renewal 1 leads to .*, paid until",
        ),
        (
            two_wait_for_one,
            waiting_orders,
            "WAITING",
            controls.LAST_PAID_FIRST,
            "was served before line 1, which was paid earlier",
        ),
        (
            on_two_days_of_its_last_week,
            reminders,
            "occasion",
            controls.a_reminder_a_day,
            "a reminder is sent once per end and offset",
        ),
    ],
)
def test_the_books_notice_what_is_switched_off(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    story: Callable[[Life], None],
    where: Any,
    what: str,
    instead: Any,
    sentence: str,
) -> None:
    for off in (False, True):
        if off:
            monkeypatch.setattr(where, what, instead)
        life = Life(world)
        try:
            story(life)
            if off:
                with pytest.raises(AssertionError, match=sentence):
                    life.everything_agrees()
            else:
                life.everything_agrees()
        finally:
            life.teardown()
