"""A simulated time finds nothing in the shop as it is, and something once a protection is off."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from cuenty_app import cli
from cuenty_app.commands import checks
from cuenty_app.simulation.scenario import Scenario, usual_downtime
from domain import inventory_rows, reminders, renewals, rotations, subscriptions
from domain.sql import run
from infra.database import reading, unit_of_work
from infra.settings import PROJECT, settings
from tests.fixtures import Calendar

SEASON = Scenario(days=60, customers=25, accounts=8, seed=3, downtimes=(usual_downtime(60),))
SHORT = Scenario(days=45, customers=14, accounts=6, seed=5)


@pytest.fixture
def live(calendar: Calendar) -> Any:
    """Live through a scenario; what was found under each title, and the report."""
    year: Any = importlib.import_module("cuenty_app.simulation.year")  # its jobs want a database
    findings: Any = importlib.import_module("cuenty_app.simulation.findings")
    report: Any = importlib.import_module("cuenty_app.simulation.report")

    async def lived(scenario: Scenario) -> tuple[Any, dict[str, list[str]], str]:
        done = await year.live(scenario, calendar.clock)
        async with reading() as session:
            checks = await findings.check(session, done)
        return done, {one.title: one.found for one in checks}, report.report(done, checks)

    return lived


async def test_a_season_with_days_without_a_worker_finds_nothing(live: Any) -> None:
    lived, found, report = await live(SEASON)
    assert not any(found.values()), report
    assert report.endswith("Found: 0.")
    assert "No worker from 2026-01-25 for 12 days" in report
    happened = sum(lived.world.diary.values(), start=Counter[str]())
    for what in (
        "new customers",
        "paid late",
        "lengthened",
        "released",
        "reports",
        "replaced",
        "rotations",
        "accounts died",
        "supplier payments",
    ):
        assert happened[what], f"nothing of «{what}» happened, so it proved nothing"


def no_grace(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        subscriptions, "settings", lambda: settings().model_copy(update={"grace_days": 0})
    )


def forgetful_reminders(patch: pytest.MonkeyPatch) -> None:
    """Each run knows of the last hour's only, and the schema lets it say things twice."""
    patch.setattr(
        reminders,
        "DUE",
        reminders.DUE.replace(
            "m.occasion = %(occasion)s",
            "m.occasion = %(occasion)s AND m.created_at > now() - interval '1 hour'",
        ),
    )


def double_time(patch: pytest.MonkeyPatch) -> None:
    real = renewals._longer
    patch.setattr(renewals, "_longer", lambda held, months: real(held, 2 * months))


def silent_rotations(patch: pytest.MonkeyPatch) -> None:
    real = inventory_rows.tell_live

    async def one_is_forgotten(*asked: Any, **more: Any) -> list[int]:
        session, *_ = asked
        told = await real(*asked, **more)
        await run(
            session,
            "DELETE FROM messages WHERE kind = 'rotated' AND assignment_id = %(id)s",
            id=max(told, default=0),
        )
        return told

    patch.setattr(rotations, "tell_live", one_is_forgotten)


@pytest.mark.parametrize(
    ("switch_off", "title"),
    [
        (no_grace, "No release before the grace ends"),
        (forgetful_reminders, "Each reminder exactly once"),
        (double_time, "Time given is the time sold"),
        (silent_rotations, "Each rotation told to exactly who held it"),
    ],
)
async def test_control_a_protection_switched_off_is_found(
    live: Any,
    monkeypatch: pytest.MonkeyPatch,
    switch_off: Callable[[pytest.MonkeyPatch], None],
    title: str,
) -> None:
    switch_off(monkeypatch)
    if switch_off is forgetful_reminders:
        async with unit_of_work() as session:
            await run(session, "ALTER TABLE messages DROP CONSTRAINT uq_messages_once")
    _, found, report = await live(SHORT)
    assert found[title], report


def test_the_same_seed_tells_the_same_story_and_leaves_the_shop_alone() -> None:
    """The address given here answers nobody: whoever needed it would fail."""
    command = [sys.executable, "-m", "cuenty_app.cli", "simulate"]
    told = [
        subprocess.Popen(  # noqa: S603  # our own command
            [*command, "--days=9", "--customers=9", "--accounts=6", "--seed=7"],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": "postgresql://127.0.0.1:1/shop"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    first, again = (one.communicate()[0] for one in told)
    assert [one.returncode for one in told] == [0, 0], first
    assert first == again
    assert first.endswith("Found: 0.\n")


def test_the_command_fails_when_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_simulate", lambda _: ("Found: 1.", False))
    assert CliRunner().invoke(cli.cuenty, ["simulate"]).exit_code == 1
    assert CliRunner().invoke(cli.cuenty, ["simulate", "--downtime", "soon"]).exit_code == 2
