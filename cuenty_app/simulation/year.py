"""The calendar: each day's moments in their order, until the days are over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial

from cuenty_app.simulation import counter, people, stockroom, worker
from cuenty_app.simulation.opening import open_shop
from cuenty_app.simulation.scenario import Scenario
from cuenty_app.simulation.world import World
from domain import doctor
from infra.clock import MEXICO
from infra.database import reading
from infra.simulated_clock import SimulatedClock

# What is left to do while no worker runs; nothing else may disagree even then.
WORKERS_RULES = frozenset({"late_release", "overdue_unpaid", "alert_over"})


@dataclass(slots=True)
class Lived:
    """A simulated time: its world, and what the doctor found at the end of a day."""

    world: World
    doctor: list[str] = field(default_factory=list)
    examined: int = 0
    excused: int = 0


async def _people(slot: int, world: World) -> None:
    await world.live_through(slot)
    await (people.live_a_day if slot == 0 else stockroom.break_down)(world)


# Nothing happens between these moments, so the jobs of every minute are those of each moment.
DAY = (
    (time(0, 10), worker.work),
    (time(5, 40), worker.work_at_night),
    (time(9, 0), worker.work),
    (time(10, 15), partial(_people, 0)),
    (time(11, 0), counter.round_),
    (time(12, 30), worker.work),
    (time(16, 30), partial(_people, 1)),
    (time(17, 30), counter.round_),
    (time(20, 45), worker.work),
    (time(22, 15), counter.close_the_day),
    (time(23, 0), worker.work),
)


async def live(
    scenario: Scenario, clock: SimulatedClock, say: Callable[[str], None] = lambda _: None
) -> Lived:
    """Live through the scenario in a migrated, empty shop that reads this clock."""
    days = scenario.calendar()
    clock.move_to(datetime.combine(days[0], time(0, 1), MEXICO))
    world = await open_shop(scenario)
    lived = Lived(world)
    # People arrive over the whole time, most of them at its beginning.
    for number in range(scenario.customers):
        day = days[int(len(days) * 0.85 * world.dice.random() ** 2)]
        world.on(day, partial(people.arrive, world, number))
    for day in days:
        if day.day == 1:
            say(f"{day:%B %Y} …")
        for moment, act in DAY:
            clock.move_to(datetime.combine(day, moment, MEXICO))
            await act(world)
            await people.take_note(world)
        world.diary[f"{day:%Y-%m}"]["live"] = sum(1 for _ in world.ledger.live())
        await _examine(lived, day)
    return lived


async def _examine(lived: Lived, day: date) -> None:
    works = lived.world.scenario.works(day)
    async with reading() as session:
        found = await doctor.examine(session)
    lived.examined += 1
    for row in found:
        if not works and row.rule in WORKERS_RULES:
            lived.excused += 1
        else:
            lived.doctor.append(f"{day}: {row.rule}: {row.sentence}")
