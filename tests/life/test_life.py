"""Stories nobody would think of: whatever people and time do, the books agree after every step.

Hypothesis writes the stories, the same ones each time. `CUENTY_LIFE_SEED=7` writes others, and
`CUENTY_LIFE_STORIES=400` more of them. A story that fails is shortened and told line by line.
Two sessions at once are the subject of `tests/race`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from domain import subscriptions
from tests.life import controls
from tests.life.machine import Life
from tests.life.story import Story
from tests.life.world import World

STORIES = int(os.environ.get("CUENTY_LIFE_STORIES", "40"))
SEED = os.environ.get("CUENTY_LIFE_SEED")
STEPS_OF_A_STORY = 60


def tell(
    world: World, *, stories: int = STORIES, shorten: bool = True, machine: type[Story] = Life
) -> None:
    def life() -> Story:
        return machine(world)

    wanted: Any = settings(
        max_examples=stories,
        stateful_step_count=STEPS_OF_A_STORY,
        deadline=None,
        database=None,
        derandomize=SEED is None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if shorten else [Phase.generate],
    )
    run_state_machine_as_test(seed(int(SEED))(life) if SEED else life, settings=wanted)


def test_whatever_happens_the_books_agree_after_every_step(world: World) -> None:
    tell(world)
    assert world.steps >= 2000, f"{world.steps} steps in {world.stories} stories"
    assert world.deeds.keys() >= DEEDS, "what a story should be able to hold never happened"


DEEDS = {
    *("place", "pay", "cancel", "renew", "report", "reveal", "ask", "replace", "close_claim"),
    *("release", "remind", "add_account", "add_profiles", "edit_account", "set_status", "retire"),
    *("supplier", "rotate_password", "rotate_pin", "mark_rotated", "correct_login"),
    *("stage", "start", "undo", "sleep", "job", "time"),
}


def test_a_missing_rotation_is_found_by_the_stories_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "give_back", controls.give_back_unrotated)
    with pytest.raises(AssertionError, match="was left by subscription"):
        tell(world, stories=20, shorten=False)
