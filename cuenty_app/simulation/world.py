"""The world around the shop: its dice, its calendar, the money under way and what is broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from cuenty_app.simulation.ledger import Ledger, PlanSold
from cuenty_app.simulation.scenario import Scenario
from domain.actors import Actor
from infra import clock

T = TypeVar("T")
Act = Callable[[], Awaitable[None]]
SLOTS = 2  # times a day at which customers act


@dataclass(frozen=True, slots=True)
class Person:
    """`loyal` is how likely they are to go on, from 0 to 1."""

    actor: Actor
    loyal: float

    @property
    def id(self) -> int:
        return self.actor.customer_id()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that left a customer's bank; the operator confirms it, sometimes with a double tap."""

    order: int
    amount: Decimal
    reference: str = ""
    double_tap: bool = False


@dataclass(slots=True)
class World:
    scenario: Scenario
    dice: Random
    owner: Actor
    shelf: list[PlanSold]
    sizes: dict[int, int]  # profiles an account of a service has
    ledger: Ledger = field(default_factory=Ledger)
    people: dict[int, Person] = field(default_factory=dict)
    bank: list[Transfer] = field(default_factory=list)
    dead: dict[int, date] = field(default_factory=dict)  # accounts, and since when
    costs: dict[int, Decimal] = field(default_factory=dict)  # of an account, by month
    logins: int = 0
    diary: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    agenda: dict[tuple[date, int], list[Act]] = field(default_factory=lambda: defaultdict(list))
    slot: tuple[date, int] = (date.min, 0)

    def tally(self, what: str, many: int | Decimal = 1) -> None:
        """Count it in this month."""
        self.diary[f"{clock.today():%Y-%m}"][what] += many  # type: ignore[assignment]

    def chance(self, p: float) -> bool:
        return self.dice.random() < p

    def drawn(self, weights: dict[T, int]) -> T:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def on(self, day: date, act: Act) -> None:
        """Let it happen then, or as soon as it still can."""
        when = (day, self.dice.randrange(SLOTS))
        if when <= self.slot:
            today, slot = self.slot
            when = (today, slot + 1) if slot + 1 < SLOTS else (today + timedelta(days=1), 0)
        self.agenda[when].append(act)

    def later(self, days: int, act: Act) -> None:
        self.on(clock.today() + timedelta(days=days), act)

    async def live_through(self, slot: int) -> None:
        self.slot = (clock.today(), slot)
        for act in self.agenda.pop(self.slot, []):
            await act()
