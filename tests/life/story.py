"""A story: steps that the shop carries out or refuses, each followed by a look at all its books."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from hypothesis import currently_in_test_context, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import alerts, availability, doctor, inventory_pages, stock_levels
from domain.actors import Actor
from domain.errors import DomainError
from domain.reminder_times import quiet
from domain.sql import fetch
from infra.clock import local
from infra.settings import settings
from tests.life import books
from tests.life.books import Books
from tests.life.changes import STEPS
from tests.life.invariants import ALWAYS, could_sell
from tests.life.worker import SETTLED
from tests.life.world import World

T = TypeVar("T")
WHICH = st.integers(0, 7)  # one of what there is, whatever their number
OWNER = Actor(kind="staff", id=1, role="owner")
ANYTIME = {
    "dead_account",  # the supplier's account died: a person must swap its holders
    "beyond_paid_until",  # a person must pay the supplier, or swap
}
EXAMINE = " UNION ALL ".join(
    f"SELECT '{rule.code}' AS rule, to_jsonb(found)::text AS said FROM ({rule.statement}) AS found"  # noqa: S608
    for rule in doctor.RULES
)
ASLEEP = {"late_release", "overdue_unpaid"}  # the worker has not run since the clock jumped


class Story(RuleBasedStateMachine):
    """`deed` names what the last step was."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(world.story())
        self.world, self.deed, self.late = world, "opening", False
        self.books = self._read()
        self._before = self.books
        self.fresh = True

    def teardown(self) -> None:
        self._stack.close()

    def attempt(
        self, deed: str, said: str, work: Callable[[AsyncSession], Awaitable[T]]
    ) -> T | None:
        """One use case. A refusal is an answer as good as another; it changes nothing."""
        self.begin(deed)
        try:
            answer = self.world.ask(work)
        except DomainError as refusal:
            self.world.refused += 1
            self.say(f"{said}: refused, {refusal.code}")
            return None
        self.say(f"{said}: {answer}" if answer is not None else said)
        return answer

    def begin(self, deed: str) -> None:
        self.deed, self.fresh = deed, False
        self.world.steps += 1
        self.world.deeds[deed] = self.world.deeds.get(deed, 0) + 1

    def say(self, line: str) -> None:
        if currently_in_test_context():
            note(f"{local(self.world.clock.now()):%d %b %H:%M}  {line}")

    def pick(self, rows: Iterable[T], which: int) -> T | None:
        """One of them, whatever the number; None when there is none."""
        found = list(rows)
        return found[which % len(found)] if found else None

    def customer(self, which: int) -> Any:
        return list(self.books.customers.values())[which % len(self.books.customers)]

    def plan(self, which: int) -> Any:
        return list(self.books.plans.values())[which % len(self.books.plans)]

    @invariant()
    def everything_agrees(self) -> None:
        """Look at the books unless nothing was asked since the last look."""
        if self.fresh:
            return
        self.fresh = True
        self._before, self.books = self.books, self._read()
        wrong = [*self.disagreements()]
        assert not wrong, "\n".join(wrong)

    def disagreements(self) -> Iterable[str]:
        """The rules of this folder, the numbers on the pages, then the doctor's own."""
        for rule in ALWAYS:
            yield from rule(self.books)
        for change in STEPS:
            yield from change(self._before, self.books, self.deed)
        if not self.late and self.deed == "time":
            for rule in SETTLED:
                yield from rule(self.books)
        yield from self.world.look(self._numbers)
        excused = ANYTIME | (ASLEEP if self.late else set())
        for found in self.world.ask(self._examine):
            if found.rule not in excused:
                yield f"the doctor: {found.rule} {found.said}"

    async def _examine(self, session: AsyncSession) -> list[Any]:
        """The doctor's rules in one statement, alerts settled before as he does."""
        await alerts.settle(session)
        return await fetch(session, EXAMINE, today=self.books.today, grace=self.books.grace)

    async def _numbers(self, session: AsyncSession) -> list[str]:
        """I4: what pages count is what is there."""
        b, wrong = self.books, list[str]()
        left = await availability.available(session)
        shown = {
            plan.id: plan for s in await stock_levels.levels(session, OWNER) for plan in s.plans
        }
        waiting, asked = b.waiting, b.open("restock_requests")
        for plan in b.plans.values():
            sizes = {"profile": 1, "full_account": b.services[plan.service_id].max_profiles}
            live = sum(b.item_of(a).plan_id == plan.id for a in b.live) // sizes[plan.capacity]
            told, counted = (
                shown[plan.id],
                (
                    could_sell(b, plan),
                    sum(i.quantity for i in waiting if i.plan_id == plan.id),
                    sum(w.plan_id == plan.id for w in asked),
                    live,
                ),
            )
            if (left.get(plan.id, 0), told.waiting, told.asked, told.live) != counted:
                wrong.append(f"plan {plan.id}: {told}, counted {counted}")
        for line in await inventory_pages.account_list(session, OWNER, limit=200):
            ps = b.profiles_of(line.id)
            counted = (
                len(ps),
                sum(p.status == "free" and not b.held(p) for p in ps),
                sum(p.status == "rotate" for p in ps),
                sum(p.status == "assigned" for p in ps),
            )
            if (line.profiles, line.free, line.to_rotate, line.held) != counted:
                wrong.append(f"account {line.id}: {line}, counted {counted}")
        return wrong

    def _read(self) -> Books:
        empty = Books(self.world.clock.now(), settings().grace_days, self.late, quiet())
        return self.world.look(lambda session: books.read(session, empty))
