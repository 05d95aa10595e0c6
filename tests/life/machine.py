"""The whole life of a shop: what people do, and time, which does the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from infra.clock import MEXICO, local
from tests.life.stockroom import Stockroom
from tests.life.world import JOBS

JUMPS = st.sampled_from(
    (
        timedelta(minutes=20),
        timedelta(hours=5),
        timedelta(hours=25),  # unpaid orders end
        timedelta(days=3),
        timedelta(days=14),
        timedelta(days=27),
    )
)


class Life(Stockroom):
    @rule(ahead=JUMPS)
    def time_passes(self, ahead: timedelta) -> None:
        """The worker does what is due at the end of it, as after a pause of the machine."""
        self._move(self.world.clock.now() + ahead)
        self._work()

    @rule(hour=st.sampled_from((0, 8, 12, 22)))
    def the_month_ends(self, hour: int) -> None:
        """On its last day, at an hour at which Mexico and UTC may disagree on the date."""
        day = local(self.world.clock.now() + timedelta(days=1))
        first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = first - timedelta(days=1)
        self._move(datetime(end.year, end.month, end.day, hour, 30, tzinfo=MEXICO))
        self._work()

    @rule(ahead=JUMPS)
    def time_passes_without_a_worker(self, ahead: timedelta) -> None:
        self.begin("sleep")
        self.late = True
        self._move(self.world.clock.now() + ahead)

    @precondition(lambda self: self.late)
    @rule(job=st.sampled_from(JOBS))
    def one_job_runs(self, job: str) -> None:
        """Alone, in whatever order, or twice."""
        self.begin("job")
        self.world.job(job)
        self.say(f"the job of {job} runs")

    def _move(self, instant: datetime) -> None:
        self.world.clock.move_to(instant)
        self.say(f"it is {local(instant):%d %b %Y %H:%M} in Mexico City")

    def _work(self) -> None:
        self.begin("time")
        self.late = False
        self.world.work()
        self.say("the worker has done what was due")
